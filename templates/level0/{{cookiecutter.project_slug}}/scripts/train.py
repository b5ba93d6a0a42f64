"""Train the model and score it on rows kept aside: ``python scripts/train.py``, run by hand."""

from __future__ import annotations

import hashlib
import json
import tomllib
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import pandas as pd
from sklearn import metrics
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder

MODEL = Path("models/model.joblib")
EVALUATION = Path("metrics/evaluation.json")

HOLDOUT_SHARE = 0.25  # the latest quarter of the rows is never trained on
LEARNING_RATE = 0.1
TREES = 80
SEED = 2013


def read(path: str | Path, described: dict[str, Any]) -> pd.DataFrame:
    """Return a CSV's rows, categories as the text that is written there; only an empty cell is missing."""
    columns, classes = described["columns"], described["task"].get("classes", [])
    kinds: dict[Any, Any] = dict.fromkeys(columns["categorical"], str)
    if any(isinstance(label, str) for label in classes):
        kinds[columns["target"]] = str
    times = [columns["time"]] if columns.get("time") else False
    return pd.read_csv(path, dtype=kinds, parse_dates=times, keep_default_na=False, na_values=[""])


def split(rows: pd.DataFrame, time: str | None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return training and holdout rows: later ones are the holdout, or a quarter chosen by what a row holds."""
    if time:
        cut = rows[time].sort_values().iloc[int(len(rows) * (1 - HOLDOUT_SHARE))]
        return rows[rows[time] < cut], rows[rows[time] >= cut]
    places = [_place(repr(row)) for row in rows.itertuples(index=False, name=None)]
    aside = pd.Series(places, index=rows.index) < HOLDOUT_SHARE
    return rows[~aside], rows[aside]


def _place(text: str) -> float:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64


def truth(labels: pd.Series, classes: list[Any]) -> np.ndarray:
    """Return what a perfect model would answer, one column a class, or one of values."""
    if not classes:
        return labels.to_numpy(dtype=float)[:, None]
    return np.eye(len(classes))[labels.map({label: place for place, label in enumerate(classes)}).to_numpy(dtype=int)]


def fit(train: pd.DataFrame, described: dict[str, Any]) -> Pipeline:
    """Return a model fitted on `train`; the copy of it that notebooks/train.ipynb chose."""
    columns, classes = described["columns"], described["task"].get("classes", [])
    encode = ColumnTransformer(
        [
            ("numeric", "passthrough", columns["numeric"]),
            ("categorical", OneHotEncoder(handle_unknown="ignore", sparse_output=False), columns["categorical"]),
        ]
    )
    family = HistGradientBoostingClassifier if classes else HistGradientBoostingRegressor
    boosting = family(learning_rate=LEARNING_RATE, max_iter=TREES, random_state=SEED)
    wanted = truth(train[columns["target"]], classes)
    return make_pipeline(encode, boosting).fit(train, wanted.argmax(axis=1) if classes else wanted[:, 0])


def predict(model: Pipeline, rows: pd.DataFrame, classes: list[Any]) -> np.ndarray:
    """Return one column of probabilities a class, or one of values; a class never seen in training has none."""
    if not classes:
        return np.asarray(model.predict(rows))[:, None]
    answers = np.zeros((len(rows), len(classes)))
    answers[:, model.classes_] = model.predict_proba(rows)
    return answers


def baseline(train: pd.DataFrame, holdout: pd.DataFrame, wanted: np.ndarray, by: str | None) -> np.ndarray:
    """Return for each holdout row the mean of `wanted` over training rows with the same value of `by`, or over all."""
    table = pd.DataFrame(wanted, index=train.index)
    overall = table.mean()
    if by is None:
        return np.tile(overall.to_numpy(dtype=float), (len(holdout), 1))
    return table.groupby(train[by]).mean().reindex(holdout[by]).fillna(overall).to_numpy(dtype=float)


def scores(wanted: np.ndarray, answers: np.ndarray) -> dict[str, float]:
    """Return the mean loss first, the lower the better (Brier score or mean squared error), then what is usual."""
    squared = float(((answers - wanted) ** 2).sum(axis=1).mean())
    if wanted.shape[1] == 1:
        return {"mse": float(f"{squared:.6g}"), "r2": round(float(metrics.r2_score(wanted, answers)), 5)}
    if wanted.shape[1] > 2:
        accuracy = float((wanted.argmax(axis=1) == answers.argmax(axis=1)).mean())
        return {"brier": round(squared, 5), "accuracy": round(accuracy, 5)}
    auc = metrics.roc_auc_score(wanted[:, 1], answers[:, 1])
    return {"brier": round(squared / 2, 5), "auc": round(float(auc), 5)}  # of the event alone, as is usual


def main() -> None:
    """Train, save the model file, and write down how it did beside the baseline."""
    described = tomllib.loads(Path("data.toml").read_text(encoding="utf-8"))
    columns, classes, by = described["columns"], described["task"].get("classes", []), described["baseline"].get("by")
    train, holdout = split(read(described["source"]["path"], described), columns.get("time"))
    model = fit(train, described)
    seen, wanted = (truth(part[columns["target"]], classes) for part in (train, holdout))
    of_model = scores(wanted, predict(model, holdout, classes))
    of_baseline = scores(wanted, baseline(train, holdout, seen, by))
    loss = next(iter(of_model))
    rule = ("share of events" if len(classes) == 2 else "share of each class") if classes else "mean"
    report = {
        **of_model,
        "n": len(holdout),
        "loss": loss,
        "baseline": {"rule": f"{rule} by {by}" if by else f"{rule} of all training rows", **of_baseline},
        "beats_baseline": of_model[loss] < of_baseline[loss],
    }
    for path in (MODEL, EVALUATION):
        path.parent.mkdir(exist_ok=True)
    joblib.dump(model, MODEL)
    EVALUATION.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"{MODEL}: {loss} {of_model[loss]} on {len(holdout)} rows kept aside (baseline {of_baseline[loss]})")


if __name__ == "__main__":
    main()
