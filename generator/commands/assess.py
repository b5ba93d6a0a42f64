"""`ladder assess`: the questionnaire; saves after every answer and resumes."""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from generator import api, console
from generator.assess.answersfile import load_answers, save_answers
from generator.assess.bank import load_bank
from generator.errors import LadderError
from generator.model.assessment import Answers, Bank
from generator.text import say

DEFAULT = Path("ladder-answers.yaml")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--answers", type=Path, default=DEFAULT, metavar="F", help=say("assess.answers-help"))
    parser.add_argument("--repo", action="append", default=[], type=Path, metavar="DIR", help=say("assess.repo-help"))
    parser.add_argument("--all", action="store_true", help=say("assess.all-help"))


def run(options: argparse.Namespace) -> int:
    """Ask what is open, save, and show the result."""
    if not console.is_terminal():
        raise LadderError("assess.no-terminal", file=options.answers)
    from generator.report.screen import to_screen

    bank = load_bank()
    answers = ask(bank, options.answers, everything=options.all, repos=options.repo)
    result = api.judged_answers(bank, answers, [options.answers.parent, *options.repo])
    console.write("\n" + to_screen(bank, result) + "\n")
    console.write(say("assess.done", file=options.answers, level=result.level, target=result.target.level))
    return 0


def ask(bank: Bank, path: Path, *, everything: bool = False, repos: Sequence[Path] = ()) -> Answers:
    """Return the answers in `path`, what is open asked and saved there; LadderError when the person stops."""
    from generator.assess.dialogue import interview
    from generator.assess.prompts import Stopped, wrapped

    fresh = Answers(bank=bank.version, date=dt.date.today().isoformat())
    answers = load_answers(path, bank) if path.exists() else fresh
    given = len(answers.answers) + len(answers.profile)
    console.write(wrapped(say("assess.resume" if given else "assess.begin", file=path, count=given)))
    try:
        roots = [path.parent, *repos]
        return interview(bank, answers, lambda now: save_answers(path, now), everything=everything, roots=roots)
    except Stopped:
        raise LadderError("assess.stopped", file=path) from None
    except KeyboardInterrupt:
        console.tell(say("assess.interrupted", file=path))
        raise
