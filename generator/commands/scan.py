"""`ladder scan`: evidence found in repositories; never runs what it reads."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator import console
from generator.errors import BelowThreshold
from generator.model.assessment import LEVELS
from generator.text import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("directories", nargs="+", type=Path, metavar="DIR", help=say("scan.directories-help"))
    parser.add_argument("--json", action="store_true", help=say("scan.json-help"))
    parser.add_argument("--all", action="store_true", help=say("scan.all-help"))
    parser.add_argument("--fresh", action="store_true", help=say("scan.fresh-help"))
    parser.add_argument("--fail-under", type=int, choices=LEVELS, metavar="N", help=say("scan.fail-under-help"))


def run(options: argparse.Namespace) -> int:
    """Print the report; BelowThreshold when the visible level is under --fail-under, or there is none."""
    from generator.scan.api import scan
    from generator.scan.say import to_json, to_screen

    report = scan(options.directories, fresh=options.fresh)
    if options.json:
        import json

        console.write(json.dumps(to_json(report), indent=2))
    else:
        from generator.assess.bank import load_bank

        console.write(to_screen(load_bank(), report, everything=options.all))
    if options.fail_under is not None and (report.level is None or report.level < options.fail_under):
        level = say("scan.no-level") if report.level is None else report.level
        raise BelowThreshold("scan.below", level=level, wanted=options.fail_under)
    return 0
