"""Reports kept between scans, by a digest of what every file of a tree is: its name, size, inode and times.

As in git's index, a file that has kept all of these has kept its content, so an unchanged tree is not read again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator import __version__
from generator.model.scan import Evidence, Grade, Kind, Outcome, Place, Report, Skip, Why

MOST_KEPT = 60


def recall(signature: str) -> Report | None:
    """Return the report kept for a tree, None when there is none or it cannot be read."""
    try:
        return _report(json.loads(_path(signature).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep(signature: str, report: Report) -> None:
    """Keep a report; where nothing can be written, nothing is kept."""
    path = _path(signature)
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
            json.dump(asdict(report), file)
        Path(file.name).replace(path)
        for old in sorted(path.parent.glob("*.json"), key=lambda one: one.stat().st_mtime)[:-MOST_KEPT]:
            old.unlink()


def edition() -> str:
    """Return what tells one edition of the scan from another: a report of an older one is not recalled."""
    package = Path(__file__).parent
    own = sorted(path.stat() for folder in (package, package.parent / "bank") for path in _sources(folder))
    return f"{__version__} {[(stat.st_size, stat.st_mtime_ns) for stat in own]}"


def _sources(folder: Path) -> Iterator[Path]:
    yield from folder.rglob("*.py")
    yield from folder.rglob("*.yaml")


def _path(signature: str) -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or Path.home() / ".cache"
    return Path(base) / "mlops-ladder" / "scan" / f"{signature}.json"


def _report(written: dict[str, Any]) -> Report:
    return Report(
        roots=tuple(written["roots"]),
        kind=Kind(written["kind"]),
        level=written["level"],
        interval=tuple(written["interval"]) if written["interval"] else None,
        because=Why(**written["because"]),
        evidence=tuple(map(_evidence, written["evidence"])),
        files=written["files"],
        skipped=tuple(Skip(**skip) for skip in written["skipped"]),
        parts=tuple(map(_report, written["parts"])),
    )


def _evidence(written: dict[str, Any]) -> Evidence:
    return Evidence(
        capability=written["capability"],
        outcome=Outcome(written["outcome"]),
        grade=Grade(written["grade"]),
        why=Why(**written["why"]),
        where=tuple(Place(**place) for place in written["where"]),
    )
