"""The templates keep their own law: a file has one owner, copies are identical, options do not collide."""

from __future__ import annotations

import fnmatch
import importlib.util
import itertools
import re
import subprocess
from pathlib import Path

import pytest

from generator.assess.bank import load_bank
from generator.scaffold import api, levels
from generator.scaffold.render import IGNORED, render

TEMPLATES = Path(__file__).parents[2] / "templates"
LEVELS = [0, 1, 2, 3]
PROVIDERS = levels.level(3).options["ci"]
RENDERED = {"README.md", "pyproject.toml", "project.toml", ".ladder/record.toml"}
SENTINELS = {"project_name": "Quokka sighting", "project_slug": "quokka-sighting", "description": "Is it a quokka?"}


def files(level: int) -> dict[str, bytes]:
    root = TEMPLATES / f"level{level}" / levels.PROJECT
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not IGNORED & set(path.parts)
    }


def options_dropped(path: str) -> str:
    return re.sub(r"^_options/[^/]+/[^/]+/", "", path)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_higher_level_holds_identical_copies_unless_it_says_so(level: int) -> None:
    lower, higher = files(level - 1), files(level)
    declared = levels.level(level)
    changed = {p for p in lower if p in higher and lower[p] != higher[p] and not p.startswith(".ladder/")}
    removed = {p for p in lower if p not in higher}
    assert {options_dropped(path) for path in changed} == set(declared.changed)
    assert {options_dropped(path) for path in removed} == set(declared.removed)


@pytest.mark.parametrize("ci", PROVIDERS)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_levels_grow_by_new_files_not_by_edits(level: int, ci: str) -> None:
    assert len(set(levels.level(level).changed) & set(render(level, {"ci": ci}))) <= 7


@pytest.mark.parametrize("level", [1, 2, 3])
def test_copies_are_executable_where_their_owner_is(level: int) -> None:
    lower, higher = render(level - 1, {}), render(level, {})
    assert [p for p in lower if p in higher and lower[p].executable != higher[p].executable] == []


@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_pattern_of_an_addition_matches_a_file_it_brings(level: int) -> None:
    chosen = [{"ci": ci} for ci in PROVIDERS]
    brought = {path for options in chosen for path in set(render(level, options)) - set(render(level - 1, options))}
    patterns = [pattern for addition in levels.level(level).adds for pattern in addition.paths]
    assert [pattern for pattern in patterns if not fnmatch.filter(brought, pattern)] == []


def test_the_pages_about_the_levels_are_as_sync_writes_them() -> None:
    spec = importlib.util.spec_from_file_location("sync", TEMPLATES.parent / "tools" / "sync.py")
    assert spec
    assert spec.loader
    sync = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(sync)
    for name, text in sync.pages(sync.read_levels()).items():
        assert (TEMPLATES / name).read_text(encoding="utf-8") == text, f"{name}: run python tools/sync.py"


@pytest.mark.parametrize("level", LEVELS)
def test_no_file_names_a_package_index(level: int) -> None:
    hosts = re.compile(rb"pypi\.org|pythonhosted|anaconda\.org|--index-url|--extra-index|PIP_INDEX|UV_INDEX")
    assert [path for path, content in files(level).items() if hosts.search(content)] == []


@pytest.mark.parametrize("ci", PROVIDERS)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_every_difference_says_why(level: int, ci: str) -> None:
    silent = [change.path for change in api.differences(level - 1, level, {"ci": ci}) if not change.why]
    assert silent == []


@pytest.mark.parametrize("level", LEVELS)
def test_every_capability_named_is_in_the_bank(level: int) -> None:
    known = {capability.id for capability in load_bank().capabilities}
    own = levels.level(level)
    assert {id_ for addition in own.adds for id_ in addition.capabilities} <= known
    assert {check.capability for check in own.checks} <= known


@pytest.mark.parametrize("level", LEVELS)
def test_rendered_files_hold_no_block_tags_and_no_braces_are_left(level: int) -> None:
    for path in RENDERED:
        assert not re.search(rb"\{%|\{#", files(level)[path]), path
        assert b"cookiecutter" not in render(level, SENTINELS)[path].content, path


@pytest.mark.parametrize("level", LEVELS)
def test_only_four_files_are_rendered(level: int) -> None:
    plain, named = render(level, {}), render(level, SENTINELS)
    assert {path for path in plain if plain[path] != named[path]} == RENDERED
    sources = files(level)
    assert [path for path in plain if path not in RENDERED and plain[path].content not in sources.values()] == []


@pytest.mark.parametrize("level", LEVELS)
def test_no_default_name_is_left_over(level: int) -> None:
    for path, file in render(level, SENTINELS).items():
        for name in (b"flight-delays", b"Flight delays", b"Will this flight arrive 15 minutes late or more?"):
            assert name not in file.content or path == "data.toml", (path, name)


@pytest.mark.parametrize("level", LEVELS)
def test_no_two_options_supply_the_same_path(level: int) -> None:
    supplied: dict[str, set[str]] = {}
    for path in files(level):
        parts = path.split("/", 3)
        if parts[0] == levels.OPTIONS:
            supplied.setdefault(parts[1], set()).add(parts[3])
    for one, other in itertools.combinations(supplied.values(), 2):
        assert not one & other


@pytest.mark.parametrize("level", LEVELS)
def test_options_on_disk_are_those_that_are_offered(level: int) -> None:
    offered = {(name, value) for name, values in levels.level(level).options.items() for value in values}
    there = {tuple(path.split("/")[1:3]) for path in files(level) if path.startswith(f"{levels.OPTIONS}/")}
    assert there <= offered


def test_levels_share_hooks_and_variables() -> None:
    for name in ("cookiecutter.json", "hooks/pre_gen_project.py", "hooks/post_gen_project.py"):
        assert len({(TEMPLATES / f"level{level}" / name).read_bytes() for level in LEVELS}) == 1


def test_git_ignores_nothing_that_a_template_needs() -> None:
    command = ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "--", "templates"]
    done = subprocess.run(command, cwd=TEMPLATES.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("not a git checkout")
    assert [path for path in done.stdout.splitlines() if not IGNORED & set(path.split("/"))] == []


@pytest.mark.parametrize("level", LEVELS)
def test_locks_hold_hashes_and_name_no_index(level: int) -> None:
    locks = {path: text.decode() for path, text in files(level).items() if path.endswith(".lock")}
    assert locks
    for path, text in locks.items():
        assert text.count("--hash=sha256:") > text.count("=="), path
        assert not re.search(r"https?://|--index|--find-links", text), path
