"""How much the labels say: tests that may be looked at after every row without being wrong more often.

Both are products of bets. While the null hypothesis is true no betting strategy is expected to win, so a fortune of
1/alpha is reached with probability alpha at most, at any time (Ville 1939; Ramdas et al. 2023, Game-theoretic
statistics and safe anytime-valid inference). The detector for a champion without an end starts a new bet with every
row; its average run length to a false alarm is 1/alpha or more (Shin, Ramdas and Rinaldo 2022, E-detectors). Losses
are squared errors, between 0 and 1, so nothing else need be known of their distribution.
"""

from __future__ import annotations

import numpy as np

STAKES = np.array([0.05, 0.1, 0.2, 0.4, 0.8])
"""Shares of the fortune that are bet at once, side by side; the mixture needs no tuning."""


class Bets:
    """An e-process for "the mean of x is at most `null`", x between `low` and 1."""

    def __init__(self, null: float, *, low: float) -> None:
        self._null = null
        self._stakes = STAKES / (null - low)  # the worst x loses at most this share of the fortune
        self._logs = np.zeros(len(STAKES))
        self.rows = 0
        self.highest = 1.0

    def add(self, values: np.ndarray) -> float:
        """Take in more values, in order, and return the fortune now."""
        steps = np.log1p(self._stakes * (np.asarray(values, dtype=float)[:, None] - self._null))
        path = self._logs + np.cumsum(steps, axis=0)
        if len(path):
            self._logs = path[-1]
            self.highest = max(self.highest, float(np.exp(path).mean(axis=1).max()))
            self.rows += len(path)
        return self.fortune

    @property
    def fortune(self) -> float:
        """Return what the mixture of bets has grown to; it began at 1."""
        return float(np.exp(self._logs).mean())


class CanaryTest:
    """Canary against champion on the same rows: is it worse by more than the tolerance, or surely not?"""

    def __init__(self, *, alpha: float, tolerance: float) -> None:
        self._limit = 1 / alpha
        self._worse = Bets(tolerance, low=-1.0)
        self._fine = Bets(-tolerance, low=-1.0)

    def add(self, canary_loss: np.ndarray, champion_loss: np.ndarray) -> None:
        """Take in the losses of both models on the same rows."""
        difference = np.asarray(canary_loss) - np.asarray(champion_loss)
        self._worse.add(difference)
        self._fine.add(-difference)

    @property
    def verdict(self) -> str:
        """Return `worse`, `as good`, or `open` while neither has been shown."""
        if self._worse.highest >= self._limit:
            return "worse"
        return "as good" if self._fine.highest >= self._limit else "open"

    @property
    def numbers(self) -> dict[str, float]:
        """Return every number that decides."""
        numbers = {"against": self._worse.highest, "for": self._fine.highest, "limit": self._limit}
        return {**{name: round(value, 3) for name, value in numbers.items()}, "rows": self._worse.rows}


class ChampionAlarm:
    """An e-detector for "the mean loss is at most `null`", without an end: a new bet begins with every row."""

    def __init__(self, *, alpha: float, null: float) -> None:
        self._limit = 1 / alpha
        self._null = null
        self._stakes = STAKES / null
        self._sums = np.zeros(len(STAKES))
        self.rows = 0

    def add(self, losses: np.ndarray) -> bool:
        """Take in more losses, in order, and return whether the alarm is raised."""
        for loss in np.asarray(losses, dtype=float):
            self._sums = (1 + self._sums) * (1 + self._stakes * (loss - self._null))
            self.rows += 1
            if self._sums.mean() >= self._limit:
                return True
        return False

    @property
    def numbers(self) -> dict[str, float]:
        """Return every number that decides."""
        value = float(self._sums.mean())
        return {"value": round(value, 3), "limit": self._limit, "null": round(self._null, 5), "rows": self.rows}


def null_loss(reference: float, rows: int, tolerance: float) -> float:
    """Return the loss a healthy champion may have: its evaluation's, the tolerance, and two standard errors of it."""
    spread = np.sqrt(reference * (1 - reference) / rows)  # of a loss between 0 and 1, at most
    return float(reference + tolerance + 2 * spread)
