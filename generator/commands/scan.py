"""`ladder scan`: evidence found in repositories; never runs what it reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator import console
from generator.errors import BelowThreshold
from generator.model.assessment import LEVELS
from generator.model.scan import Report
from generator.text import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR", help=say("scan.directories-help"))
    parser.add_argument("--json", action="store_true", help=say("scan.json-help"))
    parser.add_argument("--all", action="store_true", help=say("scan.all-help"))
    parser.add_argument("--answers", type=Path, metavar="F", help=say("scan.answers-help"))
    parser.add_argument("--fresh", action="store_true", help=say("scan.fresh-help"))
    parser.add_argument("--fail-under", type=int, choices=LEVELS, metavar="N", help=say("scan.fail-under-help"))


def run(options: argparse.Namespace) -> int:
    """Print the report; BelowThreshold when the visible level is under --fail-under, or there is none."""
    from generator.scan.api import scan

    report = scan(options.directories, fresh=options.fresh)
    if options.json:
        import json

        from generator.scan.say import to_json

        console.write(json.dumps(to_json(report), indent=2))
    else:
        _show(options, report)
    if options.fail_under is not None and (report.level is None or report.level < options.fail_under):
        level = say("scan.no-level") if report.level is None else report.level
        raise BelowThreshold("scan.below", level=level, wanted=options.fail_under)
    return 0


def _show(options: argparse.Namespace, report: Report) -> None:
    from generator.assess.answersfile import load_answers
    from generator.assess.bank import load_bank
    from generator.scan.beside import told_beside
    from generator.scan.say import to_screen

    bank = load_bank()
    answers = load_answers(options.answers, bank) if options.answers else None
    console.write(to_screen(bank, report, everything=options.all))
    if answers:
        console.write("\n" + told_beside(bank, answers, report, options.answers))
