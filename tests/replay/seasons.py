"""Small logs, as a season leaves them."""

from __future__ import annotations

from generator.replay.plan import BAD_RELEASE, CONCEPT, RENAMED, Incident, Season
from generator.replay.score import Deed

SEASON = Season(
    level=3,
    seed=1,
    reaction="day",
    batches=12,
    incidents=(
        Incident(kind=BAD_RELEASE, begin=2, end=6, size=1.0),
        Incident(kind=RENAMED, begin=7, end=8, size=1.0),
        Incident(kind=CONCEPT, begin=9, end=12, size=0.4),
    ),
)


def batch(number: int, releases: dict[str, int], loss: float = 10.0, answered: int = 100) -> Deed:
    return {
        "batch": number,
        "deed": "batch",
        "rows": 100,
        "answered": answered,
        "loss": loss,
        "usual": 10.0,
        "releases": releases,
    }


def log() -> list[Deed]:
    """The bad release answers a share for two batches; a batch is refused; a new release follows the change."""
    good, mixed, newer = {"a": 100}, {"a": 70, "bad": 30}, {"c": 100}
    batches = [batch(number, good) for number in (0, 1)]
    batches += [batch(2, mixed, 14.0), batch(3, mixed, 16.0), *(batch(number, good) for number in (4, 5, 6))]
    batches += [batch(7, {}, 0.0, answered=0), batch(8, good), batch(9, good, 20.0), batch(10, good, 20.0)]
    batches += [batch(11, newer, 12.0)]
    deeds: list[Deed] = [
        {"batch": 0, "deed": "first release", "seconds": 9.5},
        {"batch": 4, "deed": "rollback", "by": "monitor", "text": "canary <bad> rolled back"},
        {"batch": 7, "deed": "contract", "by": "monitor", "text": "quarantined"},
        {"batch": 10, "deed": "quality", "by": "monitor", "text": "lost"},
        {"batch": 11, "deed": "released", "by": "person", "steps": 3},
        {"batch": 11, "deed": "end", "human_steps": 3},
    ]
    return [*batches, *deeds]
