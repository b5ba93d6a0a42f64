"""The scripts as a person runs them, in a copy of the project."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pandas as pd
import pytest

from scripts.train import baseline, split

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


def test_the_model_beats_the_stated_baseline_on_later_rows(trained: Path) -> None:
    report = json.loads((trained / "metrics/evaluation.json").read_text(encoding="utf-8"))
    assert report["n"] > 0
    assert report["brier"] < report["baseline"]["brier"]
    assert report["beats_baseline"] is True
    assert report["auc"] > 0.6


def test_predicting_without_a_model_in_production_says_what_to_do(trained: Path) -> None:
    (trained / "production/model.joblib").unlink(missing_ok=True)
    done = run(trained, "scripts/predict.py", DESCRIBED["source"]["path"], "out.csv")
    assert done.returncode != 0
    assert "RUNBOOK.md" in done.stderr


def test_the_copied_model_gives_one_probability_a_row(trained: Path) -> None:
    shutil.copyfile(trained / "models/model.joblib", trained / "production/model.joblib")
    rows = pd.read_csv(trained / DESCRIBED["source"]["path"]).tail(50)
    rows.drop(columns=COLUMNS["target"]).to_csv(trained / "new.csv", index=False)
    done = run(trained, "scripts/predict.py", "new.csv", "out.csv")
    assert done.returncode == 0, done.stderr
    answers = pd.read_csv(trained / "out.csv")
    assert answers[COLUMNS["id"]].tolist() == rows[COLUMNS["id"]].tolist()
    assert answers["probability"].between(0, 1).all()
    assert answers["probability"].nunique() > 10


def test_predicting_without_a_feature_column_names_the_column(trained: Path) -> None:
    shutil.copyfile(trained / "models/model.joblib", trained / "production/model.joblib")
    lost = COLUMNS["numeric"][0]
    pd.read_csv(trained / DESCRIBED["source"]["path"]).head().drop(columns=lost).to_csv(
        trained / "new.csv", index=False
    )
    done = run(trained, "scripts/predict.py", "new.csv", "out.csv")
    assert done.returncode != 0
    assert done.stderr.strip() == f"new.csv lacks the columns {lost}"


def test_every_holdout_row_is_later_than_every_training_row() -> None:
    time = COLUMNS["time"]
    rows = pd.read_csv(ROOT / DESCRIBED["source"]["path"], parse_dates=[time]).sample(frac=1, random_state=1)
    train, holdout = split(rows, time)
    assert train[time].max() < holdout[time].min()
    assert len(train) + len(holdout) == len(rows)


def test_the_baseline_knows_only_training_rows_and_falls_back_to_their_average() -> None:
    train = pd.DataFrame({"hour": [1, 1, 2, 2], "late": [1, 1, 0, 1]})
    holdout = pd.DataFrame({"hour": [1, 2, 3], "late": [0, 0, 0]})
    assert baseline(train, holdout, "late", "hour").tolist() == [1.0, 0.5, 0.75]
