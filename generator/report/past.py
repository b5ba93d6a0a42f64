"""Many results to one view: teams side by side, their trends, and how an organization's results lie; never a mean."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from generator.model.assessment import Bank
from generator.model.history import Point, Portfolio, Rollup, Spread, Standing, Trend
from generator.report.view import (
    Block,
    Bullets,
    Cell,
    Figure,
    Figures,
    Lines,
    Prose,
    Section,
    Series,
    Table,
    Tone,
    View,
    row,
)
from generator.report.words import day, spoken
from generator.text import language, say

MOST_TRENDS = 40
"""Trends drawn and listed one by one; a reader of more takes the JSON."""
NUMBERS = ("minimum", "lower_quartile", "median", "upper_quartile", "maximum")


def to_past(bank: Bank, portfolio: Portfolio, ladder: str) -> View:
    """Return the document of a portfolio; `ladder` is our own version."""
    versions = {"bank": portfolio.bank_version, "scoring": portfolio.scoring_version, "ladder": ladder}
    names = sorted({one.organization for one in portfolio.standings if one.organization})
    subtitle = names[0] if len(names) == 1 else say("report.portfolio", count=len(portfolio.standings))
    sections = [
        _summary(portfolio),
        *(_rollup(bank, rollup, place) for place, rollup in enumerate(portfolio.rollups, 1)),
        _teams(bank, portfolio.standings),
        *_trends(portfolio.trends),
        *_left_out(portfolio),
    ]
    return View(
        language=language(),
        title=say("report.title"),
        subtitle=subtitle,
        facts=((say("report.versions"), say("report.versions-value", **versions)),),
        sections=tuple(sections),
        footer=say("report.footer", **versions),
    )


def called(organization: str | None, team: str | None) -> str:
    """Return what a team is called."""
    return say("score.comma").join(name for name in (organization, team) if name) or say("report.nobody")


def _summary(portfolio: Portfolio) -> Section:
    below, at, above = (
        sum(getattr(rollup, f"{state}_target") for rollup in portfolio.rollups) for state in ("below", "at", "above")
    )
    out = len(portfolio.incomparable) + len(portfolio.unread)
    items = (
        Figure(label=say("report.rollup-head-count"), value=str(len(portfolio.standings))),
        Figure(label=say("report.files-read"), value=str(portfolio.files)),
        Figure(label=say("report.at-or-above"), value=str(at + above), tone=Tone.GOOD),
        Figure(label=say("report.below"), value=str(below), tone=Tone.WARN if below else Tone.GOOD),
        Figure(label=say("report.left-out"), value=str(out), tone=Tone.WARN if out else Tone.PLAIN),
    )
    return Section(id="summary", title=say("report.summary"), blocks=(Figures(items=items),))


def _rollup(bank: Bank, rollup: Rollup, place: int) -> Section:
    title = say("report.rollup")
    if rollup.organization:
        title = say("report.band", reach=rollup.organization, band=title)
    blocks: list[Block] = [Prose(texts=(say("report.rollup-text"),))]
    states = (str(number) for number in (rollup.below_target, rollup.at_target, rollup.above_target))
    blocks.append(
        Table(
            caption=say("report.rollup"),
            head=tuple(say(f"report.rollup-head-{name}") for name in ("count", "levels", "state")),
            rows=(row(str(rollup.teams), _counts(rollup.levels), " / ".join(states)),),
            shares=(0.2, 0.4, 0.4),
        )
    )
    if rollup.dimensions:
        head = tuple(say(f"report.spread-head-{name}") for name in ("min", "q1", "median", "q3", "max"))
        blocks.append(
            Table(
                caption=say("report.rollup-spread"),
                head=(say("report.profile-head-dimension"), *head),
                rows=tuple(
                    row(name, *_five(spread))
                    for id_, name in bank.dimensions.items()
                    if (spread := rollup.dimensions.get(id_))
                ),
                shares=(0.35, 0.13, 0.13, 0.13, 0.13, 0.13),
            )
        )
    return Section(id=f"rollup-{place}", title=title, blocks=tuple(blocks))


def _counts(spread: Spread | None) -> str:
    if spread is None:
        return say("report.nothing")
    return " / ".join(str(spread.levels.get(level, 0)) for level in range(4))


def _five(spread: Spread) -> Iterator[str]:
    for name in NUMBERS:
        yield spoken(getattr(spread, name))


def _teams(bank: Bank, standings: Sequence[Standing]) -> Section:
    names = ("date", "level", "between", "needed", "evidenced")
    head = (say("report.teams-head-team"), *(say(f"report.past-head-{name}") for name in names))
    table = Table(
        caption=say("report.teams"),
        head=(*head, say("report.teams-head-moved")),
        rows=tuple(
            (Cell(text=called(one.organization, one.team)), *_point(one.latest), _moved(one)) for one in standings
        ),
        shares=(0.28, 0.14, 0.1, 0.12, 0.1, 0.12, 0.14),
    )
    profiles = Table(
        caption=say("report.profile"),
        head=(say("report.teams-head-team"), *bank.dimensions.values()),
        rows=tuple(
            row(
                called(one.organization, one.team),
                *(spoken(one.latest.dimensions.get(id_)) for id_ in bank.dimensions),
            )
            for one in standings
        ),
        shares=(0.3, *[0.7 / len(bank.dimensions)] * len(bank.dimensions)),
    )
    return Section(id="teams", title=say("report.teams"), blocks=(table, profiles))


def _named(one: Standing) -> Cell:
    return Cell(text=called(one.organization, one.team))


def _moved(one: Standing) -> Cell:
    if one.moved is None:
        return Cell(text=say("report.moved-unknown"))
    name = "up" if one.moved > 0 else "down" if one.moved < 0 else "none"
    tone = {"up": Tone.GOOD, "down": Tone.WARN, "none": Tone.PLAIN}[name]
    return Cell(text=say(f"report.moved-{name}", steps=one.moved), tone=tone)


def _point(point: Point) -> tuple[Cell, ...]:
    if point.level is None:
        return row(day(point.date), say("report.not-scored"), *[say("report.nothing")] * 3)
    low, high = point.interval or (point.level, point.level)
    short = point.target is not None and point.level < point.target
    level = Cell(text=str(point.level), tone=Tone.WARN if short else Tone.GOOD)
    between = str(low) if low == high else say("report.to-three", low=low, high=high)
    return row(day(point.date), level, between, _or_nothing(point.target), _or_nothing(point.evidenced_level))


def _or_nothing(level: int | None) -> str:
    return say("report.nothing") if level is None else str(level)


def _trends(trends: Sequence[Trend]) -> Iterator[Section]:
    several = [trend for trend in trends if len(trend.points) > 1]
    if several:
        shown = several[:MOST_TRENDS]
        blocks: list[Block] = [Prose(texts=(say("report.past-text"),))]
        for trend in shown:
            blocks += [_lines(trend), _table(trend)]
        if len(several) > len(shown):
            blocks.append(Prose(texts=(say("report.past-more", count=len(several) - len(shown)),)))
        yield Section(id="past", title=say("report.past"), blocks=tuple(blocks))


def _lines(trend: Trend) -> Lines:
    marks = tuple(sorted({one.index for one in trend.breaks}))
    edges = (0, *marks, len(trend.points))
    level = [point.level for point in trend.points]
    pieces = [
        Series(
            name=say("report.level"),
            values=tuple(value if start <= place < end else None for place, value in enumerate(level)),
        )
        for start, end in pairwise(edges)
    ]
    needed = Series(name=say("report.target"), values=tuple(point.target for point in trend.points))
    said = say("score.semicolon").join(
        say("report.past-point", date=day(point.date), level=_or_nothing(point.level)) for point in trend.points
    )
    name = called(trend.organization, trend.team)
    return Lines(
        caption=say("report.past-caption", team=name),
        text=say("report.past-text-line", team=name, points=said),
        labels=tuple(point.date or say("report.nothing") for point in trend.points),
        series=(*pieces, needed),
        marks=marks,
    )


def _table(trend: Trend) -> Table:
    names = ("date", "level", "between", "needed", "evidenced", "versions")
    rows: list[tuple[Cell, ...]] = []
    for place, point in enumerate(trend.points):
        for one in trend.breaks:
            if one.index == place:
                what = say(f"report.past-{one.what}")
                mark = say("report.past-mark", what=what, old=one.old or "-", new=one.new or "-")
                rows.append((Cell(text=mark, tone=Tone.WARN), *[Cell(text="")] * (len(names) - 1)))
        versions = say("score.comma").join(filter(None, (point.bank_version, point.scoring_version)))
        rows.append((*_point(point), Cell(text=versions)))
    return Table(
        caption=say("report.past-table", team=called(trend.organization, trend.team)),
        head=tuple(say(f"report.past-head-{name}") for name in names),
        rows=tuple(rows),
        shares=(0.34, 0.12, 0.14, 0.12, 0.14, 0.14),
    )


def _left_out(portfolio: Portfolio) -> Iterator[Section]:
    versions = [
        say(
            "report.left-out-version",
            name=called(point.organization, point.team),
            bank=point.bank_version,
            scoring=point.scoring_version or say("report.nothing"),
        )
        for point in portfolio.incomparable
    ]
    items = (*versions, *(one.problem for one in portfolio.unread))
    if items:
        yield Section(id="left-out", title=say("report.left-out"), blocks=(Bullets(items=items),))
