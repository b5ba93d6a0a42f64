"""The scaffold's verbs: each reads, decides, and writes once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from generator.errors import LadderError
from generator.model.project import Change, Check, File, Finding, Level, Options, Tree
from generator.scaffold import levels, names
from generator.scaffold.base import with_base
from generator.scaffold.check import check_project
from generator.scaffold.compare import compare
from generator.scaffold.project import read_record, usable, write_project
from generator.scaffold.render import IGNORED, render

if TYPE_CHECKING:
    from generator.data.api import Own

LARGEST_CHECKED = 2_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A project decided on but not written."""

    level: Level
    options: Options
    tree: Tree
    tables: Mapping[str, Path] = field(default_factory=dict)


def draft(directory: Path, number: int, settings: Options, own: Own | None = None) -> Draft:
    """Return the project for `directory`; `settings` may hold name, slug, description and the level's options.

    The title defaults to what the directory's name suggests, the slug to what the title gives. LadderError for a name
    or an option that cannot be, and when `directory` cannot take a project. `own` is a person's table to use instead
    of the shipped one.
    """
    level = levels.level(number)
    given = dict(settings)
    title = names.check_title("name", given.pop("name", names.title_of(usable(directory).name)))
    slug = given.pop("slug", None)
    options = {
        "project_name": title,
        "project_slug": names.check_slug(slug) if slug else names.slug_of(title),
    }
    if "description" in given:
        options["description"] = names.check_title("description", given.pop("description"))
    levels.check_options(level, given)
    chosen = {**options, **given}
    if own is None:
        return Draft(level=level, options=chosen, tree=with_base(render(number, chosen)))
    from generator.data.api import question  # only own data pays for it
    from generator.data.overlay import lay_data, source_path

    chosen.setdefault("description", question(own.description))
    tree = lay_data(render(number, chosen), number, own.description, chosen["description"])
    tables = {source_path(own.description.file): own.table}
    return Draft(level=level, options=chosen, tree=with_base(tree), tables=tables)


def new(project: Draft, directory: Path, *, git: bool = True) -> str:
    """Write a drafted project to `directory`; return how git took it (see `write_project`)."""
    return write_project(project.tree, directory, git=git, tables=project.tables)


def differences(lower: int, higher: int, options: Options | None = None) -> tuple[Change, ...]:
    """Return what moving from level `lower` to `higher` adds, changes and removes in a project with `options`."""
    if lower > higher:
        raise LadderError("scaffold.diff-order", lower=lower, higher=higher)
    passed = tuple(levels.level(number) for number in range(lower + 1, levels.level(higher).number + 1))
    for number in (lower, higher):
        levels.check_options(levels.level(number), options or {})
    return compare([render(number, options or {}) for number in (lower, *(level.number for level in passed))], passed)


def check(directory: Path) -> tuple[Level, tuple[Finding, ...]]:
    """Return the level the project in `directory` was made for and one finding for each part of its promise."""
    record = read_record(directory)
    reached = levels.level(record.level)
    return reached, check_project(read_tree(directory), promised_at(reached.number))


def promised_at(number: int) -> tuple[Check, ...]:
    """Return every part of the promise of a level, those of the levels below included.

    A level that keeps a part in another way declares it again under the same id; level 0's manual parts end with it.
    """
    parts = {check.id: check for own in range(min(number, 1), number + 1) for check in levels.level(own).checks}
    return tuple(parts.values())


def read_tree(directory: Path) -> Tree:
    """Return the small files of a project, links not followed; what the project makes itself is left out."""
    tree = {}
    for root, folders, files in os.walk(directory):
        folders[:] = sorted(set(folders) - IGNORED - {".git", ".venv", "mlruns", "mlartifacts", "deploy"})
        for name in files:
            path = Path(root, name)
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= LARGEST_CHECKED:
                tree[path.relative_to(directory).as_posix()] = File(content=path.read_bytes())
    return tree
