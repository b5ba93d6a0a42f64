"""Judge the model file on the holdout, beside a stated baseline and for each group."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pandas as pd
from sklearn import metrics

from serving.model import Model

from .config import EVALUATION, MODEL, PREPARED, Data, read_data, read_params, read_rows
from .task import BINARY, MULTICLASS, REGRESSION, rounded


def scores(labels: pd.Series, answers: np.ndarray, data: Data, threshold: float | None) -> dict[str, float]:
    """Return the task's mean loss first, then what else is usual for it."""
    measures = {BINARY: _of_event, MULTICLASS: _of_classes, REGRESSION: _of_values}[data.task.kind]
    loss = {data.task.loss_name: float(data.task.loss(answers, data.task.truth(labels)).mean())}
    found = loss | measures(labels, answers, data, threshold)
    digits = rounded if data.task.kind == REGRESSION else lambda number: round(float(number), 5)
    return {name: digits(value) for name, value in found.items()}


def _of_event(labels: pd.Series, answers: np.ndarray, data: Data, threshold: float | None) -> dict[str, float]:
    truth, called = data.task.truth(labels), answers >= (0.5 if threshold is None else threshold)
    return {
        "log_loss": metrics.log_loss(truth, answers, labels=[0, 1]),
        "auc": metrics.roc_auc_score(truth, answers),
        "precision": metrics.precision_score(truth, called, zero_division=0),
        "recall": metrics.recall_score(truth, called, zero_division=0),
    }


def _of_classes(labels: pd.Series, answers: np.ndarray, data: Data, threshold: float | None) -> dict[str, float]:
    codes, called = data.task.codes(labels), data.task.codes(pd.Series(data.task.decided(answers, threshold)))
    every = list(range(len(data.task.classes)))
    shares = answers / answers.sum(axis=1, keepdims=True)  # 32-bit probabilities add up to nearly 1
    return {
        "log_loss": metrics.log_loss(codes, shares, labels=every),
        "accuracy": metrics.accuracy_score(codes, called),
        "macro_f1": metrics.f1_score(codes, called, labels=every, average="macro", zero_division=0),
    }


def _of_values(labels: pd.Series, answers: np.ndarray, data: Data, _: float | None) -> dict[str, float]:
    truth = data.task.truth(labels)
    return {
        "rmse": metrics.root_mean_squared_error(truth, answers),
        "mae": metrics.mean_absolute_error(truth, answers),
        "r2": metrics.r2_score(truth, answers),
    }


def baseline(train: pd.DataFrame, holdout: pd.DataFrame, data: Data) -> np.ndarray:
    """Return for each holdout row the mean of the training rows with the same value of `baseline_by`, or of all."""
    truth = pd.DataFrame(data.task.truth(train[data.target]), index=train.index)
    overall = truth.mean()
    if data.baseline_by is None:
        answers = np.tile(overall.to_numpy(dtype=float), (len(holdout), 1))
    else:
        means = truth.groupby(train[data.baseline_by]).mean()
        answers = means.reindex(holdout[data.baseline_by]).fillna(overall).to_numpy(dtype=float)
    return answers if data.task.kind == MULTICLASS else answers[:, 0]


def rule(data: Data) -> str:
    """Return the baseline in words."""
    what = {BINARY: "share of events", MULTICLASS: "share of each class", REGRESSION: "mean"}[data.task.kind]
    return f"{what} by {data.baseline_by}" if data.baseline_by else f"{what} among the training rows"


def by_group(holdout: pd.DataFrame, answers: np.ndarray, data: Data, least: int) -> dict[str, Any]:
    """Return rows, what was observed and predicted, and mean loss for each value of each group column."""
    truth = data.task.truth(holdout[data.target])
    loss = data.task.loss(answers, truth)
    report: dict[str, Any] = {}
    for column in data.groups:
        for value, places in holdout.groupby(column).indices.items():
            if len(places) >= least:
                report.setdefault(column, {})[str(value)] = {
                    "rows": len(places),
                    **_seen(truth[places], answers[places], data),
                    data.task.loss_name: rounded(loss[places].mean()),
                }
    return report


def _seen(truth: np.ndarray, answers: np.ndarray, data: Data) -> dict[str, float]:
    if data.task.kind == MULTICLASS:
        return {"accuracy": round(float((truth.argmax(axis=1) == answers.argmax(axis=1)).mean()), 4)}
    digits = rounded if data.task.kind == REGRESSION else lambda number: round(float(number), 4)
    return {"observed": digits(truth.mean()), "predicted": digits(answers.mean())}


def evaluate(
    train: pd.DataFrame, holdout: pd.DataFrame, model: Model, data: Data, params: dict[str, Any]
) -> dict[str, Any]:
    """Return everything known about the model's quality; `beats_baseline` compares mean losses."""
    answers, threshold, loss = model.predict(holdout), params.get("threshold"), data.task.loss_name
    of_model = scores(holdout[data.target], answers, data, threshold)
    of_baseline = scores(holdout[data.target], baseline(train, holdout, data), data, threshold)
    return {
        **of_model,
        "n": len(holdout),
        "loss": loss,
        **({"threshold": threshold} if data.task.kind == BINARY else {}),
        "baseline": {"rule": rule(data), **of_baseline},
        "beats_baseline": of_model[loss] < of_baseline[loss],
        "groups": by_group(holdout, answers, data, params["min_group_rows"]),
    }


if __name__ == "__main__":
    data = read_data()
    train, holdout = (read_rows(PREPARED / f"{part}.csv", data) for part in ("train", "holdout"))
    report = evaluate(train, holdout, Model(MODEL, data), data, read_params()["evaluate"])
    EVALUATION.parent.mkdir(exist_ok=True)
    EVALUATION.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    loss = report["loss"]
    kept = "later rows" if data.time else "rows kept aside"
    print(f"{loss} {report[loss]} on {report['n']} {kept} (lower is better)")
    print(f"baseline ({report['baseline']['rule']}): {report['baseline'][loss]}")
    if not report["beats_baseline"]:
        raise SystemExit("the model is no better than the baseline; nothing is packaged")
