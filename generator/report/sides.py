"""Two texts side by side: rows of what stayed, changed, came and went, with the changed parts of a line marked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

CONTEXT = 3
ALIKE = 0.5
"""In two lines less alike than this no parts are marked: the marks would be all over."""
LONGEST_MARKED = 400
WORDS = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A part of a line; `marked` when the other side has something else there."""

    text: str
    marked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of both sides: `kind` is same, changed, removed, added or skipped; a number is 0 where there is no line.

    Of a skipped row `count` says how many lines, the same on both sides, are left out.
    """

    kind: str
    left: int = 0
    right: int = 0
    before: tuple[Piece, ...] = ()
    after: tuple[Piece, ...] = ()
    count: int = 0


def side_by_side(before: str, after: str) -> tuple[Row, ...]:
    """Return the rows of two texts; long stretches that both share become one skipped row."""
    old, new = before.splitlines(), after.splitlines()
    rows: list[Row] = []
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for number, (kind, a, b, c, d) in enumerate(blocks):
        if kind == "equal":
            edges = number == 0, number == len(blocks) - 1
            rows += _shared(old[a:b], a, c, edges)
        else:
            rows += _differing(old[a:b], new[c:d], a, c)
    return tuple(rows)


def as_one(text: str, kind: str) -> tuple[Row, ...]:
    """Return the rows of a text that is on one side only; `kind` is added or removed."""
    lines = enumerate(text.splitlines(), 1)
    if kind == "added":
        return tuple(Row(kind=kind, right=number, after=(Piece(text=line),)) for number, line in lines)
    return tuple(Row(kind=kind, left=number, before=(Piece(text=line),)) for number, line in lines)


def _shared(lines: Sequence[str], left: int, right: int, edges: tuple[bool, bool]) -> Iterator[Row]:
    """Yield the shared lines, those far from any change left out; `edges`: does the text begin, does it end here."""
    head = 0 if edges[0] else CONTEXT
    tail = 0 if edges[1] else CONTEXT
    skipped = len(lines) - head - tail
    for offset, line in enumerate(lines):
        if skipped > CONTEXT and head <= offset < len(lines) - tail:
            if offset == head:
                yield Row(kind="skipped", count=skipped)
            continue
        piece = (Piece(text=line),)
        yield Row(kind="same", left=left + offset + 1, right=right + offset + 1, before=piece, after=piece)


def _differing(old: Sequence[str], new: Sequence[str], left: int, right: int) -> Iterator[Row]:
    """Yield lines that differ, paired in their order where they are alike."""
    for offset in range(max(len(old), len(new))):
        mine = old[offset] if offset < len(old) else None
        other = new[offset] if offset < len(new) else None
        numbers = left + offset + 1, right + offset + 1
        if mine is not None and other is not None:
            before, after = _marked(mine, other)
            yield Row(kind="changed", left=numbers[0], right=numbers[1], before=before, after=after)
        elif mine is not None:
            yield Row(kind="removed", left=numbers[0], before=(Piece(text=mine),))
        elif other is not None:
            yield Row(kind="added", right=numbers[1], after=(Piece(text=other),))


def _marked(mine: str, other: str) -> tuple[tuple[Piece, ...], tuple[Piece, ...]]:
    old, new = WORDS.findall(mine), WORDS.findall(other)
    match = SequenceMatcher(None, old, new, autojunk=False)
    if max(len(mine), len(other)) > LONGEST_MARKED or match.ratio() < ALIKE:
        return (Piece(text=mine),), (Piece(text=other),)
    before, after = [], []
    for kind, a, b, c, d in match.get_opcodes():
        if b > a:
            before.append(Piece(text="".join(old[a:b]), marked=kind != "equal"))
        if d > c:
            after.append(Piece(text="".join(new[c:d]), marked=kind != "equal"))
    return tuple(before), tuple(after)
