"""`dvc repro` reruns what changed only if each stage names all it reads; a deployed release can be traced."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipeline.config import read_data, read_params

from .conftest import PROJECT

STAGES: dict[str, Any] = yaml.safe_load((PROJECT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]


def imported(path: Path, seen: frozenset[Path] = frozenset()) -> frozenset[Path]:
    """The project's own modules that `path` runs, itself included."""
    found = seen | {path}
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.ImportFrom):
            continue
        base = path.parent if node.level else PROJECT
        parts = node.module.split(".") if node.module else []
        candidates = [base.joinpath(*parts).with_suffix(".py")] if parts else []
        candidates += [base.joinpath(*parts, f"{alias.name}.py") for alias in node.names]
        for candidate in candidates:
            if candidate.is_file() and candidate.is_relative_to(PROJECT) and candidate not in found:
                found |= imported(candidate, found)
    return found


@pytest.mark.parametrize("stage", STAGES)
def test_stage_names_every_module_it_runs(stage: str) -> None:
    module = STAGES[stage]["cmd"].removeprefix("python -m ").split()[0]
    runs = {path.relative_to(PROJECT).as_posix() for path in imported(PROJECT / f"{module.replace('.', '/')}.py")}
    assert runs <= set(STAGES[stage]["deps"])


def test_every_group_of_parameters_is_read_by_a_stage() -> None:
    read = {name for stage in STAGES.values() for name in stage.get("params", [])}
    assert set(read_params(PROJECT / "params.yaml")) == read


def test_column_that_nothing_guards_is_refused(tmp_path: Path) -> None:
    text = (PROJECT / "data.toml").read_text(encoding="utf-8")
    unguarded = tmp_path / "data.toml"
    unguarded.write_text(text.replace("\nnumeric = [", '\nnumeric = ["nobody guards this", '), encoding="utf-8")
    with pytest.raises(SystemExit, match="nobody guards this"):
        read_data(unguarded)


REGISTRY = """
import json, mlflow
from pipeline.config import project_slug
from pipeline.tracking import STORE
client = mlflow.MlflowClient(tracking_uri=STORE)
found = client.get_model_version_by_alias(project_slug(), "champion")
run = client.get_run(found.run_id).data
print(json.dumps({"version": found.tags, "params": run.params, "metrics": run.metrics, "tags": run.tags}))
"""


def test_deployed_release_is_champion_and_its_run_says_what_made_it(package: Path, tmp_path: Path) -> None:
    folder = package.parent.parent
    environment = os.environ | {"MLFLOW_TRACKING_URI": f"sqlite:///{(tmp_path / 'runs.db').as_posix()}"}

    def run(*arguments: str) -> str:
        command = [sys.executable, *arguments]
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    run("-m", "pipeline.package")
    assert "serves in local" in run("-m", "pipeline.deploy")
    release = (folder / "deploy/local/current").read_text(encoding="utf-8")
    champion = yaml.safe_load(run("-c", REGISTRY))  # JSON is YAML
    assert champion["version"]["release"] == champion["tags"]["release"] == release
    assert champion["params"]["train.trees"] == "20"
    assert champion["metrics"][read_data(PROJECT / "data.toml").task.loss_name] > 0
    assert all(len(champion["tags"][key]) == 64 for key in ("data", "environment"))
