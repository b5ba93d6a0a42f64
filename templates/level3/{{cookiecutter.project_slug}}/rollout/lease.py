"""One writer at a time: a lease with a fencing number, kept in the rollout database.

The number grows with each holder and is checked in the transaction of every move, so a holder that slept past its lease
cannot write whatever its clock says. Time only decides how long a silent holder is waited for.
"""

from __future__ import annotations

import os
import socket
import sqlite3
import time

TABLE = """CREATE TABLE IF NOT EXISTS lease (
    one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER, host TEXT, process INTEGER, until REAL)"""
FIRST = "INSERT OR IGNORE INTO lease VALUES (1, 0, NULL, NULL, 0)"
SECONDS = 30.0  # longer than a smoke takes; a holder that died on this machine is not waited for


class ConflictError(Exception):
    """Somebody else is moving a release, or moved one since; look again before deciding again."""


def take(database: sqlite3.Connection) -> int:
    """Take the lease within the caller's transaction and return its number; ConflictError while another holds it."""
    number, host, process, until = database.execute("SELECT number, host, process, until FROM lease").fetchone()
    left = until - time.monotonic()
    if host and 0 < left <= SECONDS and not _dead(host, process):
        raise ConflictError(f"process {process} on {host} is moving a release; try again in {left:.0f} s")
    database.execute(
        "UPDATE lease SET number = number + 1, host = ?, process = ?, until = ?",
        (socket.gethostname(), os.getpid(), time.monotonic() + SECONDS),
    )
    return int(number) + 1


def check(database: sqlite3.Connection, number: int) -> None:
    """Return within the caller's transaction while lease `number` is the newest; ConflictError otherwise."""
    newest = database.execute("SELECT number FROM lease").fetchone()[0]
    if newest != number:
        raise ConflictError(f"lease {number} was lost, {newest} is held; nothing was moved")


def give_back(database: sqlite3.Connection, number: int) -> None:
    """End lease `number`; one that was lost meanwhile is left alone."""
    database.execute("UPDATE lease SET host = NULL, until = 0 WHERE number = ?", (number,))


def _dead(host: str, process: int) -> bool:
    if host != socket.gethostname() or os.name == "nt":
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
