"""Decisions about a table, from counts alone: the task, which columns a model may see, and where to split."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence

from generator.errors import LadderError
from generator.model.data import (
    BINARY,
    BOOLEAN,
    CATEGORY,
    DATE,
    EMPTY,
    FEATURE,
    INTEGER,
    MULTICLASS,
    NUMBER,
    REGRESSION,
    TASKS,
    TEXT,
    UNUSED,
    Column,
    Hint,
    Reading,
)

LEAST_ROWS = 60
LEAST_IN_CLASS = 8
MOST_CLASSES = 30
MOST_CLASS_NUMBERS = 10
DETERMINED = 0.99
DETERMINED_VALUE = 0.9995
NEAR_CONSTANT = 0.999
MOST_UNTIMED = 0.05
HOLDOUT = 0.25
ID_NAME = re.compile(r"(^|[_\s-])(id|ids|uuid|guid|key|nr|no|number|index|row)$|^(id|uuid|key)([_\s-]|$)|Id$|ID$")
AFTERWARDS = re.compile(
    r"after|outcome|result|final|closed|resol|actual|paid|approved|cancel|churn|settle", re.IGNORECASE
)
EVENTS = frozenset(["1", "yes", "y", "true", "t", "positive", "pos", "malignant", "bad", "fail", "failed", "default"])


def find(header: Sequence[str], wanted: str, option: str, file: object) -> int:
    """Return where a named column stands; LadderError suggests the nearest name."""
    if wanted in header:
        return header.index(wanted)
    folded = {name.casefold(): name for name in header}
    near = difflib.get_close_matches(wanted.casefold(), list(folded), n=1, cutoff=0.5)
    if near:
        raise LadderError("data.no-column-near", file=file, option=option, name=wanted, near=folded[near[0]])
    raise LadderError("data.no-column", file=file, option=option, name=wanted, known=", ".join(header[:8]))


def time_column(readings: Sequence[Reading], target: int) -> int | None:
    """Return the column that orders the rows when nobody named one: the only date that nearly every row has."""
    dated = [
        place
        for place, reading in enumerate(readings)
        if reading.kind == DATE and reading.missing <= MOST_UNTIMED and reading.distinct > 1 and place != target
    ]
    return dated[0] if len(dated) == 1 else None


def task_of(
    reading: Reading, found: Sequence[tuple[str, int]], wanted: str | None, rows: int
) -> tuple[str, tuple[str | int, ...]]:
    """Return the task a target asks for, and its classes, the event last; LadderError for a target that is none.

    `found` holds the target's values and how often each occurs, commonest first, up to one more than can be classes.
    """
    if not found:
        raise LadderError("data.target-empty", name=reading.name)
    if len(found) == 1:
        raise LadderError("data.one-class", name=reading.name, value=found[0][0][:40])
    if rows < LEAST_ROWS:
        raise LadderError("data.few-rows", rows=rows, least=LEAST_ROWS, name=reading.name)
    task = _task(reading, found, wanted)
    if task == REGRESSION:
        return task, ()
    rare = [(value, count) for value, count in found if count < LEAST_IN_CLASS]
    if rare:
        value, count = rare[-1]
        raise LadderError("data.rare-class", name=reading.name, value=value[:40], count=count, least=LEAST_IN_CLASS)
    return task, _classes(reading, found, task)


def _task(reading: Reading, found: Sequence[tuple[str, int]], wanted: str | None) -> str:
    values = len(found)
    numeric = reading.kind in (INTEGER, NUMBER, BOOLEAN)
    if wanted is not None and wanted not in TASKS:
        raise LadderError("data.no-task", task=wanted, known=", ".join(TASKS))
    if wanted == REGRESSION and not numeric:
        raise LadderError("data.not-numbers", name=reading.name, value=found[0][0][:40])
    if wanted == BINARY and values > 2:
        raise LadderError("data.not-binary", name=reading.name, values=values)
    if values == 2 and wanted != REGRESSION:
        return BINARY
    as_classes = wanted == MULTICLASS or (reading.kind == INTEGER and values <= MOST_CLASS_NUMBERS)
    if numeric and (wanted == REGRESSION or not as_classes):
        return REGRESSION
    if values > MOST_CLASSES:
        raise LadderError("data.many-classes", name=reading.name, values=reading.distinct, most=MOST_CLASSES)
    return MULTICLASS


def _classes(reading: Reading, found: Sequence[tuple[str, int]], task: str) -> tuple[str | int, ...]:
    values: list[str | int] = [value for value, _ in found]
    if reading.kind in (INTEGER, BOOLEAN):
        return tuple(sorted(int(value) for value in values))
    ordered = sorted(map(str, values))
    if task == BINARY:  # the event is what says so, else the rarer of the two
        events = [value for value in ordered if value.casefold() in EVENTS]
        event = events[0] if len(events) == 1 else str(values[-1])
        ordered = [value for value in ordered if value != event] + [event]
    return tuple(ordered)


def roles(
    readings: Sequence[Reading], hints: Mapping[int, Hint], special: Mapping[str, int | None], task: str
) -> tuple[Column, ...]:
    """Return what becomes of each column, and why; `special` says which are target, time and id."""
    taken = {place: role for role, place in special.items() if place is not None}
    return tuple(
        _column(reading, taken[place], f"data.why-{taken[place]}")
        if place in taken
        else _ordinary(reading, hints.get(place), task)
        for place, reading in enumerate(readings)
    )


def _ordinary(reading: Reading, hint: Hint | None, task: str) -> Column:
    plain = {EMPTY: "empty", TEXT: "text", DATE: "date"}.get(reading.kind)
    if plain:
        return _column(reading, UNUSED, f"data.why-{plain}")
    if hint is None:
        return _column(reading, UNUSED, "data.why-identifier")
    if hint.commonest >= NEAR_CONSTANT:
        return _column(reading, UNUSED, "data.why-constant")
    if hint.equal:
        return _column(reading, UNUSED, "data.why-equal")
    limit = DETERMINED_VALUE if task == REGRESSION else DETERMINED
    for share, why in ((hint.determines, "data.why-determines"), (hint.by_absence, "data.why-absence")):
        if share >= limit:
            return _column(reading, UNUSED, why, share=f"{share:.1%}")
    if reading.odd:
        return _column(reading, FEATURE, "data.why-odd", count=str(reading.odd))
    return _column(reading, FEATURE, "data.why-afterwards" if AFTERWARDS.search(reading.name) else "data.why-feature")


def _column(reading: Reading, role: str, why: str, **fields: str) -> Column:
    return Column(
        name=reading.name,
        kind=reading.kind,
        role=role,
        missing=round(reading.missing, 6),
        distinct=reading.distinct,
        why=why,
        fields=fields,
    )


def may_be_id(reading: Reading, rows: int) -> bool:
    """Return whether a column may name the rows: nearly all different, and text, or whole numbers called so."""
    if reading.distinct < 0.8 * rows or reading.kind not in (INTEGER, TEXT):
        return False
    return reading.kind == TEXT or bool(ID_NAME.search(reading.name))


def free_name(wanted: str, taken: Sequence[str]) -> str:
    """Return a column name like `wanted` that is not taken."""
    while wanted in taken:
        wanted += "_"
    return wanted


def slices(columns: Sequence[Column], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the columns to report results for: those asked for, else the first three with two to twenty values."""
    if wanted:
        return tuple(wanted)
    few = [c.name for c in columns if c.role == FEATURE and c.kind in (CATEGORY, BOOLEAN) and 2 <= c.distinct <= 20]
    return tuple(few[:3])
