"""Every level, as a stranger would meet it: generated, its README followed, outcomes looked at, broken on purpose."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from generator.cli import main
from generator.firstrun import read_result
from generator.scaffold.render import IGNORED

from .environments import free_port, generate, readme_commands, shell
from .mutations import MUTATIONS, Mutation

pytestmark = pytest.mark.generated
LEVELS = [0, 1, 2, 3]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> dict[int, tuple[Path, str]]:
    """Projects whose README was followed to the end, with what that printed; made when first asked for."""
    return {}


def follow(followed: dict[int, tuple[Path, str]], level: int, factory: pytest.TempPathFactory) -> tuple[Path, str]:
    if level not in followed:
        project = generate(factory.mktemp("generated"), level)
        followed[level] = project, shell(project, readme_commands(project, free_port()))
    return followed[level]


@pytest.fixture(params=LEVELS)
def project(
    request: pytest.FixtureRequest, followed: dict[int, tuple[Path, str]], tmp_path_factory: pytest.TempPathFactory
) -> tuple[int, Path, str]:
    return (request.param, *follow(followed, request.param, tmp_path_factory))


def test_the_readme_leads_to_a_model_that_beats_its_baseline(project: tuple[int, Path, str]) -> None:
    level, folder, printed = project
    result = read_result(folder)
    assert result.brier < result.baseline
    assert result.rows > 1000
    report = json.loads((folder / "metrics/evaluation.json").read_text(encoding="utf-8"))
    assert report["beats_baseline"] is True
    assert report["auc"] > 0.65
    assert " passed" in printed
    assert not re.search(r"[1-9]\d* failed", printed)
    if level:
        assert (folder / "models/model.onnx").stat().st_size > 10_000


@pytest.mark.parametrize("level", [1, 2, 3])
def test_running_the_pipeline_again_does_nothing(
    level: int, followed: dict[int, tuple[Path, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, _ = follow(followed, level, tmp_path_factory)
    before = {path: path.stat().st_mtime_ns for path in (folder / "models").iterdir()}
    assert "Running stage" not in shell(folder, "dvc repro")
    assert {path: path.stat().st_mtime_ns for path in (folder / "models").iterdir()} == before


def test_level_1_serves_what_was_deployed(
    followed: dict[int, tuple[Path, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, printed = follow(followed, 1, tmp_path_factory)
    release = (folder / "deploy/local/current").read_text(encoding="utf-8")
    assert json.loads((folder / "build/package/manifest.json").read_text(encoding="utf-8"))["release"] == release
    assert f'"model":"{release}"' in printed


def test_level_2_went_back_to_the_release_before(
    followed: dict[int, tuple[Path, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, printed = follow(followed, 2, tmp_path_factory)
    history = [
        json.loads(line)
        for line in (folder / "deploy/production/history.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    first, second, back = (entry["to"] for entry in history)
    assert first == back != second
    assert (folder / "deploy/production/current").read_text(encoding="utf-8") == first
    answers = [line for line in printed.splitlines() if '"status":"ready"' in line]
    assert any(second in line for line in answers)
    assert first in answers[-1]


def test_level_3_noticed_and_went_back_by_itself(
    followed: dict[int, tuple[Path, str]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder, printed = follow(followed, 3, tmp_path_factory)
    assert "rolled back" in printed
    assert list(folder.glob("reports/*.html"))


def copy(folder: Path, to: Path) -> Path:
    shutil.copytree(folder, to, ignore=shutil.ignore_patterns(*IGNORED, "cache", "deploy", "mlruns", "mlartifacts"))
    return to


@pytest.mark.parametrize("level", LEVELS)
def test_the_guards_are_green_before_anything_is_broken(
    level: int, followed: dict[int, tuple[Path, str]], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copy(follow(followed, level, tmp_path_factory)[0], tmp_path / "whole")
    guards = sorted({mutation.guard for mutation in MUTATIONS if mutation.level == level})
    printed = shell(folder, f"pytest -q {' '.join(guards)}")
    assert " passed" in printed
    assert " skipped" not in printed


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: f"level {mutation.level}: {mutation.what}")
def test_a_fault_turns_its_guard_red(
    mutation: Mutation, followed: dict[int, tuple[Path, str]], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copy(follow(followed, mutation.level, tmp_path_factory)[0], tmp_path / "broken")
    mutation.apply(folder)
    with pytest.raises(AssertionError, match=rf"FAILED {re.escape(mutation.guard)}"):
        shell(folder, f"pytest -q {mutation.guard}")


def test_a_truncated_model_is_never_served(
    followed: dict[int, tuple[Path, str]], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copy(follow(followed, 1, tmp_path_factory)[0], tmp_path / "broken")
    model = folder / "build/package/model.onnx"
    model.write_bytes(model.read_bytes()[:5000])
    with pytest.raises(AssertionError, match=r"model\.onnx"):
        shell(folder, "python -m pipeline.deploy")


@pytest.mark.parametrize("level", [0, 1, 2])
def test_an_edited_project_climbs_and_its_own_tests_pass(level: int, tmp_path: Path) -> None:
    folder = generate(tmp_path, level)
    edits = {"README.md": "\nA line of ours.\n", "data.toml": "# another line of ours\n"}
    for path, line in edits.items():
        first, rest = (folder / path).read_text(encoding="utf-8").split("\n", 1)
        (folder / path).write_text(f"{first}\n{line}{rest}", encoding="utf-8")
    if level:
        params = folder / "params.yaml"
        params.write_text(params.read_text(encoding="utf-8").replace("trees: 120", "trees: 90"), encoding="utf-8")
    (folder / "tests/test_ours.py").write_text("def test_ours() -> None:\n    assert True\n", encoding="utf-8")
    shell(folder, "git add -A && git commit -qm 'our own work'")
    assert main(["upgrade", str(folder), "--to", str(level + 1)]) == 0
    for path, line in edits.items():
        assert line in (folder / path).read_text(encoding="utf-8")
    if level:
        assert "trees: 90" in params.read_text(encoding="utf-8")
    assert main(["check", str(folder)]) == 0
    printed = shell(folder, "git add -A && git commit -qm 'climb' && ruff check . && mypy && pytest -q")
    assert re.search(r"\d+ passed", printed)
    assert not re.search(r"[1-9]\d* failed", printed)
