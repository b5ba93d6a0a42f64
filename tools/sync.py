"""Write the CI files, copy files that a level owns up to the levels that must hold the same bytes, and write the pages.

    python tools/sync.py

A file belongs to the lowest level that introduces or changes it (templates/levels.toml, `changed` and `removed`).
CI files come from tools/ci. The pages are templates/README.md and templates/cookiecutter.json, by which
`cookiecutter templates` asks for the level.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
import tomllib
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from ci.write import write

TEMPLATES = Path(__file__).parent.parent / "templates"
PROJECT = "{{cookiecutter.project_slug}}"
OWN = ".ladder/record.toml"
CACHES = frozenset(["__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"])
INTRODUCTION = """# The four levels

Written by `python tools/sync.py` from [levels.toml](levels.toml) and the templates themselves; change those.

Each folder is a complete cookiecutter template: `cookiecutter templates/level2` gives a working project, and
`cookiecutter templates` asks which level. `ladder new` gives the same files, and the base a later climb needs.
"""


def main() -> None:
    """Write the CI files, copy upward, level by level, say what changed, and write the pages."""
    for path in write(TEMPLATES, PROJECT):
        print(path.relative_to(TEMPLATES))
    levels = read_levels()
    for number in range(1, len(levels)):
        own = {*levels[number].get("changed", {}), *levels[number].get("removed", {}), OWN}
        copy_up(TEMPLATES / f"level{number - 1}" / PROJECT, TEMPLATES / f"level{number}" / PROJECT, own)
    for name, text in pages(levels).items():
        (TEMPLATES / name).write_text(text, encoding="utf-8", newline="\n")


def read_levels() -> list[dict[str, Any]]:
    """Return the tables of levels.toml in order."""
    table = tomllib.loads((TEMPLATES / "levels.toml").read_text(encoding="utf-8"))
    return [table[f"level{number}"] for number in range(len(table))]


def copy_up(lower: Path, higher: Path, own: set[str]) -> None:
    """Copy every file of `lower` that `higher` does not call its own."""
    for source in sorted(path for path in lower.rglob("*") if path.is_file() and not CACHES & set(path.parts)):
        name = source.relative_to(lower).as_posix()
        target = higher / name
        if in_project(name) in own:
            continue
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
            print(target.relative_to(TEMPLATES))


def pages(levels: list[dict[str, Any]]) -> dict[str, str]:
    """Return the pages about the levels: name -> text."""
    chooser = {
        f"level{number}": {
            "path": f"./level{number}",
            "title": f"{number}  {level['name']}",
            "description": level["summary"],
        }
        for number, level in enumerate(levels)
    }
    return {
        "cookiecutter.json": json.dumps({"templates": chooser}, indent=2) + "\n",
        "README.md": "\n".join([INTRODUCTION, *_overview(levels), *_matrix(levels)]) + "\n",
    }


def in_project(path: str) -> str:
    """Return where a template's file lies in a project: options are laid over it."""
    return re.sub(r"^_options/[^/]+/[^/]+/", "", path)


def _overview(levels: list[dict[str, Any]]) -> list[str]:
    lines = ["| level | name | what it is | what it cannot do |", "| --- | --- | --- | --- |"]
    for number, level in enumerate(levels):
        lines.append(f"| {number} | {level['name']} | {level['summary']} | {level['cannot']} |")
    for number, level in enumerate(levels[1:], start=1):
        lines += ["", f"## From {number - 1} to {number}", ""]
        for addition in level["adds"]:
            named = ", ".join(f"`{path}`" for path in addition["paths"])
            lines.append(f"- adds {named}: {addition['why']}")
        for word in ("changed", "removed"):
            lines += [f"- {word} `{path}`: {why}" for path, why in level.get(word, {}).items()]
    return lines


def _matrix(levels: list[dict[str, Any]]) -> list[str]:
    held = [_held(number) for number in range(len(levels))]
    lines = [
        "",
        "## Every file",
        "",
        "`+` comes with the level, `~` changes, `=` is the same as below.",
        "",
        f"| file | {' | '.join(str(number) for number in range(len(levels)))} |",
        f"| --- |{' :-: |' * len(levels)}",
    ]
    for path in sorted(set().union(*held)):
        marks = [_mark(path, number, held, levels) for number in range(len(levels))]
        lines.append(f"| `{path}` | {' | '.join(marks)} |")
    return lines


def _mark(path: str, number: int, held: list[set[str]], levels: list[dict[str, Any]]) -> str:
    if path not in held[number]:
        return " "
    if number == 0 or path not in held[number - 1]:
        return "+"
    return "~" if path == OWN or path in levels[number].get("changed", {}) else "="


def _held(number: int) -> set[str]:
    root = TEMPLATES / f"level{number}" / PROJECT
    files = (path for path in root.rglob("*") if path.is_file() and not CACHES & set(path.parts))
    return {in_project(path.relative_to(root).as_posix()) for path in files}


if __name__ == "__main__":
    main()
