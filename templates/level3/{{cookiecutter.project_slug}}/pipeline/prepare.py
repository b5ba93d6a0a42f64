"""Split by time: the holdout is later than every training row, as production will be."""

from __future__ import annotations

import pandas as pd

from .config import PREPARED, RAW, Data, read_data, read_params


def split(rows: pd.DataFrame, data: Data, train_until: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training and holdout rows; either being empty is an error."""
    early = rows[data.time] < pd.Timestamp(train_until)
    if early.all() or not early.any():
        raise SystemExit(f"params.yaml: split.train_until {train_until} leaves no rows on one side of it")
    return rows[early], rows[~early]


if __name__ == "__main__":
    data = read_data()
    rows = pd.read_csv(RAW, parse_dates=[data.time])
    train, holdout = split(rows, data, read_params()["split"]["train_until"])
    PREPARED.mkdir(parents=True, exist_ok=True)
    train.to_csv(PREPARED / "train.csv", index=False, lineterminator="\n")
    holdout.to_csv(PREPARED / "holdout.csv", index=False, lineterminator="\n")
