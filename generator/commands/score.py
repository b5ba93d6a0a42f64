"""`ladder score`: level, interval, target, profile and gaps; several files are several respondents."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generator import api, console
from generator.assess.bank import load_bank
from generator.errors import BelowThreshold
from generator.model.assessment import LEVELS, Ballot, Bank, Result
from generator.text import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="F", help=say("score.files-help"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=say("score.json-help"))
    form.add_argument("--explain", metavar="C24", help=say("score.explain-help"))
    parser.add_argument("--repo", action="append", default=[], type=Path, metavar="DIR", help=say("score.repo-help"))
    parser.add_argument("--what-if", action="append", default=[], metavar="K=V", help=say("score.what-if-help"))
    parser.add_argument("--fail-under", type=int, choices=LEVELS, metavar="N", help=say("score.fail-under-help"))


def run(options: argparse.Namespace) -> int:
    """Print the result; BelowThreshold when the level is under --fail-under."""
    bank = load_bank()
    given = api.ballots_of(bank, options.files, options.repo)
    ballots = api.changed(bank, given, options.what_if)
    result = api.judged(bank, ballots)
    before = api.judged(bank, given) if options.what_if else None
    if options.explain:
        _explain(bank, ballots, options.explain)
    elif options.json:
        _json(bank, result, options.what_if, before)
    else:
        from generator.report.screen import to_screen, what_if

        if before:
            console.write(what_if(options.what_if, before, result))
        console.write(to_screen(bank, result))
    if options.fail_under is not None and result.level < options.fail_under:
        raise BelowThreshold("score.below", level=result.level, wanted=options.fail_under)
    return 0


def _explain(bank: Bank, ballots: Sequence[Ballot], topic: str) -> None:
    from generator.assess.explain import explain
    from generator.assess.reading import as_answers, read
    from generator.assess.target import deciding_facts
    from generator.report.lines import fold

    answers = ballots[0].answers
    reading = read(bank, ballots, "")
    if len(ballots) > 1:
        facts = deciding_facts(bank, [ballot.answers.profile for ballot in ballots])
        answers = replace(answers, profile=facts, answers=as_answers(ballots, reading))
    console.write(fold(explain(bank, answers, topic, reading)))


def _json(bank: Bank, result: Result, changes: Sequence[str], before: Result | None) -> None:
    import json

    from generator.assess.crosswalk import crosswalk
    from generator.report.json import to_json

    other = crosswalk(bank, result.values)
    console.write(json.dumps(to_json(result, other, changes, before), indent=2, ensure_ascii=False))
