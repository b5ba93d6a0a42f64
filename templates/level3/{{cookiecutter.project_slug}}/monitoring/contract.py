"""Does a live batch keep the contract its model was trained under: rows, and the shares of empty cells."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from pipeline.config import Data
from pipeline.contract import ContractError, check


@dataclass(frozen=True, kw_only=True)
class Breach:
    """What is broken in a batch, and in how many of its rows."""

    what: str
    rows: int


def breaches(batch: pd.DataFrame, data: Data, *, missing_slack: float) -> list[Breach]:
    """Return everything in `batch` that the contract forbids; an empty batch breaks nothing."""
    found = []
    absent = [name for name in data.features if name not in batch.columns]
    if absent:
        return [Breach(what=f"missing columns: {', '.join(absent)}", rows=len(batch))]
    for name in data.features:
        empty = batch[name].isna()
        allowed = float(data.bounds[name].get("missing", 0.0))
        if len(batch) and empty.mean() > allowed + (missing_slack if allowed else 0.0):
            found.append(Breach(what=f"{name}: {empty.mean():.0%} empty, {allowed:.0%} allowed", rows=int(empty.sum())))
    broken = [message for _, row in batch.iterrows() if (message := _broken(row, data))]
    if broken:
        found.append(Breach(what=broken[0], rows=len(broken)))
    return found


def _broken(row: pd.Series, data: Data) -> str:
    try:
        check(pd.DataFrame([row.to_dict()]), data, labelled=False)
    except ContractError as error:
        return str(error)
    return ""
