"""What came true, joined to what was predicted by id: ``python -m monitoring.labels FILE.csv``.

Labels may come late, twice and out of order. The first one for an id counts; a different one later is reported.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

from delivery.environments import read_environment
from pipeline.config import read_data
from serving.predictions import PredictionLog


@dataclass(frozen=True, kw_only=True)
class Taken:
    """What became of a delivery of labels."""

    new: int
    known: int
    contradicting: tuple[str, ...]


def take(log: PredictionLog, labels: Iterable[tuple[str, int]]) -> Taken:
    """Keep labels; taking the same ones again changes nothing."""
    at, new, known, contradicting = datetime.now(UTC).isoformat(timespec="seconds"), 0, 0, []
    with log.database:
        for row, label in labels:
            if label not in (0, 1):
                raise SystemExit(f"label of {row} is {label!r}; it must be 0 or 1")
            done = log.database.execute(
                "INSERT OR IGNORE INTO label (id, label, at) VALUES (?, ?, ?)", (str(row), label, at)
            )
            new += done.rowcount
            known += 1 - done.rowcount
            held = log.database.execute("SELECT label FROM label WHERE id = ?", (str(row),)).fetchone()[0]
            if held != label:
                contradicting.append(str(row))
    return Taken(new=new, known=known, contradicting=tuple(contradicting))


def labelled(log: PredictionLog, time: str = "") -> pd.DataFrame:
    """Return answered rows of sound batches with their labels, in the order the labels came; each id once.

    `day` numbers the day of each row: of its input `time`, or, where a row has none, of the moment it was asked.
    """
    rows = pd.read_sql_query(
        "SELECT p.number, p.id, p.epoch, p.release, p.probability, p.champion, p.champion_probability, p.inputs,"
        " p.at, l.label, l.number AS label_number FROM label l JOIN prediction p ON p.id = l.id"
        " WHERE p.probability IS NOT NULL AND p.quarantined = 0 ORDER BY l.number, p.number",
        log.database,
    )
    rows = rows.drop_duplicates("id", ignore_index=True)
    own = [json.loads(text).get(time) for text in rows["inputs"]]
    moments = pd.to_datetime(pd.Series(own, dtype=object), errors="coerce", utc=True, format="ISO8601")
    asked = pd.to_datetime(rows["at"], utc=True, format="ISO8601")
    day = moments.dt.as_unit("s").fillna(asked.dt.as_unit("s")) - pd.Timestamp(0, tz="UTC")
    return rows.assign(day=day.dt.days)


def with_inputs(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the inputs of logged rows as a table, in the same order."""
    return pd.DataFrame([json.loads(text) for text in rows["inputs"]], index=rows.index)


def main() -> None:
    """Take the labels of a file that has the id and the target column."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.labels")
    parser.add_argument("file", type=Path)
    parser.add_argument("--environment", default="production")
    options = parser.parse_args()
    data = read_data()
    table = pd.read_csv(options.file)
    pairs = zip(table[data.id].astype(str), table[data.target].astype(int), strict=True)
    taken = take(PredictionLog(read_environment(options.environment).folder), pairs)
    print(f"{taken.new} new labels, {taken.known} known")
    if taken.contradicting:
        raise SystemExit(f"labels differ from those taken before, which count: {', '.join(taken.contradicting[:5])}")


if __name__ == "__main__":
    main()
