"""Whether the candidate is as good as the champion: statistics on the same rows, nothing else."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True, kw_only=True)
class Difference:
    """Mean loss of the candidate minus that of the champion, with one-sided limits; below 0 the candidate is better."""

    mean: float
    low: float
    high: float


def paired_difference(
    candidate: np.ndarray, champion: np.ndarray, blocks: np.ndarray, *, resamples: int, confidence: float, seed: int
) -> Difference:
    """Return the difference of two loss vectors on the same rows, by a bootstrap that draws whole blocks.

    Rows of one day share its weather and its delays; drawing single rows would make the limits too narrow.
    """
    codes, days = pd.factorize(blocks)
    sums = np.bincount(codes, weights=candidate - champion)
    counts = np.bincount(codes)
    drawn = np.random.default_rng(seed).integers(0, len(days), size=(resamples, len(days)))
    means = sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1)
    low, high = np.quantile(means, [1 - confidence, confidence])
    return Difference(mean=float(sums.sum() / counts.sum()), low=float(low), high=float(high))


def worst_group(
    candidate: np.ndarray, champion: np.ndarray, rows: pd.DataFrame, groups: tuple[str, ...], least_rows: int
) -> tuple[str, float] | None:
    """Return the group in which the candidate loses most against the champion, None when no group is large enough."""
    difference = pd.Series(candidate - champion, index=rows.index)
    means = {
        f"{column}={value}": float(difference[members.index].mean())
        for column in groups
        for value, members in rows.groupby(column)
        if len(members) >= least_rows
    }
    return max(means.items(), key=lambda item: item[1]) if means else None
