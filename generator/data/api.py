"""A person's table to its description and its plain copy: the questions in their order, each answered elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from generator.data import bounds, infer, profile
from generator.data.cells import DAY_FIRST, MILLISECONDS, MONTH_FIRST, SECONDS, YEAR
from generator.data.kinds import kind_of
from generator.data.source import Source, open_source
from generator.errors import LadderError
from generator.model.data import (
    BOOLEAN,
    CATEGORY,
    DATE,
    FEATURE,
    INTEGER,
    NUMBER,
    REGRESSION,
    Bound,
    Column,
    Description,
    Reading,
    Wish,
)
from generator.scaffold.names import check_title
from generator.text import say

LEARNED_ON = 0.7
"""Share of the rows, the earliest, that bounds are learned on; the rest tries them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Own:
    """A table understood: its description, and its plain copy as CSV."""

    description: Description
    table: Path


def understand(path: Path, wish: Wish, scratch: Path) -> Own:
    """Return what is in `path`, its plain copy below `scratch`; LadderError when no project can be made of it."""
    source = open_source(path, scratch, wish.target)
    target = infer.find(source.header, wish.target, "--target", path)
    for name in wish.groups:
        infer.find(source.header, name, "--group", path)
    readings = [kind_of(seen, decimal_comma=source.separator != ",") for seen in profile.summarize(source)]
    if not round((1 - readings[target].missing) * source.rows):
        raise LadderError("data.target-empty", name=wish.target)
    time = _time(source, readings, target, wish, path)
    for place in (place for place, reading in enumerate(readings) if reading.style == "either"):
        readings[place] = replace(readings[place], style=DAY_FIRST)  # only times are read for what they say
    dropped = profile.write_plain(source, readings, target, time)
    rows = source.rows - dropped
    found = profile.values(source, target, infer.MOST_CLASSES + 1)
    task, classes = infer.task_of(readings[target], found, wish.task, rows)
    if task != REGRESSION and readings[target].kind == NUMBER:
        raise LadderError("data.number-classes", name=wish.target)
    columns, own_id = _columns(source, readings, wish, (target, time), task)
    described = _described(source, columns, wish, (task, classes, found), (own_id, time), (rows, dropped))
    table = scratch / "plain.out.csv"
    profile.export(source, source.header, (0, rows), table)
    learned = _bounds(source, columns, described, rows)
    source.database.close()
    size = table.stat().st_size
    return Own(description=replace(described, bounds=learned, file=path.name, size=size), table=table)


def question(described: Description) -> str:
    """Return what a project about a table asks, for people."""
    try:
        return check_title("description", say("data.question", target=described.target.name))
    except LadderError:  # a name that would break the files that hold it
        return say("data.question-plain")


def _time(source: Source, readings: list[Reading], target: int, wish: Wish, path: Path) -> int | None:
    if wish.time is None:
        place = infer.time_column(readings, target)
    else:
        place = infer.find(source.header, wish.time, "--time", path)
        if place == target:
            raise LadderError("data.time-is-target", name=wish.time)
        readings[place] = _as_time(source, place, readings[place])
    if place is not None and readings[place].style == "either":
        back = {style: profile.steps_back(source, place, style) for style in (DAY_FIRST, MONTH_FIRST)}
        first, second = sorted(back, key=lambda style: back[style])
        if back[first] == back[second]:
            if wish.time is None:
                return None
            raise LadderError("data.ambiguous-date", name=source.header[place])
        readings[place] = replace(readings[place], style=first)
    return place


def _as_time(source: Source, place: int, reading: Reading) -> Reading:
    """Return a column as a time: dates, years, or seconds since 1970; LadderError for anything else."""
    if reading.kind == DATE:
        return reading
    low, high = profile.limits_of(source, place) if reading.kind == INTEGER else (0.0, 0.0)
    for style, least, most in ((YEAR, 1500, 2200), (SECONDS, 1e8, 1e10), (MILLISECONDS, 1e11, 1e13)):
        if least <= low <= high <= most:
            return replace(reading, kind=DATE, style=style)
    raise LadderError("data.no-time", name=source.header[place], kind=reading.kind)


def _columns(
    source: Source, readings: Sequence[Reading], wish: Wish, named: tuple[int, int | None], task: str
) -> tuple[tuple[Column, ...], str]:
    rows = profile.number(source, "SELECT count(*) FROM plain")
    target, time = named
    others = [place for place in range(len(readings)) if place not in named]
    ids = [p for p in others if infer.may_be_id(readings[p], rows) and profile.distinct(source, p) == rows]
    usable = [p for p in others if p not in ids and readings[p].kind in (INTEGER, NUMBER, BOOLEAN, CATEGORY)]
    hints = profile.hints(source, usable, readings, target, task)
    columns = infer.roles(readings, hints, {"target": target, "time": time, "id": ids[0] if ids else None}, task)
    if not any(column.role == FEATURE for column in columns):
        raise LadderError("data.no-features", target=wish.target)
    unused = [name for name in wish.groups if name in {c.name for c in columns if c.kind in ("text", "date", "empty")}]
    if unused:
        raise LadderError("data.bad-group", name=unused[0])
    return columns, source.header[ids[0]] if ids else infer.free_name("row_id", source.header)


def _described(
    source: Source,
    columns: tuple[Column, ...],
    wish: Wish,
    task: tuple[str, tuple[str | int, ...], tuple[tuple[str, int], ...]],
    named: tuple[str, int | None],
    counted: tuple[int, int],
) -> Description:
    (kind, classes, found), (own_id, time), (rows, dropped) = task, named, counted
    until = None if time is None else _until(source, time, rows, source.header[time])
    share = {value: count / rows for value, count in found}
    return Description(
        file="",
        rows=rows,
        dropped=dropped,
        columns=columns,
        task=kind,
        classes=classes,
        shares=tuple(round(share.get(str(label), 0.0), 6) for label in classes),
        groups=infer.slices(columns, wish.groups),
        id=own_id,
        time=None if time is None else source.header[time],
        ordered=time is not None and profile.is_ordered(source),
        train_until=until,
        holdout_rows=rows - profile.rows_before(source, time, until) if until and time is not None else rows // 4,
        bounds={},
        renamed=source.renamed,
    )


def _until(source: Source, time: int, rows: int, name: str) -> str:
    """Return the time from which rows are kept aside: the latest quarter, from a day's beginning if close."""
    exact = profile.at_row(source, time, int(rows * (1 - infer.HOLDOUT)))
    for text in (exact[:10], exact):
        before = profile.rows_before(source, time, text)
        if 0.6 * rows <= before <= 0.9 * rows:
            return text
    before = profile.rows_before(source, time, exact)
    if before < 0.3 * rows:
        later = profile.next_time(source, time, exact)
        if not later:
            raise LadderError("data.one-time", name=name)
        return later
    return exact


def _bounds(source: Source, columns: Sequence[Column], described: Description, rows: int) -> dict[str, Bound]:
    kinds = {place: column.kind for place, column in enumerate(columns) if column.role == FEATURE}
    if described.task == REGRESSION:
        kinds[columns.index(described.target)] = NUMBER
    cut = int(rows * LEARNED_ON)
    parts = profile.extents(source, kinds, cut)
    numeric = {p: bounds.limits(parts[p][0]) for p, kind in kinds.items() if kind != CATEGORY and parts[p][0].filled}
    alarms = profile.outside(source, numeric, cut)
    return {
        columns[place].name: bounds.of_categories(*parts[place])
        if kind == CATEGORY
        else bounds.of_numbers(*parts[place], alarms.get(place, 0))
        for place, kind in kinds.items()
    }
