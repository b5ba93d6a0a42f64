"""Evidence that may be looked at as often as one likes without more false alarms.

A bet on each row multiplies a stake: while the null holds, the stake is a supermartingale, and ever reaches 1/alpha
with probability at most alpha (Ville 1939). The bets are a mixture of fixed ones, after Waudby-Smith and Ramdas,
"Estimating means of bounded random variables by betting" (2024). A champion's watch has no end, so its stake starts
anew with each block: Shin, Ramdas and Rinaldo, "E-detectors" (2022); under the null, false alarms are then at least
1/alpha blocks apart on average.

Rows of one day share their weather, so they are not so many independent witnesses. The unit of evidence is therefore
the block: the rows whose labels arrived before one of a later day did. A block of n rows counts as
n / (1 + (n - 1) * alike) rows, where `alike` is the correlation of two losses of a day (Kish's design effect). What is
needed for the promise: given earlier blocks, each row's expected loss keeps the null (alike = 0); or, whatever the
dependence within a block, the same for each row given earlier blocks (alike = 1, by Hoelder's inequality). Between the
two ends the rate is measured, not proved: tests/level3/test_evidence.py simulates days that share a shock.
"""

from __future__ import annotations

import numpy as np

FRACTIONS = np.array([0.1, 0.3, 0.6, 0.9])  # of the largest bet that no row can lose more than everything by
MOST = 300.0  # logarithm of the largest stake kept; it is evidence long before
LEAST_RISK = 0.05  # a gain that can hardly fall below zero must not make a bet without bound


def blocks(day: np.ndarray) -> np.ndarray:
    """Return the block of each row, in the order the labels came: a new one begins with each later day.

    Rows that arrive after a later day's join the block that is open, so no block changes once it is closed.
    """
    if len(day) == 0:
        return np.zeros(0, dtype=int)
    newest = np.maximum.accumulate(day)
    return np.concatenate([[0], np.cumsum(newest[1:] > newest[:-1])])


def closed(block: np.ndarray) -> np.ndarray:
    """Return which rows belong to a block that can grow no more: all but the newest."""
    return block < (block[-1] if len(block) else 0)


def stake(gain: np.ndarray, lowest: np.ndarray, block: np.ndarray, alike: float) -> np.ndarray:
    """Return the stake after each block, for gains >= -lowest; `lowest` must be known before the labels are."""
    grown = np.cumsum(_growth(gain, lowest, block, alike), axis=0)
    return np.asarray(np.exp(np.minimum(grown, MOST)).mean(axis=1))


def worse(canary: np.ndarray, champion: np.ndarray, truth: np.ndarray, block: np.ndarray, **null: float) -> np.ndarray:
    """Return the evidence, after each block, that the canary's Brier score exceeds the champion's by `tolerance`.

    Both answered the same rows, so a hard day is hard for both. `null` is `tolerance` and `alike`.
    """
    least = np.minimum(_difference(canary, champion, 0.0), _difference(canary, champion, 1.0))
    gain = _difference(canary, champion, truth) - null["tolerance"]
    return stake(gain, null["tolerance"] - least, block, null["alike"])


def not_worse(
    canary: np.ndarray, champion: np.ndarray, truth: np.ndarray, block: np.ndarray, **null: float
) -> np.ndarray:
    """Return the evidence, after each block, that the canary's Brier score is less than `tolerance` above."""
    most = np.maximum(_difference(canary, champion, 0.0), _difference(canary, champion, 1.0))
    gain = null["tolerance"] - _difference(canary, champion, truth)
    return stake(gain, most - null["tolerance"], block, null["alike"])


def lost_quality(loss: np.ndarray, block: np.ndarray, *, promised: float, alike: float) -> np.ndarray:
    """Return the detector after each block, for losses in [0, 1] that should be at most `promised` on average."""
    growth = np.exp(np.minimum(_growth(loss - promised, np.full(len(loss), promised), block, alike), MOST / 2))
    level, levels = np.zeros(len(FRACTIONS)), np.empty(len(growth))
    for place, factor in enumerate(growth):
        level = np.minimum((1.0 + level) * factor, np.exp(MOST))
        levels[place] = level.mean()
    return levels


def promised(mean: float, rows: int, *, tolerance: float, alike: float, block_rows: float) -> float:
    """Return what a measured mean loss promises: itself, its largest possible standard error, and the tolerance."""
    effect = 1.0 + max(block_rows - 1.0, 0.0) * alike
    return float(mean + np.sqrt(mean * (1 - mean) * effect / rows) + tolerance)


def correlation(loss: np.ndarray, day: np.ndarray) -> float:
    """Return how alike two losses of a day are: the intraclass correlation by analysis of variance (Fisher 1925)."""
    _, place, size = np.unique(day, return_inverse=True, return_counts=True)
    groups, rows = len(size), len(loss)
    if groups < 2 or rows <= groups:
        return 0.0
    means = np.bincount(place, loss) / size
    between = float((size * (means - loss.mean()) ** 2).sum() / (groups - 1))
    within = float(((loss - means[place]) ** 2).sum() / (rows - groups))
    usual = (rows - float((size**2).sum()) / rows) / (groups - 1)
    shared = (between - within) / usual
    return max(0.0, shared / (shared + within)) if shared + within > 0 else 0.0


def _difference(canary: np.ndarray, champion: np.ndarray, truth: np.ndarray | float) -> np.ndarray:
    return np.asarray((canary - truth) ** 2 - (champion - truth) ** 2)


def _growth(gain: np.ndarray, lowest: np.ndarray, block: np.ndarray, alike: float) -> np.ndarray:
    """Return the logarithm of each block's factor for each bet, shape (blocks, bets)."""
    if len(gain) == 0:
        return np.zeros((0, len(FRACTIONS)))
    starts = np.flatnonzero(np.concatenate([[True], block[1:] != block[:-1]]))
    size = np.diff(np.append(starts, len(block)))
    risk = np.maximum(np.maximum.reduceat(lowest, starts), LEAST_RISK)  # one bet a block: rows weigh the same
    bets = FRACTIONS / np.repeat(risk, size)[:, None]
    rows = np.log1p(bets * gain[:, None])
    return np.asarray(np.add.reduceat(rows, starts, axis=0) / (1.0 + (size - 1) * alike)[:, None])
