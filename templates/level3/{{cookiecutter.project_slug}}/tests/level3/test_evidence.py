"""The promised error rates, held against simulation with binomial bounds, also where rows of a day are alike."""

from __future__ import annotations

import numpy as np
import pytest

from monitoring.evidence import blocks, closed, correlation, lost_quality, not_worse, promised, worse

ALPHA = 0.05
RUNS, DAYS, ROWS = 300, 60, 20


def most_false(runs: int, rate: float) -> float:
    """The share of false alarms that `runs` runs at `rate` exceed with a probability of about 0.1 %."""
    return float(rate + 3.1 * np.sqrt(rate * (1 - rate) / runs))


def days_that_share_a_shock(random: np.random.Generator, mean: float, alike: float) -> np.ndarray:
    """Zeros and ones of mean `mean`, DAYS days of ROWS rows; two of a day correlate by `alike` (beta-binomial)."""
    size = (1 - alike) / alike if alike else None
    chance = random.beta(mean * size, (1 - mean) * size, DAYS) if size else np.full(DAYS, mean)
    return (random.random((DAYS, ROWS)) < chance[:, None]).astype(float).ravel()


DAY = np.repeat(np.arange(DAYS), ROWS)


@pytest.mark.parametrize("alike", [0.0, 0.05, 0.2])
def test_canary_just_within_the_tolerance_is_rarely_rolled_back_at_any_of_all_looks(alike: float) -> None:
    """Canary and champion answer 1 and 0; the difference is +1 or -1, its mean exactly the tolerance."""
    random, false = np.random.default_rng(1), 0
    for _ in range(RUNS):
        truth = days_that_share_a_shock(random, 0.51, alike)
        ones = np.ones(len(truth))
        false += worse(0 * ones, ones, truth, DAY, tolerance=0.02, alike=alike).max() >= 1 / ALPHA
    assert false / RUNS <= most_false(RUNS, ALPHA)


def test_days_that_share_a_shock_break_the_promise_when_rows_count_as_independent() -> None:
    """Why `alike` is there: the same stream, judged row by row, is rolled back far too often."""
    random, false = np.random.default_rng(2), 0
    for _ in range(RUNS):
        truth = days_that_share_a_shock(random, 0.51, 0.2)
        ones = np.ones(len(truth))
        false += worse(0 * ones, ones, truth, DAY, tolerance=0.02, alike=0.0).max() >= 1 / ALPHA
    assert false / RUNS > 3 * ALPHA


@pytest.mark.parametrize("alike", [0.0, 0.1])
def test_detector_s_false_alarms_are_as_far_apart_as_promised(alike: float) -> None:
    """Mean run length >= 1/alpha: of runs of DAYS days, at most DAYS * alpha alarm."""
    random, rate, alarms = np.random.default_rng(3), 0.002, 0
    for _ in range(RUNS):
        loss = days_that_share_a_shock(random, 0.2, alike)
        alarms += (lost_quality(loss, DAY, promised=0.2, alike=alike) >= 1 / rate).any()
    assert alarms / RUNS <= most_false(RUNS, DAYS * rate)


def test_bad_canary_is_found_and_is_hardly_ever_shown_to_be_good() -> None:
    random, found, shown = np.random.default_rng(4), 0, 0
    for _ in range(100):
        chance = np.repeat(random.beta(2, 8, DAYS), ROWS)
        truth = (random.random(len(chance)) < chance).astype(float)
        canary = np.clip(chance + random.choice([-0.3, 0.3], len(chance)), 0, 1)
        found += worse(canary, chance, truth, DAY, tolerance=0.01, alike=0.08).max() >= 1 / ALPHA
        shown += not_worse(canary, chance, truth, DAY, tolerance=0.03, alike=0.08).max() >= 1 / ALPHA
    assert found >= 95
    assert shown <= 100 * most_false(100, ALPHA)


def test_equal_canary_is_shown_to_be_good() -> None:
    random = np.random.default_rng(5)
    champion = random.beta(2, 8, len(DAY))
    canary = np.clip(champion + random.uniform(-0.02, 0.02, len(DAY)), 0, 1)
    truth = (random.random(len(DAY)) < champion).astype(float)
    assert not_worse(canary, champion, truth, DAY, tolerance=0.03, alike=0.08)[10] >= 1 / ALPHA


def test_lost_quality_is_noticed_within_ten_days() -> None:
    random = np.random.default_rng(6)
    loss = np.where(DAY < 30, random.beta(1, 5, len(DAY)), random.beta(2, 3, len(DAY)))
    limit = promised(1 / 6, 3000, tolerance=0.02, alike=0.08, block_rows=ROWS)
    crossed = np.flatnonzero(lost_quality(loss, DAY, promised=limit, alike=0.08) >= 1000)
    assert 30 <= crossed[0] <= 40


def test_no_rows_are_no_evidence() -> None:
    none = np.zeros(0)
    assert worse(none, none, none, none.astype(int), tolerance=0.01, alike=0.1).size == 0
    assert lost_quality(none, none.astype(int), promised=0.2, alike=0.1).size == 0


def test_closed_blocks_never_change_whatever_arrives_later() -> None:
    random = np.random.default_rng(7)
    for _ in range(200):
        day = random.integers(0, 6, 30)  # far out of order
        whole = blocks(day)
        for seen in range(1, 30):
            early = blocks(day[:seen])
            kept = early[closed(early)]
            assert (whole[: len(kept)] == kept).all()
            assert set(whole[len(kept) :].tolist()).isdisjoint(kept.tolist())


def test_correlation_of_a_day_is_measured() -> None:
    random = np.random.default_rng(8)
    measured = [
        np.mean([correlation(days_that_share_a_shock(random, 0.3, alike), DAY) for _ in range(40)])
        for alike in (0.0, 0.1, 0.3)
    ]
    assert np.allclose(measured, [0.0, 0.1, 0.3], atol=0.02)
