"""The prediction log: every answer with its inputs and release, and the labels that arrive later, joined by id."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

SCHEMA = """
CREATE TABLE IF NOT EXISTS prediction (
    id TEXT PRIMARY KEY, seq INTEGER, release TEXT NOT NULL, champion REAL NOT NULL, canary REAL, inputs TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS label (id TEXT PRIMARY KEY, label INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS excluded (id TEXT PRIMARY KEY, why TEXT NOT NULL);
"""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One answered row; `canary` is None while no canary runs."""

    id: object
    release: str
    champion: float
    canary: float | None
    inputs: dict[str, Any]


class PredictionLog:
    """The log of one environment, below `folder`; one process may write while others read."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / "predictions.db"
        with closing(self._connect()) as database:
            database.executescript(SCHEMA)

    def write(self, entries: Iterable[Entry]) -> None:
        """Append answers; a row asked again keeps its first answer. Rows without an id are not kept."""
        rows = [
            (str(e.id), e.release, e.champion, e.canary, json.dumps(e.inputs, default=str))
            for e in entries
            if e.id is not None
        ]
        insert = (
            "INSERT OR IGNORE INTO prediction SELECT ?, (SELECT COALESCE(MAX(seq), 0) + 1 FROM prediction), ?, ?, ?, ?"
        )
        with closing(self._connect()) as database, database:
            database.executemany(insert, rows)

    def add_labels(self, labels: Iterable[tuple[object, int]]) -> int:
        """Join labels by id and return how many were new; late, repeated and unordered ones are all right."""
        with closing(self._connect()) as database, database:
            before = database.total_changes
            database.executemany("INSERT OR IGNORE INTO label VALUES (?, ?)", [(str(i), int(v)) for i, v in labels])
            return database.total_changes - before

    def exclude(self, ids: Iterable[object], why: str) -> None:
        """Keep rows out of retraining."""
        with closing(self._connect()) as database, database:
            database.executemany("INSERT OR IGNORE INTO excluded VALUES (?, ?)", [(str(i), why) for i in ids])

    def labelled(self, after: int = 0) -> pd.DataFrame:
        """Return labelled answers after place `after` in the log: seq, release, champion, canary, label, inputs."""
        query = (
            "SELECT seq, release, champion, canary, label, inputs FROM prediction JOIN label USING (id) "
            "WHERE seq > ? AND id NOT IN (SELECT id FROM excluded) ORDER BY seq"
        )
        with closing(self._connect()) as database:
            return pd.read_sql_query(query, database, params=(after,))

    def last(self) -> int:
        """Return the place of the newest answer, 0 before the first."""
        with closing(self._connect()) as database:
            return int(database.execute("SELECT COALESCE(MAX(seq), 0) FROM prediction").fetchone()[0])

    def _connect(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, timeout=10)
        database.execute("PRAGMA journal_mode = WAL")
        return database
