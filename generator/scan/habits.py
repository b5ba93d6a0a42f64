"""What code does without a library to tell it by: judged from its comparisons and calls, never from its file name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from generator.model.scan import Act, Comparison, Module

WORD = r"(?:^|[._])(?:{})(?=[._\d]|$)"
METRIC = re.compile(
    WORD.format(
        "acc|accuracy|auc|roc_auc|f1|f1_score|precision|recall|rmse|mse|mae|mape|r2|r2_score|brier|log_loss|logloss|loss"
        "|score|perplexity|bleu|rouge|map50|iou|gain|metrics?"
    ),
    re.IGNORECASE,
)
LIMIT = re.compile(
    WORD.format("thresholds?|limits?|min|minimum|max|maximum|floor|target|required|margin|acceptable|cutoff"),
    re.IGNORECASE,
)
RIVAL = re.compile(
    WORD.format("champion|production|prod|current|deployed|previous|baseline|incumbent|best|old|latest|serving"),
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Habit:
    """Something a module does, and the line that shows it."""

    act: Act
    line: int
    what: str


def habits(module: Module) -> Iterator[Habit]:
    """Yield what the structure of `module` shows."""
    for comparison in module.comparisons:
        act = compares(comparison)
        if act:
            yield Habit(act=act, line=comparison.line, what=f"{comparison.left} / {comparison.right}")


def compares(comparison: Comparison) -> Act | None:
    """Return whether a comparison holds a metric against a limit or against the model that serves."""
    sides = (comparison.left, comparison.right)
    if not any(METRIC.search(side) for side in sides):
        return None
    if any(RIVAL.search(side) for side in sides):
        return Act.COMPARES
    if any(LIMIT.search(side) or re.fullmatch(r"=-?[\d.e-]+", side) for side in sides):
        return Act.GATES
    return None
