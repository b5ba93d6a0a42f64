"""What moving from one level to another adds, changes and removes, file by file, and why."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatch

from generator.model.project import Change, Level, Tree


def compare(trees: Sequence[Tree], levels: tuple[Level, ...]) -> tuple[Change, ...]:
    """Return every difference between the first and the last of `trees` by path.

    `trees` are those of each level on the way, `levels` the ones climbed to: one less. A file's reason is that of the
    level that brought it, because a higher level's files may match a lower one's wide pattern.
    """
    lower, higher = trees[0], trees[-1]
    changes = []
    for path in sorted({*lower, *higher}):
        if path.startswith(".ladder/"):
            continue
        if path not in lower:
            changes.append(_added(path, levels[_brought_by(path, trees)]))
        elif path not in higher:
            changes.append(Change(path=path, action="removed", why=_reason(path, levels, "removed")))
        elif lower[path] != higher[path]:
            why, given = _reason(path, levels, "changed"), _promised(path, levels)
            changes.append(Change(path=path, action="changed", why=why, capabilities=given))
    return tuple(changes)


def _brought_by(path: str, trees: Sequence[Tree]) -> int:
    return max(step for step in range(len(trees) - 1) if path in trees[step + 1] and path not in trees[step])


def _added(path: str, level: Level) -> Change:
    for addition in level.adds:
        if any(fnmatch(path, pattern) for pattern in addition.paths):
            return Change(path=path, action="added", why=addition.why, capabilities=addition.capabilities)
    return Change(path=path, action="added", why="")


def _promised(path: str, levels: tuple[Level, ...]) -> tuple[str, ...]:
    """Return the capabilities that the promise of these levels hangs on this very file."""
    checks = (check for level in levels for check in level.checks if check.arguments.get("path") == path)
    return tuple(dict.fromkeys(check.capability for check in checks))


def _reason(path: str, levels: tuple[Level, ...], kind: str) -> str:
    reasons = [getattr(level, kind)[path] for level in levels if path in getattr(level, kind)]
    return "; ".join(reasons)
