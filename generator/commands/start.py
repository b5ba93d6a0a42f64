"""`ladder start`: assess, see the result, generate the project for the recommended level, run it once."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator import api, console
from generator.assess.answersfile import EXAMPLE, load_answers
from generator.assess.bank import load_bank
from generator.assess.score import score
from generator.commands.assess import DEFAULT, ask
from generator.commands.new import made
from generator.model.assessment import Answers, Bank
from generator.report.screen import to_screen
from generator.scaffold import api as scaffold
from generator.scaffold.levels import read_levels
from generator.text import say

PROJECT = "ladder-project"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("directory", nargs="?", type=Path, metavar="DIR", help=say("scaffold.directory-help"))
    parser.add_argument("--answers", type=Path, metavar="F", help=say("assess.answers-help"))
    parser.add_argument("--level", type=int, metavar="N", help=say("scaffold.level-help"))
    parser.add_argument("--no-run", action="store_true", help=say("start.no-run-help"))


def run(options: argparse.Namespace) -> int:
    """Go the whole way; without a terminal take the given answers, or else the bundled example organization."""
    bank = load_bank()
    answers = _answers(bank, options.answers)
    result = score(bank, answers)
    console.write("\n" + to_screen(bank, result) + "\n")
    level = options.level if options.level is not None else _level(result.target.level)
    directory = options.directory or _free(Path(PROJECT))
    project = scaffold.draft(directory, level, {"name": "Flight delays", **api.options_from(answers, level)})
    state = scaffold.new(project, directory)
    console.write(made(project, directory, state))
    return 0 if options.no_run else _first_run(directory, project)


def _answers(bank: Bank, path: Path | None) -> Answers:
    if console.is_terminal():
        console.write(say("start.welcome"))
        return ask(bank, path or DEFAULT)
    console.tell(say("start.no-terminal", file=path) if path else say("start.example"))
    return load_answers(path or EXAMPLE, bank)


def _level(recommended: int) -> int:
    if not console.is_terminal():
        return recommended
    import questionary

    choices = [questionary.Choice(f"{level.number}  {level.name}", value=level.number) for level in read_levels()]
    default = choices[recommended]
    return int(questionary.select(say("start.which-level"), choices=choices, default=default).unsafe_ask())


def _free(wanted: Path) -> Path:
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    return path


def _first_run(directory: Path, project: scaffold.Draft) -> int:
    from generator.firstrun import first_run

    outcome = first_run(directory, project.level.first_run)
    console.write(
        say(
            "start.done",
            path=directory,
            brier=outcome.brier,
            baseline=outcome.baseline,
            rows=outcome.rows,
            readme=directory / "README.md",
        )
    )
    return 0
