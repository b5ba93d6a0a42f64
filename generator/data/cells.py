"""SQL over the scratch table: what is counted of a column of text, and how cells of a known kind are read."""

from __future__ import annotations

from generator.model.data import BOOLEAN, DATE, INTEGER, NUMBER

MARKERS = ("NA", "N/A", "#N/A", "NaN", "nan", "null", "NULL", "None", "?", "-")
"""Texts that mean "missing" in columns of numbers, dates and true/false; in a category they may be a value."""

PLAIN = r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"
COMMA = r"[+-]?(\d+|\d{1,3}(\.\d{3})+),\d+"
THOUSANDS = r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"
LED_BY_ZERO = r"0\d+"
ZONE = r"(Z|[+-]\d{2}(:?\d{2})?)"
CLOCKS = ("", " %H:%M", " %H:%M:%S")
STAMPS = {
    "2013-07-31": (r"\d{4}-\d{1,2}-\d{1,2}([ T].*)?", ()),
    "2013/07/31": (r"\d{4}/\d{1,2}/\d{1,2}( .*)?", ("%Y/%m/%d",)),
    "31.07.2013": (r"\d{1,2}\.\d{1,2}\.\d{4}( .*)?", ("%d.%m.%Y",)),
    "31/07/2013": (r"\d{1,2}/\d{1,2}/\d{4}( .*)?", ("%d/%m/%Y",)),
    "07/31/2013": (r"\d{1,2}/\d{1,2}/\d{4}( .*)?", ("%m/%d/%Y",)),
    "31-Jul-2013": (r"\d{1,2}[- ][A-Za-z]{3,9}[- ]\d{4}( .*)?", ("%d-%b-%Y", "%d %b %Y", "%d %B %Y")),
    "Jul 31, 2013": (r"[A-Za-z]{3,9} \d{1,2}, \d{4}( .*)?", ("%b %d, %Y", "%B %d, %Y")),
}
"""Ways to write a day: an example, the shape, and the formats; ISO 8601 is the database's own."""

DAY_FIRST, MONTH_FIRST = "31/07/2013", "07/31/2013"
ISO = "%Y-%m-%dT%H:%M:%S"
YEAR, SECONDS, MILLISECONDS = "year", "epoch seconds", "epoch milliseconds"


def trimmed(column: str) -> str:
    """Return the cell without outer spaces; an empty one is missing."""
    return f"nullif(trim({column}), '')"


def marked(column: str) -> str:
    """Return the trimmed cell, missing where it only says so."""
    listed = ", ".join(f"'{marker}'" for marker in MARKERS)
    return f"CASE WHEN {trimmed(column)} IN ({listed}) THEN NULL ELSE {trimmed(column)} END"


def counts(column: str) -> list[str]:
    """Return what is counted of a column, in the order of `Summary`'s fields after `rows`.

    Shapes are matched only where the cheap cast to a number failed: matching every cell takes twenty times as long.
    """
    cell = f"({marked(column)})"
    number = f"try_cast({cell} AS DOUBLE)"
    led = f"CASE WHEN starts_with({cell}, '0') THEN regexp_full_match({cell}, '{LED_BY_ZERO}') END"
    other = f"{number} IS NULL AND length({cell}) >= 3"
    return [
        f"count({cell})",
        f"approx_count_distinct({trimmed(column)})",
        f"coalesce(count_if(isfinite({number})), 0)",
        *(_matching(cell, shape, other) for shape in (COMMA, THOUSANDS)),
        f"coalesce(count_if({number} = trunc({number}) AND abs({number}) < 1e18), 0)",
        f"coalesce(count_if({led}), 0)",
        f"coalesce(count_if(length({cell}) < 6 AND lower({cell}) IN ('true', 'false')), 0)",
        *(_matching(cell, STAMPS[name][0], f"{other} AND length({cell}) >= 8") for name in STAMPS),
        f"coalesce(max(length({cell})), 0)",
    ]


def stamped(column: str) -> list[str]:
    """Return, for each way to write a day, how many cells of a column are one."""
    return [f"count({_stamp(f'({marked(column)})', name)})" for name in STAMPS]


def canonical(column: str, kind: str, style: str) -> str:
    """Return the text that a project's file holds for a cell: plain numbers, ISO dates, 1 and 0; else missing."""
    cell = f"({marked(column)})"
    if kind == BOOLEAN:
        return f"CASE lower({cell}) WHEN 'true' THEN '1' WHEN 'false' THEN '0' END"
    if kind == DATE:
        return _date(cell, style)
    if kind in (INTEGER, NUMBER):
        return _number(cell, kind, style)
    return trimmed(column)


def _number(cell: str, kind: str, style: str) -> str:
    plain, shape = cell, PLAIN
    if style == "comma":
        plain, shape = f"replace(replace({cell}, '.', ''), ',', '.')", f"{COMMA}|{PLAIN}"
    elif style == "thousands":
        plain, shape = f"replace({cell}, ',', '')", f"{THOUSANDS}|{PLAIN}"
    text = (
        f"CAST(CAST(try_cast({plain} AS DOUBLE) AS BIGINT) AS VARCHAR)" if kind == INTEGER else f"ltrim({plain}, '+')"
    )
    return f"CASE WHEN regexp_full_match({cell}, '{shape}') AND isfinite(try_cast({plain} AS DOUBLE)) THEN {text} END"


def _date(cell: str, style: str) -> str:
    if style == YEAR:
        return f"strftime(make_date(try_cast({cell} AS INTEGER), 1, 1), '{ISO}')"
    if style in (SECONDS, MILLISECONDS):
        unit = 1_000_000 if style == SECONDS else 1000
        return f"strftime(make_timestamp(try_cast({cell} AS BIGINT) * {unit}), '{ISO}')"
    slashed = {DAY_FIRST: MONTH_FIRST, MONTH_FIRST: DAY_FIRST}.get(style, MONTH_FIRST)
    readings = [_stamp(cell, name) for name in STAMPS if name != slashed]
    return f"strftime(coalesce({', '.join(readings)}), '{ISO}')"


def _stamp(cell: str, name: str) -> str:
    shape, formats = STAMPS[name]
    if not formats:
        zoned = f"make_timestamp(epoch_us(try_cast({cell} AS TIMESTAMPTZ)))"  # in UTC; a plain cast drops the offset
        return (
            f"CASE WHEN regexp_full_match({cell}, '{shape}{ZONE}') THEN {zoned}"
            f" WHEN regexp_full_match({cell}, '{shape}') THEN try_cast({cell} AS TIMESTAMP) END"
        )
    listed = ", ".join(f"'{day}{clock}'" for day in formats for clock in CLOCKS)
    return f"try_strptime({cell}, [{listed}])"


def _matching(cell: str, shape: str, where: str) -> str:
    return f"coalesce(count_if(CASE WHEN {where} THEN regexp_full_match({cell}, '{shape}') END), 0)"
