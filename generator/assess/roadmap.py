"""What to do next: missing key capabilities whose prerequisites are met, then what the threshold still needs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from generator.model.assessment import Bank, Capability, GateResult, Value

EFFORTS = ("low", "medium", "high")


def decide_roadmap(bank: Bank, values: Mapping[str, Value], gates: Iterable[GateResult], level: int) -> tuple[str, ...]:
    """Return the capabilities to take up, in order, so that the first gate above `level` that is not passed passes.

    Failed keys come first, then as many of the others as the threshold still needs, least effort first; each follows
    its own missing prerequisites.
    """
    gate = next((gate for gate in gates if gate.level > level and not gate.passed), None)
    return steps_to(bank, values, gate) if gate else ()


def steps_to(bank: Bank, values: Mapping[str, Value], gate: GateResult) -> tuple[str, ...]:
    """Return the capabilities to take up, in order, so that `gate` passes; each follows its missing prerequisites."""
    steps: list[str] = []
    for group in gate.failed_keys:
        add_step(bank, min((bank.capability(id_) for id_ in group), key=effort_of), values, steps)
    others = [c for c in bank.at(gate.level) if c.id not in bank.rules.keys(gate.level) and _can_rise(values[c.id])]
    others.sort(key=lambda c: (effort_of(c), bank.rules.points_of(values[c.id])))
    for capability in others:
        if bank.rules.enough(_reached(bank, gate, values, steps), gate.maximum):
            break
        add_step(bank, capability, values, steps)
    return tuple(steps)


def add_step(bank: Bank, capability: Capability, values: Mapping[str, Value], steps: list[str]) -> None:
    """Append `capability` to `steps`, its missing prerequisites before it; what is there already is not added again."""
    if capability.id in steps:
        return
    for id_ in capability.prerequisites:
        if _can_rise(values[id_]) and bank.rules.points_of(values[id_]) < bank.rules.key_minimum:
            add_step(bank, bank.capability(id_), values, steps)
    steps.append(capability.id)


def _reached(bank: Bank, gate: GateResult, values: Mapping[str, Value], steps: list[str]) -> float:
    """Return the points of the gate's non-key capabilities once every step is taken to `all`."""
    keys = bank.rules.keys(gate.level)
    return sum(
        bank.rules.points_of(Value.ALL if capability.id in steps else values[capability.id])
        for capability in bank.at(gate.level)
        if capability.id not in keys
    )


def _can_rise(value: Value) -> bool:
    return value not in (Value.ALL, Value.NOT_APPLICABLE)


def effort_of(capability: Capability) -> int:
    """Return the effort of `capability` as a rank, 0 the least."""
    return EFFORTS.index(capability.effort)
