"""Fetch the data by code, so that nobody downloads by hand: source to data/raw, ordered by time."""

from __future__ import annotations

import hashlib

import pandas as pd

from .config import RAW, Data, read_data, read_rows


def acquire(data: Data) -> pd.DataFrame:
    """Return the source's rows ordered by time, then by id; the source is only read.

    Rows of a source without the id column get one made of what they hold, so that equal rows stay together.
    """
    try:
        rows = read_rows(data.source, data)
    except FileNotFoundError:
        raise SystemExit(f"{data.source} is not there; say where the data is under [source] in data.toml") from None
    if data.id not in rows.columns:
        lines = (repr(row) for row in rows.itertuples(index=False, name=None))
        rows.insert(0, data.id, ["r" + hashlib.sha256(line.encode()).hexdigest()[:15] for line in lines])
    return rows.sort_values([data.time, data.id], kind="stable", ignore_index=True) if data.time else rows


if __name__ == "__main__":
    RAW.parent.mkdir(parents=True, exist_ok=True)
    acquire(read_data()).to_csv(RAW, index=False, lineterminator="\n")
