"""Agreement statistics against published examples, the maintained package, and their own bounds."""

from __future__ import annotations

from collections import Counter
from statistics import mean

import krippendorff as package
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.assess.agreement import (
    FEWEST_UNITS,
    alpha,
    average_deviation,
    is_disputed,
    krippendorff,
    ordinal,
    r_wg,
    r_wg_star,
    r_wg_star_items,
)

# Krippendorff 2011, Computing Krippendorff's Alpha-Reliability, section C: 4 observers, 12 units, values missing.
OBSERVERS = [
    [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
    [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
    [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
    [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
]
UNITS = [list(unit) for unit in zip(*OBSERVERS, strict=True)]
PAIRABLE = [[rating for rating in unit if rating is not None] for unit in UNITS]
PAIRABLE = [unit for unit in PAIRABLE if len(unit) > 1]
COUNTS = Counter(rating for unit in PAIRABLE for rating in unit)

# Company 1 (59 soldiers) of bhr2000, shipped with Bliese's R package multilevel: how many chose 1, 2, 3, 4, 5.
RELIGION = [14, 11, 18, 8, 8]
LEADERSHIP = {
    "AF06": [2, 10, 22, 22, 3],
    "AF07": [2, 12, 17, 26, 2],
    "AP12": [8, 11, 20, 15, 5],
    "AP17": [12, 13, 10, 21, 3],
    "AP33": [5, 8, 30, 14, 2],
    "AP34": [4, 6, 25, 21, 3],
    "AS14": [8, 21, 19, 11, 0],
    "AS15": [7, 12, 16, 23, 1],
    "AS16": [8, 19, 18, 13, 1],
    "AS17": [8, 16, 17, 16, 2],
    "AS28": [9, 14, 17, 16, 3],
}

ratings = st.lists(st.integers(0, 3), min_size=2, max_size=9)


def spread_out(counts: list[int]) -> list[int]:
    return [value for value, count in enumerate(counts, 1) for _ in range(count)]


@pytest.mark.parametrize(
    ("published", "distance"),
    [
        (0.743, lambda a, b: float(a != b)),
        (0.815, ordinal(COUNTS)),
        (0.849, lambda a, b: float((a - b) ** 2)),
        (0.797, lambda a, b: ((a - b) / (a + b)) ** 2),
    ],
    ids=["nominal", "ordinal", "interval", "ratio"],
)
def test_alpha_is_krippendorffs_published_example_in_all_four_metrics(published: float, distance: object) -> None:
    assert round(krippendorff(PAIRABLE, distance), 3) == published  # type: ignore[arg-type]


def test_alpha_is_given_with_its_units_coders_and_pairable_values() -> None:
    found = alpha(UNITS)
    assert (found.units, found.coders, found.values, found.why) == (11, 4, 40, "")
    assert found.value is not None
    assert round(found.value, 3) == 0.815


@given(st.lists(st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=3, max_size=3), min_size=FEWEST_UNITS))
def test_alpha_is_what_the_maintained_package_computes(units: list[list[int | None]]) -> None:
    found = alpha(units)
    assume(found.value is not None)
    coders = [
        [float("nan") if rating is None else float(rating) for rating in column] for column in zip(*units, strict=True)
    ]
    assert found.value == pytest.approx(package.alpha(reliability_data=coders, level_of_measurement="ordinal"))


def test_alpha_is_not_given_where_it_says_nothing() -> None:
    assert (alpha([[1, 2]] * (FEWEST_UNITS - 1)).value, alpha([[1, 2]] * 9).why) == (None, "few-units")
    assert (alpha([[2, 2]] * 20).value, alpha([[2, 2]] * 20).why) == (None, "no-variation")
    assert alpha([]).why == "few-units"


def test_r_wg_is_blieses_published_value_for_company_1() -> None:
    assert r_wg(spread_out(RELIGION), options=5) == pytest.approx(0.11046172, abs=5e-9)


def test_average_deviation_is_blieses_published_value_for_company_1() -> None:
    found = mean(average_deviation(spread_out(counts)) for counts in LEADERSHIP.values())
    assert found == pytest.approx(0.8481366, abs=5e-8)


def test_four_options_have_the_uniform_null_of_one_and_a_quarter() -> None:
    assert r_wg([0, 1, 2, 3]) == pytest.approx(1 - (5 / 3) / 1.25)
    assert r_wg([2, 2, 2]) == 1


def test_the_ends_of_r_wg_star_are_full_agreement_and_a_split_in_halves() -> None:
    assert r_wg_star([1, 1, 1]) == 1
    assert r_wg_star([0, 0, 3, 3]) == 0
    assert r_wg_star([0, 3]) == 0
    assert r_wg_star_items([[0, 3], [2, 2]]) == 0.5


@given(ratings)
def test_r_wg_star_lies_between_0_and_1_and_never_below_what_the_split_gives(given_ratings: list[int]) -> None:
    assert 0 <= r_wg_star(given_ratings) <= 1
    assert average_deviation(given_ratings) <= 1.5
    assert (r_wg_star(given_ratings) == 1) == (len(set(given_ratings)) == 1) == (r_wg(given_ratings) == 1)


@pytest.mark.parametrize(
    ("given_ratings", "disputed"),
    [([2, 3], False), ([1, 3], True), ([1, 2, 2, 3], True), ([0, 0, 1, 1], False), ([3, 3, 3], False)],
)
def test_two_steps_apart_or_widely_spread_is_disputed(given_ratings: list[int], disputed: bool) -> None:
    assert is_disputed(given_ratings) is disputed


def test_a_deviation_above_a_sixth_of_the_options_is_disputed_also_within_one_step() -> None:
    assert not is_disputed([0, 1], options=4)
    assert is_disputed([0, 1], options=2)
