"""The promised error rates, held against simulation."""

from __future__ import annotations

import numpy as np

from monitoring.evidence import lost_quality, not_worse, promised, worse

RUNS, ROWS, ALPHA = 400, 500, 0.05


def brier(random: np.random.Generator, shift: float) -> tuple[np.ndarray, np.ndarray]:
    """Losses of canary and champion on the same rows; the canary's are worse by `shift` on average."""
    champion = random.beta(1, 5, ROWS)
    noise = random.uniform(-0.1, 0.1, ROWS)
    return np.clip(champion + shift + noise, 0, 1), champion


def test_canary_at_the_tolerance_is_rarely_rolled_back_however_often_one_looks() -> None:
    random = np.random.default_rng(1)
    false = 0
    for _ in range(RUNS):
        difference = np.where(random.random(ROWS) < 0.51, 1.0, -1.0)  # mean 0.02: exactly the tolerance
        canary, champion = (difference > 0).astype(float), (difference < 0).astype(float)
        false += worse(canary, champion, 0.02).max() >= 1 / ALPHA
    assert false / RUNS <= ALPHA + 2 * np.sqrt(ALPHA / RUNS)


def test_bad_canary_is_found_and_a_good_one_is_shown_to_be_good() -> None:
    random = np.random.default_rng(2)
    found = [worse(*brier(random, 0.15), 0.01).max() >= 1 / ALPHA for _ in range(100)]
    good = [not_worse(*brier(random, 0.0), 0.05).max() >= 1 / ALPHA for _ in range(100)]
    assert np.mean(found) > 0.95
    assert np.mean(good) > 0.95


def test_bad_canary_is_rarely_shown_to_be_good() -> None:
    random = np.random.default_rng(3)
    assert np.mean([not_worse(*brier(random, 0.1), 0.03).max() >= 1 / ALPHA for _ in range(200)]) <= ALPHA


def test_detector_is_quiet_while_the_promise_holds_and_quick_when_it_does_not() -> None:
    random = np.random.default_rng(4)
    sound = random.random(20_000) < 0.2
    limit = promised(0.2, 3000, 0.03)
    assert lost_quality(sound.astype(float), limit).max() < 1e5
    assert (lost_quality((random.random(400) < 0.5).astype(float), limit) >= 1e5).any()
