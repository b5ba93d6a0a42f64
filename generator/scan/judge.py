"""Evidence to a level, by the gates of the bank: what is wired counts, what is not seen leaves room above."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from generator.assess.judge import level_at
from generator.model.assessment import Bank, Value
from generator.model.scan import Evidence, Grade, Outcome
from generator.scan.probes.all import BLIND

VALUES: Mapping[Outcome, Value] = {
    Outcome.YES: Value.ALL,
    Outcome.NO: Value.NONE,
    Outcome.NOT_SEEN: Value.UNKNOWN,
    Outcome.NOT_APPLICABLE: Value.NOT_APPLICABLE,
    Outcome.ERROR: Value.UNKNOWN,
}


VISIBLE = 0.5
"""Share of a gate's other capabilities that a tree must show of those it shows anything of; ours, below the bank's
threshold: an answer knows what a tree keeps to itself."""


def values_from(bank: Bank, evidence: Iterable[Evidence]) -> dict[str, Value]:
    """Return every capability's value as far as a tree shows it; what no tree can show is left out of the gates."""
    values = {capability.id: Value.UNKNOWN for capability in bank.capabilities}
    for part in evidence:
        values[part.capability] = _value(part)
    return values | dict.fromkeys(BLIND, Value.NOT_APPLICABLE)


def visible_level(bank: Bank, evidence: Iterable[Evidence]) -> tuple[int, tuple[int, int]]:
    """Return the level that is visible, and the interval it would have with everything unseen absent or present."""
    values = values_from(bank, evidence)
    keys = {key for gate in bank.rules.gates for group in gate.keys for key in group}
    shown = {id_: _shown(value, key=id_ in keys) for id_, value in values.items()}
    seeing = replace(bank, rules=replace(bank.rules, threshold=VISIBLE, max_not_applicable=1.0))
    low, high = (level_at(seeing, _with_unseen(values, unseen)) for unseen in (Value.NONE, Value.ALL))
    level = level_at(seeing, shown)
    return min(max(level, low), high), (low, high)


def _shown(value: Value, *, key: bool) -> Value:
    return Value.NOT_APPLICABLE if value is Value.UNKNOWN and not key else value


def _value(part: Evidence) -> Value:
    if part.outcome is Outcome.YES and part.grade < Grade.E2:
        return Value.NONE
    return VALUES[part.outcome]


def _with_unseen(values: Mapping[str, Value], unseen: Value) -> dict[str, Value]:
    return {name: unseen if value is Value.UNKNOWN else value for name, value in values.items()}
