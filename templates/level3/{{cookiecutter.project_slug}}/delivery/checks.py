"""What a release must reach: each condition is one check, with the number that decides and its limit."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

from pipeline.config import Data
from pipeline.evaluate import baseline
from serving.loaded import Loaded

from .compare import paired_difference, worst_group


@dataclass(frozen=True, kw_only=True)
class Check:
    """One condition of a release; `value` is held against `limit`, `detail` says what else was seen."""

    name: str
    passed: bool
    value: float | str | None
    limit: float | str | None
    detail: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Holdout:
    """The rows both models are judged on, later than anything they were trained on."""

    train: pd.DataFrame
    rows: pd.DataFrame
    data: Data

    @property
    def truth(self) -> np.ndarray:
        """What happened, 0 or 1."""
        return self.rows[self.data.target].to_numpy(dtype=float)

    @property
    def days(self) -> np.ndarray:
        """The day of each row."""
        return self.rows[self.data.time].to_numpy(dtype="datetime64[D]")

    def loss(self, probability: np.ndarray) -> np.ndarray:
        """Return the squared error of each row; its mean is the Brier score."""
        return np.asarray((probability - self.truth) ** 2)


def absolute_checks(candidate: Loaded, holdout: Holdout, limits: dict[str, Any]) -> list[Check]:
    """Return what every release must reach, whoever serves now."""
    probability = candidate.model.probabilities(holdout.rows)
    auc = float(roc_auc_score(holdout.truth, probability))
    brier = float(holdout.loss(probability).mean())
    of_baseline = float(holdout.loss(baseline(holdout.train, holdout.rows, holdout.data)).mean())
    gain = of_baseline - brier
    return [
        Check(name="auc", passed=auc >= limits["auc"], value=auc, limit=limits["auc"], detail={}),
        Check(
            name="gain over the baseline",
            passed=gain >= limits["gain"],
            value=gain,
            limit=limits["gain"],
            detail={"brier": brier, "baseline": of_baseline},
        ),
    ]


def champion_checks(candidate: Loaded, champion: Loaded, holdout: Holdout, settings: dict[str, Any]) -> list[Check]:
    """Return whether the candidate is not worse than the champion, overall and in each group."""
    ours, theirs = (holdout.loss(loaded.model.probabilities(holdout.rows)) for loaded in (candidate, champion))
    rule, groups = settings["champion"], settings["groups"]
    difference = paired_difference(
        ours,
        theirs,
        holdout.days,
        resamples=rule["resamples"],
        confidence=rule["confidence"],
        seed=rule["seed"],
    )
    worst = worst_group(ours, theirs, holdout.rows, holdout.data.groups, groups["least_rows"])
    return [
        Check(
            name="not worse than the champion",
            passed=difference.high <= rule["margin"],
            value=difference.high,
            limit=rule["margin"],
            detail={
                "candidate": float(ours.mean()),
                "champion": float(theirs.mean()),
                **asdict(difference),
            },
        ),
        Check(
            name="worst group",
            passed=worst is None or worst[1] <= groups["margin"],
            value=worst[1] if worst else None,
            limit=groups["margin"],
            detail={"group": worst[0] if worst else "none is large enough"},
        ),
    ]


def unseen_check(judged: list[Loaded], holdout: Holdout) -> Check:
    """Return whether no model was trained on rows of the holdout; it would win by memory."""
    begins = str(holdout.rows[holdout.data.time].min())
    until = {loaded.release: str(loaded.manifest["params"]["split"]["train_until"]) for loaded in judged}
    latest = max(until.values())
    passed = pd.Timestamp(latest) <= pd.Timestamp(begins)
    return Check(name="holdout unseen", passed=passed, value=latest, limit=begins, detail={"train_until": until})


def latency_check(candidate: Loaded, holdout: Holdout, limits: dict[str, Any]) -> Check:
    """Return whether a request of one row, checked against the contract, is answered in time."""
    rows = holdout.rows[list(candidate.data.features)].head(limits["calls"])
    times = [_milliseconds(candidate, row) for row in json.loads(rows.to_json(orient="records"))]
    p95 = float(np.quantile(times, 0.95))
    return Check(name="latency", passed=p95 <= limits["p95_ms"], value=p95, limit=limits["p95_ms"], detail={})


def decide(candidate: Loaded, champion: Loaded | None, holdout: Holdout, settings: dict[str, Any]) -> list[Check]:
    """Return every check of the candidate; it may be released when all passed."""
    checks = [
        unseen_check([candidate] + ([champion] if champion else []), holdout),
        *absolute_checks(candidate, holdout, settings["absolute"]),
        latency_check(candidate, holdout, settings["latency"]),
    ]
    return checks + (champion_checks(candidate, champion, holdout, settings) if champion else [])


def _milliseconds(candidate: Loaded, row: dict[str, Any]) -> float:
    start = time.perf_counter()
    candidate.predict([row])
    return (time.perf_counter() - start) * 1000
