"""The scripts as a person runs them, in a copy of the project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from scripts.train import baseline, read, scores, split

ROOT = Path(__file__).parents[1]
DESCRIBED = tomllib.loads((ROOT / "data.toml").read_text(encoding="utf-8"))
COLUMNS = DESCRIBED["columns"]


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, *command], cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    for name in ("scripts", "data", "production"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.joblib", "__pycache__"))
    shutil.copyfile(ROOT / "data.toml", folder / "data.toml")
    done = run(folder, "scripts/train.py")
    assert done.returncode == 0, done.stderr
    return folder


def test_the_model_beats_the_stated_baseline_on_rows_kept_aside(trained: Path) -> None:
    report = json.loads((trained / "metrics/evaluation.json").read_text(encoding="utf-8"))
    assert report["n"] > 0
    assert report[report["loss"]] < report["baseline"][report["loss"]]
    assert report["beats_baseline"] is True


def test_predicting_without_a_model_in_production_says_what_to_do(trained: Path) -> None:
    (trained / "production/model.joblib").unlink(missing_ok=True)
    done = run(trained, "scripts/predict.py", DESCRIBED["source"]["path"], "out.csv")
    assert done.returncode != 0
    assert "RUNBOOK.md" in done.stderr


def test_the_copied_model_gives_one_answer_a_row(trained: Path) -> None:
    shutil.copyfile(trained / "models/model.joblib", trained / "production/model.joblib")
    rows = read(trained / DESCRIBED["source"]["path"], DESCRIBED).tail(50)
    rows.drop(columns=COLUMNS["target"]).to_csv(trained / "new.csv", index=False)
    done = run(trained, "scripts/predict.py", "new.csv", "out.csv")
    assert done.returncode == 0, done.stderr
    answers = pd.read_csv(trained / "out.csv")
    if COLUMNS["id"] in rows.columns:
        assert answers[COLUMNS["id"]].astype(str).tolist() == rows[COLUMNS["id"]].astype(str).tolist()
    told = answers.drop(columns=COLUMNS["id"])
    if classes := DESCRIBED["task"].get("classes", []):
        assert told.stack().between(0, 1).all()
        assert told.shape == (50, 1 if len(classes) == 2 else len(classes))
    assert told.iloc[:, 0].nunique() > 10


def test_predicting_without_a_feature_column_names_the_column(trained: Path) -> None:
    shutil.copyfile(trained / "models/model.joblib", trained / "production/model.joblib")
    lost = [*COLUMNS["numeric"], *COLUMNS["categorical"]][0]
    pd.read_csv(trained / DESCRIBED["source"]["path"]).head().drop(columns=lost).to_csv(
        trained / "new.csv", index=False
    )
    done = run(trained, "scripts/predict.py", "new.csv", "out.csv")
    assert done.returncode != 0
    assert done.stderr.strip() == f"new.csv lacks the columns {lost}"


def test_every_holdout_row_is_later_than_every_training_row_or_never_changes_side() -> None:
    time = COLUMNS.get("time")
    rows = read(ROOT / DESCRIBED["source"]["path"], DESCRIBED).sample(frac=1, random_state=1)
    train, holdout = split(rows, time)
    assert len(train) + len(holdout) == len(rows)
    if time:
        assert train[time].max() < holdout[time].min()
    again = split(rows.head(len(rows) // 2), None)
    assert set(again[1].index) <= set(split(rows, None)[1].index)


def test_the_baseline_knows_only_training_rows_and_falls_back_to_their_average() -> None:
    train = pd.DataFrame({"place": [1, 1, 2, 2]})
    holdout = pd.DataFrame({"place": [1, 2, 3]})
    wanted = np.array([[1], [1], [0], [1]])
    assert baseline(train, holdout, wanted, "place").tolist() == [[1.0], [0.5], [0.75]]
    assert baseline(train, holdout, wanted, None).tolist() == [[0.75]] * 3


def test_a_perfect_model_has_no_loss_and_each_task_is_scored_in_its_own_way() -> None:
    event, classes, values = np.eye(2)[[0, 1, 1]], np.eye(3), np.array([[1.0], [2.0], [4.0]])
    assert scores(event, event) == {"brier": 0.0, "auc": 1.0}
    assert scores(event, np.full((3, 2), 0.5))["brier"] == 0.25
    assert scores(classes, classes) == {"brier": 0.0, "accuracy": 1.0}
    assert scores(values, values) == {"mse": 0.0, "r2": 1.0}
