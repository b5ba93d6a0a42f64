"""The prediction log: every row asked, its answer and the release that gave it, and later what came true."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

TABLES = """
CREATE TABLE IF NOT EXISTS prediction (
    number INTEGER PRIMARY KEY, id TEXT, at TEXT, epoch INTEGER, release TEXT, probability REAL,
    champion TEXT, champion_probability REAL, refused TEXT, quarantined INTEGER DEFAULT 0, inputs TEXT);
CREATE INDEX IF NOT EXISTS prediction_by_id ON prediction (id);
CREATE TABLE IF NOT EXISTS label (number INTEGER PRIMARY KEY, id TEXT UNIQUE, label INTEGER, at TEXT);
CREATE TABLE IF NOT EXISTS batch (number INTEGER PRIMARY KEY, first INTEGER, last INTEGER, problems TEXT);
"""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One row's answer; the champion's is kept also where the canary answered, so that both can be compared."""

    id: str | None
    release: str | None
    probability: float | None
    champion: str | None
    champion_probability: float | None
    inputs: dict[str, Any]
    refused: str | None = None


class PredictionLog:
    """The log of one environment; the server appends, monitoring reads."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self.database = sqlite3.connect(folder / "predictions.db", timeout=10, check_same_thread=False)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.executescript(TABLES)

    def append(self, epoch: int, answers: Iterable[Answer]) -> None:
        """Keep answers, all of them or none."""
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        rows = [
            (
                a.id,
                at,
                epoch,
                a.release,
                a.probability,
                a.champion,
                a.champion_probability,
                a.refused,
                json.dumps(a.inputs),
            )
            for a in answers
        ]
        with self._lock, self.database:
            self.database.executemany(
                "INSERT INTO prediction (id, at, epoch, release, probability, champion, champion_probability, refused,"
                " inputs) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def count(self) -> int:
        """Return how many rows were ever asked."""
        return int(self.database.execute("SELECT COALESCE(MAX(number), 0) FROM prediction").fetchone()[0])
