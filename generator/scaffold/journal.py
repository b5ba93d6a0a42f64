"""Many files changed as one: everything is prepared beside the project, a journal is written, then files are replaced.

Killed before the journal is there, the project is the old one; after it, `resume` makes it the new one and `revert` the
old one, and both may themselves be killed and called again. What is prepared lies in `.ladder/climb/`, which git is
told to ignore; a file that is written is on the disk before the one it replaces is given up.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from generator.errors import LadderError
from generator.model.project import File
from generator.scaffold.git import mark_conflicts, unmark
from generator.scaffold.project import check_inside, digest, write_durably

FOLDER = ".ladder/climb"
IGNORE = ".gitignore"


@dataclass(frozen=True, kw_only=True, slots=True)
class Move:
    """What is to become of a project: each path's file as it was read and as it shall be, None where there is none.

    `conflicts` holds the base's (None where there was none) and the template's content of each path left to the owner.
    """

    before: Mapping[str, File | None]
    after: Mapping[str, File | None]
    conflicts: Mapping[str, tuple[bytes | None, bytes]] = field(default_factory=dict)


def is_open(project: Path) -> bool:
    """Return whether a change of `project` was begun and neither finished nor taken back."""
    return _is_its_own(project) and _journal(project).is_file()


def is_left(project: Path) -> bool:
    """Return whether something lies there of a change that is not open: stopped before its journal or after its end."""
    return _is_its_own(project) and (project / FOLDER).is_dir() and not is_open(project)


def clear(project: Path) -> None:
    """Remove what lies there of a change that is not open; what git ignores it by goes last.

    LadderError when a link is there: what it points to is not the project's.
    """
    folder = project / FOLDER
    if not _is_its_own(project):
        raise LadderError("climb.own", path=folder)
    if not folder.is_dir():
        return
    for place in sorted(folder.iterdir(), key=lambda place: place.name == IGNORE):
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        else:
            place.unlink()
    folder.rmdir()


def prepare(project: Path, move: Move) -> None:
    """Lay everything ready and write the journal, which is the moment from which the change is open.

    LadderError when a file is not any more what it was when the change was decided; OSError leaves nothing behind.
    """
    clear(project)
    try:
        _prepare(project, move)
    except (OSError, LadderError):
        if not is_open(project):
            with contextlib.suppress(OSError):
                clear(project)
        raise


def resume(project: Path) -> None:
    """Finish the change that was begun; doing it twice is doing it once."""
    journal = _read(project)
    _bring(project, journal, "after")
    folder = project / FOLDER
    sides = {path: (folder / "base" / path if has_base else None, folder / "template" / path)
             for path, has_base in journal["conflicts"].items()}  # fmt: skip
    mark_conflicts(project, sides)
    _end(project)


def revert(project: Path) -> None:
    """Take the change that was begun back."""
    journal = _read(project)
    _bring(project, journal, "before")
    unmark(project, [*journal["conflicts"]])
    _end(project)


def _prepare(project: Path, move: Move) -> None:
    folder = project / FOLDER
    folder.mkdir(parents=True)
    write_durably(folder / IGNORE, b"*\n")
    entries = {}
    for path, file in move.after.items():
        was = move.before.get(path)
        if _content(project / path) != (was.content if was else None):
            raise LadderError("climb.touched", path=project / path)
        _lay(folder / "after" / path, file.content if file else None)
        _lay(folder / "before" / path, was.content if was else None)
        entries[path] = {
            "before": _side(was, stat.S_IMODE((project / path).stat().st_mode) if was else None),
            "after": _side(file, _new_mode(project / path if was else None, file)),
        }
    for path, (base, theirs) in move.conflicts.items():
        _lay(folder / "base" / path, base)
        _lay(folder / "template" / path, theirs)
    journal = {
        "schema": 1,
        "entries": entries,
        "folders": [place for place in _folders(entries) if not (project / place).is_dir()],
        "conflicts": {path: base is not None for path, (base, _) in move.conflicts.items()},
    }
    unfinished = folder / "journal.unfinished"
    write_durably(unfinished, json.dumps(journal).encode())
    unfinished.replace(_journal(project))
    _sync(folder)


def _bring(project: Path, journal: dict[str, Any], side: str) -> None:
    entries = journal["entries"]
    _refuse_touched(project, entries)
    for path in sorted(entries, reverse=True):
        with contextlib.suppress(FileNotFoundError, NotADirectoryError):
            _fresh(project / path).unlink()
        if entries[path][side] is None and _content(project / path) is not None:
            (project / path).unlink()
    _remove_empty(project, _folders(path for path in entries if entries[path]["after"] is None))
    if side == "before":
        _remove_empty(project, journal["folders"])
    for path, entry in sorted(entries.items()):
        if entry[side] is not None:
            _replace(project / path, project / FOLDER / side / path, entry[side])
    for place in {"", *_folders(entries)}:
        _sync(project / place)


def _replace(place: Path, source: Path, target: dict[str, Any]) -> None:
    content = _content(place)
    if content is None or digest(content) != target["digest"]:
        place.parent.mkdir(parents=True, exist_ok=True)
        fresh = _fresh(place)
        write_durably(fresh, source.read_bytes())
        fresh.chmod(target["mode"])
        fresh.replace(place)
    elif stat.S_IMODE(place.stat().st_mode) != target["mode"]:
        place.chmod(target["mode"])


def _refuse_touched(project: Path, entries: dict[str, Any]) -> None:
    """Raise LadderError for a file that is neither the old nor the new one: someone worked on it meanwhile."""
    for path, entry in entries.items():
        place = project / path
        known = {side and side["digest"] for side in (entry["before"], entry["after"])}
        content = _content(place)
        lies_elsewhere = place.is_symlink() or not place.parent.resolve().is_relative_to(project.resolve())
        if lies_elsewhere or (None if content is None else digest(content)) not in known:
            raise LadderError("climb.touched-since", path=place)


def _end(project: Path) -> None:
    _journal(project).unlink()
    _sync(project / FOLDER)
    clear(project)


def _read(project: Path) -> dict[str, Any]:
    try:
        journal = json.loads(_journal(project).read_text(encoding="utf-8"))
        for path in (*journal["entries"], *journal["folders"], *journal["conflicts"]):
            check_inside(path)
        return {name: journal[name] for name in ("entries", "folders", "conflicts")}
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LadderError("climb.bad-journal", path=_journal(project), reason=error) from error


def _side(file: File | None, mode: int | None) -> dict[str, Any] | None:
    return {"digest": digest(file.content), "mode": mode} if file else None


def _new_mode(place: Path | None, file: File | None) -> int | None:
    """Return the mode for `file`: the owner's own one with the executable bits as they shall be."""
    if file is None:
        return None
    mode = stat.S_IMODE(place.stat().st_mode) if place else 0o644
    readable = (mode & 0o444) >> 2
    return mode | readable if file.executable else mode & ~0o111


def _folders(paths: Iterable[str]) -> list[str]:
    """Return every folder that `paths` lie in, the deepest first."""
    found = {"/".join(path.split("/")[:depth]) for path in paths for depth in range(1, path.count("/") + 1)}
    return sorted(found, key=lambda folder: (-folder.count("/"), folder))


def _remove_empty(project: Path, folders: Iterable[str]) -> None:
    for folder in folders:
        place = project / folder
        if place.is_dir() and not place.is_symlink() and not any(place.iterdir()):
            place.rmdir()


def _content(place: Path) -> bytes | None:
    try:
        return place.read_bytes() if stat.S_ISREG(place.lstat().st_mode) else None
    except (FileNotFoundError, NotADirectoryError):
        return None


def _fresh(place: Path) -> Path:
    return place.with_name(f".{place.name}.climbing")


def _lay(place: Path, content: bytes | None) -> None:
    if content is not None:
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(place, content)


def _sync(folder: Path) -> None:
    """Wait until the disk has the names in `folder`; there is no such call on Windows."""
    if os.name == "nt" or not folder.is_dir():
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _is_its_own(project: Path) -> bool:
    return not any((project / part).is_symlink() for part in (FOLDER, Path(FOLDER).parent))


def _journal(project: Path) -> Path:
    return project / FOLDER / "journal.json"
