"""A step of a plan to what its path will hold: the template's file, the owner's, or both merged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from generator.model.project import File, Tree
from generator.scaffold.base import Base
from generator.scaffold.merge import is_text, merge, with_ends
from generator.scaffold.plan import Action, Step


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """A step carried out in memory: `file` is what the path will hold, None for nothing.

    `sides`, the base's (if any) and the template's content, is there when the owner has the last word.
    """

    step: Step
    file: File | None = None
    sides: tuple[bytes | None, bytes] | None = None


def settle(step: Step, base: Base, ours: Mapping[str, File], theirs: Tree) -> Outcome:
    """Return what comes of `step`; what cannot be merged by lines becomes a HOLD with its reason."""
    path = step.path
    match step.action:
        case Action.ADD:
            return Outcome(step=step, file=File(content=theirs[path].content, executable=step.executable))
        case Action.UPDATE | Action.TAKE:
            content = with_ends(theirs[path].content, ours[path].content)
            return Outcome(step=step, file=File(content=content, executable=step.executable))
        case Action.MODE:
            return Outcome(step=step, file=File(content=ours[path].content, executable=step.executable))
        case Action.MERGE:
            return _merge(step, base, ours[path], theirs[path])
        case Action.HOLD:
            return _hold(step, step.why, base, theirs)
        case _:
            return Outcome(step=step)


def _merge(step: Step, base: Base, ours: File, theirs: File) -> Outcome:
    old = base.contents.get(step.path)
    if not all(map(is_text, (old or b"", ours.content, theirs.content))):
        return _hold(step, "climb.held-binary", base, {step.path: theirs})
    if old is None and step.path in base.states:
        return _hold(step, "climb.held-large", base, {step.path: theirs})
    merged = merge(old or b"", ours.content, theirs.content)
    file = File(content=merged.content, executable=step.executable)
    if merged.conflict:
        return Outcome(step=step, file=file, sides=(old, theirs.content))
    return Outcome(step=replace(step, action=Action.KEEP, why="") if file == ours else step, file=file)


def _hold(step: Step, why: str, base: Base, theirs: Tree) -> Outcome:
    sides = base.contents.get(step.path), theirs[step.path].content
    return Outcome(step=replace(step, action=Action.HOLD, why=why), sides=sides)
