"""The stages, run for real on the shipped data."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import yaml

from pipeline.config import Data, sha256

from .conftest import copy_project, run_stage


def test_model_beats_the_stated_baseline(trained: Path) -> None:
    report = json.loads((trained / "metrics/evaluation.json").read_text(encoding="utf-8"))
    assert report["n"] > 500
    assert report["brier"] < report["baseline"]["brier"]
    assert report["auc"] > report["baseline"]["auc"]


def test_holdout_is_later_than_every_training_row(trained: Path, data: Data) -> None:
    times = [pd.read_csv(trained / f"data/prepared/{part}.csv")[data.time] for part in ("train", "holdout")]
    assert times[0].max() < times[1].min()


def test_training_twice_gives_the_same_file(trained: Path) -> None:
    model = trained / "models/model.onnx"
    first = sha256(model)
    assert run_stage("train", trained).returncode == 0
    assert sha256(model) == first


def test_parameters_reach_the_model(trained: Path, tmp_path: Path) -> None:
    folder = copy_project(tmp_path)
    (folder / "data/prepared").mkdir(parents=True)
    (folder / "data/prepared/train.csv").write_bytes((trained / "data/prepared/train.csv").read_bytes())
    params = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
    params["train"]["trees"] = 2
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    assert run_stage("train", folder).returncode == 0
    assert (folder / "models/model.onnx").stat().st_size < (trained / "models/model.onnx").stat().st_size


def test_data_that_breaks_the_contract_stops_the_run(tmp_path: Path, data: Data) -> None:
    folder = copy_project(tmp_path)
    rows = pd.read_csv(folder / data.source)
    broken = next(name for name in data.numeric if rows[name].max() > 100)
    rows[broken] *= 1000  # metres sent as kilometres, cents as euros: the classic
    rows.to_csv(folder / data.source, index=False)
    assert run_stage("acquire", folder).returncode == 0
    stopped = run_stage("validate", folder)
    assert stopped.returncode != 0
    assert broken in stopped.stderr
    assert not (folder / "metrics/contract.json").exists()


def test_model_no_better_than_the_baseline_is_not_packaged(trained: Path, tmp_path: Path, data: Data) -> None:
    folder = copy_project(tmp_path)
    shutil.copytree(trained / "data/prepared", folder / "data/prepared")
    train = pd.read_csv(folder / "data/prepared/train.csv")
    train.assign(**{data.target: 1 - train[data.target]}).to_csv(folder / "data/prepared/train.csv", index=False)
    assert run_stage("train", folder).returncode == 0  # learned from labels turned round
    train.to_csv(folder / "data/prepared/train.csv", index=False)
    stopped = run_stage("evaluate", folder)
    assert stopped.returncode != 0
    assert "baseline" in stopped.stderr
