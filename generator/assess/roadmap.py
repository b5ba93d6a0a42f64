"""What to do next: missing key capabilities whose prerequisites are met, then what the threshold still needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.model.assessment import Bank, Capability, GateResult, Value

EFFORTS = ("low", "medium", "high")


def decide_roadmap(bank: Bank, values: Mapping[str, Value], gates: Iterable[GateResult], level: int) -> tuple[str, ...]:
    """Return capabilities in the order to take them up, for the first gate above `level` that is not passed.

    Failed keys come first, each after its own missing prerequisites; the rest by effort, lowest first.
    """
    gate = next((gate for gate in gates if gate.level > level and not gate.passed), None)
    if gate is None:
        return ()
    held = {id_ for id_, value in values.items() if _points(bank, value) >= bank.rules.key_minimum}
    steps: list[str] = []
    for group in gate.failed_keys:
        easiest = min((bank.capability(id_) for id_ in group), key=_effort)
        _add(bank, easiest, held, steps)
    for capability in sorted(bank.at(gate.level), key=_effort):
        if values[capability.id] is not Value.NOT_APPLICABLE and capability.id not in bank.rules.keys(gate.level):
            _add(bank, capability, held, steps)
    return tuple(steps)


def _add(bank: Bank, capability: Capability, held: set[str], steps: list[str]) -> None:
    if capability.id in held or capability.id in steps:
        return
    for id_ in capability.prerequisites:
        _add(bank, bank.capability(id_), held, steps)
    steps.append(capability.id)


def _effort(capability: Capability) -> int:
    return EFFORTS.index(capability.effort)


def _points(bank: Bank, value: Value) -> float:
    return bank.rules.points.get(value, 0.0)
