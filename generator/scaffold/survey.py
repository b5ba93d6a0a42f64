"""What lies in a project at given paths: plain files with their content, or what stands in a file's way.

Links are not followed, in no part of a path: what they point to is not the project's to read or to write.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from generator.model.project import File
from generator.scaffold.plan import Kind, Obstacle


@dataclass(kw_only=True, slots=True)
class Survey:
    """The owner's files, the obstacles by path, and whether the system keeps modes at all."""

    files: dict[str, File] = field(default_factory=dict)
    obstacles: dict[str, Obstacle] = field(default_factory=dict)
    keeps_modes: bool = os.name != "nt"


def survey(folder: Path, paths: Iterable[str]) -> Survey:
    """Return what lies in `folder` at each of `paths`; a path at which nothing lies is in neither part."""
    found = Survey()
    parents: dict[str, Obstacle | None] = {"": None}
    names: dict[str, dict[str, str]] = {}
    for path in sorted(paths):
        above, _, name = path.rpartition("/")
        obstacle = _above(folder, above, parents, names) or _at(folder, path, found)
        if obstacle is None and path not in found.files:
            obstacle = _other_case(folder, above, name, names)
        if obstacle:
            found.obstacles[path] = obstacle
    return found


def _above(
    folder: Path, above: str, parents: dict[str, Obstacle | None], names: dict[str, dict[str, str]]
) -> Obstacle | None:
    """Return what the folder `above` is that cannot hold a file of the project; None when it can, or is not there."""
    if above not in parents:
        higher, _, name = above.rpartition("/")
        parents[above] = _above(folder, higher, parents, names) or _as_folder(folder / above, above)
        if parents[above] is None and not (folder / above).exists():
            parents[above] = _other_case(folder, higher, name, names)
    return parents[above]


def _as_folder(place: Path, path: str) -> Obstacle | None:
    mode = _mode(place)
    if mode is None:
        return None
    if stat.S_ISREG(mode):
        return Obstacle(kind=Kind.UNDER, until=frozenset([path]))
    if not stat.S_ISDIR(mode) or os.path.lexists(place / ".git"):
        return Obstacle(kind=Kind.BEHIND)
    return None if os.access(place, os.R_OK | os.X_OK) else Obstacle(kind=Kind.UNREADABLE)


def _at(folder: Path, path: str, found: Survey) -> Obstacle | None:
    place = folder / path
    mode = _mode(place)
    if mode is None:
        return None
    if stat.S_ISDIR(mode):
        inside = [p.relative_to(folder).as_posix() for p in place.rglob("*") if p.is_symlink() or not p.is_dir()]
        return Obstacle(kind=Kind.FOLDER, until=frozenset(inside))
    if not stat.S_ISREG(mode):
        return Obstacle(kind=Kind.LINK if stat.S_ISLNK(mode) else Kind.SPECIAL)
    try:
        found.files[path] = File(content=place.read_bytes(), executable=bool(mode & 0o100))
    except OSError:
        return Obstacle(kind=Kind.UNREADABLE)
    return None


def _other_case(folder: Path, above: str, name: str, names: dict[str, dict[str, str]]) -> Obstacle | None:
    if above not in names:
        try:
            names[above] = {other.name.casefold(): other.name for other in (folder / above).iterdir()}
        except OSError:
            names[above] = {}
    other = names[above].get(name.casefold(), name)
    if other == name:
        return None
    return Obstacle(kind=Kind.CASE, until=frozenset([f"{above}/{other}".lstrip("/")]))


def _mode(place: Path) -> int | None:
    try:
        return place.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        return stat.S_IFCHR  # not to be looked at: nothing of ours to touch
