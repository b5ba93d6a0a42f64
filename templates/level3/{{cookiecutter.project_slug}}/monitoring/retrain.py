"""Train a challenger on newer rows with the project's own stages, in a folder of its own.

Guards, in this order: the window keeps the contract, no incident is open, enough new labels; the gate of
`delivery/` and a canary come after, as for any release. Rows of broken batches are never learned from.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from pipeline.config import Data
from rollout.controller import Controller
from rollout.state import Refused

STAGES = ("acquire", "validate", "prepare", "train", "evaluate")
SETTINGS = ("data.toml", "params.yaml", "project.toml", "requirements.lock")
BUILD = "from pipeline.package import build; from pipeline.config import PACKAGE; build(PACKAGE)"


def retrain(
    history: pd.DataFrame,
    labelled: pd.DataFrame,
    data: Data,
    controller: Controller,
    folder: Path,
    limits: dict[str, Any],
) -> Path:
    """Return a package trained on the newest rows; Refused when a guard or a stage stops it.

    `labelled` is what `PredictionLog.labelled` gives: rows of broken batches are not in it.
    """
    if controller.open_incidents():
        raise Refused("an incident is open; what it touched must not be learned")
    if len(labelled) < limits["least_rows"]:
        raise Refused(f"{len(labelled)} new labelled rows; {limits['least_rows']} are needed")
    rows = window(history, labelled, data, limits["window_rows"])
    _lay_out(rows, data, folder, limits["holdout_share"])
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    for command in (*(["-m", f"pipeline.{stage}"] for stage in STAGES), ["-c", BUILD]):
        done = subprocess.run([sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True)
        if done.returncode:
            raise Refused(f"{' '.join(command[:2])}: {done.stderr.strip().splitlines()[-1]}")
    return folder / "build/package"


def window(history: pd.DataFrame, labelled: pd.DataFrame, data: Data, rows: int) -> pd.DataFrame:
    """Return the newest `rows` rows of history and production together, ordered by time."""
    inputs = pd.DataFrame([json.loads(text) for text in labelled["inputs"]])
    inputs[data.target] = labelled["label"].to_numpy()
    inputs[data.time] = pd.to_datetime(inputs[data.time])
    both = pd.concat([history, inputs], ignore_index=True)
    both = both.drop_duplicates(data.id, keep="last")
    return both.sort_values([data.time, data.id], kind="stable").tail(rows)


def _lay_out(rows: pd.DataFrame, data: Data, folder: Path, holdout_share: float) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    (folder / data.source).parent.mkdir(parents=True)
    rows.to_csv(folder / data.source, index=False)
    for name in SETTINGS:
        shutil.copyfile(name, folder / name)
    params = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
    params["split"]["train_until"] = str(rows[data.time].iloc[int(len(rows) * (1 - holdout_share))])
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
