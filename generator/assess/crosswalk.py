"""The same answers on other scales; never an equivalence, and the result says so."""

from __future__ import annotations

from dataclasses import dataclass

from generator.assess.reading import Values
from generator.model.assessment import Bank, Value

SCALES = {"google": (1, 2), "microsoft": (1, 2, 3, 4)}
"""Other scales -> their levels above 0."""

SECTIONS = ("D", "M", "I", "Mon")
"""The sections of Breck et al. 2017, seven tests each: data, model, infrastructure, monitoring."""


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
        google=_climb(bank, values, "google"),
        microsoft=_climb(bank, values, "microsoft"),
        ml_test_score=min(sum(section_points(bank, values, section).values()) for section in SECTIONS),
    )


def asked_at(bank: Bank, values: Values, scale: str, level: int) -> tuple[str, ...]:
    """Return the applicable capabilities that the texts of `scale` ask for first at its `level`."""
    return tuple(
        capability.id
        for capability in bank.capabilities
        if getattr(capability, scale) == level and values[capability.id] is not Value.NOT_APPLICABLE
    )


def section_points(bank: Bank, values: Values, section: str) -> dict[str, float]:
    """Return the points of each asked test of `section`, on the paper's scale of 0, 0.5 and 1.

    Where several capabilities touch one test the least counts: only then is the sum a lower bound.
    """
    least: dict[str, float] = {}
    for capability in bank.capabilities:
        for test in capability.ml_test_score:
            if test.rstrip("0123456789") == section:
                reached = bank.rules.points_of(values[capability.id]) * 2 // 1 / 2
                least[test] = min(least.get(test, 1.0), reached)
    return least


def _climb(bank: Bank, values: Values, scale: str) -> int:
    reached = 0
    for level in SCALES[scale]:
        asked = asked_at(bank, values, scale, level)
        if not asked or not bank.rules.enough(sum(bank.rules.points_of(values[id_]) for id_ in asked), len(asked)):
            break
        reached = level
    return reached
