"""Fetch the data by code, so that nobody downloads by hand: source to data/raw, ordered by time."""

from __future__ import annotations

import pandas as pd

from .config import RAW, Data, read_data


def acquire(data: Data) -> pd.DataFrame:
    """Return the source's rows ordered by time, then by id; the source is only read."""
    try:
        rows = pd.read_csv(data.source, parse_dates=[data.time])
    except FileNotFoundError:
        raise SystemExit(f"{data.source} is not there; say where the data is under [source] in data.toml") from None
    return rows.sort_values([data.time, data.id], kind="stable", ignore_index=True)


if __name__ == "__main__":
    RAW.parent.mkdir(parents=True, exist_ok=True)
    acquire(read_data()).to_csv(RAW, index=False, lineterminator="\n")
