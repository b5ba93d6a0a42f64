"""templates/levels.toml, read: what each level is, adds, changes and promises, and where the templates lie."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from generator.errors import LadderError
from generator.model.plan import Files
from generator.model.project import Addition, Check, Level, Options

PROJECT = "{{cookiecutter.project_slug}}"
OPTIONS = "_options"


@cache
def templates() -> Path:
    """Return the folder of the templates: the packaged one, else the checkout's."""
    package = Path(__file__).parent.parent
    packaged = package / "_templates"
    return packaged if packaged.is_dir() else package.parent / "templates"


def folder(number: int) -> Path:
    """Return the folder of a level's template."""
    return templates() / f"level{number}"


@cache
def read_levels() -> tuple[Level, ...]:
    """Return the levels in order."""
    table = tomllib.loads((templates() / "levels.toml").read_text(encoding="utf-8"))
    return tuple(_level(number, table[f"level{number}"]) for number in range(len(table)))


def level(number: int) -> Level:
    """Return one level; LadderError when there is none with that number."""
    levels = read_levels()
    if not 0 <= number < len(levels):
        raise LadderError("scaffold.no-level", level=number, highest=len(levels) - 1)
    return levels[number]


def template_files() -> dict[str, tuple[Files, ...]]:
    """Return, by capability, what each level's template adds for it, lowest level first."""
    found: dict[str, tuple[Files, ...]] = {}
    for one in read_levels():
        for addition in one.adds:
            files = Files(level=one.number, paths=addition.paths, why=addition.why)
            for capability in addition.capabilities:
                found[capability] = (*found.get(capability, ()), files)
    return found


def check_options(wanted: Level, options: Options) -> None:
    """Raise LadderError for an option or a value that `wanted` does not have, with the list of those it has."""
    for name, value in options.items():
        if name not in wanted.options:
            known = ", ".join(wanted.options)
            raise LadderError("scaffold.option", option=name, level=wanted.number, known=known)
        if value not in wanted.options[name]:
            known = ", ".join(wanted.options[name])
            raise LadderError("scaffold.option-value", option=name, value=value, level=wanted.number, known=known)


def _level(number: int, table: Mapping[str, Any]) -> Level:
    return Level(
        number=number,
        name=table["name"],
        summary=table["summary"],
        cannot=table["cannot"],
        options={name: tuple(values) for name, values in table.get("options", {}).items()},
        first_run=tuple(tuple(command) for command in table["first_run"]),
        changed=table.get("changed", {}),
        removed=table.get("removed", {}),
        adds=tuple(_addition(entry) for entry in table.get("adds", [])),
        checks=tuple(_check(entry) for entry in table.get("checks", [])),
    )


def _addition(entry: Mapping[str, Any]) -> Addition:
    return Addition(paths=tuple(entry["paths"]), why=entry["why"], capabilities=tuple(entry.get("capabilities", [])))


def _check(entry: Mapping[str, Any]) -> Check:
    arguments = {key: value for key, value in entry.items() if key not in ("id", "capability", "kind")}
    return Check(id=entry["id"], capability=entry["capability"], kind=entry["kind"], arguments=arguments)
