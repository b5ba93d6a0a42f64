"""`ladder score`: level, interval, target, profile and gaps of an answers file."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator import api, console
from generator.errors import BelowThreshold, UsageError
from generator.model.assessment import LEVELS
from generator.text import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="F", help=say("score.files-help"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=say("score.json-help"))
    form.add_argument("--explain", metavar="C24", help=say("score.explain-help"))
    parser.add_argument("--what-if", action="append", default=[], metavar="K=V", help=say("score.what-if-help"))
    parser.add_argument("--fail-under", type=int, choices=LEVELS, metavar="N", help=say("score.fail-under-help"))


def run(options: argparse.Namespace) -> int:
    """Print the result; BelowThreshold when the level is under --fail-under."""
    if len(options.files) > 1:
        raise UsageError("score.one-file", count=len(options.files))
    bank, answers, result = api.assess(options.files[0], options.what_if)
    if options.explain:
        from generator.assess.explain import explain
        from generator.report.screen import fold

        console.write(fold(explain(bank, answers, options.explain)))
    elif options.json:
        import json

        from generator.assess.crosswalk import crosswalk
        from generator.assess.reading import values_of
        from generator.report.json import to_json

        console.write(
            json.dumps(to_json(result, crosswalk(bank, values_of(bank, answers))), indent=2, ensure_ascii=False)
        )
    else:
        from generator.report.screen import to_screen

        if options.what_if:
            console.write(say("score.what-if", changes=", ".join(options.what_if)))
        console.write(to_screen(bank, result))
    if options.fail_under is not None and result.level < options.fail_under:
        raise BelowThreshold("score.below", level=result.level, wanted=options.fail_under)
    return 0
