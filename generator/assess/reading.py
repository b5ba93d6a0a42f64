"""From answers to the values that are judged: what was said, how sure it is, and what is shown for it.

One respondent is a panel of one. For several, per capability: unknown abstains, and not-applicable gives way to any
rating. Where somebody shows (sound) evidence, the lowest of the evidenced ratings counts, else the lowest of all. A
rating that rises while the evidence stays as it is can therefore never lower what counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from generator.assess.support import is_shown
from generator.model.assessment import SCALE, Answer, Answers, Ballot, Bank, Rules, Value

Values = Mapping[str, Value]
UNANSWERED = Answer(value=Value.UNKNOWN)
STEP = {value: place for place, value in enumerate(SCALE)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """Every capability's value five times: as it counts, at worst, at best, as far as evidenced, and if exempted.

    At worst and best every rating is as wrong as its confidence allows and every unknown is none or all; the lowest and
    highest respondent counts. Evidenced: what nothing sound is shown for is none. Exempted: what a live exemption
    covers is at the key minimum or better.
    """

    values: Values
    worst: Values
    best: Values
    evidenced: Values
    exempted: Values


def values_of(bank: Bank, answers: Answers) -> dict[str, Value]:
    """Return every capability's value; not-applicable on a key one, or without a reason, counts as unknown."""
    keys = {key for gate in bank.rules.gates for group in gate.keys for key in group}
    values = {}
    for capability in bank.capabilities:
        answer = answers.answers.get(capability.id, UNANSWERED)
        refused = answer.value is Value.NOT_APPLICABLE and (capability.id in keys or not answer.reason)
        values[capability.id] = Value.UNKNOWN if refused else answer.value
    return values


def read(bank: Bank, ballots: Sequence[Ballot], today: str) -> Reading:
    """Return the values that the ballots come to on the day `today` (ISO; empty: no exemption has expired)."""
    given = [(ballot, values_of(bank, ballot.answers)) for ballot in ballots]
    half = next((step for step in SCALE if bank.rules.points_of(step) >= bank.rules.key_minimum), Value.ALL)
    ids = [capability.id for capability in bank.capabilities]
    rows = [
        _come_to(tuple([_vote(bank.rules, id_, values, ballot, today) for ballot, values in given]), half)
        for id_ in ids
    ]
    columns = zip(*rows, strict=True) if rows else [()] * 5
    values, worst, best, evidenced, exempted = (dict(zip(ids, column, strict=True)) for column in columns)
    return Reading(values=values, worst=worst, best=best, evidenced=evidenced, exempted=exempted)


def as_answers(ballots: Sequence[Ballot], reading: Reading) -> dict[str, Answer]:
    """Return what the ballots came to as the answers of one respondent, with the first reason for not-applicable."""
    return {
        id_: Answer(value=value, reason=_reason(ballots, id_) if value is Value.NOT_APPLICABLE else None)
        for id_, value in reading.values.items()
    }


def _reason(ballots: Sequence[Ballot], id_: str) -> str:
    answers = [ballot.answers.answers.get(id_, UNANSWERED) for ballot in ballots]
    return min(answer.reason for answer in answers if answer.value is Value.NOT_APPLICABLE and answer.reason)


def merged(said: Sequence[tuple[Value, bool]]) -> tuple[Value, str]:
    """Return what (value, shown) of several respondents come to, and what decided: evidence, lowest, nobody, ..."""
    ratings = [(value, shown) for value, shown in said if value in STEP]
    if not ratings:
        away = any(value is Value.NOT_APPLICABLE for value, _ in said)
        return (Value.NOT_APPLICABLE, "applicability") if away else (Value.UNKNOWN, "nobody")
    evidenced = [value for value, shown in ratings if shown]
    if evidenced:
        return _lowest(evidenced), "evidence"
    return _lowest(value for value, _ in ratings), "lowest"


class _Vote(NamedTuple):
    """What one respondent says about one capability: value, by how many steps in doubt, shown, exempt."""

    value: Value
    doubt: int
    shown: bool
    exempt: bool


def _vote(rules: Rules, id_: str, values: Values, ballot: Ballot, today: str) -> _Vote:
    answer = ballot.answers.answers.get(id_)
    if answer is None:
        return ABSTAINS
    exempt = answer.exemption is not None and answer.exemption.until >= today
    doubt = 0 if answer.confidence is None else rules.doubt[answer.confidence]
    return _Vote(values[id_], doubt, is_shown(answer, ballot.checks.get(id_)), exempt)


ABSTAINS = _Vote(Value.UNKNOWN, 0, shown=False, exempt=False)


@lru_cache(maxsize=4096)
def _come_to(votes: tuple[_Vote, ...], half: Value) -> tuple[Value, ...]:
    """Return value, worst, best, evidenced and exempted value of one capability."""
    value, decided = merged([(vote.value, vote.shown) for vote in votes])
    if value is Value.NOT_APPLICABLE:
        return (value,) * 5
    raised = any(vote.exempt for vote in votes) and STEP.get(value, 0) < STEP[half]
    exempted = half if raised else value
    if value is Value.UNKNOWN:
        return value, Value.NONE, Value.ALL, value, exempted
    ratings = [vote for vote in votes if vote.value in STEP]
    worst = _lowest(_moved(vote.value, -vote.doubt) for vote in ratings)
    best = _highest(_moved(vote.value, vote.doubt) for vote in ratings)
    return value, worst, best, value if decided == "evidence" else Value.NONE, exempted


def _moved(value: Value, steps: int) -> Value:
    return SCALE[min(max(STEP[value] + steps, 0), len(SCALE) - 1)]


def _lowest(values: Iterable[Value]) -> Value:
    return min(values, key=STEP.__getitem__)


def _highest(values: Iterable[Value]) -> Value:
    return max(values, key=STEP.__getitem__)
