"""A report as JSON and as a screen: the same facts, in the reader's language, with nothing a terminal could obey."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Any

from generator.model.assessment import Bank
from generator.model.scan import Evidence, Outcome, Place, Report, Skip, Why
from generator.report.lines import fold
from generator.text import say

SCHEMA = 1
MOST_SKIPS = 5
MARKS = {Outcome.YES: "+", Outcome.NO: "-", Outcome.NOT_SEEN: "?", Outcome.NOT_APPLICABLE: " ", Outcome.ERROR: "!"}


def harmless(text: str) -> str:
    """Return `text` with every character that a terminal would obey, or a reader not see, written out."""
    return "".join(_shown(letter) for letter in text)


def _shown(letter: str) -> str:
    if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return letter
    return letter.encode("unicode_escape").decode()


def told(why: Why) -> str:
    """Return a why as a sentence."""
    fields = {name: say(str(value)) if name == "sought" else harmless(str(value)) for name, value in why.fields.items()}
    return say(why.key, **fields)


def to_json(report: Report) -> dict[str, Any]:
    """Return the report as the shipped schema `scan.schema.json` describes it."""
    return {
        "schema": SCHEMA,
        "roots": list(report.roots),
        "kind": report.kind.value,
        "because": told(report.because),
        "level": report.level,
        "interval": list(report.interval) if report.interval else None,
        "files": report.files,
        "evidence": [_evidence(part) for part in report.evidence],
        "skipped": [{"path": skip.path, "why": say(skip.reason)} for skip in report.skipped],
        "parts": [to_json(part) for part in report.parts],
    }


def _evidence(part: Evidence) -> dict[str, Any]:
    where = [{"file": place.file, "lines": [place.first, place.last]} for place in part.where]
    return {
        "capability": part.capability,
        "outcome": part.outcome.value,
        "grade": part.grade.name,
        "where": where,
        "why": told(part.why),
    }


def to_screen(bank: Bank, report: Report, *, everything: bool = False) -> str:
    """Return the report for a person: what the tree is, the level, then each capability level by level."""
    return fold("\n".join(_lines(bank, report, everything=everything)))


def _lines(bank: Bank, report: Report, *, everything: bool) -> Iterator[str]:
    yield say("scan.title", roots=harmless(", ".join(report.roots)), files=report.files)
    yield say(f"scan.is-{report.kind.value}")
    yield told(report.because)
    if report.level is not None and report.interval is not None:
        low, high = report.interval
        yield say("scan.level", level=report.level, name=say(f"score.level-{report.level}"))
        yield say("scan.interval", low=low, high=high)
    for level in range(1, 4):
        yield ""
        yield say("scan.level-title", level=level)
        for part in report.evidence:
            capability = bank.capability(part.capability)
            if capability.level == level:
                yield from _capability(part, capability.title, everything=everything)
    yield from _skips(report.skipped)
    yield ""
    yield say("scan.blind")


def _capability(part: Evidence, title: str, *, everything: bool) -> Iterator[str]:
    grade = part.grade.name if part.outcome is Outcome.YES else "  "
    yield f"  {MARKS[part.outcome]} {part.capability} {grade} {title}"
    for place in part.where if everything else part.where[:1]:
        yield f"         {_place(place)}"
    if everything or part.outcome is Outcome.NO:
        yield f"         {told(part.why)}"


def _place(place: Place) -> str:
    return f"{harmless(place.file)}:{place.first}"


def _skips(skipped: tuple[Skip, ...]) -> Iterator[str]:
    if skipped:
        yield ""
        yield say("scan.skipped", count=len(skipped))
    for skip in skipped[:MOST_SKIPS]:
        yield f"  {harmless(skip.path)}: {say(skip.reason)}"
