"""The result of a replay as plain data, in the shape of schemas/replay.schema.json."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from generator.replay.plan import BAD_RELEASE, BATCH_ROWS, CONCEPT, LABEL_DELAY, RENAMED, STREAMS, UNIT
from generator.replay.score import Deed, Score, median_of

KINDS = (BAD_RELEASE, RENAMED, UNIT, CONCEPT)


def document(
    scores: Sequence[Score], logs: Sequence[Sequence[Deed]], rates: dict[str, Any] | None, reaction: str
) -> dict[str, Any]:
    """Return everything a replay found; `logs` lie beside their scores."""
    return {
        "schema": 1,
        "reaction": reaction,
        "batch_rows": BATCH_ROWS,
        "label_delay": LABEL_DELAY,
        "streams": STREAMS,
        "levels": [_level(level, scores) for level in sorted({one.season.level for one in scores})],
        "seasons": [_season(one, log) for one, log in zip(scores, logs, strict=True)],
        "rates": rates,
    }


def _level(level: int, scores: Sequence[Score]) -> dict[str, Any]:
    own = [one for one in scores if one.season.level == level]
    return {
        "level": level,
        "seasons": len(own),
        "incidents": [_incident(kind, own) for kind in KINDS if any(_of(kind, one) for one in own)],
        "excess": _spread([one.excess for one in own]),
        "unanswered": _spread([one.unanswered for one in own]),
        "human_steps": _spread([one.human_steps for one in own]),
        "false_rollbacks": sum(one.false_rollbacks for one in own),
        "lead_seconds": _spread([one.lead_seconds for one in own]),
    }


def _incident(kind: str, own: Sequence[Score]) -> dict[str, Any]:
    outcomes = [outcome for one in own for outcome in _of(kind, one)]
    return {
        "kind": kind,
        "count": len(outcomes),
        "noticed": _spread([one.noticed for one in outcomes]),
        "recovered": _spread([one.recovered for one in outcomes]),
        "excess": _spread([one.excess for one in outcomes]),
        "missed": sum(one.noticed is None for one in outcomes),
    }


def _of(kind: str, one: Score) -> list[Any]:
    return [outcome for outcome in one.outcomes if outcome.incident.kind == kind]


def _spread(values: Sequence[float | None]) -> dict[str, float | None]:
    median, low, high = median_of(values)
    return {"median": median, "low": low, "high": high}


def _season(one: Score, log: Sequence[Deed]) -> dict[str, Any]:
    batches = [deed for deed in log if deed["deed"] == "batch"]
    return {
        "level": one.season.level,
        "seed": one.season.seed,
        "batches": one.season.batches,
        "incidents": [asdict(incident) for incident in one.season.incidents],
        "excess": [round(deed["loss"] - deed["usual"], 2) for deed in batches],
        "answered": [deed["answered"] for deed in batches],
        "deeds": [
            {"batch": deed["batch"], "deed": deed["deed"], "by": deed.get("by", "system"), "text": deed.get("text", "")}
            for deed in log
            if deed["deed"] not in ("batch", "end")
        ],
    }
