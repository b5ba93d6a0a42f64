"""The same answers on other scales; never an equivalence, and the result says so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from generator.assess.score import Values, points
from generator.model.assessment import Bank, Capability

SECTIONS = {"D": 7, "M": 7, "I": 7, "Mon": 7}
"""The 28 tests of Breck et al. 2017: section -> number of tests."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Crosswalk:
    """Levels on other scales, read off the capabilities that their texts ask for first at that level.

    `google` 0-2 and `microsoft` 0-4; `ml_test_score` is the least of the four sections' points (each 0-7, a lower
    bound, for the bank asks about 21 of the 28 tests only).
    """

    google: int
    microsoft: int
    ml_test_score: float


def crosswalk(bank: Bank, values: Values) -> Crosswalk:
    """Return where the same answers stand on the scales of Google, Microsoft and the ML Test Score."""
    return Crosswalk(
        google=_climb(bank, values, range(1, 3), lambda capability: capability.google),
        microsoft=_climb(bank, values, range(1, 5), lambda capability: capability.microsoft),
        ml_test_score=min(_section(bank, values, section) for section in SECTIONS),
    )


def _climb(bank: Bank, values: Values, levels: range, at: Callable[[Capability], int | None]) -> int:
    reached = 0
    for level in levels:
        asked = [capability.id for capability in bank.capabilities if at(capability) == level]
        if sum(points(bank, values[id_]) for id_ in asked) < bank.rules.threshold * len(asked):
            break
        reached = level
    return reached


def _section(bank: Bank, values: Values, section: str) -> float:
    best: dict[str, float] = {}
    for capability in bank.capabilities:
        for test in capability.ml_test_score:
            if test.rstrip("0123456789") == section:
                best[test] = max(best.get(test, 0.0), points(bank, values[capability.id]))
    return sum(best.values())
