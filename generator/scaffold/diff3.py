"""A three-way merge of lines for where git is not installed; pure, and marked as git marks.

The rule of diff3 (Khanna, Kunal and Pierce, "A formal investigation of diff3", 2007): cut the base where both sides
still agree with it; between the cuts, a side that changed wins over one that did not, and two that did are a conflict.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

Lines = Sequence[bytes]


def merge_lines(base: bytes, ours: bytes, theirs: bytes, names: tuple[str, str, str]) -> tuple[bytes, bool]:
    """Return the merged text and whether it holds conflicts; `names` are those of ours, base and theirs."""
    lines = [side.splitlines(keepends=True) for side in (base, ours, theirs)]
    end = b"\r\n" if ours.count(b"\r\n") * 2 > ours.count(b"\n") else b"\n"
    merged: list[bytes] = []
    conflict = False
    for old, mine, other in _chunks(*lines):
        if mine in (old, other):
            merged += other
        elif other == old:
            merged += mine
        else:
            merged += _marked((mine, old, other), names, end)
            conflict = True
    return b"".join(merged), conflict


def _chunks(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """Yield the stretches between the lines that all three share, and those lines."""
    mine, other = _matches(base, ours), _matches(base, theirs)
    at = [0, 0, 0]
    for line in range(len(base) + 1):
        if line < len(base) and not (line in mine and line in other):
            continue
        stop = (line, mine.get(line, len(ours)), other.get(line, len(theirs)))
        yield tuple(side[a:b] for side, a, b in zip((base, ours, theirs), at, stop, strict=True))  # type: ignore[misc]
        if line < len(base):
            shared = base[line : line + 1]
            yield shared, shared, shared
        at = [place + 1 for place in stop]


def _matches(base: Lines, side: Lines) -> dict[int, int]:
    """Return the line of `side` that each line of `base` became, for those that stayed."""
    blocks = SequenceMatcher(None, base, side, autojunk=False).get_matching_blocks()
    return {a + step: b + step for a, b, size in blocks for step in range(size)}


def _marked(sides: tuple[Lines, Lines, Lines], names: tuple[str, str, str], end: bytes) -> Iterator[bytes]:
    for mark, name, lines in zip((b"<<<<<<<", b"|||||||", b"======="), (*names[:2], ""), sides, strict=True):
        yield mark + (f" {name}".encode() if name else b"") + end
        yield from lines[:-1]
        yield from (line if line.endswith(b"\n") else line + end for line in lines[-1:])
    yield b">>>>>>> " + names[2].encode() + end
