"""What a season cost is counted from its log alone."""

from __future__ import annotations

import statistics

from hypothesis import given
from hypothesis import strategies as st

from generator.replay.plan import FULL_SEEDS, incidents, seasons
from generator.replay.score import median_of, score
from tests.replay.seasons import SEASON, batch, log


def test_each_incident_says_when_it_was_noticed_when_over_and_what_it_cost() -> None:
    found = score(SEASON, log())
    assert [(one.noticed, one.recovered, one.excess) for one in found.outcomes] == [
        (2, 2, 10.0),
        (0, 1, -10.0),
        (1, 2, 22.0),
    ]


def test_totals_count_steps_refused_rows_and_the_first_release() -> None:
    found = score(SEASON, log())
    assert (found.human_steps, found.unanswered, found.lead_seconds) == (3, 100, 9.5)
    assert found.excess == 22.0


def test_rollback_while_nothing_harmful_is_on_is_false_and_while_it_is_on_is_not() -> None:
    assert score(SEASON, log()).false_rollbacks == 0
    early = [*log(), {"batch": 0, "deed": "rollback", "by": "monitor"}]
    assert score(SEASON, early).false_rollbacks == 1


def test_bad_release_that_never_answers_is_over_at_once() -> None:
    quiet = [batch(number, {"a": 100}) for number in range(12)]
    outcome = score(SEASON, quiet).outcomes[0]
    assert (outcome.noticed, outcome.recovered, outcome.excess) == (None, 0, 0.0)


def test_bad_release_that_answers_to_the_end_is_never_over() -> None:
    served = [batch(number, {"a": 100} if number < 2 else {"bad": 100}) for number in range(12)]
    assert score(SEASON, served).outcomes[0].recovered is None


@given(st.lists(st.one_of(st.none(), st.integers(0, 50)), min_size=1, max_size=40))
def test_median_lies_in_its_interval_and_never_counts_as_longest(values: list[int | None]) -> None:
    told = median_of([None if value is None else float(value) for value in values])
    middle, low, high = (float("inf") if value is None else value for value in told)
    assert low <= middle <= high
    assert middle == statistics.median(float("inf") if value is None else value for value in values)


@given(st.integers(0, 10_000), st.booleans())
def test_incidents_are_the_same_for_a_seed_and_do_not_overlap(seed: int, ladder: bool) -> None:
    planned = incidents(seed, 40, ladder=ladder)
    assert planned == incidents(seed, 40, ladder=ladder)
    assert all(one.end <= after.begin for one, after in zip(planned, planned[1:], strict=False))
    assert all(0 < one.begin < one.end <= 40 for one in planned)


def test_full_run_has_calm_seasons_and_every_level_the_same_ones() -> None:
    planned = seasons((0, 3), 1, "week", full=True)
    of = {level: [one.incidents for one in planned if one.level == level] for level in (0, 3)}
    assert of[0] == of[3]
    assert len(of[0]) == FULL_SEEDS
    assert of[0].count(()) == FULL_SEEDS // 5


def test_going_back_to_an_older_release_does_not_end_a_changed_world() -> None:
    back = [batch(number, {"x": 100} if number < 4 else {"a": 100}) for number in range(9)]
    assert score(SEASON, [*back, *(batch(number, {"x": 100}) for number in (9, 10, 11))]).outcomes[2].recovered is None
