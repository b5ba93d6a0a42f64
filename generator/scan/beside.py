"""Evidence beside answers: what contradicts a claim caps it, unless the person says why the tree is wrong.

Only a plain no contradicts. What is not seen may live elsewhere, and a claim of "some" speaks of work by hand, which
no tree shows; so a contradicted answer counts as `some`, never less.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from generator.assess.score import score
from generator.model.assessment import Answer, Answers, Bank, Value
from generator.model.scan import Evidence, Grade, Kind, Outcome, Report
from generator.report.lines import fold
from generator.scan.say import harmless, told
from generator.text import say

CAP = Value.SOME
CLAIMS = (Value.MOST, Value.ALL)
MODEST = (Value.NONE, Value.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class Contradiction:
    """An answer and evidence that do not agree.

    `effective` is what the answer counts as: capped when it claims what the tree denies, itself when it is `overridden`
    by a reason or claims less than the tree shows.
    """

    capability: str
    claimed: Value
    effective: Value
    evidence: Evidence
    overridden: bool = False


def contradictions(answers: Answers, evidence: Iterable[Evidence]) -> tuple[Contradiction, ...]:
    """Return every answer that the evidence contradicts, in the order of the evidence."""
    return tuple(found for part in evidence for found in _against(answers.answers.get(part.capability), part))


def effective(answers: Answers, evidence: Iterable[Evidence]) -> Answers:
    """Return the answers as they count: no answer is better than it was given, none is lost."""
    capped = {found.capability: found.effective for found in contradictions(answers, evidence)}
    counted = {
        id_: replace(answer, value=capped[id_]) if id_ in capped else answer for id_, answer in answers.answers.items()
    }
    return replace(answers, answers=counted)


def told_beside(bank: Bank, answers: Answers, report: Report, file: object) -> str:
    """Return the contradictions as lines for a person, and what they do to the level."""
    lines = [say("scan.beside-title", file=file)]
    lines += [f"  {_told(bank, answers, found)}" for found in contradictions(answers, report.evidence)]
    lines += ["  " + say("scan.beside-none")] * (len(lines) == 1)
    given, counted = score(bank, answers).level, score(bank, effective(answers, report.evidence)).level
    return fold("\n".join([*lines, say("scan.beside-level", given=given, counted=counted)]))


def _told(bank: Bank, answers: Answers, found: Contradiction) -> str:
    lowered = found.effective is not found.claimed
    kind = "overridden" if found.overridden else "denied" if lowered else "shown"
    return say(
        f"scan.beside-{kind}",
        capability=found.capability,
        title=bank.capability(found.capability).title,
        claimed=found.claimed.value,
        effective=found.effective.value,
        reason=harmless(answers.answers[found.capability].reason or ""),
        why=told(found.evidence.why),
    )


def suggestions(report: Report) -> Mapping[str, Value]:
    """Return the answer that the evidence suggests for each capability it speaks of: a proposal, never an answer.

    What is exercised in the history suggests `all`, what is wired `most`: one tree does not show the other models.
    """
    if report.kind is not Kind.PROJECT:
        return {}
    found = {part.capability: _suggested(part) for part in report.evidence}
    return {id_: value for id_, value in found.items() if value is not None}


def _suggested(part: Evidence) -> Value | None:
    if part.outcome is Outcome.YES and part.grade >= Grade.E2:
        return Value.ALL if part.grade is Grade.E3 else Value.MOST
    return Value.NONE if part.outcome is Outcome.NO else None


def _against(answer: Answer | None, part: Evidence) -> Iterator[Contradiction]:
    if answer is None:
        return
    denied = part.outcome is Outcome.NO and answer.value in CLAIMS
    shown = part.outcome is Outcome.YES and part.grade >= Grade.E2 and answer.value in MODEST
    if denied or shown:
        overridden = denied and bool(answer.reason)
        yield Contradiction(
            capability=part.capability,
            claimed=answer.value,
            effective=CAP if denied and not overridden else answer.value,
            evidence=part,
            overridden=overridden,
        )
