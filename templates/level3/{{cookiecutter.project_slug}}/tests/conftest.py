"""A small world for the tests: the project's data, trained once, in a folder of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import yaml

from pipeline.acquire import acquire
from pipeline.config import Data, read_data
from pipeline.task import BINARY, MULTICLASS

PROJECT = Path(__file__).parent.parent
STAGES = ("acquire", "validate", "prepare", "train", "evaluate")


@pytest.fixture(scope="session")
def data() -> Data:
    return read_data(PROJECT / "data.toml")


@pytest.fixture(scope="session")
def rows(data: Data) -> pd.DataFrame:
    return acquire(replace(data, source=PROJECT / data.source))


def outside(data: Data, name: str) -> object:
    """A value that the contract forbids in a feature column."""
    return -1e12 if name in data.numeric else "no such value!"


def turned_round(labels: pd.Series, data: Data) -> pd.Series:
    """Labels that say the contrary: the other class, the next class, or the value mirrored."""
    if data.task.kind in (BINARY, MULTICLASS):
        classes = data.task.classes
        return labels.map(dict(zip(classes, (*classes[1:], classes[0]), strict=True)))
    return labels.max() + labels.min() - labels


def run_stage(stage: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one stage of the project's code in `folder`."""
    command = [sys.executable, "-m", f"pipeline.{stage}"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def copy_project(folder: Path) -> Path:
    """Copy what a run reads: code, settings and source data."""
    for name in ("pipeline", "serving", "data/source"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("data.toml", "params.yaml", "project.toml", "requirements.lock"):
        shutil.copyfile(PROJECT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in which every stage up to evaluation has run, with few trees to be quick."""
    folder = copy_project(tmp_path_factory.mktemp("trained"))
    params = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
    params["train"]["trees"] = 20
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    for stage in STAGES:
        done = run_stage(stage, folder)
        assert done.returncode == 0, f"{stage}: {done.stderr}"
    return folder


@pytest.fixture(scope="session")
def package(trained: Path) -> Path:
    """A built package; built by the project's code, without the registry."""
    code = "from pipeline.package import build; from pipeline.config import PACKAGE; build(PACKAGE)"
    subprocess.run([sys.executable, "-c", code], cwd=trained, check=True)
    return trained / "build" / "package"


@pytest.fixture
def example(package: Path) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = json.loads((package / "example.json").read_text(encoding="utf-8"))
    return rows
