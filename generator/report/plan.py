"""A climb as text: the plan as a table, and what would change as a unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from generator.model.project import File
from generator.scaffold.plan import Action, Step
from generator.text import say

MARKS = {Action.ADD: "+", Action.UPDATE: "~", Action.REMOVE: "-", Action.MERGE: "m", Action.TAKE: "~", Action.KEEP: "="}
LARGEST_SHOWN = 100_000


def to_table(steps: tuple[Step, ...], conflicts: tuple[str, ...]) -> str:
    """Return one line a step, with its reason where an owner's file is concerned."""
    return "\n".join(_line(step, step.path in conflicts) for step in steps)


def to_diff(before: Mapping[str, bytes], after: Mapping[str, File | None]) -> str:
    """Return a unified diff of the text files that change; the others are named only."""
    return "\n".join(line for path, file in sorted(after.items()) for line in _diff(path, before.get(path), file))


def _line(step: Step, conflict: bool) -> str:
    why = say("climb.conflict") if conflict else say(step.why) if step.why else ""
    return f"  {MARKS[step.action]} {step.path}{f'  ({why})' if why else ''}"


def _diff(path: str, before: bytes | None, file: File | None) -> Iterator[str]:
    sides = (before or b"", file.content if file else b"")
    if any(b"\0" in side or len(side) > LARGEST_SHOWN for side in sides):
        yield say("climb.not-shown", path=path)
        return
    old, new = (side.decode("utf-8", "replace").splitlines() for side in sides)
    names = (f"a/{path}" if before is not None else "/dev/null", f"b/{path}" if file else "/dev/null")
    yield from difflib.unified_diff(old, new, *names, lineterm="")
