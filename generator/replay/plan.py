"""What is played: seasons with seeded incidents, and the scripted person's reaction time, all fixed before a run."""

from __future__ import annotations

import random
from dataclasses import dataclass

BAD_RELEASE, RENAMED, UNIT, CONCEPT = "bad release", "renamed", "unit", "concept"
REACTIONS = {"hour": 1 / 24, "day": 1.0, "week": 7.0}
"""Days from seeing that something is wrong to acting."""

BATCH_ROWS, LABEL_DELAY = 100, 3
QUICK_BATCHES, FULL_BATCHES, FULL_SEEDS = 40, 60, 20
CALM_EVERY = 5
"""Every fifth season of a full run has no incident: what is rolled back there is rolled back by mistake."""

STREAMS = {
    "train": "shipped flights, January to August 2013",
    "tune": "weeks of May to August, on a model trained until April",
    "test": "shipped flights, September to December 2013, and a synthetic stream",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Incident:
    """Something that goes wrong from batch `begin` until before `end`; `size` is its strength."""

    kind: str
    begin: int
    end: int
    size: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Season:
    """One run of the stream at one level."""

    level: int
    seed: int
    reaction: str
    batches: int
    incidents: tuple[Incident, ...]


def incidents(seed: int, batches: int, *, ladder: bool) -> tuple[Incident, ...]:
    """Return a season's incidents; `ladder` draws their sizes from a ladder instead of taking the large ones."""
    if ladder and seed % CALM_EVERY == CALM_EVERY - 1:
        return ()
    draw = random.Random(seed)  # noqa: S311 - a season, not a secret
    shift = draw.randint(0, 2)
    unit = draw.choice((1.1, 10.0, 1000.0)) if ladder else 1000.0
    concept = draw.choice((0.1, 0.3, 0.6, 0.85)) if ladder else 0.85
    return (
        Incident(kind=BAD_RELEASE, begin=4 + shift, end=14 + shift, size=1.0),
        Incident(kind=RENAMED, begin=16 + shift, end=17 + shift, size=1.0),
        Incident(kind=UNIT, begin=19 + shift, end=20 + shift, size=unit),
        Incident(kind=CONCEPT, begin=23 + shift, end=batches, size=concept),
    )


def seasons(levels: tuple[int, ...], seed: int, reaction: str, *, full: bool) -> tuple[Season, ...]:
    """Return every season of a run, level by level."""
    batches, seeds = (FULL_BATCHES, FULL_SEEDS) if full else (QUICK_BATCHES, 1)
    return tuple(
        Season(
            level=level,
            seed=one,
            reaction=reaction,
            batches=batches,
            incidents=incidents(one, batches, ladder=full),
        )
        for level in levels
        for one in range(seed, seed + seeds)
    )
