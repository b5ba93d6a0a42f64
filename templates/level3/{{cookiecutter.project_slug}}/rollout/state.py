"""The state of an environment in SQLite: who serves, who is on trial, and every decision.

The pointer and its audit line change in one transaction, and only for a writer that saw the present epoch; so a crash
leaves the old or the new champion, and of two writers one is told that it came too late.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from governance import audit

from . import lease
from .lease import ConflictError

TABLES = f"""
CREATE TABLE IF NOT EXISTS release (id TEXT PRIMARY KEY, model TEXT, author TEXT, origin TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS approval (id TEXT, model TEXT, approver TEXT, at TEXT, PRIMARY KEY (id, model, approver));
CREATE TABLE IF NOT EXISTS quarantine (model TEXT PRIMARY KEY, reason TEXT, at TEXT);
CREATE TABLE IF NOT EXISTS pointer (
    one INTEGER PRIMARY KEY CHECK (one = 1), epoch INTEGER, champion TEXT, canary TEXT, share REAL, since TEXT);
CREATE TABLE IF NOT EXISTS champion (epoch INTEGER PRIMARY KEY, id TEXT);
CREATE TABLE IF NOT EXISTS incident (
    number INTEGER PRIMARY KEY, kind TEXT, subject TEXT, opened TEXT, closed TEXT, rollbacks INTEGER, frozen INTEGER);
CREATE TABLE IF NOT EXISTS decision (number INTEGER PRIMARY KEY, at TEXT, kind TEXT, verdict TEXT, numbers TEXT);
{audit.TABLE};
{lease.TABLE};
{lease.FIRST};
INSERT OR IGNORE INTO pointer VALUES (1, 0, NULL, NULL, 0, NULL);
"""


@dataclass(frozen=True, kw_only=True)
class Pointer:
    """Who serves and who is on trial; `epoch` grows with every move."""

    epoch: int
    champion: str | None
    canary: str | None
    share: float
    since: str | None


@dataclass(frozen=True, kw_only=True)
class Incident:
    """Something that went wrong and is not over; `frozen` means that only people may move the champion."""

    number: int
    kind: str
    subject: str
    rollbacks: int
    frozen: bool


def now() -> str:
    """Return the time, in UTC."""
    return datetime.now(UTC).isoformat(timespec="milliseconds")


class State:
    """The state of the environment below `folder`."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.anchor = folder / "audit.anchor"
        self.database = sqlite3.connect(folder / "rollout.db", timeout=5, isolation_level=None, check_same_thread=False)
        self.database.execute("PRAGMA journal_mode = WAL")
        self.database.execute("PRAGMA synchronous = FULL")
        with self.transaction():
            for statement in TABLES.split(";"):
                self.database.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep all writes of the block, or none."""
        self.database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.database.execute("ROLLBACK")
            raise
        self.database.execute("COMMIT")

    @contextmanager
    def turn(self) -> Iterator[int]:
        """Hold the lease for the block and yield its number; ConflictError while somebody else moves a release."""
        with self.transaction():
            number = lease.take(self.database)
        try:
            yield number
        finally:
            with self.transaction():
                lease.give_back(self.database, number)

    def pointer(self) -> Pointer:
        """Return who serves and who is on trial now."""
        row = self.database.execute("SELECT epoch, champion, canary, share, since FROM pointer").fetchone()
        return Pointer(epoch=row[0], champion=row[1], canary=row[2], share=row[3], since=row[4])

    def move(
        self,
        seen: Pointer,
        *,
        champion: str | None,
        canary: str | None,
        share: float,
        actor: str,
        action: str,
        numbers: dict[str, Any],
        reject: tuple[str, str] | None = None,
        incident: int | None = None,
        turn: int | None = None,
    ) -> Pointer:
        """Move from `seen` in `turn`, with audit line, quarantine of `reject`, count of `incident`: all or nothing."""
        if champion is None:
            raise ConflictError("there would be no champion; nothing was moved")
        with self.transaction():
            self._require_newest()
            if turn is not None:
                lease.check(self.database, turn)
            moved = self.database.execute(
                "UPDATE pointer SET epoch = epoch + 1, champion = ?, canary = ?, share = ?, since = ? WHERE epoch = ?",
                (champion, canary, share, now(), seen.epoch),
            )
            if moved.rowcount != 1:
                raise ConflictError(f"the pointer left epoch {seen.epoch} meanwhile; look again")
            if champion != seen.champion:
                self.database.execute("INSERT INTO champion VALUES (?, ?)", (seen.epoch + 1, champion))
            if reject:
                self.database.execute("INSERT OR IGNORE INTO quarantine VALUES (?, ?, ?)", (*reject, now()))
            if incident:
                self.database.execute("UPDATE incident SET rollbacks = rollbacks + 1 WHERE number = ?", (incident,))
            detail = {"epoch": seen.epoch + 1, "from": seen.champion, "champion": champion, "canary": canary}
            audit.append(self.database, actor, action, detail | {"share": share, "numbers": numbers})
        audit.anchor(self.database, self.anchor)
        return self.pointer()

    def record(self, actor: str, action: str, detail: dict[str, Any], *statements: tuple[str, tuple[Any, ...]]) -> None:
        """Run the statements and write an audit line: all or nothing."""
        with self.transaction():
            self._require_newest()
            for statement, values in statements:
                self.database.execute(statement, values)
            audit.append(self.database, actor, action, detail)
        audit.anchor(self.database, self.anchor)

    def adopt(self, actor: str, why: str) -> None:
        """Go on from a database that was restored from an older backup; its epoch jumps past every one seen before."""
        ahead = audit.anchored(self.anchor)
        with self.transaction():
            self.database.execute("UPDATE pointer SET epoch = MAX(epoch, ?) + 1", (ahead.epoch,))
            audit.append(self.database, actor, "restored state adopted", {"why": why, "anchor": ahead.line})
        audit.anchor(self.database, self.anchor)

    def _require_newest(self) -> None:
        ahead, line = audit.anchored(self.anchor), audit.last_line(self.database)
        if ahead.line > line:
            raise ConflictError(
                f"the rollout database ends at audit line {line}, but line {ahead.line} was written: an older backup "
                "was restored; compare, then run python -m rollout.controller adopt --reason ..."
            )

    def decide(self, kind: str, verdict: str, numbers: dict[str, Any]) -> None:
        """Keep a decision with every number that decided."""
        with self.transaction():
            self.database.execute(
                "INSERT INTO decision (at, kind, verdict, numbers) VALUES (?, ?, ?, ?)",
                (now(), kind, verdict, json.dumps(numbers, sort_keys=True)),
            )

    def release(self, release: str) -> tuple[str, str, str] | None:
        """Return model digest, author and origin of a proposed release."""
        row: tuple[str, str, str] | None = self.database.execute(
            "SELECT model, author, origin FROM release WHERE id = ?", (release,)
        ).fetchone()
        return row

    def quarantined(self, model: str) -> str | None:
        """Return why a model file may not serve, None when it may."""
        row = self.database.execute("SELECT reason FROM quarantine WHERE model = ?", (model,)).fetchone()
        return str(row[0]) if row else None

    def approvers(self, release: str, model: str) -> list[str]:
        """Return who approved exactly this release with exactly this model file."""
        rows = self.database.execute("SELECT approver FROM approval WHERE id = ? AND model = ?", (release, model))
        return [str(row[0]) for row in rows]

    def champions(self) -> list[str]:
        """Return every champion there was, newest first."""
        return [str(row[0]) for row in self.database.execute("SELECT id FROM champion ORDER BY epoch DESC")]

    def incidents(self, *kinds: str) -> list[Incident]:
        """Return the open incidents, of these kinds if any are named."""
        rows = self.database.execute(
            "SELECT number, kind, subject, rollbacks, frozen FROM incident WHERE closed IS NULL ORDER BY number"
        ).fetchall()
        return [
            Incident(number=row[0], kind=row[1], subject=row[2], rollbacks=row[3], frozen=bool(row[4]))
            for row in rows
            if not kinds or row[1] in kinds
        ]

    def open_incident(self, kind: str, subject: str, detail: dict[str, Any]) -> Incident:
        """Return the open incident of this kind, opened now unless it was."""
        if not self.incidents(kind):
            self.record(
                "monitor",
                f"incident: {kind}",
                {"subject": subject, **detail},
                (
                    "INSERT INTO incident (kind, subject, opened, rollbacks, frozen) VALUES (?, ?, ?, 0, 0)",
                    (kind, subject, now()),
                ),
            )
        return self.incidents(kind)[0]

    def close_incident(self, number: int, actor: str, why: str) -> None:
        """Close an incident."""
        self.record(
            actor,
            "incident closed",
            {"incident": number, "why": why},
            ("UPDATE incident SET closed = ? WHERE number = ?", (now(), number)),
        )
