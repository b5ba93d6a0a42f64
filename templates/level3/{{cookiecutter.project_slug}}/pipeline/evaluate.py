"""Judge the model file on the holdout, beside a stated baseline and for each group."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import brier_score_loss, log_loss, precision_score, recall_score, roc_auc_score

from serving.model import Model

from .config import EVALUATION, MODEL, PREPARED, Data, read_data, read_params


def scores(truth: pd.Series, probability: np.ndarray, threshold: float) -> dict[str, float]:
    """Return Brier score, log loss, AUC, and precision and recall at `threshold`."""
    called = probability >= threshold
    return {
        "brier": round(float(brier_score_loss(truth, probability)), 5),
        "log_loss": round(float(log_loss(truth, probability, labels=[0, 1])), 5),
        "auc": round(float(roc_auc_score(truth, probability)), 5),
        "precision": round(float(precision_score(truth, called, zero_division=0)), 5),
        "recall": round(float(recall_score(truth, called, zero_division=0)), 5),
    }


def baseline(train: pd.DataFrame, holdout: pd.DataFrame, data: Data) -> np.ndarray:
    """Return for each holdout row the share of events among training rows with the same value of `baseline_by`."""
    rates = train.groupby(data.baseline_by)[data.target].mean()
    overall = train[data.target].mean()
    return holdout[data.baseline_by].map(rates).fillna(overall).to_numpy(dtype=float)


def by_group(holdout: pd.DataFrame, probability: np.ndarray, data: Data, least: int) -> dict[str, Any]:
    """Return rows, observed and predicted share and Brier score for each value of each group column."""
    table = holdout.assign(probability=probability, loss=(probability - holdout[data.target]) ** 2)
    report: dict[str, Any] = {}
    for column in data.groups:
        for value, rows in table.groupby(column):
            if len(rows) >= least:
                report.setdefault(column, {})[str(value)] = {
                    "rows": len(rows),
                    "observed": round(float(rows[data.target].mean()), 4),
                    "predicted": round(float(rows["probability"].mean()), 4),
                    "brier": round(float(rows["loss"].mean()), 5),
                }
    return report


def evaluate(
    train: pd.DataFrame, holdout: pd.DataFrame, model: Model, data: Data, params: dict[str, Any]
) -> dict[str, Any]:
    """Return everything known about the model's quality; `beats_baseline` compares Brier scores."""
    probability = model.probabilities(holdout)
    truth = holdout[data.target]
    model_scores = scores(truth, probability, params["threshold"])
    baseline_scores = scores(truth, baseline(train, holdout, data), params["threshold"])
    return {
        **model_scores,
        "n": len(holdout),
        "threshold": params["threshold"],
        "baseline": {"rule": f"share of events by {data.baseline_by}", **baseline_scores},
        "beats_baseline": model_scores["brier"] < baseline_scores["brier"],
        "groups": by_group(holdout, probability, data, params["min_group_rows"]),
    }


if __name__ == "__main__":
    data = read_data()
    train, holdout = (pd.read_csv(PREPARED / f"{part}.csv") for part in ("train", "holdout"))
    report = evaluate(train, holdout, Model(MODEL, data), data, read_params()["evaluate"])
    EVALUATION.parent.mkdir(exist_ok=True)
    EVALUATION.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print(f"Brier score {report['brier']} on {report['n']} later rows, AUC {report['auc']}")
    print(f"baseline ({report['baseline']['rule']}): {report['baseline']['brier']}")
    if not report["beats_baseline"]:
        raise SystemExit("the model is no better than the baseline; nothing is packaged")
