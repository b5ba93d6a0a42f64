"""What an answer rests on: evidence that is there, evidence that is named, evidence that is not there, or a claim."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.model.assessment import Answer, Ballot, Value
from generator.model.evidence import Finding, ProofCheck, Seen, Standing, Support
from generator.text import say

UNSOUND = (Seen.MISSING, Seen.CHANGED, Seen.UNREADABLE)
SEEN = (Seen.PRESENT, Seen.MATCHES)
AMISS = (*UNSOUND, Seen.OUTSIDE)
"""What a person is told about; evidence that lies outside is named but not opened, which is not held against it."""

Checks = Sequence[ProofCheck]


def checks_of(answer: Answer, checks: Checks | None) -> tuple[ProofCheck, ...]:
    """Return the checks given, or, where nobody looked, the answer's proofs as not checked."""
    if checks is not None:
        return tuple(checks)
    return tuple(ProofCheck(proof=proof, seen=Seen.NOT_CHECKED) for proof in answer.evidence)


def is_shown(answer: Answer, checks: Checks | None) -> bool:
    """Return whether anything sound stands behind `answer`: a file that is there, an address or a note."""
    return bool(answer.evidence) if checks is None else any(check.seen not in UNSOUND for check in checks)


def standing(answer: Answer, checks: Checks | None) -> Standing:
    """Return what `answer` rests on, the best of its proofs; an answer that claims nothing needs none."""
    if answer.value not in (Value.SOME, Value.MOST, Value.ALL):
        return Standing.NOT_NEEDED
    seen = [check.seen for check in checks_of(answer, checks)]
    if any(one in SEEN for one in seen):
        return Standing.VERIFIED
    if any(one not in UNSOUND for one in seen):
        return Standing.NAMED
    return Standing.BROKEN if seen else Standing.CLAIM


def supports(ballots: Sequence[Ballot], today: str) -> tuple[Support, ...]:
    """Return every answer that says something with what it rests on, by capability, then in ballot order."""
    several = len(ballots) > 1
    ids = sorted({id_ for ballot in ballots for id_ in ballot.answers.answers})
    return tuple(
        Support(
            capability=id_,
            respondent=ballot.label if several else None,
            value=answer.value,
            confidence=answer.confidence,
            standing=standing(answer, ballot.checks.get(id_)),
            checks=checks_of(answer, ballot.checks.get(id_)),
            exemption=answer.exemption,
            exempt=answer.exemption is not None and answer.exemption.until >= today,
        )
        for id_ in ids
        for ballot in ballots
        if (answer := ballot.answers.answers.get(id_)) and _says(answer)
    )


def _says(answer: Answer) -> bool:
    return answer.value is not Value.UNKNOWN or bool(answer.evidence or answer.exemption)


def findings(support: Sequence[Support]) -> tuple[Finding, ...]:
    """Return what is wrong with evidence and exemptions, one sentence each."""
    return tuple(finding for one in support for finding in (*_evidence(one), *_exemption(one)))


def _evidence(support: Support) -> Iterator[Finding]:
    for check in support.checks:
        if check.seen in AMISS:
            yield _finding(f"evidence-{check.seen}", support, check.proof.path or "")


def _exemption(support: Support) -> Iterator[Finding]:
    if support.exemption and not support.exempt:
        yield _finding("exemption-expired", support, support.exemption.until)


def _finding(kind: str, support: Support, subject: str) -> Finding:
    where = support.capability if support.respondent is None else f"{support.capability} ({support.respondent})"
    return Finding(
        kind=kind,
        capability=support.capability,
        respondent=support.respondent,
        subject=subject,
        text=say(f"evidence.{kind}", capability=where, subject=subject),
    )
