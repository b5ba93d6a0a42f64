"""Many results to trends, teams side by side and an organization's spread; no comparison across versions, no mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from statistics import quantiles

from generator.model.assessment import LEVELS
from generator.model.history import Break, Point, Portfolio, Rollup, Spread, Standing, Trend, Unread

Subject = tuple[str | None, str | None]


def portfolio_of(
    points: Iterable[Point], unread: Sequence[Unread], *, bank_version: str, scoring_version: str
) -> Portfolio:
    """Return what the points come to under the versions of this ladder; their order does not matter."""
    trends = tuple(_trend(subject, group) for subject, group in sorted(_by_subject(points).items(), key=_named))
    standings = tuple(_standing(trend) for trend in trends)
    current = (bank_version, scoring_version)
    fits = [one.latest.level is not None and _versions(one.latest) == current for one in standings]
    return Portfolio(
        bank_version=bank_version,
        scoring_version=scoring_version,
        files=sum(len(point.files) for trend in trends for point in trend.points) + len(unread),
        trends=trends,
        standings=standings,
        rollups=tuple(_rollups(one for one, fit in zip(standings, fits, strict=True) if fit)),
        incomparable=tuple(one.latest for one, fit in zip(standings, fits, strict=True) if not fit),
        unread=tuple(sorted(unread, key=lambda one: one.file)),
    )


def spread_of(values: Sequence[float], *, levels: bool = False) -> Spread:
    """Return the five numbers of one or more values, and with `levels` how many there are at each level."""
    ordered = sorted(values)
    low, middle, high = quantiles(ordered, n=4, method="inclusive") if len(ordered) > 1 else ordered * 3
    return Spread(
        count=len(ordered),
        minimum=ordered[0],
        lower_quartile=low,
        median=middle,
        upper_quartile=high,
        maximum=ordered[-1],
        levels={level: ordered.count(level) for level in LEVELS} if levels else {},
    )


def _by_subject(points: Iterable[Point]) -> dict[Subject, list[Point]]:
    groups: dict[Subject, list[Point]] = {}
    for point in points:
        groups.setdefault((point.organization, point.team), []).append(point)
    return groups


def _named(entry: tuple[Subject, list[Point]]) -> tuple[str, str]:
    (organization, team), _ = entry
    return organization or "", team or ""


def _trend(subject: Subject, points: list[Point]) -> Trend:
    ordered = tuple(sorted(points, key=lambda point: (point.date or "", point.source, point.files)))
    return Trend(organization=subject[0], team=subject[1], points=ordered, breaks=tuple(_breaks(ordered)))


def _breaks(points: Sequence[Point]) -> Iterator[Break]:
    for index, (before, after) in enumerate(pairwise(points), 1):
        if before.bank_version != after.bank_version:
            yield Break(index=index, what="bank", old=before.bank_version, new=after.bank_version)
        if before.scoring_version != after.scoring_version:
            yield Break(index=index, what="scoring", old=before.scoring_version, new=after.scoring_version)


def _standing(trend: Trend) -> Standing:
    latest, moved = trend.points[-1], None
    if len(trend.points) > 1 and not any(mark.index == len(trend.points) - 1 for mark in trend.breaks):
        before = trend.points[-2]
        moved = None if latest.level is None or before.level is None else latest.level - before.level
    return Standing(organization=trend.organization, team=trend.team, latest=latest, moved=moved)


def _versions(point: Point) -> tuple[str, str | None]:
    return point.bank_version, point.scoring_version


def _rollups(standings: Iterable[Standing]) -> Iterator[Rollup]:
    groups: dict[str | None, list[Point]] = {}
    for standing in standings:
        groups.setdefault(standing.organization, []).append(standing.latest)
    for organization, points in sorted(groups.items(), key=lambda entry: entry[0] or ""):
        yield _rollup(organization, points)


def _rollup(organization: str | None, points: Sequence[Point]) -> Rollup:
    levels = [point.level for point in points if point.level is not None]
    gaps = [point.level - point.target for point in points if point.level is not None and point.target is not None]
    names = sorted({name for point in points for name in point.dimensions})
    scores = {name: [score for point in points if (score := point.dimensions.get(name)) is not None] for name in names}
    return Rollup(
        organization=organization,
        teams=len(points),
        levels=spread_of(levels, levels=True) if levels else None,
        dimensions={name: spread_of(values) for name, values in scores.items() if values},
        below_target=sum(gap < 0 for gap in gaps),
        at_target=sum(gap == 0 for gap in gaps),
        above_target=sum(gap > 0 for gap in gaps),
    )
