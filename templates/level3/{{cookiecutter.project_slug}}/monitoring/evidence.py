"""Evidence that may be looked at after every row, as often as one likes, without more false alarms.

A bet on each row multiplies a stake: while the model is as good as promised, the stake is a supermartingale, and
ever reaches 1/alpha with probability at most alpha (Ville 1939). The bets follow Waudby-Smith and Ramdas, "Estimating
means of bounded random variables by betting" (2024). For a champion, whose watch has no end, the stake starts anew at
each row: Shin, Ramdas and Rinaldo, "E-detectors" (2022); false alarms are then at least 1/alpha rows apart on average.
Both need only losses in [0, 1] whose mean, given the past, keeps the promise.
"""

from __future__ import annotations

import numpy as np

BOLD = 0.9  # the largest part of the stake that one row may take
FRACTIONS = (0.05, 0.15, 0.3, 0.5)  # bets of the detector, as parts of the largest


def stake(gain: np.ndarray, worst: float) -> np.ndarray:
    """Return the stake after each row, for gains >= -worst whose mean given the past is at most 0 under the null."""
    if len(gain) == 0:
        return np.ones(0)
    seen = np.arange(len(gain)) + 1.0
    mean = np.concatenate([[0.0], np.cumsum(gain)[:-1]]) / seen
    square = (np.concatenate([[0.0], np.cumsum(gain**2)[:-1]]) + 0.25 * worst**2) / seen
    bet = np.clip(mean / square, 0.0, BOLD / worst)  # of earlier rows only, or the bet would know its outcome
    return np.asarray(np.exp(np.cumsum(np.log1p(bet * gain))))


def worse(canary: np.ndarray, champion: np.ndarray, tolerance: float) -> np.ndarray:
    """Return the evidence that the canary loses more than `tolerance` against the champion on the same rows."""
    return stake(canary - champion - tolerance, 1.0 + tolerance)


def not_worse(canary: np.ndarray, champion: np.ndarray, margin: float) -> np.ndarray:
    """Return the evidence that the canary loses less than `margin` against the champion on the same rows."""
    return stake(margin - (canary - champion), 1.0 - margin)


def lost_quality(loss: np.ndarray, promised: float) -> np.ndarray:
    """Return the detector after each row, for losses whose mean given the past should be at most `promised`."""
    bets = np.array(FRACTIONS) / promised
    level, levels = np.zeros(len(bets)), np.empty(len(loss))
    for row, value in enumerate(loss):
        level = (1.0 + level) * (1.0 + bets * (value - promised))
        levels[row] = level.mean()
    return levels


def promised(mean: float, rows: int, tolerance: float, errors: float = 2.0) -> float:
    """Return what a measured mean loss promises: with its largest possible standard errors, and the tolerance."""
    return float(mean + errors * np.sqrt(mean * (1 - mean) / rows) + tolerance)
