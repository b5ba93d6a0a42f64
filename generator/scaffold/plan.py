"""Three trees to a list of changes: what was generated, what its owners made of it, what the templates say now.

Pure: nothing is read or written here. An owner's edit is never undone; where both sides changed a file, it is merged.
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
    REMOVE = "remove"
    MERGE = "merge"
    TAKE = "take"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One path of a plan; `why` is a message key that says why an owner's file was kept, merged or taken whole."""

    path: str
    action: Action
    why: str = ""


def classify(base: str | None, ours: str | None, theirs: str | None) -> tuple[Action, str]:
    """Return what to do with a file from the digests of its three states; None where it is absent."""
    if ours == theirs or base == theirs:
        return Action.KEEP, ""
    if base == ours:
        return (Action.ADD if ours is None else Action.REMOVE if theirs is None else Action.UPDATE), ""
    if ours is None:
        return Action.KEEP, "climb.deleted-stays"
    if theirs is None:
        return Action.KEEP, "climb.edited-stays"
    return Action.MERGE, "climb.added-twice" if base is None else ""


def decide_plan(
    base: Mapping[str, str], ours: Mapping[str, str], theirs: Mapping[str, str], derived: frozenset[str]
) -> tuple[Step, ...]:
    """Return a step for each path that changes or that needs a word; the values are digests.

    `derived` names files that a tool makes: they are taken whole, never merged line by line.
    """
    steps = []
    for path in sorted({*base, *ours, *theirs}):
        action, why = classify(base.get(path), ours.get(path), theirs.get(path))
        if action is Action.MERGE and path in derived:
            action, why = Action.TAKE, "climb.taken-whole"
        if action is not Action.KEEP or why:
            steps.append(Step(path=path, action=action, why=why))
    return tuple(steps)
