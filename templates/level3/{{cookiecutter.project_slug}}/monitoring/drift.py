"""Have the scores moved? Drift warns and asks for a look; it never rolls anything back."""

from __future__ import annotations

import numpy as np

BINS = 10


def psi(reference: np.ndarray, now: np.ndarray) -> float:
    """Return the population stability index of `now` against `reference`, over tenths of the reference.

    Below 0.1 is usually called stable, above 0.25 moved (a convention of credit scoring, not a test).
    """
    edges = np.quantile(reference, np.linspace(0, 1, BINS + 1)[1:-1])
    shares = []
    for values in (reference, now):
        counts = np.bincount(np.searchsorted(edges, values), minlength=BINS) + 0.5
        shares.append(counts / counts.sum())
    before, after = shares
    return float(np.sum((after - before) * np.log(after / before)))
