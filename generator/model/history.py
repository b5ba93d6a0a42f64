"""Nouns of many results: trends of a team over time, teams side by side, an organization's spread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Point:
    """One result of one team on one day (ISO; None where the file has no date).

    `source` is answers (scored now) or stored (a saved `score --json`, as it was scored then). `files` are several
    where several respondents answered on that day. An answers file of another bank cannot be scored: `level`,
    `interval`, `target` and `evidenced_level` are None and `dimensions` is empty.
    """

    files: tuple[str, ...]
    source: str
    organization: str | None
    team: str | None
    date: str | None
    bank_version: str
    scoring_version: str | None
    level: int | None
    interval: tuple[int, int] | None
    target: int | None
    evidenced_level: int | None
    dimensions: Mapping[str, float | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """Between points `index` - 1 and `index` of a trend `what` (bank or scoring) changed: they do not compare."""

    index: int
    what: str
    old: str | None
    new: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Trend:
    """One team's points, oldest first, with a mark wherever a comparison would be silent nonsense."""

    organization: str | None
    team: str | None
    points: tuple[Point, ...]
    breaks: tuple[Break, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How values lie: five numbers (quartiles by linear interpolation) and, for levels, how many at each; no mean."""

    count: int
    minimum: float
    lower_quartile: float
    median: float
    upper_quartile: float
    maximum: float
    levels: Mapping[int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """A team's latest point, and by how many levels it moved since the point before (None: none, or no comparison)."""

    organization: str | None
    team: str | None
    latest: Point
    moved: int | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rollup:
    """An organization: its teams' latest comparable results as a spread, and how many are at their own target."""

    organization: str | None
    teams: int
    levels: Spread | None
    dimensions: Mapping[str, Spread]
    below_target: int
    at_target: int
    above_target: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Unread:
    """A file that could not be read, with the one-line reason (file, line, what to do)."""

    file: str
    problem: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Portfolio:
    """Everything many files say: trends, teams side by side, one roll-up an organization, what was left out and why.

    `incomparable` are latest points of another bank or scoring version than this ladder's: they are in no roll-up.
    """

    bank_version: str
    scoring_version: str
    files: int
    trends: tuple[Trend, ...]
    standings: tuple[Standing, ...]
    rollups: tuple[Rollup, ...]
    incomparable: tuple[Point, ...]
    unread: tuple[Unread, ...]
