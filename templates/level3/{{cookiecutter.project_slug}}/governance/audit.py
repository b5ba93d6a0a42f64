"""The audit log: each line carries the digest of the one before, and an anchor outside keeps the last digest.

``python -m governance.audit verify --environment production``
A chain alone shows edits, not a missing tail; the anchor does. Keep a copy of it where the log's writer cannot reach.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from delivery.environments import read_environment

TABLE = """CREATE TABLE IF NOT EXISTS audit (
    line INTEGER PRIMARY KEY, at TEXT, actor TEXT, action TEXT, detail TEXT, previous TEXT, digest TEXT)"""
START = "0" * 64


class AuditError(Exception):
    """An audit log that does not hold; the message names the line."""


def digest(line: int, at: str, actor: str, action: str, detail: str, previous: str) -> str:
    """Return the digest of a line, which covers the line before it."""
    return hashlib.sha256(json.dumps([line, at, actor, action, detail, previous]).encode()).hexdigest()


def append(database: sqlite3.Connection, actor: str, action: str, detail: dict[str, Any]) -> None:
    """Write a line within the caller's transaction: both are kept, or neither."""
    last = database.execute("SELECT line, digest FROM audit ORDER BY line DESC LIMIT 1").fetchone() or (0, START)
    entry = (
        last[0] + 1,
        datetime.now(UTC).isoformat(timespec="milliseconds"),
        actor,
        action,
        json.dumps(detail, sort_keys=True),
        last[1],
    )
    database.execute("INSERT INTO audit VALUES (?, ?, ?, ?, ?, ?, ?)", (*entry, digest(*entry)))


@dataclass(frozen=True, kw_only=True)
class Anchor:
    """What was written for certain: the last line, its digest, and the pointer's epoch."""

    line: int
    digest: str
    epoch: int


def anchor(database: sqlite3.Connection, path: Path) -> None:
    """Write the newest line, its digest and the epoch to `path`; a crash before this leaves an older, true anchor."""
    last = database.execute("SELECT line, digest FROM audit ORDER BY line DESC LIMIT 1").fetchone()
    if last:
        epoch = database.execute("SELECT epoch FROM pointer").fetchone()[0]
        unfinished = path.with_suffix(f".{os.getpid()}")
        unfinished.write_text(f"{last[0]} {last[1]} {epoch}\n", encoding="utf-8")
        unfinished.replace(path)


def anchored(path: Path) -> Anchor:
    """Return the anchor at `path`; line 0 where there is none yet."""
    if not path.exists():
        return Anchor(line=0, digest=START, epoch=0)
    line, digest, epoch = path.read_text(encoding="utf-8").split()
    return Anchor(line=int(line), digest=digest, epoch=int(epoch))


def last_line(database: sqlite3.Connection) -> int:
    """Return the number of the newest line, 0 before the first."""
    return int(database.execute("SELECT COALESCE(MAX(line), 0) FROM audit").fetchone()[0])


def verify(database: sqlite3.Connection, path: Path) -> int:
    """Return the number of lines; AuditError names the first that was changed, moved or is missing."""
    previous, seen = START, {0: START}
    rows = database.execute("SELECT line, at, actor, action, detail, previous, digest FROM audit ORDER BY line")
    for expected, (*entry, stored) in enumerate(rows, start=1):
        if entry[0] != expected:
            raise AuditError(f"line {expected} is missing")
        if entry[5] != previous or digest(*entry) != stored:
            raise AuditError(f"line {expected} was changed after it was written")
        previous = seen[expected] = stored
    if path.exists():
        head = anchored(path)
        if seen.get(head.line) != head.digest:
            raise AuditError(
                f"the log ends at line {len(seen) - 1} or was rewritten; the anchor names line {head.line}"
            )
    elif len(seen) > 1:
        raise AuditError(f"the anchor {path} is missing")
    return len(seen) - 1


def main() -> None:
    """Verify the log of an environment; exit with 1 and the line when it does not hold."""
    parser = argparse.ArgumentParser(prog="python -m governance.audit")
    parser.add_argument("action", choices=["verify", "show"])
    parser.add_argument("--environment", default="production")
    options = parser.parse_args()
    folder = read_environment(options.environment).folder
    database = sqlite3.connect(f"file:{folder / 'rollout.db'}?mode=ro", uri=True)
    try:
        lines = verify(database, folder / "audit.anchor")
    except AuditError as error:
        raise SystemExit(str(error)) from None
    if options.action == "show":
        for row in database.execute("SELECT line, at, actor, action, detail FROM audit ORDER BY line"):
            print(*row, sep="  ")
    print(f"{lines} lines, none changed")


if __name__ == "__main__":
    main()
