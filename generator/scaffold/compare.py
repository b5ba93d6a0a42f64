"""What moving from one level to another adds, changes and removes, file by file, and why."""

from __future__ import annotations

from fnmatch import fnmatch

from generator.model.project import Change, Level, Tree


def compare(lower: Tree, higher: Tree, levels: tuple[Level, ...]) -> tuple[Change, ...]:
    """Return every difference by path; `levels` are those passed on the way, lowest first."""
    changes = []
    for path in sorted({*lower, *higher}):
        if path.startswith(".ladder/"):
            continue
        if path not in lower:
            changes.append(_added(path, levels))
        elif path not in higher:
            changes.append(Change(path=path, action="removed", why=_reason(path, levels, "removed")))
        elif lower[path] != higher[path]:
            changes.append(Change(path=path, action="changed", why=_reason(path, levels, "changed")))
    return tuple(changes)


def _added(path: str, levels: tuple[Level, ...]) -> Change:
    for level in levels:
        for addition in level.adds:
            if any(fnmatch(path, pattern) for pattern in addition.paths):
                return Change(path=path, action="added", why=addition.why, capabilities=addition.capabilities)
    return Change(path=path, action="added", why="")


def _reason(path: str, levels: tuple[Level, ...], kind: str) -> str:
    reasons = [getattr(level, kind)[path] for level in levels if path in getattr(level, kind)]
    return "; ".join(reasons)
