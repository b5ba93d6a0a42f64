"""What kind of answer the model gives and how far it is from the truth; no other module asks which kind it is.

Every task is judged by squared error: of probabilities its mean is the Brier score, of values the mean squared error.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd  # the server answers without it

BINARY = "binary"
MULTICLASS = "multiclass"
REGRESSION = "regression"


@dataclass(frozen=True, kw_only=True)
class Task:
    """One of the three kinds; `classes` are the labels as the data writes them, of two the last is the event."""

    kind: str
    classes: tuple[str | int, ...] = ()

    def __post_init__(self) -> None:
        """Refuse classes that do not fit the kind."""
        fitting = {BINARY: len(self.classes) == 2, MULTICLASS: len(self.classes) > 2, REGRESSION: not self.classes}
        if not fitting.get(self.kind, False):
            raise SystemExit(
                f"data.toml: [task] kind is {self.kind!r} with {len(self.classes)} classes; "
                "binary has two, multiclass more, regression none"
            )

    @property
    def loss_name(self) -> str:
        """What the mean loss is called."""
        return "mse" if self.kind == REGRESSION else "brier"

    def truth(self, labels: pd.Series) -> np.ndarray:
        """Return what a perfect model would answer: the value, 1 for the event, or 1 in the column of the class."""
        if self.kind == REGRESSION:
            return labels.to_numpy(dtype=float)
        codes = self.codes(labels)
        return codes.astype(float) if self.kind == BINARY else np.eye(len(self.classes))[codes]

    def codes(self, labels: pd.Series) -> np.ndarray:
        """Return the place of each label among the classes."""
        return labels.map({label: place for place, label in enumerate(self.classes)}).to_numpy(dtype=int)

    def loss(self, answers: np.ndarray, truth: np.ndarray) -> np.ndarray:
        """Return the squared error of each row, of several classes the sum."""
        squared = np.asarray((answers - truth) ** 2)
        return squared if squared.ndim == 1 else squared.sum(axis=1)

    def decided(self, answers: np.ndarray, threshold: float | None) -> list[str | int] | None:
        """Return the label of each row: the event from `threshold` on, or the likeliest class; None for values."""
        if self.kind == REGRESSION:
            return None
        places = answers >= (0.5 if threshold is None else threshold) if self.kind == BINARY else answers.argmax(axis=1)
        return [self.classes[int(place)] for place in places]

    def told(self, answers: np.ndarray, threshold: float | None) -> list[dict[str, Any]]:
        """Return each row's answer as callers get it: a value, a probability and label, or all probabilities."""
        if self.kind == REGRESSION:
            return [{"value": float(f"{value:.6g}")} for value in answers]
        labels = self.decided(answers, threshold) or []
        if self.kind == BINARY:
            pairs = zip(answers, labels, strict=True)
            return [{"probability": round(float(p), 6), "label": label} for p, label in pairs]
        named = [
            {str(label): round(float(p), 6) for label, p in zip(self.classes, row, strict=True)} for row in answers
        ]
        return [{"probabilities": row, "label": label} for row, label in zip(named, labels, strict=True)]

    def sound(self, answer: dict[str, Any]) -> bool:
        """Return whether an answer, as callers get it, can be one: a finite value, or probabilities from 0 to 1."""
        if self.kind == REGRESSION:
            return bool(np.isfinite(answer["value"]))
        told = answer["probabilities"].values() if self.kind == MULTICLASS else [answer["probability"]]
        return all(0 <= p <= 1 for p in told)

    def summary(self, labels: pd.Series) -> dict[str, float]:
        """Return the share of each class, or the mean and the limits of the values."""
        if self.kind == REGRESSION:
            return {"mean": rounded(labels.mean()), "min": rounded(labels.min()), "max": rounded(labels.max())}
        shares = labels.value_counts(normalize=True)
        return {str(label): round(float(shares.get(label, 0.0)), 4) for label in self.classes}


def rounded(number: float) -> float:
    """Return a number in whatever unit, to six digits that say something."""
    return float(f"{number:.6g}")
