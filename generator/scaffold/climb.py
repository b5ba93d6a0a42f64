"""Climb: the project in a folder to another level, another option or newer templates, its owners' work kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import __version__
from generator.errors import LadderError
from generator.model.project import File, Options, Record, Tree
from generator.scaffold import journal, levels
from generator.scaffold.base import BASE, Base, pack_base, read_base
from generator.scaffold.git import uncommitted
from generator.scaffold.merge import merge
from generator.scaffold.plan import Action, State, Step, decide_plan
from generator.scaffold.project import RECORD, digest, parse_record, read_record
from generator.scaffold.render import read_context, render
from generator.scaffold.settle import Outcome, settle
from generator.scaffold.survey import Survey, survey
from generator.text import say

OWN = frozenset([RECORD, BASE])
DERIVED = (".lock",)
WRITING = frozenset([Action.ADD, Action.UPDATE, Action.TAKE, Action.MODE, Action.REMOVE, Action.MERGE])


@dataclass(frozen=True, kw_only=True, slots=True)
class Climb:
    """A change of a project, decided: its steps and what each path is to hold.

    `conflicts` are the paths where the owner has the last word: marked inside, or left as they were (HOLD).
    """

    folder: Path
    level: int
    steps: tuple[Step, ...]
    move: journal.Move

    @property
    def conflicts(self) -> tuple[str, ...]:
        """The paths where both sides have a say that this tool cannot bring together."""
        return tuple(self.move.conflicts)

    @property
    def blocked(self) -> tuple[str, ...]:
        """The paths that cannot be written because something of the owner's stands there."""
        return tuple(step.path for step in self.steps if step.action is Action.BLOCK)


def decide_climb(folder: Path, *, level: int | None = None, changes: Options | None = None) -> Climb:
    """Return how the project in `folder` gets to `level` with `changes` to its options; nothing is written.

    LadderError when the folder holds no project, the level is lower, an option is not there, the project is a newer
    ladder's, or another change of it is open.
    """
    if journal.is_open(folder):
        raise LadderError("climb.open", folder=folder)
    record = read_record(folder)
    if record.level >= len(levels.read_levels()):
        raise LadderError("climb.newer", path=folder / RECORD, theirs=record.template, ours=__version__)
    wanted = levels.level(record.level if level is None else level)
    if wanted.number < record.level:
        raise LadderError("climb.down", level=record.level, wanted=wanted.number)
    levels.check_options(wanted, changes or {})
    options = {**record.options, **(changes or {})}
    _refuse_newer(folder, record, read_context(levels.folder(wanted.number), options))
    theirs = render(wanted.number, options)
    base = read_base(folder)
    found = survey(folder, {*base.states, *theirs} | OWN)
    if missing := OWN - {*found.files}:
        raise LadderError("climb.own", path=folder / min(missing))
    steps = decide_plan(
        _without_own(base.states),
        _without_own(_recognized(found, base.states, theirs)),
        _without_own({path: _state(file) for path, file in theirs.items()}),
        found.obstacles,
        frozenset(path for path in {*base.states, *theirs} if path.endswith(DERIVED)),
    )
    outcomes = [settle(step, base, found.files, theirs) for step in steps]
    own = _own_files(base, found.files, theirs)
    return _climb(folder, wanted.number, outcomes, found.files, own)


def refuse_climb(climb: Climb) -> None:
    """Raise LadderError for a climb that may not be carried out now: not committed work, or something in the way."""
    if climb.blocked:
        ways = ", ".join(f"{step.path} ({say(step.why)})" for step in climb.steps if step.action is Action.BLOCK)
        raise LadderError("climb.in-the-way", count=len(climb.blocked), paths=ways)
    if changed := uncommitted(climb.folder):
        raise LadderError("climb.uncommitted", folder=climb.folder, count=len(changed), first=_shown(changed[0]))


def apply_climb(climb: Climb) -> None:
    """Carry a decided climb out, all of it or nothing; refuses what `refuse_climb` refuses."""
    folder = climb.folder
    refuse_climb(climb)
    try:
        journal.prepare(folder, climb.move)
    except OSError as error:
        if journal.is_open(folder):  # all but the last word was written
            raise LadderError("climb.stopped", folder=folder, reason=error.strerror or error) from error
        raise LadderError("climb.unwritten", folder=folder, reason=error.strerror or error) from error
    end_climb(folder, finish=True)


def end_climb(folder: Path, *, finish: bool) -> None:
    """Finish the climb of `folder` that is open, or take it back; LadderError when the disk does not let it."""
    try:
        (journal.resume if finish else journal.revert)(folder)
    except OSError as error:
        if journal.is_open(folder):  # else all is done but for the tidying up
            raise LadderError("climb.stopped", folder=folder, reason=error.strerror or error) from error


def _refuse_newer(folder: Path, record: Record, context: Mapping[str, object]) -> None:
    """Raise LadderError when a newer ladder made the project: an older one would take away what it does not know."""
    unknown = sorted(set(record.options) - set(context))
    if unknown or _version(record.template) > _version(str(context["_template_version"])):
        theirs = f"{record.template} {' '.join(unknown)}".strip()
        raise LadderError("climb.newer", path=folder / RECORD, theirs=theirs, ours=__version__)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) if part.isdecimal() else 0 for part in text.split("."))


def _recognized(found: Survey, base: Mapping[str, State], theirs: Tree) -> dict[str, State]:
    """Return the states of the owner's files: one whose line ends alone differ is the generated one.

    Where no mode is kept (Windows, some mounts), which the base's own file shows, a file has the mode it was made with.
    """
    keeps_modes = found.keeps_modes and not (BASE in found.files and found.files[BASE].executable)
    states = {}
    for path, file in found.files.items():
        known = {side.content for side in (base.get(path), _state(theirs[path]) if path in theirs else None) if side}
        content = digest(file.content)
        if content not in known and b"\r\n" in file.content:
            plain = digest(file.content.replace(b"\r\n", b"\n"))
            content = plain if plain in known else content
        made = base.get(path) or (_state(theirs[path]) if path in theirs else None)
        executable = file.executable if keeps_modes or made is None else made.executable
        states[path] = State(content=content, executable=executable)
    return states


def _own_files(base: Base, ours: Mapping[str, File], theirs: Tree) -> dict[str, File]:
    """Return the record and the base as they shall be, where they change; what others wrote into the record stays."""
    own = {}
    if any(base.states.get(path) != _state(file) for path, file in theirs.items()) or len(base.states) != len(theirs):
        own[BASE] = File(content=pack_base(theirs))
    record = theirs[RECORD].content
    merged = merge(base.contents.get(RECORD, b""), ours[RECORD].content, record)
    if not merged.conflict and _say_the_same(merged.content, record):
        record = merged.content
    if record != ours[RECORD].content:
        own[RECORD] = File(content=record)
    return own


def _say_the_same(record: bytes, other: bytes) -> bool:
    try:
        return parse_record(record) == parse_record(other)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False


def _climb(
    folder: Path, level: int, outcomes: Iterable[Outcome], ours: Mapping[str, File], own: Mapping[str, File]
) -> Climb:
    steps = tuple(outcome.step for outcome in outcomes if outcome.step.action is not Action.KEEP or outcome.step.why)
    after = {outcome.step.path: outcome.file for outcome in outcomes if outcome.step.action in WRITING}
    after.update(own)
    conflicts = {outcome.step.path: outcome.sides for outcome in outcomes if outcome.sides}
    before = {path: ours.get(path) for path in after}
    return Climb(
        folder=folder, level=level, steps=steps, move=journal.Move(before=before, after=after, conflicts=conflicts)
    )


def _state(file: File) -> State:
    return State(content=digest(file.content), executable=file.executable)


def _without_own(states: Mapping[str, State]) -> dict[str, State]:
    return {path: state for path, state in states.items() if path not in OWN}


def _shown(path: str) -> str:
    return path if path.isprintable() else ascii(path)
