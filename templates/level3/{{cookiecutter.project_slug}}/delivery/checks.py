"""What a release must reach: each condition is one check, with the number that decides and its limit."""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import pandas as pd

from pipeline.config import Data
from pipeline.evaluate import baseline, scores
from pipeline.prepare import place
from serving.loaded import Loaded

from .compare import paired_difference, worst_group

GAIN = "gain"
UNSEEN = "holdout unseen"


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
    """The rows both models are judged on; neither was trained on any of them."""

    train: pd.DataFrame
    rows: pd.DataFrame
    data: Data

    @property
    def truth(self) -> np.ndarray:
        """What a perfect model would have answered."""
        return self.data.task.truth(self.rows[self.data.target])

    @property
    def days(self) -> np.ndarray:
        """The day of each row; without a time each row is one of its own."""
        if self.data.time is None:
            return np.arange(len(self.rows))
        return self.rows[self.data.time].to_numpy(dtype="datetime64[D]")

    @property
    def of_baseline(self) -> float:
        """The baseline's mean loss, the unit that every limit on a loss is a share of."""
        return float(self.loss(baseline(self.train, self.rows, self.data)).mean())

    def loss(self, answers: np.ndarray) -> np.ndarray:
        """Return the squared error of each row."""
        return self.data.task.loss(answers, self.truth)


def absolute_checks(candidate: Loaded, holdout: Holdout, limits: dict[str, Any]) -> list[Check]:
    """Return what every release must reach, whoever serves now."""
    answers = candidate.model.predict(holdout.rows)
    reached = scores(holdout.rows[holdout.data.target], answers, holdout.data, candidate.threshold)
    loss, of_baseline = float(holdout.loss(answers).mean()), holdout.of_baseline
    gain = 1 - loss / of_baseline if of_baseline else 0.0
    return [
        *(
            Check(name=name, passed=reached[name] >= limit, value=reached[name], limit=limit, detail={})
            for name, limit in limits.items()
            if name != GAIN
        ),
        Check(
            name="gain over the baseline",
            passed=gain >= limits[GAIN],
            value=gain,
            limit=limits[GAIN],
            detail={holdout.data.task.loss_name: loss, "baseline": of_baseline},
        ),
    ]


def champion_checks(candidate: Loaded, champion: Loaded, holdout: Holdout, settings: dict[str, Any]) -> list[Check]:
    """Return whether the candidate is not worse than the champion, overall and in each group."""
    ours, theirs = (holdout.loss(loaded.model.predict(holdout.rows)) for loaded in (candidate, champion))
    rule, groups = settings["champion"], settings["groups"]
    margin, in_group = (part["margin"] * holdout.of_baseline for part in (rule, groups))
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
            passed=difference.high <= margin,
            value=difference.high,
            limit=margin,
            detail={
                "candidate": float(ours.mean()),
                "champion": float(theirs.mean()),
                **asdict(difference),
            },
        ),
        Check(
            name="worst group",
            passed=worst is None or worst[1] <= in_group,
            value=worst[1] if worst else None,
            limit=in_group,
            detail={"group": worst[0] if worst else "none is large enough"},
        ),
    ]


def unseen_check(judged: list[Loaded], holdout: Holdout) -> Check:
    """Return whether no model was trained on rows of the holdout; it would win by memory."""
    splits = {loaded.release: loaded.manifest["params"]["split"] for loaded in judged}
    if holdout.data.time is None:  # ids below a share are kept aside, so a larger share holds every smaller one
        needed = float(holdout.rows[holdout.data.id].map(place).max())
        share = min(split.get("holdout_share", 0.0) for split in splits.values())
        return Check(name=UNSEEN, passed=share > needed, value=share, limit=needed, detail={"split": splits})
    begins = str(holdout.rows[holdout.data.time].min())
    latest = max(str(split.get("train_until", pd.Timestamp.max)) for split in splits.values())
    passed = pd.Timestamp(latest) <= pd.Timestamp(begins)
    return Check(name=UNSEEN, passed=passed, value=latest, limit=begins, detail={"split": splits})


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
