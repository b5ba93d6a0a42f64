"""The stages, run for real on the shipped data."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd
import yaml

from pipeline.config import Data, read_rows, sha256
from pipeline.prepare import place, split

from .conftest import copy_project, outside, run_stage, turned_round


def test_model_beats_the_stated_baseline(trained: Path, data: Data) -> None:
    report = json.loads((trained / "metrics/evaluation.json").read_text(encoding="utf-8"))
    assert report["n"] == len(pd.read_csv(trained / "data/prepared/holdout.csv")) > 0
    assert report["loss"] == data.task.loss_name
    assert report[report["loss"]] < report["baseline"][report["loss"]]


def test_holdout_is_later_than_every_training_row_or_chosen_by_the_id(trained: Path, data: Data) -> None:
    train, holdout = (read_rows(trained / f"data/prepared/{part}.csv", data) for part in ("train", "holdout"))
    if data.time:
        assert train[data.time].max() < holdout[data.time].min()
    else:
        assert holdout[data.id].map(place).max() < train[data.id].map(place).min()


def test_a_row_never_changes_side_whatever_else_is_in_the_data(rows: pd.DataFrame, data: Data) -> None:
    without = replace(data, time=None)
    first, second = (split(part, without, {"holdout_share": 0.25}) for part in (rows, rows.tail(len(rows) // 2)))
    assert set(second[1][data.id]) <= set(first[1][data.id])
    assert set(second[0][data.id]) <= set(first[0][data.id])
    assert len(first[1]) < len(first[0])


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
    rows, broken = read_rows(folder / data.source, data), data.features[0]
    rows[broken] = outside(data, broken)
    rows.to_csv(folder / data.source, index=False)
    assert run_stage("acquire", folder).returncode == 0
    stopped = run_stage("validate", folder)
    assert stopped.returncode != 0
    assert broken in stopped.stderr
    assert not (folder / "metrics/contract.json").exists()


def test_model_no_better_than_the_baseline_is_not_packaged(trained: Path, tmp_path: Path, data: Data) -> None:
    folder = copy_project(tmp_path)
    shutil.copytree(trained / "data/prepared", folder / "data/prepared")
    train = read_rows(folder / "data/prepared/train.csv", data)
    wrong = train.assign(**{data.target: turned_round(train[data.target], data)})
    wrong.to_csv(folder / "data/prepared/train.csv", index=False)
    assert run_stage("train", folder).returncode == 0  # learned from labels turned round
    train.to_csv(folder / "data/prepared/train.csv", index=False)
    stopped = run_stage("evaluate", folder)
    assert stopped.returncode != 0
    assert "baseline" in stopped.stderr
