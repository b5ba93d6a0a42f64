"""Questions to the scratch database: counts of cells, the table in plain form, what a sample says, what parts hold."""

from __future__ import annotations

import csv
import io
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from generator.data.cells import STAMPS, canonical, counts, stamped
from generator.data.kinds import looks_dated
from generator.data.source import Source
from generator.model.data import CATEGORY, REGRESSION, Extent, Hint, Reading, Summary

AT_ONCE = 60
"""Columns asked about in one query; a query over thousands of expressions takes longer to plan than to run."""

SAMPLE_ROWS = 100_000


def summarize(source: Source) -> tuple[Summary, ...]:
    """Return the counts of every column."""
    places = range(len(source.header))
    rows = _ask(source, "cells", places, lambda place: counts(f"c{place}"))
    seen = [_summary(source, place, row) for place, row in zip(places, rows, strict=True)]
    dated = [place for place in places if looks_dated(seen[place])]
    for place, found in zip(dated, _ask(source, "cells", dated, lambda place: stamped(f"c{place}")), strict=True):
        seen[place] = _with_dates(seen[place], found)
    return tuple(seen)


def write_plain(source: Source, readings: Sequence[Reading], target: int, time: int | None) -> int:
    """Make the table `plain`: canonical cells under a number `n`, ordered by time; return the rows left out.

    Rows without a target, or without a time where there is one, are left out.
    """
    made = ", ".join(
        f"{canonical(f'c{place}', reading.kind, reading.style)} AS c{place}" for place, reading in enumerate(readings)
    )
    order, needed = ("number", f"c{target} IS NOT NULL")
    if time is not None:
        order, needed = f"c{time}, number", f"{needed} AND c{time} IS NOT NULL"
    source.database.execute(f"CREATE VIEW made AS SELECT rowid AS number, {made} FROM cells")
    source.database.execute(f"CREATE TABLE ordered AS SELECT * FROM made WHERE {needed} ORDER BY {order}")
    source.database.execute(
        "CREATE VIEW plain AS SELECT rowid AS n, * FROM ordered"
    )  # sorting spills, a window does not
    return source.rows - number(source, "SELECT count(*) FROM plain")


def number(source: Source, query: str) -> int:
    """Return the one whole number a query gives; 0 for none."""
    found = source.database.execute(query).fetchone()
    return int(found[0] or 0) if found else 0


def is_ordered(source: Source) -> bool:
    """Return whether the file's own rows already stand in the order of time."""
    inner = "SELECT number, lag(number) OVER (ORDER BY n) AS before FROM plain"
    return number(source, f"SELECT count(*) FROM ({inner}) WHERE number < before") == 0


def limits_of(source: Source, place: int) -> tuple[float, float]:
    """Return the lowest and the highest number of a column of the file."""
    cell = f"try_cast(trim(c{place}) AS DOUBLE)"
    low, high = source.database.execute(f"SELECT min({cell}), max({cell}) FROM cells").fetchone() or (None, None)
    return float(low or 0.0), float(high or 0.0)


def next_time(source: Source, place: int, text: str) -> str | None:
    """Return the first time later than `text`; None when there is none."""
    found = source.database.execute(f"SELECT min(c{place}) FROM plain WHERE c{place} > ?", [text]).fetchone()
    return str(found[0]) if found and found[0] else None


def steps_back(source: Source, place: int, style: str) -> int:
    """Return how often a date, read in one way, is earlier than that of the row before."""
    read = canonical(f"c{place}", "date", style)
    inner = f"SELECT {read} AS t, lag({read}) OVER (ORDER BY rowid) AS before FROM cells"
    return number(source, f"SELECT count(*) FROM ({inner}) WHERE t < before")


def values(source: Source, place: int, most: int) -> tuple[tuple[str, int], ...]:
    """Return the commonest values of a column and how often each occurs, at most `most`."""
    query = (
        f"SELECT c{place}, count(*) FROM plain WHERE c{place} IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT {most}"
    )
    return tuple((str(value), int(count)) for value, count in source.database.execute(query).fetchall())


def distinct(source: Source, place: int) -> int:
    """Return exactly how many different values a column holds."""
    return number(source, f"SELECT count(DISTINCT c{place}) FROM plain")


def at_row(source: Source, place: int, row: int) -> str:
    """Return a column's cell in one row of the plain table."""
    found = source.database.execute(f"SELECT c{place} FROM plain WHERE n = {row}").fetchone()
    return str(found[0]) if found else ""


def rows_before(source: Source, place: int, text: str) -> int:
    """Return how many rows hold less than `text` in a column."""
    found = source.database.execute(f"SELECT count(*) FROM plain WHERE c{place} < ?", [text]).fetchone()
    return int(found[0]) if found else 0


def hints(
    source: Source, places: Iterable[int], readings: Sequence[Reading], target: int, task: str
) -> dict[int, Hint]:
    """Return what a sample of the rows says of each column beside the target."""
    rows = number(source, "SELECT count(*) FROM plain")
    every = max(rows // SAMPLE_ROWS, 1)
    source.database.execute(f"CREATE OR REPLACE TABLE sampled AS SELECT * FROM plain WHERE n % {every} = 0")
    sampled = number(source, "SELECT count(*) FROM sampled")
    return {place: _hint(source, place, readings[place], target, task, sampled) for place in places}


def extents(source: Source, place_kinds: Mapping[int, str], cut: int) -> dict[int, tuple[Extent, Extent]]:
    """Return what the rows before `cut` and those from it on hold in each column."""
    found: dict[int, list[Extent]] = {}
    places = list(place_kinds)
    for condition in (f"n < {cut}", f"n >= {cut}"):
        asked = _ask(source, f"plain WHERE {condition}", places, lambda place: _extent_of(place, place_kinds[place]))
        for place, (rows, filled, low, high, listed) in zip(places, asked, strict=True):
            numeric = place_kinds[place] != CATEGORY
            extent = Extent(
                rows=int(rows),
                filled=int(filled),
                low=None if low is None or not numeric else float(low),
                high=None if high is None or not numeric else float(high),
                values=() if numeric else tuple(sorted(value for value in listed or () if value is not None)),
            )
            found.setdefault(place, []).append(extent)
    return {place: (earlier, later) for place, (earlier, later) in found.items()}


def outside(source: Source, limits: Mapping[int, tuple[float, float]], cut: int) -> dict[int, int]:
    """Return how many rows from `cut` on lie outside of limits, by column."""
    places = list(limits)

    def ask(place: int) -> list[str]:
        low, high = limits[place]
        cell = f"try_cast(c{place} AS DOUBLE)"
        return [f"count(*) FILTER ({cell} < {low!r} OR {cell} > {high!r})"]

    return {
        place: int(row[0])
        for place, row in zip(places, _ask(source, f"plain WHERE n >= {cut}", places, ask), strict=True)
    }


def export(source: Source, header: Sequence[str], rows: tuple[int, int], to: Path) -> None:
    """Write rows of the plain table, from the first number up to the second, as a CSV with a header."""
    picked = ", ".join(f"c{place}" for place in range(len(header)))
    body = to.with_suffix(".body")
    source.database.execute(
        f"COPY (SELECT {picked} FROM plain WHERE n >= {rows[0]} AND n < {rows[1]} ORDER BY n)"
        f" TO '{str(body).replace(chr(39), chr(39) * 2)}' (FORMAT csv, HEADER false)"
    )
    first = io.StringIO()
    csv.writer(first, lineterminator="\n").writerow(header)
    with to.open("wb") as whole, body.open("rb") as rest:
        whole.write(first.getvalue().encode())
        shutil.copyfileobj(rest, whole, 1 << 20)
    body.unlink()


def _ask(
    source: Source, table: str, places: Sequence[int], expressions: Callable[[int], list[str]]
) -> list[tuple[Any, ...]]:
    answers: list[tuple[Any, ...]] = []
    for first in range(0, len(places), AT_ONCE):
        some = [expressions(place) for place in places[first : first + AT_ONCE]]
        flat = ", ".join(expression for one in some for expression in one)
        row = list(source.database.execute(f"SELECT {flat} FROM {table}").fetchone() or ())
        for one in some:
            answers.append(tuple(row[: len(one)]))
            del row[: len(one)]
    return answers


def _summary(source: Source, place: int, row: tuple[Any, ...]) -> Summary:
    filled, different, plain, comma, thousands, integers, led_by_zero, booleans, *dates, longest = row
    return Summary(
        name=source.header[place],
        rows=source.rows,
        filled=filled,
        distinct=different,
        plain=plain,
        comma=comma,
        thousands=thousands,
        integers=integers,
        led_by_zero=led_by_zero,
        booleans=booleans,
        dates=dict(zip(STAMPS, dates, strict=True)),
        longest=longest,
    )


def _with_dates(seen: Summary, found: tuple[Any, ...]) -> Summary:
    return replace(seen, dates=dict(zip(STAMPS, found, strict=True)))


def _extent_of(place: int, kind: str) -> list[str]:
    cell = f"try_cast(c{place} AS DOUBLE)"
    listed = f"list(DISTINCT c{place})" if kind == CATEGORY else "NULL"
    return ["count(*)", f"count(c{place})", f"min({cell})", f"max({cell})", listed]


def _hint(source: Source, place: int, reading: Reading, target: int, task: str, rows: int) -> Hint:
    ask = source.database.execute
    commonest = ask(f"SELECT max(k) FROM (SELECT count(*) AS k FROM sampled GROUP BY c{place})").fetchone()
    same = number(source, f"SELECT count(*) FROM sampled WHERE c{place} IS NOT DISTINCT FROM c{target}")
    determines = _determined(source, _key(place, reading, rows), target, task)
    if task == REGRESSION and reading.kind != CATEGORY:
        pair = f"try_cast(c{place} AS DOUBLE), try_cast(c{target} AS DOUBLE)"
        (together,) = ask(f"SELECT abs(corr({pair})) FROM sampled").fetchone() or (0.0,)
        determines = float(together or 0.0) ** 2
    by_absence = _determined(source, f"c{place} IS NULL", target, task) if reading.missing else 0.0
    share = (commonest[0] or 0) / max(rows, 1) if commonest else 0.0
    return Hint(commonest=share, determines=determines, by_absence=by_absence, equal=same == rows)


def _key(place: int, reading: Reading, rows: int) -> str:
    """Return what groups a sample's rows by a column: its values, or one of at most 50 equal parts of its numbers."""
    if reading.kind == CATEGORY or reading.distinct * 10 <= rows:
        return f"c{place}"
    parts = max(min(50, rows // 20), 1)
    return f"CASE WHEN c{place} IS NOT NULL THEN ntile({parts}) OVER (ORDER BY try_cast(c{place} AS DOUBLE)) END"


def _determined(source: Source, key: str, target: int, task: str) -> float:
    """Return how much of the target a key determines: the share beyond guessing, or of the variance."""
    keyed = f"SELECT {key} AS k, c{target} AS y FROM sampled"
    if task == REGRESSION:
        query = (
            f"WITH keyed AS (SELECT k, try_cast(y AS DOUBLE) AS y FROM ({keyed})),"
            " parts AS (SELECT count(*) * var_pop(y) AS within FROM keyed GROUP BY k)"
            " SELECT 1 - (SELECT sum(within) FROM parts) / nullif((SELECT count(*) * var_pop(y) FROM keyed), 0)"
        )
    else:
        query = (
            f"WITH pairs AS (SELECT k, y, count(*) AS n FROM ({keyed}) GROUP BY ALL),"
            " best AS (SELECT max(n) AS n FROM pairs GROUP BY k),"
            " alone AS (SELECT sum(n) AS n FROM pairs GROUP BY y)"
            " SELECT ((SELECT sum(n) FROM best) - (SELECT max(n) FROM alone))"
            " / nullif((SELECT sum(n) FROM alone) - (SELECT max(n) FROM alone), 0)"
        )
    found = source.database.execute(query).fetchone()
    return float(found[0] or 0.0) if found else 0.0
