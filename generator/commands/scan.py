"""`ladder scan`: evidence found in repositories; never runs what it reads."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING

from generator import console
from generator.errors import BelowThreshold, LadderError
from generator.model.assessment import LEVELS
from generator.model.scan import Report
from generator.text import say

if TYPE_CHECKING:
    from generator.scan.past import Past


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR", help=say("scan.directories-help"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=say("scan.json-help"))
    form.add_argument("--sarif", action="store_true", help=say("past.sarif-help"))
    parser.add_argument("--badge", type=Path, metavar="FILE", help=say("past.badge-help"))
    parser.add_argument("--no-history", action="store_true", help=say("past.no-history-help"))
    parser.add_argument("--all", action="store_true", help=say("scan.all-help"))
    parser.add_argument("--answers", type=Path, metavar="F", help=say("scan.answers-help"))
    parser.add_argument("--fresh", action="store_true", help=say("scan.fresh-help"))
    parser.add_argument("--fail-under", type=int, choices=LEVELS, metavar="N", help=say("scan.fail-under-help"))


def run(options: argparse.Namespace) -> int:
    """Print the report; BelowThreshold when the visible level is under --fail-under, or there is none."""
    from generator.scan.api import scan
    from generator.scan.past import with_history

    report = scan(options.directories, fresh=options.fresh)
    report, past = (report, ()) if options.no_history else with_history(report, options.directories)
    if options.badge:
        _write_badge(options.badge, report)
    if options.json:
        console.write(_json(report, past))
    elif options.sarif:
        from generator.assess.bank import load_bank
        from generator.report.sarif import to_sarif

        console.write(json.dumps(to_sarif(report, load_bank()), indent=2))
    else:
        _show(options, report, past)
    if options.fail_under is not None and (report.level is None or report.level < options.fail_under):
        level = say("scan.no-level") if report.level is None else report.level
        raise BelowThreshold("scan.below", level=level, wanted=options.fail_under)
    return 0


def _json(report: Report, past: tuple[Past, ...]) -> str:
    from generator.report.commits import to_json as history_json
    from generator.scan.say import to_json

    histories = [history_json(history, found, made) if history else None for history, found, made in past]
    return json.dumps({**to_json(report), "history": histories}, indent=2)


def _show(options: argparse.Namespace, report: Report, past: tuple[Past, ...]) -> None:
    from generator.assess.answersfile import load_answers
    from generator.assess.bank import load_bank
    from generator.report.commits import to_lines
    from generator.report.lines import fold
    from generator.scan.beside import told_beside
    from generator.scan.say import to_screen

    bank = load_bank()
    answers = load_answers(options.answers, bank) if options.answers else None
    console.write(to_screen(bank, report, everything=options.all))
    for one in past:
        console.write("\n" + fold("\n".join(to_lines(*one))))
    if answers:
        console.write("\n" + told_beside(bank, answers, report, options.answers))


def _write_badge(path: Path, report: Report) -> None:
    from generator.report.badge import to_badge

    try:
        path.write_text(to_badge(report), encoding="utf-8")
    except OSError as error:
        raise LadderError("past.badge-unwritable", path=path, reason=error.strerror or error) from error
