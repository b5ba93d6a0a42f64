"""Train the model and score it on later rows: ``python scripts/train.py``, run by hand."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

MODEL = Path("models/model.joblib")
EVALUATION = Path("metrics/evaluation.json")

HOLDOUT_SHARE = 0.25  # the latest quarter of the rows is never trained on
LEARNING_RATE = 0.1
TREES = 80
SEED = 2013


def split(rows: pd.DataFrame, time: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training and holdout rows; every holdout row is later than every training row."""
    cut = rows[time].sort_values().iloc[int(len(rows) * (1 - HOLDOUT_SHARE))]
    return rows[rows[time] < cut], rows[rows[time] >= cut]


def fit(train: pd.DataFrame, columns: dict[str, Any]) -> Pipeline:
    """Return a model fitted on `train`; the copy of it that notebooks/train.ipynb chose."""
    encode = ColumnTransformer(
        [
            ("numeric", "passthrough", columns["numeric"]),
            ("categorical", OneHotEncoder(handle_unknown="ignore", sparse_output=False), columns["categorical"]),
        ]
    )
    boosting = HistGradientBoostingClassifier(learning_rate=LEARNING_RATE, max_iter=TREES, random_state=SEED)
    return make_pipeline(encode, boosting).fit(train, train[columns["target"]])


def baseline(train: pd.DataFrame, holdout: pd.DataFrame, target: str, by: str) -> np.ndarray:
    """Return for each holdout row the share of events among training rows with the same value of `by`."""
    rates = train.groupby(by)[target].mean()
    return holdout[by].map(rates).fillna(train[target].mean()).to_numpy(dtype=float)


def scores(truth: pd.Series, probability: np.ndarray) -> dict[str, float]:
    """Return Brier score (lower is better) and AUC (higher is better)."""
    return {
        "brier": round(float(brier_score_loss(truth, probability)), 5),
        "auc": round(float(roc_auc_score(truth, probability)), 5),
    }


def main() -> None:
    """Train, save the model file, and write down how it did beside the baseline."""
    described = tomllib.loads(Path("data.toml").read_text(encoding="utf-8"))
    columns, by = described["columns"], described["baseline"]["by"]
    rows = pd.read_csv(described["source"]["path"], parse_dates=[columns["time"]])
    train, holdout = split(rows, columns["time"])
    model = fit(train, columns)
    truth = holdout[columns["target"]]
    of_model = scores(truth, model.predict_proba(holdout)[:, 1])
    of_baseline = scores(truth, baseline(train, holdout, columns["target"], by))
    report = {
        **of_model,
        "n": len(holdout),
        "baseline": {"rule": f"share of events by {by}", **of_baseline},
        "beats_baseline": of_model["brier"] < of_baseline["brier"],
    }
    for path in (MODEL, EVALUATION):
        path.parent.mkdir(exist_ok=True)
    joblib.dump(model, MODEL)
    EVALUATION.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"{MODEL}: Brier score {of_model['brier']} on {len(holdout)} later rows (baseline {of_baseline['brier']})")


if __name__ == "__main__":
    main()
