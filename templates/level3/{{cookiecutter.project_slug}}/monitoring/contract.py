"""Live batches held against the contract of data.toml: schema, ranges, categories, missing shares, staleness."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from pipeline.config import Data

from .settings import Contract


def problems(rows: pd.DataFrame, data: Data, limits: Contract) -> list[str]:
    """Return what a batch breaks, one line a column; nothing for a batch too small to have shares."""
    if len(rows) < limits.least_rows:
        return []
    missing = [name for name in data.features if name not in rows.columns]
    found = [f"{name}: the column is missing" for name in missing]
    for name in data.features:
        if name in rows.columns:
            found += _column(rows[name], name, data, limits)
    return found


def of_column(problem: str) -> str:
    """Return the column that a problem names."""
    return problem.partition(":")[0]


def blocking(found: list[str], limits: Contract) -> list[str]:
    """Return the problems that may quarantine a batch; those of columns in `warn_only` may not."""
    return [one for one in found if of_column(one) not in limits.warn_only]


def stale(newest: datetime | None, now: datetime, limits: Contract) -> bool:
    """Return whether nothing was asked for too long."""
    return newest is not None and now - newest > timedelta(hours=limits.stale_hours)


def _column(cells: pd.Series, name: str, data: Data, limits: Contract) -> list[str]:
    bound, empty, found = data.bounds[name], cells.isna(), []
    allowed = float(bound.get("missing", 0.0))
    chance = 3 * np.sqrt(allowed * (1 - allowed) / len(cells))  # of a small batch to hold more by luck
    if empty.mean() > allowed + chance:
        found.append(f"{name}: {empty.mean():.0%} of the cells are empty, {allowed:.0%} may be")
    held = cells[~empty]
    if name in data.numeric:
        numbers = pd.to_numeric(held, errors="coerce")
        bad = ~numbers.between(bound.get("min", -np.inf), bound.get("max", np.inf))
    elif "values" in bound:
        bad = ~held.isin(bound["values"])
    else:
        bad = ~held.astype(str).str.fullmatch(bound.get("pattern", ".*"))
    if len(held) and bad.sum() > limits.bad_share * len(cells):
        examples = ", ".join(str(value) for value in held[bad].head(3))
        found.append(f"{name}: {int(bad.sum())} of {len(cells)} rows are out of bounds (for example {examples})")
    return found
