"""Law 3: a generated project, as committed, shows what its level promises and not the next level."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatch
from itertools import product

import pytest

from generator.assess.bank import load_bank
from generator.model.project import Tree
from generator.model.scan import Grade, Kind, Outcome
from generator.scaffold.levels import read_levels
from generator.scaffold.render import render
from generator.scan.api import report
from generator.scan.snapshot import in_memory

LEVELS = read_levels()
COMBINATIONS = [
    pytest.param(level.number, dict(zip(level.options, values, strict=True)), id=f"{level.number}-{'-'.join(values)}")
    for level in LEVELS
    for values in product(*level.options.values())
]


@pytest.mark.parametrize(("number", "options"), COMBINATIONS)
def test_a_generated_project_shows_its_level_and_every_capability_it_lists(
    number: int, options: dict[str, str]
) -> None:
    tree = render(number, options)
    found = report(in_memory({path: file.content for path, file in tree.items()}), "project", load_bank())
    parts = [part for level in LEVELS[: number + 1] for part in level.adds if _in(tree, part.paths)]
    listed = {name for part in parts for name in part.capabilities}
    wired = {part.capability for part in found.evidence if part.outcome is Outcome.YES and part.grade >= Grade.E2}
    assert (found.kind, found.level) == (Kind.PROJECT, number)
    assert sorted(listed - wired) == []


def _in(tree: Tree, patterns: Iterable[str]) -> bool:
    """Whether the options chosen bring any file of a part."""
    return any(fnmatch(path, pattern) for path in tree for pattern in patterns)
