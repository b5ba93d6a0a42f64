"""Answers to a result: level, interval, target, gaps, plan, evidence and, of several respondents, their agreement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from generator.assess.judge import coverage, judge_gates, level_at, level_of
from generator.assess.plan import decide_plan, next_best
from generator.assess.reading import Values, read
from generator.assess.roadmap import decide_roadmap
from generator.assess.support import findings, supports
from generator.assess.target import decide_targets
from generator.model.assessment import (
    Answers,
    Ballot,
    Bank,
    Capability,
    Gap,
    GateResult,
    Profile,
    Result,
    Value,
)
from generator.model.evidence import Standing, Support

if TYPE_CHECKING:
    from generator.model.panel import Panel


def score(bank: Bank, answers: Answers, *, today: str = "") -> Result:
    """Return the result for one respondent's answers; a capability without an answer is unknown.

    Nobody looks at the evidence here; give `score_ballots` what looking gave.
    """
    return score_ballots(bank, [Ballot(label="", answers=answers)], today=today)


def score_ballots(bank: Bank, ballots: Sequence[Ballot], *, today: str = "") -> Result:
    """Return the result of one or more respondents about one team, on the day `today` (ISO; empty: nothing expires).

    Every order of the ballots gives the same result.
    """
    if len(ballots) > 1:
        ballots = sorted(ballots, key=lambda ballot: (ballot.label, repr(ballot)))
    reading = read(bank, ballots, today)
    gates = judge_gates(bank, reading.values)
    level = level_of(gates)
    target = decide_targets(bank, [ballot.answers.profile for ballot in ballots])
    support = supports(ballots, today)
    plan = decide_plan(bank, reading.values, level, target, exempt_until(support))
    return Result(
        bank_version=bank.version,
        scoring_version=bank.rules.scoring_version,
        organization=_first(ballot.answers.organization for ballot in ballots),
        team=_first(ballot.answers.team for ballot in ballots),
        date=max((ballot.answers.date for ballot in ballots if ballot.answers.date), default=None),
        values=reading.values,
        level=level,
        interval=(level_at(bank, reading.worst), level_at(bank, reading.best)),
        evidenced_level=level_at(bank, reading.evidenced),
        exempted_level=level_at(bank, reading.exempted),
        target=target,
        gates=gates,
        dimensions=tuple(_profile(bank, reading.values, name, _of_dimension(bank, name)) for name in bank.dimensions),
        principles=tuple(_profile(bank, reading.values, name, _of_principle(bank, name)) for name in bank.principles),
        gaps=find_gaps(bank, reading.values, gates),
        out_of_order=_held_above(bank, reading.values, level),
        roadmap=decide_roadmap(bank, reading.values, gates, level),
        plan=plan,
        next_best=next_best(plan),
        claims=_count(support, Standing.CLAIM, Standing.BROKEN),
        evidenced=_count(support, Standing.VERIFIED, Standing.NAMED),
        support=support,
        findings=findings(support),
        panel=_panel(bank, ballots, today),
    )


def _panel(bank: Bank, ballots: Sequence[Ballot], today: str) -> Panel | None:
    if len(ballots) < 2:
        return None
    from generator.assess.panel import panel_of  # the statistics behind it are slow to load and rarely needed

    return panel_of(bank, ballots, today)


def exempt_until(support: Iterable[Support]) -> dict[str, str]:
    """Return the capabilities that a live exemption covers, with its last day."""
    return {one.capability: one.exemption.until for one in support if one.exempt and one.exemption}


def _first(names: Iterable[str | None]) -> str | None:
    return min((name for name in names if name), default=None)


def _count(support: Iterable[Support], *standings: Standing) -> int:
    return sum(one.standing in standings for one in support)


def find_gaps(bank: Bank, values: Values, gates: Iterable[GateResult]) -> tuple[Gap, ...]:
    """Return what is short of each level: failed keys before the others, what a passed gate leaves over last."""
    gaps = []
    for gate in sorted(gates, key=lambda gate: (gate.passed, gate.level)):
        failed = [key for group in gate.failed_keys for key in group]
        keys = bank.rules.keys(gate.level)
        short = [
            capability.id
            for capability in bank.at(gate.level)
            if capability.id not in keys and values[capability.id] not in (Value.ALL, Value.NOT_APPLICABLE)
        ]
        short.sort(key=lambda id_: bank.rules.points_of(values[id_]))
        gaps += [_gap(bank.capability(id_), values, key=id_ in failed) for id_ in (*failed, *short)]
    return tuple(gaps)


def _gap(capability: Capability, values: Values, *, key: bool) -> Gap:
    return Gap(
        capability=capability.id,
        level=capability.level,
        key=key,
        value=values[capability.id],
        why=capability.why,
        next=capability.next,
    )


def _held_above(bank: Bank, values: Values, level: int) -> tuple[str, ...]:
    return tuple(
        capability.id
        for capability in bank.capabilities
        if capability.level > level and bank.rules.points_of(values[capability.id]) >= bank.rules.key_minimum
    )


def _of_dimension(bank: Bank, name: str) -> list[Capability]:
    return [capability for capability in bank.capabilities if capability.dimension == name]


def _of_principle(bank: Bank, name: str) -> list[Capability]:
    return [capability for capability in bank.capabilities if name in capability.principles]


def _profile(bank: Bank, values: Values, name: str, capabilities: list[Capability]) -> Profile:
    own = [values[capability.id] for capability in capabilities]
    applicable = [value for value in own if value is not Value.NOT_APPLICABLE]
    best = max(bank.rules.points.values())
    total = sum(bank.rules.points_of(value) for value in applicable)
    return Profile(
        id=name,
        score=total / (best * len(applicable)) if applicable else None,
        level=_held_level(bank, values, capabilities),
        coverage=coverage(own),
    )


def _held_level(bank: Bank, values: Values, capabilities: list[Capability]) -> int | None:
    """Return the highest level up to which everything applicable reaches the key minimum; None before anything is."""
    lowest = min((capability.level for capability in capabilities), default=None)
    if lowest is None:
        return None
    held: int | None = 0 if lowest == 1 else None
    for level in sorted({capability.level for capability in capabilities}):
        asked = [values[c.id] for c in capabilities if c.level == level and values[c.id] is not Value.NOT_APPLICABLE]
        if not asked or any(bank.rules.points_of(value) < bank.rules.key_minimum for value in asked):
            return held
        held = level
    return held
