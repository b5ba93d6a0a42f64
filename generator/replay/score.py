"""From the log of a season to what it cost: who noticed what when, what was served, what people had to do."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from generator.replay.plan import BAD_RELEASE, CONCEPT, RENAMED, UNIT, Incident, Season

Deed = dict[str, Any]
NOTICED = {
    BAD_RELEASE: ("rollback", "noticed", "page"),
    RENAMED: ("contract",),
    UNIT: ("contract",),
    CONCEPT: ("quality", "rollback", "noticed"),
}
BACK = ("rollback", "went back")


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """One incident: batches until noticed and until over (None: never), and the loss served beyond the usual."""

    incident: Incident
    noticed: int | None
    recovered: int | None
    excess: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """One season: its incidents, and the totals."""

    season: Season
    outcomes: tuple[Outcome, ...]
    excess: float
    unanswered: int
    human_steps: int
    false_rollbacks: int
    lead_seconds: float | None


def score(season: Season, log: Sequence[Deed]) -> Score:
    """Return what the season cost."""
    batches = [deed for deed in log if deed["deed"] == "batch"]
    deeds = [deed for deed in log if deed["deed"] != "batch"]
    outcomes = tuple(_outcome(one, batches, deeds) for one in season.incidents)
    first = [deed["seconds"] for deed in deeds if deed["deed"] == "first release"]
    return Score(
        season=season,
        outcomes=outcomes,
        excess=round(sum(one.excess for one in outcomes), 2),
        unanswered=sum(deed["rows"] - deed["answered"] for deed in batches),
        human_steps=sum(deed.get("steps", 0) for deed in deeds),
        false_rollbacks=sum(1 for deed in deeds if deed["deed"] in BACK and not _excused(deed, season)),
        lead_seconds=first[0] if first else None,
    )


def _excused(deed: Deed, season: Season) -> bool:
    """Return whether a harmful incident was on, or had been until its last labels came."""
    return any(
        one.begin <= deed["batch"] <= one.end + 4 for one in season.incidents if one.kind in (BAD_RELEASE, CONCEPT)
    )


def _outcome(incident: Incident, batches: list[Deed], deeds: list[Deed]) -> Outcome:
    during = [deed for deed in batches if incident.begin <= deed["batch"] < incident.end]
    noticed = _first(
        deed["batch"]
        for deed in deeds
        if deed["deed"] in NOTICED[incident.kind] and incident.begin <= deed["batch"] <= incident.end + 4
    )
    if incident.kind in (RENAMED, UNIT):
        refused = _first(deed["batch"] for deed in during if deed["answered"] < deed["rows"])
        noticed = refused if noticed is None else noticed
        recovered: int | None = incident.end
    else:
        recovered = _changed_hands(incident, batches)
    return Outcome(
        incident=incident,
        noticed=None if noticed is None else noticed - incident.begin,
        recovered=None if recovered is None else recovered - incident.begin,
        excess=round(sum(deed["loss"] - deed["usual"] for deed in during), 2),
    )


def _changed_hands(incident: Incident, batches: list[Deed]) -> int | None:
    """Return the batch from which what answered is right again.

    A bad release is over when it answers no row any more; a changed world when a release made since answers all
    rows, not one that was gone back to.
    """
    before = [set(deed["releases"]) for deed in batches if deed["batch"] < incident.begin]
    known = set().union(*before) if before else set()
    during = [deed for deed in batches if incident.begin <= deed["batch"]]
    if incident.kind == BAD_RELEASE:
        newcomers = [deed for deed in during if set(deed["releases"]) - known]
        if not newcomers:
            return incident.begin
        bad = (set(newcomers[0]["releases"]) - known).pop()
        return _first(
            deed["batch"] for deed in during if deed["batch"] > newcomers[0]["batch"] and bad not in deed["releases"]
        )
    return _first(deed["batch"] for deed in during if deed["releases"] and not set(deed["releases"]) & known)


def _first(batches: Iterable[int]) -> int | None:
    return min(batches, default=None)


def median_of(values: Sequence[float | None]) -> tuple[float | None, float | None, float | None]:
    """Return median, and a 95 % interval of it by order statistics; what never happened counts as infinite."""
    if not values:
        return None, None, None
    ordered = sorted(float("inf") if value is None else float(value) for value in values)
    count = len(ordered)
    reach = round(0.98 * count**0.5)  # 1.96 standard deviations of a binomial with one half
    low, high = ordered[max(0, count // 2 - reach)], ordered[min(count - 1, (count - 1) // 2 + reach)]
    middle = statistics.median(ordered)
    finite = [value if value != float("inf") else None for value in (middle, low, high)]
    return finite[0], finite[1], finite[2]
