"""A climb as text: the plan as a table, and what would change as a unified diff."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

from generator.model.project import File
from generator.scaffold.plan import Action, Step
from generator.text import say

MARKS = {
    Action.ADD: "+", Action.UPDATE: "~", Action.TAKE: "~", Action.MODE: "~", Action.REMOVE: "-", Action.MERGE: "m",
    Action.KEEP: "=", Action.HOLD: "!", Action.BLOCK: "!",
}  # fmt: skip
LARGEST_SHOWN = 100_000


def to_table(steps: tuple[Step, ...], conflicts: tuple[str, ...]) -> str:
    """Return one line a step, with its reason where an owner's file is concerned."""
    return "\n".join(_line(step, step.path in conflicts) for step in steps)


def to_summary(steps: tuple[Step, ...], conflicts: tuple[str, ...]) -> str:
    """Return how many files each mark of the table stands for."""
    counts = dict.fromkeys(("+", "~", "-", "m", "=", "!"), 0)
    for step in steps:
        counts["!" if step.path in conflicts else MARKS[step.action]] += 1
    words = ("added", "replaced", "removed", "merged", "kept", "yours")
    return say("climb.summary", **dict(zip(words, counts.values(), strict=True)))


def to_diff(before: Mapping[str, File | None], after: Mapping[str, File | None]) -> str:
    """Return a unified diff, which `git apply` takes, of the text files that change; the others are named only."""
    return "\n".join(line for path, file in sorted(after.items()) for line in _diff(path, before.get(path), file))


def _line(step: Step, conflict: bool) -> str:
    marked = conflict and step.action is Action.MERGE
    why = say(step.why) if step.why else say("climb.mode") if step.action is Action.MODE else ""
    why = "; ".join(filter(None, (why, say("climb.conflict") if marked else "")))
    return f"  {'!' if conflict else MARKS[step.action]} {step.path}{f'  ({why})' if why else ''}"


def _diff(path: str, before: File | None, after: File | None) -> Iterator[str]:
    sides = tuple(file.content if file else b"" for file in (before, after))
    if any(b"\0" in side or len(side) > LARGEST_SHOWN for side in sides):
        yield say("climb.not-shown", path=path)
        return
    yield f"diff --git a/{path} b/{path}"
    if before and after and before.executable != after.executable:
        yield f"old mode {_mode(before)}"
        yield f"new mode {_mode(after)}"
    elif not (before and after):
        yield f"{'deleted' if before else 'new'} file mode {_mode(before or after)}"
    names = (f"a/{path}" if before else "/dev/null", f"b/{path}" if after else "/dev/null")
    old, new = (_rows(side) for side in sides)
    yield from (row.removesuffix("\n") for row in difflib.unified_diff(old, new, *names))


def _rows(content: bytes) -> list[str]:
    """Return the lines of `content`, the last one followed by git's remark when nothing ends it."""
    rows = [f"{row}\n" for row in content.decode("utf-8", "replace").split("\n")]
    last = rows.pop()
    return rows if last == "\n" else [*rows, f"{last}\\ No newline at end of file\n"]


def _mode(file: File | None) -> str:
    return "100755" if file and file.executable else "100644"
