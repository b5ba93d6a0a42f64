"""Values to a level, by gates: a mean would hide the weak link, a full conjunction would break on one answer.

The rule and its numbers are data (`Rules`): from each group of key capabilities of a level one must reach the key
minimum, and the level's other applicable capabilities must reach the threshold together. The level is the highest one
whose gate and all gates below it are passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from generator.assess.reading import Values
from generator.model.assessment import Bank, GateResult, GateRule, Value


class Scorer:
    """A bank's gates taken apart once, for scoring thousands of answer sets; agrees with `judge_gates`."""

    def __init__(self, bank: Bank) -> None:
        self._rules = bank.rules
        self._points = {value: bank.rules.points_of(value) for value in Value}
        self._best = max(bank.rules.points.values())
        self._gates = []
        for gate in bank.rules.gates:
            required = [capability.id for capability in bank.at(gate.level)]
            others = [id_ for id_ in required if id_ not in bank.rules.keys(gate.level)]
            self._gates.append((gate.level, gate.keys, others, bool(required)))

    def level(self, values: Values) -> int:
        """Return the level that `values` come to."""
        reached = 0
        for level, keys, others, required in self._gates:
            if not required or not self._passes(values, keys, others):
                break
            reached = level
        return reached

    def _passes(self, values: Values, keys: Sequence[Sequence[str]], others: Sequence[str]) -> bool:
        points, least = self._points, self._rules.key_minimum
        for group in keys:
            if all(points[values[key]] < least for key in group):
                return False
        applicable = [value for id_ in others if (value := values[id_]) is not Value.NOT_APPLICABLE]
        away = len(others) - len(applicable)
        if others and (not applicable or away > self._rules.max_not_applicable * len(others)):
            return False
        return self._rules.enough(sum(points[value] for value in applicable), self._best * len(applicable))


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
