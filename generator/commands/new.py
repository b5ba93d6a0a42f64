"""`ladder new`: write a project at a level."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Mapping
from pathlib import Path

from generator import console
from generator.errors import UsageError
from generator.scaffold import api
from generator.text import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("directory", type=Path, metavar="DIR", help=say("scaffold.directory-help"))
    parser.add_argument("--level", type=int, metavar="N", help=say("scaffold.level-help"))
    parser.add_argument("--answers", type=Path, metavar="F", help=say("scaffold.answers-help"))
    parser.add_argument("--name", metavar="TITLE", help=say("scaffold.name-help"))
    parser.add_argument("--set", action="append", default=[], metavar="K=V", help=say("scaffold.set-help"))
    parser.add_argument("--dry-run", action="store_true", help=say("scaffold.dry-run-help"))
    parser.add_argument("--no-git", action="store_true", help=say("scaffold.no-git-help"))


def run(options: argparse.Namespace) -> int:
    """Write the project, or show it with --dry-run."""
    level, settings = _assessed(options)
    project = api.draft(options.directory, level, {**settings, **_given(options)})
    if options.dry_run:
        _show(project)
        return 0
    state = api.new(project, options.directory, git=not options.no_git)
    console.write(made(project, options.directory, state))
    console.write(next_step(options.directory))
    if options.answers is not None:
        from generator.api import unserved

        tell_unserved(unserved(options.answers, level), project, options.directory)
    return 0


def made(project: api.Draft, directory: Path, state: str) -> str:
    """Return what to tell of a project just written."""
    return say(
        "scaffold.made",
        path=directory,
        title=project.options["project_name"],
        level=project.level.number,
        name=project.level.name,
        files=len(project.tree),
        git=say(f"scaffold.git-{state}"),
    )


def next_step(directory: Path) -> str:
    """Return how to go on with a project whose environment is not set up yet."""
    first = f"cd {shlex.quote(str(directory))} && python -m venv .venv"
    return say("scaffold.next", path=directory / "README.md", commands=first)


def tell_unserved(facts: Mapping[str, str], project: api.Draft, directory: Path) -> None:
    """Say of each fact that names no variant of the template which one was taken, and how to take another."""
    for name, value in facts.items() if project.level.number else ():
        known = project.level.options[name]
        taken = project.options.get(name, known[0])
        told = say("scaffold.unserved", option=name, value=value, taken=taken, path=directory, known=", ".join(known))
        console.tell(told)


def _given(options: argparse.Namespace) -> dict[str, str]:
    pairs = [item.partition("=") for item in options.set]
    for key, equals, value in pairs:
        if not (key and equals):
            raise UsageError("scaffold.bad-set", value=key + equals + value)
    given = {key: value for key, _, value in pairs}
    return {**given, "name": options.name} if options.name is not None else given


def _assessed(options: argparse.Namespace) -> tuple[int, dict[str, str]]:
    if options.answers is None:
        return (_asked() if options.level is None else options.level), {}
    from generator.api import recommended

    target, settings = recommended(options.answers)
    return (target if options.level is None else options.level), settings


def _asked() -> int:
    if not console.is_terminal():
        raise UsageError("scaffold.level-needed")
    from generator.assess.prompts import Stopped, choose
    from generator.scaffold.levels import read_levels

    choices = [(say("start.level", number=level.number, name=level.name), level.number) for level in read_levels()]
    try:
        return int(choose(say("start.which-level"), choices))
    except Stopped:
        raise UsageError("scaffold.level-needed") from None


def _show(project: api.Draft) -> None:
    size = sum(len(file.content) for file in project.tree.values())
    for path, file in project.tree.items():
        console.write(f"{len(file.content):>9,}  {path}")
    level = project.level
    told = say("scaffold.plan", level=level.number, name=level.name, files=len(project.tree), size=size // 1000)
    console.write(f"{told}\n{say('scaffold.nothing-written')}")
