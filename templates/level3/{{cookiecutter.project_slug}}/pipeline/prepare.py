"""Split by time where rows have one, as production will be later too; else by the id, so that no row changes side."""

from __future__ import annotations

import hashlib
from typing import Any

import pandas as pd

from .config import PREPARED, RAW, Data, read_data, read_params, read_rows


def split(rows: pd.DataFrame, data: Data, settings: dict[str, Any]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training and holdout rows; either being empty is an error."""
    if data.time:
        train = rows[data.time] < pd.Timestamp(settings["train_until"])
    else:
        train = rows[data.id].map(place) >= settings["holdout_share"]
    if train.all() or not train.any():
        raise SystemExit(f"params.yaml: split {settings} leaves no rows on one side of it")
    return rows[train], rows[~train]


def place(row_id: object) -> float:
    """Return where an id falls between 0 and 1: always the same, and evenly spread over many."""
    return int.from_bytes(hashlib.sha256(str(row_id).encode()).digest()[:8]) / 2**64


if __name__ == "__main__":
    data = read_data()
    train, holdout = split(read_rows(RAW, data), data, read_params()["split"])
    PREPARED.mkdir(parents=True, exist_ok=True)
    train.to_csv(PREPARED / "train.csv", index=False, lineterminator="\n")
    holdout.to_csv(PREPARED / "holdout.csv", index=False, lineterminator="\n")
