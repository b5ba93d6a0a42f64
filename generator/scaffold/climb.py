"""Climb: the project in a folder to another level, another option or newer templates, its owners' work kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator.errors import LadderError
from generator.model.project import File, Options, Tree
from generator.scaffold import journal, levels
from generator.scaffold.merge import merge
from generator.scaffold.plan import Action, Step, decide_plan
from generator.scaffold.project import BASE, RECORD, digest, pack_base, read_base, read_record, uncommitted
from generator.scaffold.render import render

OWN = frozenset([RECORD, BASE])


@dataclass(frozen=True, kw_only=True, slots=True)
class Climb:
    """A change of a project, decided: its steps, what each path will hold, and which of them hold conflicts."""

    level: int
    steps: tuple[Step, ...]
    after: Mapping[str, File | None]
    conflicts: tuple[str, ...]


def decide_climb(folder: Path, *, level: int | None = None, changes: Options | None = None) -> Climb:
    """Return how the project in `folder` gets to `level` with `changes` to its options; nothing is written.

    LadderError when the folder holds no project, the level is lower, an option is not there, or a link, a folder or a
    file stands where a file of the template has to be.
    """
    record = read_record(folder)
    wanted = levels.level(record.level if level is None else level)
    if wanted.number < record.level:
        raise LadderError("climb.down", level=record.level, wanted=wanted.number)
    levels.check_options(wanted, changes or {})
    theirs = render(wanted.number, {**record.options, **(changes or {})})
    base, contents = read_base(folder)
    ours = _read(folder, {*base, *theirs})
    steps = decide_plan(
        _without_own(base),
        _without_own({path: digest(content) for path, content in ours.items()}),
        _without_own({path: digest(file.content) for path, file in theirs.items()}),
        frozenset(path for path in {*base, *theirs} if path.endswith(".lock")),
    )
    return _carry_out(wanted.number, steps, contents, ours, theirs)


def apply_climb(folder: Path, climb: Climb) -> None:
    """Carry a decided climb out, all of it or nothing; refuses while something is not committed or another is open."""
    if journal.is_open(folder):
        raise LadderError("climb.open", folder=folder)
    if changed := uncommitted(folder):
        raise LadderError("climb.uncommitted", folder=folder, count=len(changed), first=changed[0].strip())
    try:
        journal.change(folder, climb.after)
    except OSError as error:
        raise LadderError("climb.stopped", folder=folder, reason=error.strerror or error) from error


def _carry_out(
    level: int, steps: tuple[Step, ...], base: Mapping[str, bytes], ours: Mapping[str, bytes], theirs: Tree
) -> Climb:
    after: dict[str, File | None] = {}
    conflicts = []
    for step in steps:
        if step.action in (Action.ADD, Action.UPDATE, Action.TAKE):
            after[step.path] = theirs[step.path]
        elif step.action is Action.REMOVE:
            after[step.path] = None
        elif step.action is Action.MERGE:
            file = theirs[step.path]
            merged = merge(base.get(step.path, b""), ours[step.path], file.content)
            after[step.path] = File(content=merged.content, executable=file.executable)
            if merged.conflict:
                conflicts.append(step.path)
    own = {RECORD: theirs[RECORD], BASE: File(content=pack_base(theirs))}
    after |= {path: file for path, file in own.items() if ours.get(path) != file.content}
    return Climb(level=level, steps=steps, after=after, conflicts=tuple(conflicts))


def _without_own(digests: Mapping[str, str]) -> dict[str, str]:
    return {path: value for path, value in digests.items() if path not in OWN}


def _read(folder: Path, paths: set[str]) -> dict[str, bytes]:
    found = {}
    for path in paths | OWN:
        place = folder / path
        parents = [folder.joinpath(*Path(path).parts[:depth]) for depth in range(1, len(Path(path).parts))]
        if place.is_symlink() or place.is_dir() or any(p.is_symlink() or p.is_file() for p in parents):
            raise LadderError("climb.in-the-way", path=place)
        if place.is_file():
            found[path] = place.read_bytes()
    return found
