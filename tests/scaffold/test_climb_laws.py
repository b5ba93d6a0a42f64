"""Laws of the climb, for every pair of levels, every option there is, and any edits of their owners."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.cli import main
from generator.model.project import Tree
from generator.scaffold.base import with_base
from generator.scaffold.climb import decide_climb
from generator.scaffold.levels import read_levels
from generator.scaffold.plan import Action
from generator.scaffold.render import render

from .projects import contents, small_project, small_templates

NAMES = {"project_name": "Project", "project_slug": "project"}
PAIRS = [(low, high) for low in range(len(read_levels())) for high in range(low, len(read_levels()))]
SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


def choices(*numbers: int) -> list[dict[str, str]]:
    """Return every combination of options that all these levels have."""
    tables = [read_levels()[number].options for number in numbers]
    shared = {name: [v for v in tables[0][name] if all(v in t[name] for t in tables)] for name in tables[0]}
    return [dict(zip(shared, values, strict=True)) for values in product(*shared.values())]


@cache
def made(level: int, options: tuple[tuple[str, str], ...]) -> Tree:
    return with_base(render(level, {**NAMES, **dict(options)}))


def tree(level: int, options: dict[str, str]) -> Tree:
    return made(level, tuple(sorted(options.items())))


def lay(folder: Path, files: Tree) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    for path, file in files.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(file.content)
        place.chmod(0o755 if file.executable else 0o644)
    return folder


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", lambda descriptor: None)


@dataclass
class Owner:
    """What somebody did to a project, so that it can be looked for afterwards."""

    lines: dict[str, list[bytes]]
    deleted: set[str]
    added: dict[str, bytes]
    modes: set[str]

    @property
    def touched(self) -> set[str]:
        return {*self.lines, *self.deleted, *self.added, *self.modes}


KINDS = ["insert", "insert", "replace", "cut", "delete", "add", "chmod"]


@st.composite
def edits(draw: st.DrawFn, low: int, high: int) -> list[tuple[str, str, int, int]]:
    """Return edits: what, where, at which line (in a thousand), and how many lines."""
    options = choices(low, high)[0]
    files = tree(low, options).items()
    own = [path for path, file in files if len(file.content) < 60_000 and not path.endswith(".lock")]
    here = [path for path in own if not path.startswith(".ladder/")]
    there = [path for path in tree(high, options) if path not in tree(low, options)]
    new = st.sampled_from(["ours.py", "ours/deep/notes.md", "名前.txt", *there])
    count = draw(st.integers(1, 6))
    found = []
    for _ in range(count):
        kind = draw(st.sampled_from(KINDS))
        path = draw(new if kind == "add" else st.sampled_from(here))
        found.append((kind, path, draw(st.integers(0, 999)), draw(st.integers(1, 4))))
    return found


def work(folder: Path, steps: list[tuple[str, str, int, int]]) -> Owner:
    """Do the edits."""
    owner = Owner({}, set(), {}, set())
    for number, (kind, path, at, size) in enumerate(steps):
        place = folder / path
        token = f"# ours {number} 4711".encode()
        if kind == "add":
            if path not in owner.added:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(token + b"\n")
                owner.added[path] = token
            continue
        if not place.exists():
            continue
        if kind == "delete":
            place.unlink()
            owner.deleted.add(path)
            owner.lines.pop(path, None)
            owner.modes.discard(path)
        elif kind == "chmod":
            place.chmod(0o755)
            owner.modes.add(path)
        else:
            _rewrite(place, kind, token, at, size, owner.lines.setdefault(path, []))
    return owner


def _rewrite(place: Path, kind: str, token: bytes, at: int, size: int, lines: list[bytes]) -> None:
    rows = place.read_bytes().splitlines(keepends=True)
    where = at * (len(rows) + 1) // 1000
    taken = rows[where : where + (0 if kind == "insert" else size)]
    lines[:] = [line for line in lines if not any(line in row for row in taken)]
    rows[where : where + len(taken)] = [] if kind == "cut" else [token + b"\n"]
    if kind != "cut":
        lines.append(token)
    place.write_bytes(b"".join(rows))


def marked(content: bytes) -> bool:
    return b"<<<<<<< yours" in content


@settings(max_examples=20, suppress_health_check=SLOW)
@given(data=st.data())
def test_any_edits_survive_or_are_marked_and_all_else_is_the_level(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    low, high = data.draw(st.sampled_from(PAIRS))
    options = data.draw(st.sampled_from(choices(low, high)))
    steps = data.draw(edits(low, high))
    project = lay(tmp_path_factory.getbasetemp() / "law/project", tree(low, options))
    owner = work(project, steps)
    before = contents(project)
    base, theirs = tree(low, options), tree(high, options)

    climb = decide_climb(project, level=high)
    assert main(["upgrade", str(project), "--to", str(high), "--dry-run"]) == 0
    assert contents(project) == before, "a dry run wrote"

    code = main(["upgrade", str(project), "--to", str(high)])
    after = contents(project)
    assert code == (1 if climb.conflicts else 0)
    planned = {**before, **{path: file.content if file else None for path, file in climb.move.after.items()}}
    assert after == {path: content for path, content in planned.items() if content is not None}
    for path, lines in owner.lines.items():
        assert all(line in after[path] for line in lines), path
        assert marked(after[path]) == (path in climb.conflicts), path
    for path in owner.deleted - {*owner.added}:
        assert path not in after, path
    for path, token in owner.added.items():
        assert token in after[path], path
        assert marked(after[path]) == (path in theirs), path
    for path in owner.modes - owner.deleted:
        assert path not in after or (project / path).stat().st_mode & 0o100, path
        assert path in after
    untouched = {path: file.content for path, file in theirs.items() if path not in owner.touched}
    assert {path: after.get(path) for path in untouched} == untouched
    gone = [path for path in base if path not in theirs and path not in owner.touched and path in after]
    assert gone == []

    again = main(["upgrade", str(project), "--to", str(high)])
    assert (again, contents(project)) == (0, after), "twice is not once"


@settings(max_examples=8, suppress_health_check=SLOW)
@given(data=st.data())
def test_step_by_step_is_the_same_as_at_once(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory) -> None:
    top = len(read_levels()) - 1
    options = data.draw(st.sampled_from(choices(*range(top + 1))))
    steps = data.draw(edits(0, top))
    folder = tmp_path_factory.getbasetemp() / "steps"
    at_once, by_steps = (lay(folder / name / "project", tree(0, options)) for name in ("once", "steps"))
    for project in (at_once, by_steps):
        work(project, steps)
    codes = [main(["upgrade", str(at_once), "--to", str(top)])]
    codes += [main(["upgrade", str(by_steps), "--to", str(level)]) for level in range(1, top + 1)]
    if not any(codes):  # marks of one conflict are lines to the next step
        assert contents(by_steps) == contents(at_once)


@pytest.mark.parametrize(("low", "high"), PAIRS)
def test_an_unedited_project_becomes_the_level_itself(low: int, high: int, tmp_path: Path) -> None:
    for options in choices(low, high):
        project = lay(tmp_path / "project", tree(low, options))
        for _ in range(2):
            assert main(["upgrade", str(project), "--to", str(high)]) == 0
            assert contents(project) == {path: file.content for path, file in tree(high, options).items()}


def option_changes() -> Iterator[tuple[int, str, str, str]]:
    for level in read_levels():
        for name, values in level.options.items():
            for old, new in product(values, values):
                yield level.number, name, old, new


@pytest.mark.parametrize(("level", "name", "old", "new"), [*option_changes()])
def test_a_changed_option_gives_the_project_made_with_it(
    level: int, name: str, old: str, new: str, tmp_path: Path
) -> None:
    first = {**choices(level)[0], name: old}
    project = lay(tmp_path / "project", tree(level, first))
    assert main(["set", str(project), f"{name}={new}"]) == 0
    assert contents(project) == {path: file.content for path, file in tree(level, {**first, name: new}).items()}


def test_an_option_lays_its_own_files_and_takes_the_others_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    template = {"a.md": "a\n", "_options/ci/one/1.yml": "one\n", "_options/ci/two/2.yml": "two\n"}
    small_templates(tmp_path / "templates", monkeypatch, template)
    project = small_project(tmp_path)
    first = contents(project)
    (project / "a.md").write_text("a\nours\n", encoding="utf-8")
    assert main(["set", str(project), "ci=two"]) == 0
    assert {"1.yml", "2.yml"} & {*contents(project)} == {"2.yml"}
    assert 'ci = "two"' in (project / ".ladder/record.toml").read_text(encoding="utf-8")
    assert main(["set", str(project), "ci=one"]) == 0
    assert contents(project) == {**first, "a.md": b"a\nours\n"}
    assert main(["set", str(project), "ci=three"]) == 1


def test_the_diff_of_a_dry_run_is_a_patch_that_gives_what_the_climb_gives(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = choices(0, 1)[0]
    project = lay(tmp_path / "project", tree(0, options))
    for path in ("README.md", "pyproject.toml"):
        first, rest = (project / path).read_bytes().split(b"\n", 1)
        (project / path).write_bytes(first + b"\n# ours, without a last newline: \xc3\xa4\n" + rest.rstrip(b"\n"))
    (project / "RUNBOOK.md").unlink()
    patched = tmp_path / "patched"
    shutil.copytree(project, patched)
    assert main(["upgrade", str(project), "--to", "1", "--dry-run"]) == 0
    printed = capsys.readouterr().out
    patch = printed[printed.index("diff --git") :]
    kept = "\n".join(line for line in patch.splitlines() if "not shown" not in line)
    body = kept[: kept.rindex("\n")] if "nothing written" in kept else kept
    body = body[: body.rindex("\n")] + "\n"
    subprocess.run(["git", "init", "-q"], cwd=patched, check=True)
    done = subprocess.run(
        ["git", "apply", "--whitespace=nowarn", "-"], cwd=patched, input=body.encode(), capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
    assert main(["upgrade", str(project), "--to", "1"]) in (0, 1)
    whole = contents(project)
    shown = {path for path in whole if path not in (".ladder/base.zip", "requirements.lock")}
    found = contents(patched)
    assert {path: found.get(path) for path in shown} == {path: whole[path] for path in shown}
    assert {*found} - {*whole} <= {"requirements.lock"}


def test_the_json_of_a_dry_run_is_the_plan(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    options = choices(1, 2)[0]
    project = lay(tmp_path / "project", tree(1, options))
    (project / "docs/level1.md").write_text("ours\n", encoding="utf-8")
    assert main(["upgrade", str(project), "--to", "2", "--dry-run", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    climb = decide_climb(project, level=2)
    assert document["level"] == 2
    assert [(step["path"], step["action"]) for step in document["steps"]] == [
        (step.path, step.action.value) for step in climb.steps
    ]
    assert {Action(step["action"]) for step in document["steps"]} <= set(Action)
