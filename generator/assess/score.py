"""Answers to a level, by gates: a mean would hide the weak link, a full conjunction would break on one answer.

The rule and its numbers are data (`Rules`): from each group of key capabilities of a level one must reach the key
minimum, and the level's other applicable capabilities must reach the threshold together. The level is the highest one
whose gate and all gates below it are passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.assess.roadmap import decide_roadmap
from generator.assess.target import decide_target
from generator.model.assessment import (
    Answer,
    Answers,
    Bank,
    Capability,
    Gap,
    GateResult,
    GateRule,
    Profile,
    Result,
    Value,
)

Values = Mapping[str, Value]
UNANSWERED = Answer(value=Value.UNKNOWN)


def score(bank: Bank, answers: Answers) -> Result:
    """Return the result for one respondent's answers; a capability without an answer is unknown."""
    values = values_of(bank, answers)
    gates = judge_gates(bank, values)
    level = level_of(gates)
    return Result(
        bank_version=bank.version,
        scoring_version=bank.rules.scoring_version,
        organization=answers.organization,
        team=answers.team,
        date=answers.date,
        level=level,
        interval=interval(bank, values),
        evidenced_level=level,
        exempted_level=level,
        target=decide_target(bank, answers.profile),
        gates=gates,
        dimensions=tuple(_profile(bank, values, name, _of_dimension(bank, name)) for name in bank.dimensions),
        principles=tuple(_profile(bank, values, name, _of_principle(bank, name)) for name in bank.principles),
        gaps=find_gaps(bank, values, gates),
        out_of_order=_held_above(bank, values, level),
        roadmap=decide_roadmap(bank, values, gates, level),
        plan=(),
        next_best=None,
        claims=0,
        evidenced=0,
        support=(),
        findings=(),
    )


def values_of(bank: Bank, answers: Answers) -> Values:
    """Return every capability's value; not-applicable on a key one, or without a reason, counts as unknown."""
    keys = {key for gate in bank.rules.gates for group in gate.keys for key in group}
    values = {}
    for capability in bank.capabilities:
        answer = answers.answers.get(capability.id, UNANSWERED)
        refused = answer.value is Value.NOT_APPLICABLE and (capability.id in keys or not answer.reason)
        values[capability.id] = Value.UNKNOWN if refused else answer.value
    return values


def interval(bank: Bank, values: Values) -> tuple[int, int]:
    """Return the level if every unknown were `none`, and if every one were `all`."""
    return level_if(bank, values, Value.NONE), level_if(bank, values, Value.ALL)


def level_if(bank: Bank, values: Values, unknown: Value) -> int:
    """Return the level if every unknown were answered with the value given."""
    filled = {id_: unknown if value is Value.UNKNOWN else value for id_, value in values.items()}
    return level_of(judge_gates(bank, filled))


def judge_gates(bank: Bank, values: Values) -> tuple[GateResult, ...]:
    """Return the result of every gate, lowest level first."""
    return tuple(_judge(bank, gate, values) for gate in bank.rules.gates)


def level_of(gates: Iterable[GateResult]) -> int:
    """Return the highest level whose gate and all below are passed."""
    level = 0
    for gate in gates:
        if not gate.passed:
            break
        level = gate.level
    return level


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


def _judge(bank: Bank, gate: GateRule, values: Values) -> GateResult:
    rules = bank.rules
    required = bank.at(gate.level)
    others = [capability.id for capability in required if capability.id not in rules.keys(gate.level)]
    applicable = [id_ for id_ in others if values[id_] is not Value.NOT_APPLICABLE]
    failed = tuple(
        group for group in gate.keys if all(rules.points_of(values[key]) < rules.key_minimum for key in group)
    )
    best = max(rules.points.values())
    maximum = best * len(applicable)
    reached = sum(rules.points_of(values[id_]) for id_ in applicable)
    result = GateResult(
        level=gate.level,
        status="passed",
        failed_keys=failed,
        points=reached,
        maximum=maximum,
        needed=rules.threshold * maximum,
        coverage=_coverage([values[capability.id] for capability in required]),
    )
    excluded = len(others) - len(applicable)
    if not required or (others and (not applicable or excluded > rules.max_not_applicable * len(others))):
        return replace(result, status="not-assessable")
    if failed or reached < result.needed - 1e-9:  # sums of quarters are exact; the threshold's product is not
        return replace(result, status="failed")
    return result


def _coverage(values: list[Value]) -> float:
    return sum(value is not Value.UNKNOWN for value in values) / len(values) if values else 0.0


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
        coverage=_coverage(own),
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
