"""What was inferred about a table, for people (80 columns wide) and for programs."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict

from generator.model.data import REGRESSION, UNUSED, Bound, Column, Description
from generator.text import say

WIDTH = 80
NAME, KIND, USE, EMPTY = 20, 8, 8, 6
MOST_SHOWN = 60


def to_table(described: Description) -> str:
    """Return everything inferred, with reasons: the columns, then the task, split, contract and what is to be done."""
    shown = sorted(described.columns, key=lambda column: column.role != UNUSED)[:MOST_SHOWN]
    kept = [column for column in described.columns if column in shown]
    lines = [say("data.title", file=described.file, rows=described.rows, columns=len(described.columns)), ""]
    lines.append(_row(*(say(f"data.head-{part}") for part in ("name", "kind", "use", "missing", "why"))))
    for column in kept:
        lines += _column(column, described.bounds.get(column.name))
    if len(kept) < len(described.columns):
        lines.append(say("data.more-columns", count=len(described.columns) - len(kept)))
    told = [line for fact in _facts(described) for line in _wrapped(fact)]
    return "\n".join([*lines, "", *told])


def to_document(described: Description) -> dict[str, object]:
    """Return everything inferred as JSON has it, reasons in words."""
    document = {"schema": 1, **asdict(described)}
    document["columns"] = [
        {**asdict(column), "why": say(column.why, **column.fields), "fields": dict(column.fields)}
        for column in described.columns
    ]
    return document


def _facts(described: Description) -> Iterator[str]:
    classes = ", ".join(
        f"{label} {share:.1%}" for label, share in zip(described.classes, described.shares, strict=True)
    )
    yield say(f"data.task-{described.task}", target=described.target.name, classes=classes)
    if described.classes and min(described.shares) < 0.1:
        yield say("data.unbalanced", share=f"{min(described.shares):.1%}")
    if described.time:
        ordered = say("data.was-ordered" if described.ordered else "data.now-ordered")
        yield say("data.split-time", time=described.time, until=described.train_until, ordered=ordered)
    else:
        yield say("data.split-id", id=described.id)
    yield say(f"data.measure-{'value' if described.task == REGRESSION else 'class'}")
    if described.groups:
        yield say("data.groups", groups=", ".join(described.groups))
    refused = [bound.alarms for bound in described.bounds.values() if bound.alarms]
    yield say(
        "data.contract", widened=len(refused), columns=len(described.bounds), most=f"{max(refused, default=0):.2%}"
    )
    if described.dropped:
        yield say("data.dropped", count=described.dropped)
    if described.renamed:
        yield say("data.renamed", count=described.renamed)
    yield say("data.to-fill")


def _column(column: Column, bound: Bound | None) -> list[str]:
    why = say(column.why, **column.fields)
    if bound and bound.low is not None and bound.high is not None and column.why == "data.why-feature":
        why = say("data.within", low=f"{bound.low:g}", high=f"{bound.high:g}")
    elif bound and bound.values and column.why == "data.why-feature":
        why = say("data.values", count=len(bound.values))
    missing = f"{column.missing:.1%}" if column.missing else ""
    rest = WIDTH - NAME - KIND - USE - EMPTY - 8
    first, *others = textwrap.wrap(why, rest) or [""]
    kind, use = say(f"data.kind-{column.kind}"), say(f"data.use-{column.role}")
    return [_row(column.name, kind, use, missing, first), *(" " * (WIDTH - rest) + line for line in others)]


def _row(name: str, kind: str, use: str, missing: str, why: str) -> str:
    cells = (_fit(name, NAME), _fit(kind, KIND), _fit(use, USE), _fit(missing, EMPTY), why)
    return "  ".join(cells).rstrip()


def _fit(text: str, width: int) -> str:
    """Return a text cut or filled to a width on the screen, where a wide character takes two places."""
    taken, kept = 0, ""
    for char in text:
        wide = 2 if unicodedata.east_asian_width(char) in "WF" else 1
        if taken + wide > width:
            return kept[:-1] + "…" + " " * (width - _width(kept[:-1]) - 1)
        taken, kept = taken + wide, kept + char
    return kept + " " * (width - taken)


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _wrapped(text: str) -> list[str]:
    return textwrap.wrap(text, WIDTH - 1, initial_indent="- ", subsequent_indent="  ")
