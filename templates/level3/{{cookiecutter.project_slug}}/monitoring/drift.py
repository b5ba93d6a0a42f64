"""How different live rows are from the reference; inputs drift while models are fine, so it only warns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.config import Data


def psi(reference: np.ndarray, live: np.ndarray) -> float:
    """Return the population stability index of two shares over the same cells."""
    expected, observed = np.clip(reference, 1e-3, None), np.clip(live, 1e-3, None)
    return float(np.sum((observed - expected) * np.log(observed / expected)))


def of_numbers(reference: pd.Series, live: pd.Series, cells: int = 10) -> float:
    """Return the index over the reference's deciles; empty cells are a cell of their own."""
    edges = np.unique(np.nanquantile(reference.to_numpy(dtype=float), np.linspace(0, 1, cells + 1)[1:-1]))

    def shares(column: pd.Series) -> np.ndarray:
        values = column.to_numpy(dtype=float)
        place = np.where(np.isnan(values), len(edges) + 1, np.searchsorted(edges, values, side="right"))
        return np.bincount(place, minlength=len(edges) + 2) / len(values)

    return psi(shares(reference), shares(live))


def of_categories(reference: pd.Series, live: pd.Series, most: int = 20) -> float:
    """Return the index over the reference's commonest categories and the rest."""
    common = reference.value_counts().index[:most]

    def shares(column: pd.Series) -> np.ndarray:
        counted = column.value_counts(normalize=True).reindex(common).fillna(0.0).to_numpy()
        return np.append(counted, max(0.0, 1 - counted.sum()))

    return psi(shares(reference), shares(live))


def drifted(reference: pd.DataFrame, live: pd.DataFrame, data: Data) -> dict[str, float]:
    """Return the index of each feature."""
    numbers = {name: round(of_numbers(reference[name], live[name]), 4) for name in data.numeric}
    return numbers | {name: round(of_categories(reference[name], live[name]), 4) for name in data.categorical}
