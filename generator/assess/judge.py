"""Values to a level, by gates: a mean would hide the weak link, a full conjunction would break on one answer.

The rule and its numbers are data (`Rules`): from each group of key capabilities of a level one must reach the key
minimum, and the level's other applicable capabilities must reach the threshold together. The level is the highest one
whose gate and all gates below it are passed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from generator.assess.reading import Values
from generator.model.assessment import Bank, GateResult, GateRule, Value


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


def level_at(bank: Bank, values: Values) -> int:
    """Return the level that `values` come to."""
    return level_of(judge_gates(bank, values))


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
        coverage=coverage([values[capability.id] for capability in required]),
    )
    excluded = len(others) - len(applicable)
    if not required or (others and (not applicable or excluded > rules.max_not_applicable * len(others))):
        return replace(result, status="not-assessable")
    if failed or not rules.enough(reached, maximum):
        return replace(result, status="failed")
    return result


def coverage(values: list[Value]) -> float:
    """Return the share of `values` that are known."""
    return sum(value is not Value.UNKNOWN for value in values) / len(values) if values else 0.0
