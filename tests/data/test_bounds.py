"""The contract's rule as laws: whatever was seen is allowed, what never was negative stays so, gaps need a reason."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.data.bounds import limits, may_be_missing, of_categories, of_numbers
from generator.model.data import Extent

NUMBERS = st.floats(-1e12, 1e12, allow_nan=False, allow_subnormal=False)


@st.composite
def extents(draw: st.DrawFn) -> Extent:
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    rows = draw(st.integers(1, 1000))
    return Extent(rows=rows, filled=draw(st.integers(1, rows)), low=low, high=high)


@given(extents(), extents())
def test_every_row_that_was_seen_is_within_the_bounds(earlier: Extent, later: Extent) -> None:
    bound = of_numbers(earlier, later, 0)
    assert bound.low is not None
    assert bound.high is not None
    for part in (earlier, later):
        assert bound.low <= part.low <= part.high <= bound.high  # type: ignore[operator]
        assert bound.missing >= 1 - part.filled / part.rows


@given(extents())
def test_first_limits_leave_room_of_about_a_tenth_and_keep_the_sign(extent: Extent) -> None:
    low, high = limits(extent)
    spread = (extent.high - extent.low) or abs(extent.high) or 1.0  # type: ignore[operator]
    assert low <= extent.low
    assert high >= extent.high
    assert extent.low - low <= 0.21 * spread + 1e-9  # type: ignore[operator]
    assert high - extent.high <= 0.21 * spread + 1e-9  # type: ignore[operator]
    if extent.low >= 0:  # type: ignore[operator]
        assert low >= 0


def test_bounds_widen_by_doubling_until_later_rows_fit_and_the_alarms_are_kept() -> None:
    earlier, later = Extent(rows=70, filled=70, low=0, high=10), Extent(rows=30, filled=30, low=2, high=13.5)
    bound = of_numbers(earlier, later, 3)
    assert (bound.low, bound.high, bound.alarms) == (0.0, 14.0, 0.1)


def test_a_column_without_gaps_may_have_none_and_one_with_gaps_half_again_as_many() -> None:
    assert may_be_missing(Extent(rows=10, filled=10), Extent(rows=5, filled=5)) == 0
    assert may_be_missing(Extent(rows=100, filled=90), Extent(rows=100, filled=80)) == 0.31


def test_a_categorys_values_are_all_seen_and_new_ones_count_as_alarms() -> None:
    bound = of_categories(Extent(rows=9, filled=9, values=("a", "b")), Extent(rows=4, filled=4, values=("b", "c")))
    assert bound.values == ("a", "b", "c")
    assert bound.alarms == 0.5
