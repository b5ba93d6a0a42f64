"""What a column is follows from counts alone, and from all of its cells."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.data.headers import clean_header, lacks_header, separator
from generator.data.kinds import kind_of
from generator.model.data import Summary

PLAIN = Summary(
    name="x", rows=1000, filled=1000, distinct=400, plain=0, comma=0, thousands=0, integers=0, led_by_zero=0,
    booleans=0, dates={}, longest=10,
)  # fmt: skip


@pytest.mark.parametrize(
    ("counts", "kind", "style"),
    [
        ({"plain": 1000, "integers": 1000}, "integer", "plain"),
        ({"plain": 1000, "integers": 300}, "number", "plain"),
        ({"plain": 300, "comma": 700, "integers": 300}, "number", "comma"),
        ({"plain": 985}, "number", "plain"),
        ({"plain": 975}, "text", ""),
        ({"plain": 1000, "integers": 1000, "led_by_zero": 1}, "text", ""),
        ({"booleans": 1000, "distinct": 2}, "boolean", ""),
        ({"distinct": 5}, "category", ""),
        ({"distinct": 5, "longest": 4000}, "text", ""),
        ({"filled": 0, "distinct": 0}, "empty", ""),
        ({"dates": {"2013-07-31": 600, "31.07.2013": 400}}, "date", "one"),
        ({"dates": {"31/07/2013": 1000, "07/31/2013": 400}}, "date", "31/07/2013"),
        ({"dates": {"31/07/2013": 1000, "07/31/2013": 1000}}, "date", "either"),
    ],
)
def test_kind_and_way_of_writing(counts: dict[str, object], kind: str, style: str) -> None:
    reading = kind_of(replace(PLAIN, **counts), decimal_comma=True)  # type: ignore[arg-type]
    assert (reading.kind, reading.style) == (kind, style)


@given(st.lists(st.text(max_size=8), min_size=1, max_size=12))
def test_cleaned_names_are_never_empty_nor_alike_and_cleaning_twice_changes_nothing(names: list[str]) -> None:
    header = clean_header(names)
    assert len(set(header)) == len(names)
    assert all(name and name.isprintable() and name == name.strip() for name in header)
    assert clean_header(list(header)) == header


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_the_lines_agree_on(delimiter: str) -> None:
    lines = [delimiter.join(["a", "b", "c"]), *(delimiter.join([f"{n},5", "x y", '"p;q,r|s"']) for n in range(9))]
    if delimiter == ",":
        lines = [line.replace(",5", ".5") for line in lines]
    assert separator("\n".join(lines)) == delimiter


def test_a_first_line_of_values_is_no_header_unless_it_names_the_target() -> None:
    assert lacks_header([["1", "2.5", "red"], ["2", "3.5", "blue"]], "y")
    assert not lacks_header([["1", "2", "y"], ["1", "2", "3"]], "y")
    assert not lacks_header([["id", "size", "2013"], ["1", "2", "3"]], "y")
