"""The same answers elsewhere: bounds, both published versions of the ML Test Score, monotone scales."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.crosswalk import RUBRICS, _band, crosswalk
from generator.model.assessment import SCALE, Value
from generator.text import say

BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
VALUES = st.fixed_dictionaries(dict.fromkeys(IDS, st.sampled_from([*SCALE, Value.UNKNOWN])))
BANDS = {id_: bands for id_, _, bands, _ in RUBRICS}


def test_the_bank_asks_about_20_of_the_28_tests_and_says_which_it_leaves_out() -> None:
    other = crosswalk(BANK, dict.fromkeys(IDS, Value.ALL))
    assert (other.asked, other.tests) == (20, 28)
    left_out = [test for section in other.sections for test in section.not_asked]
    assert left_out == ["D2", "D3", "D6", "M2", "M3", "I5", "Mon1", "Mon5"]
    assert all(say(f"crosswalk.test-{section.id}{number}") for section in other.sections for number in range(1, 8))


@pytest.mark.parametrize(
    ("version", "score", "band"),
    [
        ("2016", 0, 0), ("2016", 1, 1), ("2016", 2, 1), ("2016", 3, 2), ("2016", 4, 2), ("2016", 5, 3), ("2016", 6, 3),
        ("2016", 7, 4), ("2016", 10, 4), ("2016", 12, 5), ("2016", 14, 5),
        ("2017", 0, 0), ("2017", 0.5, 1), ("2017", 1, 1), ("2017", 1.5, 2), ("2017", 2, 2), ("2017", 3, 3),
        ("2017", 3.5, 4), ("2017", 5, 4), ("2017", 5.5, 5), ("2017", 7, 5),
    ],
)  # fmt: skip
def test_the_bands_are_those_of_each_paper(version: str, score: float, band: int) -> None:
    assert _band(score, BANDS[version]) == band


@given(VALUES)
def test_the_two_versions_are_one_score_on_two_scales_and_the_bounds_hold(values: dict[str, Value]) -> None:
    other = crosswalk(BANK, values)
    older, newer = other.rubrics
    assert older.least == 2 * newer.least
    assert older.most == 2 * newer.most
    assert newer.least == other.ml_test_score <= newer.most <= newer.highest == 7
    assert older.band <= older.most_band


@given(VALUES, st.sampled_from(IDS))
def test_a_better_answer_lowers_no_scale(values: dict[str, Value], id_: str) -> None:
    low, high = (crosswalk(BANK, {**values, id_: value}) for value in (Value.NONE, Value.ALL))
    assert low.google <= high.google
    assert low.microsoft <= high.microsoft
    assert low.ml_test_score <= high.ml_test_score


def test_continuous_training_without_ci_and_ci_without_it_stand_as_the_research_says() -> None:
    first = {c.id: Value.ALL if c.google is not None and c.google <= 1 else Value.NONE for c in BANK.capabilities}
    assert crosswalk(BANK, first).google == 1
    second = {c.id: Value.ALL if c.level <= 2 else Value.NONE for c in BANK.capabilities}
    assert crosswalk(BANK, second).microsoft == 3
    assert crosswalk(BANK, second).google == 0
    assert crosswalk(BANK, second).scales[0].rungs[0].failed_keys == (("C40", "C41"),)
    both = {id_: Value.ALL if Value.ALL in (first[id_], second[id_]) else Value.NONE for id_ in IDS}
    assert crosswalk(BANK, both).google == 2


@given(VALUES)
def test_each_rung_lists_what_is_missing_and_the_level_is_the_last_reached_in_a_row(values: dict[str, Value]) -> None:
    for scale in crosswalk(BANK, values).scales:
        assert [rung.reached for rung in scale.rungs] == [rung.level <= scale.level for rung in scale.rungs]
        for rung in scale.rungs:
            assert set(rung.missing) == {id_ for id_ in rung.asked if values[id_] not in (Value.MOST, Value.ALL)}
