"""The result for a person at a terminal: plain lines that fit 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from generator.model.assessment import Bank, GateResult, Profile, Result, Value
from generator.text import say

WIDTH = 79
BAR = 16
MOST_STEPS = 5


def fold(text: str) -> str:
    """Return `text` with its long lines broken to the width of the screen, each part indented like its line."""
    lines = []
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=f"{indent}  ") or [""]
    return "\n".join(lines)


def to_screen(bank: Bank, result: Result) -> str:
    """Return the result as text: headline, why, gates, profile, next steps, what is held out of order."""
    return "\n".join(_lines(bank, result))


def _lines(bank: Bank, result: Result) -> Iterator[str]:
    yield from _headline(result)
    yield ""
    yield from _because(bank, result)
    yield ""
    yield say("score.gates")
    for gate in result.gates:
        yield from _gate(bank, gate)
    yield ""
    yield say("score.profile")
    for profile in result.dimensions:
        yield _bar(bank.dimensions[profile.id], profile, result.target.dimensions[profile.id])
    yield from _steps(bank, result)
    if result.out_of_order:
        yield ""
        yield from _wrapped(say("score.out-of-order", level=result.level, capabilities=", ".join(result.out_of_order)))


def _headline(result: Result) -> Iterator[str]:
    level, target = result.level, result.target.level
    yield say(
        "score.level", organization=result.organization or "", level=level, name=say(f"score.level-{level}")
    ).strip()
    low, high = result.interval
    if low != high:
        yield from _wrapped(say("score.interval", low=low, high=high))
    state = "at-target" if level == target else "above-target" if level > target else "below-target"
    yield from _wrapped(say(f"score.{state}", target=target, name=say(f"score.level-{target}")))


def _because(bank: Bank, result: Result) -> Iterator[str]:
    target = result.target
    if not target.because:
        yield say("score.no-facts")
    for reason in target.because:
        facts = ", ".join(f"{name}={_fact(value)}" for name, value in reason.facts)
        yield from _wrapped(say("score.because", level=reason.level, text=reason.text, facts=facts), "  ")
    if target.cap:
        yield from _wrapped(say("score.cap", level=target.cap.level, text=target.cap.text), "  ")
    short = {gap.capability for gap in result.gaps if gap.value not in (Value.MOST, Value.ALL)}
    missing = [f"{id_} {bank.capability(id_).title}" for id_ in target.capabilities if id_ in short]
    if missing:
        yield from _wrapped(say("score.besides", missing="; ".join(missing)), "  ")


def _fact(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _gate(bank: Bank, gate: GateResult) -> Iterator[str]:
    status = say(f"score.gate-{gate.status}")
    reached = say(
        "score.gate-points", points=f"{gate.points:g}", maximum=f"{gate.maximum:g}", needed=f"{gate.needed:g}"
    )
    yield f"  {gate.level}  {status:<16}{reached}"
    for group in gate.failed_keys:
        titles = say("score.or").join(f"{id_} {bank.capability(id_).title}" for id_ in group)
        yield from _wrapped(say("score.failed-key", titles=titles), "     ")


def _bar(name: str, profile: Profile, needed: int) -> str:
    if profile.score is None:
        return f"  {name:<28}{say('score.nothing-applies')}"
    filled = round(profile.score * BAR)
    bar = "#" * filled + "." * (BAR - filled)
    nothing = profile.level is None
    level = say("score.nothing-required" if nothing else "score.holds", level=profile.level, needed=needed)
    return f"  {name:<28}{bar} {profile.score:>4.0%}  {level}"


def _steps(bank: Bank, result: Result) -> Iterator[str]:
    if not result.roadmap:
        return
    yield ""
    yield say("score.next-steps")
    for number, id_ in enumerate(result.roadmap[:MOST_STEPS], 1):
        capability = bank.capability(id_)
        yield from _wrapped(f"{number}. {id_} {capability.title}. {capability.next}", "  ", "     ")
    if len(result.roadmap) > MOST_STEPS:
        yield say("score.more-steps", count=len(result.roadmap) - MOST_STEPS)


def _wrapped(text: str, indent: str = "", further: str | None = None) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=further if further is not None else indent + "  " * bool(indent),
    )
