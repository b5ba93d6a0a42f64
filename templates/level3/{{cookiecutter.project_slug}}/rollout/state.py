"""What serves and what was decided, in one SQLite file: a switch and its audit record are one transaction.

Each switch is a compare-and-swap on the pointer's epoch, so of two deployers one wins and the other is told. The audit
records form a hash chain: each holds the digest of the one before.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE IF NOT EXISTS pointer (role TEXT PRIMARY KEY, release TEXT, share REAL NOT NULL, epoch INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS release (release TEXT PRIMARY KEY, author TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS approval (release TEXT PRIMARY KEY, by_whom TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS quarantine (release TEXT PRIMARY KEY, why TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS incident (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, detail TEXT NOT NULL, opened TEXT NOT NULL, closed TEXT,
    rollbacks INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS audit (
    seq INTEGER PRIMARY KEY, at TEXT NOT NULL, event TEXT NOT NULL, detail TEXT NOT NULL,
    previous TEXT NOT NULL, digest TEXT NOT NULL
);
INSERT OR IGNORE INTO pointer VALUES ('champion', NULL, 1.0, 0), ('canary', NULL, 0.0, 0);
"""
GENESIS = "0" * 64


class Conflict(Exception):
    """Somebody else switched first; read the state again and decide anew."""


class Refused(Exception):
    """What was asked for is not allowed; the message says why and what would allow it."""


@dataclass(frozen=True, kw_only=True)
class Serving:
    """Who answers at one epoch: the champion, and a canary with its share of the rows, if any."""

    champion: str | None
    canary: str | None
    share: float
    epoch: int


class State:
    """The rollout state of one environment, below `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "state.db"
        with self._connect() as database:
            database.executescript(SCHEMA)

    def serving(self) -> Serving:
        """Return who answers now."""
        with self._connect() as database:
            rows = {role: rest for role, *rest in database.execute("SELECT role, release, share, epoch FROM pointer")}
        champion, canary = rows["champion"], rows["canary"]
        return Serving(champion=champion[0], canary=canary[0], share=canary[1], epoch=champion[2] + canary[2])

    def switch(self, role: str, release: str | None, *, seen: Serving, event: str, detail: dict[str, Any]) -> None:
        """Point `role` at `release`, provided nothing changed since `seen`; Conflict otherwise.

        `detail` is kept in the audit record; `share` in it is the canary's share. A promotion ends the canary with it.
        """
        with self.transaction() as database:
            total = database.execute("SELECT SUM(epoch) FROM pointer").fetchone()[0]
            if total != seen.epoch:
                raise Conflict(f"the state moved from epoch {seen.epoch} to {total}; read it again")
            share = detail.get("share", 1.0 if role == "champion" else 0.0)
            update = "UPDATE pointer SET release = ?, share = ?, epoch = epoch + 1 WHERE role = ?"
            database.execute(update, (release, share, role))
            if role == "champion":
                database.execute(
                    "UPDATE pointer SET release = NULL, share = 0.0, epoch = epoch + 1 WHERE role = 'canary'"
                )
            append(database, event, {"role": role, "release": release, "epoch": seen.epoch, **detail})

    def record(self, event: str, detail: dict[str, Any]) -> None:
        """Append one audit record on its own."""
        with self.transaction() as database:
            append(database, event, detail)

    def audit(self) -> list[dict[str, Any]]:
        """Return every audit record, oldest first."""
        with self._connect() as database:
            rows = database.execute(
                "SELECT seq, at, event, detail, previous, digest FROM audit ORDER BY seq"
            ).fetchall()
        names = ("seq", "at", "event", "detail", "previous", "digest")
        return [dict(zip(names, row, strict=True)) for row in rows]

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a reading query."""
        with self._connect() as database:
            return database.execute(sql, values).fetchall()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Give a connection on which everything happens or nothing does."""
        with self._connect() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def _connect(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self.path, timeout=10, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode = WAL")
            database.execute("PRAGMA synchronous = FULL")
            yield database
        finally:
            database.close()


def append(database: sqlite3.Connection, event: str, detail: dict[str, Any]) -> None:
    """Add an audit record to the chain, within the caller's transaction."""
    last = database.execute("SELECT seq, digest FROM audit ORDER BY seq DESC LIMIT 1").fetchone() or (0, GENESIS)
    at = now()
    text = json.dumps(detail, sort_keys=True)
    digest = chain(last[1], last[0] + 1, at, event, text)
    database.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?)", (last[0] + 1, at, event, text, last[1], digest))


def chain(previous: str, seq: int, at: str, event: str, detail: str) -> str:
    """Return the digest of an audit record that follows the one with digest `previous`."""
    return hashlib.sha256(json.dumps([previous, seq, at, event, detail]).encode()).hexdigest()


def now() -> str:
    """Return the time for people to read; nothing is ever decided by it."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")
