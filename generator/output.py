"""A document onto the disk: whole or not at all, and never over a file that nobody gave up."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from generator.errors import LadderError


def save(path: Path, content: bytes, *, replace: bool = False) -> None:
    """Write `content` to `path` in one step; LadderError when it is there already, unless `replace`."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}.saving")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if replace:
                beside.replace(path)
            else:
                _take_free(beside, path)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise LadderError("report.cannot-write", path=path, reason=error.strerror or error) from error


def _take_free(beside: Path, path: Path) -> None:
    """Give the finished file its name; the check and the naming are one step where the disk knows links."""
    try:
        path.hardlink_to(beside)
    except FileExistsError:
        raise LadderError("report.exists", path=path) from None
    except OSError:
        if path.exists():
            raise LadderError("report.exists", path=path) from None
        beside.replace(path)
