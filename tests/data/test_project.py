"""A project made of a person's table: what is shown, what is written, and what a climb leaves alone."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

from generator.cli import main
from generator.data import overlay
from generator.scaffold.render import render

from .test_ugly_files import table, text

GIT = ["git", "-c", "user.name=t", "-c", "user.email=t@localhost"]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "Our Sales (2020).csv"
    rows = table(copy=lambda n: "x", größe=lambda n: str(n % 7))
    for row in rows:
        row["copy"] = row["good"]
    path.write_text(text(rows), encoding="utf-8")
    return path


def new(folder: Path, source: Path, level: int, *more: str) -> Path:
    command = ["new", str(folder), "--level", str(level), "--data", str(source), "--target", "good", *more]
    assert main(command) == 0
    return folder


@pytest.mark.parametrize("level", [0, 1, 2])
def test_nothing_of_the_shipped_table_is_left(tmp_path: Path, source: Path, level: int) -> None:
    project = new(tmp_path / "p", source, level)
    found = subprocess.run(
        ["grep", "-rliE", "flight|recent_delay|carrier|nycflights", ".", "--exclude-dir=.git", "--exclude-dir=docs"],
        cwd=project, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert found.stdout == ""
    assert [path.name for path in (project / "data/source").iterdir()] == ["our-sales-2020.csv"]
    assert "TODO" in tomllib.loads((project / "data.toml").read_text(encoding="utf-8"))["source"]["licence"]


def test_what_was_inferred_is_in_the_files_a_run_reads(tmp_path: Path, source: Path) -> None:
    project = new(tmp_path / "p", source, 2)
    data = tomllib.loads((project / "data.toml").read_text(encoding="utf-8"))
    assert data["columns"] == {
        "id": "id", "target": "good", "time": "day", "numeric": ["size", "größe"], "categorical": ["kind"],
        "groups": ["kind"],
    }  # fmt: skip
    assert data["task"] == {"kind": "binary", "classes": ["no", "yes"]}
    assert data["unused"] == {"copy": "equals the target"}
    params = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))
    assert params["split"]["train_until"].startswith("2020-0")
    assert 0.3 < params["evaluate"]["threshold"] <= 0.5
    gate = tomllib.loads((project / "config/gate.toml").read_text(encoding="utf-8"))
    assert 0.1 < gate["champion"]["margin"] <= 0.2
    assert params.keys() == yaml.safe_load(render(2, {})["params.yaml"].content).keys()


@pytest.mark.parametrize(("wish", "absent"), [((), "holdout_share"), (("--task", "multiclass"), "threshold")])
def test_params_hold_what_the_task_has_and_nothing_else(tmp_path: Path, wish: tuple[str, ...], absent: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text(table(good=lambda n: "xyz"[n % 3] if wish else "xy"[n % 2])), encoding="utf-8")
    project = new(tmp_path / "p", path, 1, *wish)
    assert absent not in (project / "params.yaml").read_text(encoding="utf-8")


def test_everything_inferred_is_shown_in_eighty_columns_and_nothing_is_written(
    tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new(tmp_path / "p", source, 1, "--dry-run")
    shown = capsys.readouterr().out
    told = shown[: shown.index("data.toml, yours to change")]
    assert max(len(line) for line in told.splitlines()) <= 80
    for word in ("größe", "LEAK: equals the target", "orders the rows", "Brier", "aside", "contract"):
        assert word in told
    assert not (tmp_path / "p").exists()


def test_the_same_as_json(tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new(tmp_path / "p", source, 1, "--dry-run", "--json")
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == 1
    assert document["task"] == "binary"
    assert {column["name"]: column["role"] for column in document["columns"]}["copy"] == "unused"


def climb(project: Path, to: int) -> None:
    subprocess.run([*GIT, "add", "-A"], cwd=project, check=True)
    subprocess.run([*GIT, "commit", "-qm", "ours", "--allow-empty"], cwd=project, check=True)
    assert main(["upgrade", str(project), "--to", str(to)]) == 0


def test_a_climb_keeps_the_table_and_what_people_wrote_about_it(tmp_path: Path, source: Path) -> None:
    project = new(tmp_path / "p", source, 0)
    data = project / "data.toml"
    data.write_text(re.sub('licence = ".*"', 'licence = "ours"', data.read_text(encoding="utf-8")), encoding="utf-8")
    rows = next((project / "data/source").iterdir())
    rows.write_text(rows.read_text(encoding="utf-8").replace(",yes", ",yes"), encoding="utf-8")
    before = rows.read_bytes(), data.read_bytes()
    climb(project, 1)
    climb(project, 2)
    assert (rows.read_bytes(), data.read_bytes()) == before
    assert not (project / "data/source/flights.csv").exists()
    fresh = new(tmp_path / "p2", source, 2, "--set", "slug=project-p", "--name", "P")
    for path in ("params.yaml", "config/gate.toml", "README.md", "dvc.yaml", ".ladder/data.json"):
        assert (project / path).read_bytes() == (fresh / path).read_bytes(), path
    assert main(["check", str(project)]) == 0


def test_a_climb_to_a_level_that_cannot_take_the_table_is_refused(
    tmp_path: Path, source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = new(tmp_path / "p", source, 2)
    assert main(["upgrade", str(project), "--to", "3"]) == 1
    assert "levels 0 to 2" in capsys.readouterr().err


def test_a_large_table_is_kept_out_of_git_and_that_is_said(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(overlay, "LARGEST_IN_GIT", 1000)
    project = new(tmp_path / "p", source, 1)
    assert "too large for git" in capsys.readouterr().err
    kept = subprocess.run(["git", "ls-files", "data"], cwd=project, capture_output=True, text=True, check=True).stdout
    assert "our-sales-2020.csv" not in kept
    assert (project / "data/source/our-sales-2020.csv").stat().st_size > 1000
    assert "dvc add" in (project / "data/README.md").read_text(encoding="utf-8")
