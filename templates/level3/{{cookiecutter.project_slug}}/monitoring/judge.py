"""What labelled rows say about a canary and about a champion: numbers in, numbers and a verdict out, no moves.

Verdicts on a canary: promote, roll back, give up, hold. Too little data, or none, is hold: neither good nor bad.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from . import evidence
from .settings import Canary, Champion

HOLD, PROMOTE, ROLL_BACK, GIVE_UP = "hold", "promoted", "rolled back", "no evidence in time"
KEPT, LOST = "as promised", "lost quality"


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What follows, and every number that was held against a limit."""

    word: str
    numbers: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Promise:
    """What a release's evaluation measured: the mean loss of so many rows."""

    brier: float
    rows: int


def usable(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the labelled rows whose two probabilities are numbers from 0 to 1; the rest is no data."""
    sound = pd.Series(True, index=rows.index)
    for name in ("probability", "champion_probability"):
        sound &= pd.to_numeric(rows[name], errors="coerce").between(0.0, 1.0)
    return rows[sound]


def judge_canary(rows: pd.DataFrame, asked: int, limits: Canary) -> Verdict:
    """Judge a canary on the labelled rows it answered beside the champion; `asked` rows came since it started."""
    sound = usable(rows)
    block = evidence.blocks(sound["day"].to_numpy())
    whole = evidence.closed(block)
    sound, block = sound[whole], block[whole]
    truth, ours, theirs = (
        sound[name].to_numpy(dtype=float) for name in ("label", "probability", "champion_probability")
    )
    against = evidence.worse(ours, theirs, truth, block, tolerance=limits.tolerance, alike=limits.alike)
    favour = evidence.not_worse(ours, theirs, truth, block, tolerance=limits.margin, alike=limits.alike)
    numbers = {
        "rows": len(sound),
        "rows_unusable": len(rows) - len(usable(rows)),
        "rows_asked": asked,
        "blocks": int(block[-1]) + 1 if len(block) else 0,
        "canary_brier": mean((ours - truth) ** 2),
        "champion_brier": mean((theirs - truth) ** 2),
        "evidence_worse": round(float(against.max(initial=1.0)), 3),
        "evidence_not_worse": round(float(favour.max(initial=1.0)), 3),
        "needed": 1 / limits.alpha,
        "tolerance": limits.tolerance,
        "margin": limits.margin,
        "alike": limits.alike,
    }
    return Verdict(word=_word(numbers, limits), numbers=numbers)


def _word(numbers: dict[str, Any], limits: Canary) -> str:
    if numbers["evidence_worse"] >= numbers["needed"]:
        return ROLL_BACK
    if numbers["evidence_not_worse"] >= numbers["needed"] and numbers["rows"] >= limits.least_rows:
        return PROMOTE
    if numbers["rows"] >= limits.most_rows or numbers["rows_asked"] >= limits.most_rows_asked:
        return GIVE_UP
    return HOLD


def judge_champion(rows: pd.DataFrame, promise: Promise, limits: Champion) -> Verdict:
    """Judge a champion on the labelled rows since its promotion, whoever answered them."""
    sound = usable(rows.assign(probability=rows["champion_probability"]))
    block = evidence.blocks(sound["day"].to_numpy())
    whole = evidence.closed(block)
    sound, block = sound[whole], block[whole]
    loss = (sound["champion_probability"].to_numpy(dtype=float) - sound["label"].to_numpy(dtype=float)) ** 2
    count = int(block[-1]) + 1 if len(block) else 0
    promised = evidence.promised(
        promise.brier,
        promise.rows,
        tolerance=limits.tolerance,
        alike=limits.alike,
        block_rows=len(block) / max(count, 1),
    )
    detector = evidence.lost_quality(loss, block, promised=promised, alike=limits.alike)
    crossed = np.flatnonzero(detector >= 1 / limits.alpha)
    numbers = {
        "rows": len(sound),
        "rows_unusable": len(rows) - int(np.isfinite(rows["champion_probability"].to_numpy(dtype=float)).sum()),
        "blocks": count,
        "brier": mean(loss),
        "newest_brier": mean(loss[-200:]),
        "promised": round(promised, 4),
        "evidence": round(float(detector.max(initial=0.0)), 3),
        "needed": 1 / limits.alpha,
        "alike": limits.alike,
        "first_at_row": int(np.flatnonzero(block == crossed[0])[-1]) if len(crossed) else None,
    }
    return Verdict(word=LOST if len(crossed) else KEPT, numbers=numbers)


def mean(values: np.ndarray) -> float | None:
    """Return the mean, rounded for people; None of nothing."""
    return round(float(values.mean()), 4) if len(values) else None
