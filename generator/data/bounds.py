"""What the contract allows, learned on earlier rows and tried on later ones before anything is promised.

The rule: limits are the earlier rows' lowest and highest value, moved apart by a tenth of their distance; a number that
was never negative stays so. Later rows outside of them are the false alarms that are shown. The distance is doubled
until no later row is outside. A category's values are those of all rows; its false alarms are values first seen later.
"""

from __future__ import annotations

import math

from generator.model.data import Bound, Extent

FIRST = 0.1
MOST_DOUBLINGS = 8
MOST_DIGITS = 15
SLACK, MORE = 0.01, 1.5
"""A column with empty cells may have half again as many, and a hundredth of all cells, before that is an alarm."""


def limits(extent: Extent, width: float = FIRST) -> tuple[float, float]:
    """Return the limits that one part of the rows suggests."""
    if extent.low is None or extent.high is None:
        return (0.0, 0.0)
    room = width * ((extent.high - extent.low) or abs(extent.high) or 1.0)
    low = extent.low - room
    if extent.low >= 0:
        low = max(low, 0.0)
    return _outward(low, room, up=False), _outward(extent.high + room, room, up=True)


def of_numbers(earlier: Extent, later: Extent, alarms: int) -> Bound:
    """Return limits that hold for every row; `alarms` later rows lay outside of the first ones."""
    wanted = [part for part in (earlier, later) if part.low is not None and part.high is not None]
    if not wanted:
        return Bound(missing=1.0)
    whole_low, whole_high = min(part.low or 0.0 for part in wanted), max(part.high or 0.0 for part in wanted)
    learned = earlier if earlier.low is not None else later
    width = FIRST
    low, high = limits(learned, width)
    for _ in range(MOST_DOUBLINGS):
        if low <= whole_low and whole_high <= high:
            break
        width *= 2
        low, high = limits(learned, width)
    return Bound(
        low=min(low, whole_low),
        high=max(high, whole_high),
        missing=may_be_missing(earlier, later),
        alarms=alarms / later.rows if later.rows else 0.0,
    )


def of_categories(earlier: Extent, later: Extent) -> Bound:
    """Return the values of all rows."""
    new = set(later.values) - set(earlier.values)
    alarms = len(new) / len(later.values) if later.values else 0.0
    values = tuple(sorted({*earlier.values, *later.values}))
    return Bound(values=values, missing=may_be_missing(earlier, later), alarms=alarms)


def may_be_missing(*parts: Extent) -> float:
    """Return the share of empty cells that is no alarm: none where none was ever seen."""
    most = max((1 - part.filled / part.rows for part in parts if part.rows), default=0.0)
    return 0.0 if most == 0 else min(1.0, math.ceil((most * MORE + SLACK) * 1000) / 1000)


def _outward(number: float, room: float, *, up: bool) -> float:
    """Return a number rounded away from the rows, to a tenth of the room they were given."""
    if number == 0 or not math.isfinite(number) or room <= 0:
        return number
    unit = 10.0 ** math.floor(math.log10(room))
    steps = math.ceil(number / unit) if up else math.floor(number / unit)
    digits = max(0, -math.floor(math.log10(unit)))
    return round(steps * unit, digits) if digits <= MOST_DIGITS else number
