"""`ladder start`: assess, see the result, generate the project for the recommended level, run it once."""

from __future__ import annotations

import argparse
import shlex
from pathlib import Path

from generator import api, console
from generator.assess.answersfile import EXAMPLE, load_answers
from generator.assess.bank import load_bank
from generator.assess.target import next_level
from generator.commands.assess import DEFAULT, ask
from generator.commands.new import made, next_step, tell_unserved
from generator.errors import LadderError
from generator.model.assessment import Answers, Bank, Result
from generator.model.project import Level
from generator.report.lines import fold
from generator.report.screen import to_screen
from generator.scaffold import api as scaffold
from generator.scaffold.levels import level as find_level
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
    if options.level is not None:
        find_level(options.level)
    bank = load_bank()
    answers = _answers(bank, options.answers)
    result = api.judged_answers(bank, answers)
    console.write("\n" + to_screen(bank, result) + "\n")
    level = options.level if options.level is not None else _level(result)
    directory = options.directory or _directory()
    project = scaffold.draft(directory, level, {"name": "Flight delays", **api.options_from(answers, level)})
    state = scaffold.new(project, directory)
    console.write(made(project, directory, state))
    tell_unserved(api.unserved_from(answers, level), project, directory)
    if options.no_run:
        console.write(next_step(directory))
        return 0
    return _first_run(directory, project)


def _answers(bank: Bank, path: Path | None) -> Answers:
    if console.is_terminal():
        console.write(say("start.welcome"))
        return ask(bank, path or DEFAULT)
    console.tell(say("start.no-terminal", file=path) if path else say("start.example"))
    return load_answers(path or EXAMPLE, bank)


def _level(result: Result) -> int:
    now, target = next_level(result.level, result.target.level), result.target
    if now < target.level:
        further = {"now": now, "next": now + 1, "target": target.level}
        console.write(fold(say("start.climb-later", level=result.level, **further)))
    if not console.is_terminal():
        return now
    from generator.assess.prompts import Stopped, choose, wrapped

    def title(level: Level) -> str:
        marked = {target.level: "start.target", now: "start.recommended"}
        return say(marked.get(level.number, "start.level"), number=level.number, name=level.name)

    for reason in target.because[:1]:
        console.write(wrapped(say("start.recommended-because", level=target.level, text=reason.text)))
    choices = [(title(level), level.number) for level in read_levels()]
    try:
        return int(choose(say("start.which-level"), choices, min(now, choices[-1][1])))
    except Stopped:
        raise LadderError("start.stopped") from None


def _directory() -> Path:
    free = _free(Path(PROJECT))
    if not console.is_terminal():
        return free
    from generator.assess.prompts import Stopped, type_in

    def check(text: str) -> bool | str:
        return (bool(text.strip()) and not Path(text.strip()).exists()) or say("start.taken", path=text)

    try:
        return Path(type_in(say("start.which-directory"), check, str(free)).strip())
    except Stopped:
        raise LadderError("start.stopped") from None


def _free(wanted: Path) -> Path:
    number, path = 1, wanted
    while path.exists():
        number += 1
        path = wanted.with_name(f"{wanted.name}-{number}")
    return path


def _first_run(directory: Path, project: scaffold.Draft) -> int:
    from generator.firstrun import activation, first_run

    try:
        outcome = first_run(directory, project.level.first_run)
    except KeyboardInterrupt:
        console.tell(say("start.run-interrupted", path=directory, readme=directory / "README.md"))
        raise
    console.write(
        say(
            "start.done",
            directory=shlex.quote(str(directory)),
            brier=outcome.result.brier,
            baseline=outcome.result.baseline,
            rows=outcome.result.rows,
            activation=activation(outcome.environment),
        )
    )
    return 0
