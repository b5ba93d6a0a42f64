"""Three trees to a list of steps: what was generated, what its owners made of it, what the templates say now.

Pure: nothing is read or written here. An owner's edit is never undone; where both sides changed a file, it is merged.
Deleting a file, making it executable and putting a link or a folder in its place are edits like any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Action(StrEnum):
    """What is to happen to one path."""

    KEEP = "keep"
    ADD = "add"
    UPDATE = "update"
    MODE = "mode"
    REMOVE = "remove"
    MERGE = "merge"
    TAKE = "take"
    HOLD = "hold"
    BLOCK = "block"


class Kind(StrEnum):
    """What stands where a plain file of the template would be."""

    LINK = "link"
    SPECIAL = "special"
    UNREADABLE = "unreadable"
    BEHIND = "behind"
    FOLDER = "folder"
    UNDER = "under"
    CASE = "case"


STANDING = frozenset([Kind.LINK, Kind.SPECIAL, Kind.UNREADABLE, Kind.BEHIND])
"""Kinds where the owner has something at the path itself; with the others his side is absent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class State:
    """One side of a path: what its content is recognized by, and whether it may be executed."""

    content: str
    executable: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Obstacle:
    """What is in a path's way; it is gone once every path in `until` is removed (and `until` is not empty)."""

    kind: Kind
    until: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One path of a plan.

    `why` is a message key that says why an owner's file was kept, merged or taken whole, or what is in the way;
    `executable` is what its mode shall be.
    """

    path: str
    action: Action
    why: str = ""
    executable: bool = False


Side = Mapping[str, State]


def classify(base: State | None, ours: State | None, theirs: State | None) -> tuple[Action, str]:
    """Return what to do with a file from its three states, None where it is absent."""
    if ours is None or theirs is None:
        return _absent(base, ours, theirs)
    before = base.content if base else None
    if theirs.content in (before, ours.content):
        action, why = Action.KEEP, ""
    elif before == ours.content:
        action, why = Action.UPDATE, ""
    else:
        action, why = Action.MERGE, "climb.added-twice" if base is None else ""
    if action is Action.KEEP and ours.executable != merged_mode(base, ours, theirs):
        return Action.MODE, ""
    return action, why


def merged_mode(base: State | None, ours: State | None, theirs: State) -> bool:
    """Return whether the file may be executed: what the one side made of it that changed it, else the owner's."""
    if ours is None:
        return theirs.executable
    return theirs.executable if base and base.executable == ours.executable else ours.executable


def decide_plan(
    base: Side, ours: Side, theirs: Side, obstacles: Mapping[str, Obstacle], derived: frozenset[str]
) -> tuple[Step, ...]:
    """Return a step for each path that changes or that needs a word.

    `derived` names files that a tool makes: they are taken whole, never merged line by line.
    """
    paths = sorted({*base, *ours, *theirs})
    gone = {path for path in paths if classify(base.get(path), ours.get(path), theirs.get(path))[0] is Action.REMOVE}
    steps = []
    for path in paths:
        obstacle = obstacles.get(path)
        if obstacle and obstacle.until and obstacle.until <= gone:
            obstacle = None
        sides = base.get(path), ours.get(path), theirs.get(path)
        action, why = _obstructed(sides, obstacle) if obstacle else classify(*sides)
        if action is Action.MERGE and path in derived:
            action, why = Action.TAKE, "climb.taken-whole"
        if action is not Action.KEEP or why:
            mode = merged_mode(*sides[:2], sides[2]) if sides[2] else False
            steps.append(Step(path=path, action=action, why=why, executable=mode))
    return tuple(steps)


def _absent(base: State | None, ours: State | None, theirs: State | None) -> tuple[Action, str]:
    if ours == theirs or (base is None and theirs is None):
        return Action.KEEP, ""
    if base is None:
        return Action.ADD, ""
    if ours is None:
        changed = theirs and theirs.content != base.content
        return Action.KEEP, "climb.deleted-stays" if changed else ""
    return (Action.REMOVE, "") if ours == base else (Action.KEEP, "climb.edited-stays")


def _obstructed(sides: tuple[State | None, State | None, State | None], obstacle: Obstacle) -> tuple[Action, str]:
    base, _, theirs = sides
    if base is None:
        return Action.BLOCK if theirs else Action.KEEP, f"climb.way-{obstacle.kind}" if theirs else ""
    if obstacle.kind not in STANDING:
        return classify(base, None, theirs)
    if theirs is None:
        return Action.KEEP, "climb.edited-stays"
    if theirs.content == base.content:
        return Action.KEEP, ""
    if obstacle.kind is Kind.UNREADABLE:
        return Action.BLOCK, "climb.way-unreadable"
    return Action.HOLD, f"climb.held-{obstacle.kind}"
