"""`ladder upgrade`: move a project to a higher level in place, its owners' work kept."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from generator import console
from generator.errors import LadderError, UsageError
from generator.scaffold import journal
from generator.scaffold.climb import Climb, apply_climb, decide_climb
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
    if options.finish or options.abort:
        return _end(options.directory, finish=options.finish)
    if options.to is None:
        raise UsageError("climb.to-needed")
    return change(options, level=options.to)


def change(options: argparse.Namespace, *, level: int | None = None, settings: Mapping[str, str] | None = None) -> int:
    """Decide a climb and carry it out, or show it with --dry-run; LadderError when it leaves conflicts."""
    climb = decide_climb(options.directory, level=level, changes=settings)
    if options.json:
        console.write(json.dumps(_document(climb), indent=2))
    else:
        _show(options.directory, climb, diff=options.dry_run)
    if options.dry_run or not climb.after:
        return 0
    apply_climb(options.directory, climb)
    if climb.conflicts:
        raise LadderError("climb.conflicts", count=len(climb.conflicts), first=climb.conflicts[0])
    if not options.json:
        console.write(say("climb.done", folder=options.directory, level=climb.level))
    return 0


def _end(folder: Path, *, finish: bool) -> int:
    if not journal.is_open(folder):
        raise LadderError("climb.none-open", folder=folder)
    (journal.resume if finish else journal.revert)(folder)
    console.write(say("climb.finished" if finish else "climb.reverted", folder=folder))
    return 0


def _document(climb: Climb) -> dict[str, object]:
    steps = [
        {"path": step.path, "action": step.action.value, "why": say(step.why) if step.why else None,
         "conflict": step.path in climb.conflicts}
        for step in climb.steps
    ]  # fmt: skip
    return {"schema": 1, "level": climb.level, "steps": steps}


def _show(folder: Path, climb: Climb, *, diff: bool) -> None:
    from generator.report.plan import to_diff, to_table

    if not climb.after:
        console.write(say("climb.nothing", folder=folder))
        return
    console.write(say("climb.title", folder=folder, level=climb.level))
    console.write(to_table(climb.steps, climb.conflicts))
    if diff:
        before = {path: (folder / path).read_bytes() for path in climb.after if (folder / path).is_file()}
        console.write(to_diff(before, climb.after))
        console.write(say("scaffold.nothing-written"))
