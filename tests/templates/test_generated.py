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


MUTATIONS = {
    "data in another unit": ("data/source/flights.csv", None),
    "a bound that real data breaks": ("data.toml", ("distance = { min = 0, max = 6000", "distance = { min = 0, max = 60")),
    "a model without trees": ("params.yaml", ("depth: 10", "depth: 0")),
    "features left out when serving": ("serving/model.py", ("rows[[name]].to_numpy(dtype=np.float32)", "rows[[name]].to_numpy(dtype=np.float32) * 0")),
    "a contract that checks nothing": ("pipeline/contract.py", ('checks.append(pa.Check.in_range(bound["min"], bound["max"]))', "pass")),
}


def test_the_copy_that_is_broken_below_is_green_before(
    followed: dict[int, tuple[Path, str]], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copy(follow(followed, 1, tmp_path_factory)[0], tmp_path / "whole")
    assert " passed" in shell(folder, "pytest -q -x")


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_project_goes_red(
    mutation: str, followed: dict[int, tuple[Path, str]], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copy(follow(followed, 1, tmp_path_factory)[0], tmp_path / "broken")
    path, change = MUTATIONS[mutation]
    text = (folder / path).read_text(encoding="utf-8")
    if change is None:
        header, *rows = text.splitlines()
        place = header.split(",").index("distance")
        cells = [row.split(",") for row in rows]
        text = "\n".join([header, *(",".join([*c[:place], str(float(c[place]) * 1000), *c[place + 1 :]]) for c in cells)]) + "\n"
    else:
        assert change[0] in text
        text = text.replace(*change)
    (folder / path).write_text(text, encoding="utf-8")
    with pytest.raises(AssertionError, match=r"(FAILED|ERROR) tests/test_\w+\.py::test_"):
        shell(folder, "pytest -q -x")


def test_a_truncated_model_is_never_served(
    followed: dict[int, tuple[Path, str]], tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = copy(follow(followed, 1, tmp_path_factory)[0], tmp_path / "broken")
    model = folder / "build/package/model.onnx"
    model.write_bytes(model.read_bytes()[:5000])
    with pytest.raises(AssertionError, match=r"model\.onnx"):
        shell(folder, "python -m pipeline.deploy")


def test_an_edited_project_climbs_and_its_own_tests_pass(tmp_path: Path) -> None:
    folder = generate(tmp_path, 1)
    params = folder / "params.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace("trees: 120", "trees: 90"), encoding="utf-8")
    (folder / "tests/test_ours.py").write_text("def test_ours() -> None:\n    assert True\n", encoding="utf-8")
    shell(folder, "git add -A && git commit -qm 'our own work'")
    assert main(["upgrade", str(folder), "--to", "2"]) == 0
    assert "trees: 90" in params.read_text(encoding="utf-8")
    assert main(["check", str(folder)]) == 0
    printed = shell(folder, "ruff check . && mypy && pytest -q tests/test_ours.py tests/test_gate.py tests/test_stages.py")
    assert re.search(r"\d+ passed", printed)
