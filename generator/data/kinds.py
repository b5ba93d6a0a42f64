"""What a column is, from counts over all of its cells; a few odd cells do not turn numbers into text."""

from __future__ import annotations

from collections.abc import Mapping

from generator.data.cells import DAY_FIRST, MONTH_FIRST, STAMPS
from generator.model.data import BOOLEAN, CATEGORY, DATE, EMPTY, INTEGER, NUMBER, TEXT, Reading, Summary

MOSTLY = 0.98
"""Share of a column's filled cells that must fit its kind; the rest becomes missing, and is shown."""

MOST_VALUES = 100
ROWS_A_VALUE = 5
LONGEST_VALUE = 100


def kind_of(seen: Summary, *, decimal_comma: bool) -> Reading:
    """Return how a column is read; `decimal_comma` says that a comma cannot be what separates its cells."""
    if not seen.filled:
        return _reading(seen, EMPTY, "", 0)
    comma = seen.comma if decimal_comma else 0
    thousands = 0 if decimal_comma else seen.thousands
    numbers = seen.plain + comma + thousands
    if seen.booleans >= MOSTLY * seen.filled:
        return _reading(seen, BOOLEAN, "", seen.booleans)
    if numbers >= MOSTLY * seen.filled and not seen.led_by_zero:
        style = "comma" if comma else "thousands" if thousands else "plain"
        whole = seen.integers == numbers
        return _reading(seen, INTEGER if whole else NUMBER, style, numbers)
    dated = _dated(seen.dates)
    if dated >= MOSTLY * seen.filled:
        return _reading(seen, DATE, _slashes(seen.dates), dated)
    few = seen.distinct <= MOST_VALUES and seen.distinct * ROWS_A_VALUE <= seen.rows
    fits = few and seen.longest <= LONGEST_VALUE
    return _reading(seen, CATEGORY if fits else TEXT, "", seen.filled)


def looks_dated(seen: Summary) -> bool:
    """Return whether it is worth the time to try a column's cells as dates."""
    return bool(seen.filled) and sum(seen.dates.values()) >= MOSTLY * seen.filled


def ambiguous(reading: Reading) -> bool:
    """Return whether a date's cells can be read with the day first and with the month first."""
    return reading.kind == DATE and reading.style == "either"


def _reading(seen: Summary, kind: str, style: str, fitting: int) -> Reading:
    missing = 1 - (fitting / seen.rows if seen.rows else 0.0)
    return Reading(
        name=seen.name,
        kind=kind,
        style=style,
        missing=missing,
        distinct=seen.distinct,
        odd=max(seen.filled - fitting, 0),
    )


def _dated(found: Mapping[str, int]) -> int:
    slashed = max(found.get(DAY_FIRST, 0), found.get(MONTH_FIRST, 0))
    return slashed + sum(found.get(name, 0) for name in STAMPS if name not in (DAY_FIRST, MONTH_FIRST))


def _slashes(found: Mapping[str, int]) -> str:
    first, second = found.get(DAY_FIRST, 0), found.get(MONTH_FIRST, 0)
    if first == second:
        return "either" if first else "one"
    return DAY_FIRST if first > second else MONTH_FIRST
