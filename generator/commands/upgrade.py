"""`ladder upgrade`: move a project to a higher level in place, its owners' work kept."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from generator import console
from generator.errors import LadderError, UsageError
from generator.scaffold import journal
from generator.scaffold.climb import Climb, apply_climb, decide_climb, end_climb, refuse_climb
from generator.scaffold.plan import Action
from generator.scaffold.project import read_record
from generator.text import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    shared(parser)
    parser.add_argument("--to", type=int, metavar="N", help=say("climb.to-help"))
    parser.add_argument("--continue", dest="finish", action="store_true", help=say("climb.continue-help"))
    parser.add_argument("--abort", action="store_true", help=say("climb.abort-help"))


def shared(parser: argparse.ArgumentParser) -> None:
    """Declare what every change of a project in place has."""
    parser.add_argument("directory", type=Path, metavar="DIR", help=say("scaffold.directory-help"))
    parser.add_argument("--dry-run", action="store_true", help=say("climb.dry-run-help"))
    parser.add_argument("--json", action="store_true", help=say("scaffold.json-help"))


def run(options: argparse.Namespace) -> int:
    """Climb, or finish or take back a climb that was stopped."""
    given = [options.to is not None, options.finish, options.abort]
    if sum(given) != 1:
        raise UsageError("climb.to-needed")
    if options.to is None:
        return _end(options.directory, finish=options.finish)
    return change(options, level=options.to)


def change(options: argparse.Namespace, *, level: int | None = None, settings: Mapping[str, str] | None = None) -> int:
    """Decide a climb and carry it out, or show it with --dry-run; LadderError when it leaves something to the owner."""
    climb = decide_climb(options.directory, level=level, changes=settings)
    changes = bool(climb.move.after or climb.move.conflicts or climb.blocked)
    if changes and not options.dry_run:
        refuse_climb(climb)
    if options.json:
        console.write(json.dumps(_document(climb), indent=2))
    else:
        _show(climb, diff=options.dry_run)
    if options.dry_run:
        return 0
    if changes:
        apply_climb(climb)
    _conclude(climb, quiet=options.json)
    return 0


def _conclude(climb: Climb, *, quiet: bool) -> None:
    held = [step.path for step in climb.steps if step.action is Action.HOLD]
    marked = [path for path in climb.conflicts if path not in held]
    if held:
        console.tell(say("climb.held", count=len(held), paths=", ".join(held)))
    if marked:
        raise LadderError(
            "climb.conflicts", folder=climb.folder, level=climb.level, count=len(marked), paths=", ".join(marked)
        )
    if held:
        raise LadderError("climb.held-next", folder=climb.folder, level=climb.level)
    if climb.move.after and not quiet:
        console.write(say("climb.done", folder=climb.folder, level=climb.level))


def _end(folder: Path, *, finish: bool) -> int:
    if journal.is_open(folder):
        end_climb(folder, finish=finish)
        console.write(say("climb.finished" if finish else "climb.reverted", folder=folder, level=_level(folder)))
        return 0
    left = journal.is_left(folder)
    level = _level(folder)
    if not left:
        raise LadderError("climb.none-open", folder=folder, level=level)
    journal.clear(folder)
    console.write(say("climb.cleared", folder=folder, level=level))
    return 0


def _level(folder: Path) -> int:
    return read_record(folder).level


def _document(climb: Climb) -> dict[str, object]:
    steps = [
        {"path": step.path, "action": step.action.value, "why": say(step.why) if step.why else None,
         "conflict": step.path in climb.conflicts}
        for step in climb.steps
    ]  # fmt: skip
    return {
        "schema": 1,
        "level": climb.level,
        "conflicts": [*climb.conflicts],
        "blocked": [*climb.blocked],
        "steps": steps,
    }


def _show(climb: Climb, *, diff: bool) -> None:
    from generator.report.plan import to_diff, to_summary, to_table

    if not climb.steps and not climb.move.after:
        console.write(say("climb.nothing", folder=climb.folder))
        return
    console.write(say("climb.title", folder=climb.folder, level=climb.level))
    console.write(say("climb.legend"))
    console.write(to_table(climb.steps, climb.conflicts))
    if diff:
        console.write(to_diff(climb.move.before, climb.move.after))
        console.write(to_summary(climb.steps, climb.conflicts))
        console.write(say("scaffold.nothing-written"))
