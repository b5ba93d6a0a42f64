"""Many files changed as one: everything is prepared beside the project, a journal is written, then files are replaced.

Killed before the journal is there, the project is the old one; after it, `resume` makes it the new one and `revert` the
old one. The prepared files lie in `.ladder/climb/` until the end.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path

from generator.model.project import File
from generator.scaffold.project import write_durably

FOLDER = ".ladder/climb"


def is_open(project: Path) -> bool:
    """Return whether a change of `project` was begun and neither finished nor taken back."""
    return _journal(project).exists()


def change(project: Path, after: Mapping[str, File | None]) -> None:
    """Bring every path of `after` to the file given, or away where it is None."""
    folder = project / FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    before = {path: _state(project / path) for path in after}
    for path, file in after.items():
        _prepare(folder / "after" / path, file.content if file else None)
        _prepare(folder / "before" / path, (project / path).read_bytes() if before[path] is not None else None)
    entries = {
        path: {"before": before[path], "after": None if file is None else file.executable}
        for path, file in after.items()
    }
    unfinished = folder / "journal.unfinished"
    folder.mkdir(parents=True, exist_ok=True)
    write_durably(unfinished, json.dumps(entries).encode())
    unfinished.replace(_journal(project))
    resume(project)


def resume(project: Path) -> None:
    """Finish the change that was begun; doing it twice is doing it once."""
    _bring(project, "after")


def revert(project: Path) -> None:
    """Take the change that was begun back."""
    _bring(project, "before")


def _bring(project: Path, side: str) -> None:
    entries = json.loads(_journal(project).read_text(encoding="utf-8"))
    for path, entry in entries.items():
        place, executable = project / path, entry[side]
        if executable is None:
            place.unlink(missing_ok=True)
            _remove_empty(place.parent, project)
            continue
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = place.with_name(f".{place.name}.climbing")
        shutil.copyfile(project / FOLDER / side / path, fresh)
        fresh.chmod(0o755 if executable else 0o644)
        fresh.replace(place)
    _journal(project).unlink()
    shutil.rmtree(project / FOLDER, ignore_errors=True)


def _remove_empty(folder: Path, project: Path) -> None:
    while folder != project and folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent


def _state(place: Path) -> bool | None:
    return bool(place.stat().st_mode & 0o100) if place.is_file() else None


def _prepare(place: Path, content: bytes | None) -> None:
    if content is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(place, content)


def _journal(project: Path) -> Path:
    return project / FOLDER / "journal.json"
