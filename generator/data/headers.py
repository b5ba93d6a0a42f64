"""A file's first lines: which character separates its cells, whether they name the columns, and by which names."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections import Counter

SEPARATORS = (",", ";", "\t", "|")
VALUE = re.compile(r"[+-]?\d+([.,]\d+)?|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}.*")


def separator(text: str) -> str:
    """Return the separator under which the first lines agree best on a number of cells, the more cells the better."""

    def agreement(candidate: str) -> tuple[float, int]:
        lines = [line for line in csv.reader(text.splitlines(keepends=True)[:60], delimiter=candidate) if line]
        lines = lines[:-1] if len(lines) > 2 else lines  # the last may be cut off
        (cells, lines_alike), *_ = Counter(len(line) for line in lines).most_common(1) or [(0, 0)]
        return (lines_alike / max(len(lines), 1), cells) if cells > 1 else (0.0, 0)

    return max(SEPARATORS, key=agreement)


def lacks_header(lines: list[list[str]], target: str) -> bool:
    """Return whether the first line holds values instead of names: half its cells are numbers or dates."""
    first = [cell.strip() for cell in lines[0]] if lines else []
    if target in first or not first:
        return False
    return sum(bool(VALUE.fullmatch(cell)) for cell in first) * 2 >= len(first)


def clean_header(names: list[str]) -> tuple[str, ...]:
    """Return names without outer spaces or control characters, none empty and no two alike."""
    seen: set[str] = set()
    header = []
    for place, raw in enumerate(names, start=1):
        text = "".join(char if char.isprintable() else " " for char in unicodedata.normalize("NFC", raw))
        wanted = " ".join(text.split()) or f"column_{place}"
        name, number = wanted, 1
        while name in seen:
            number += 1
            name = f"{wanted}_{number}"
        seen.add(name)
        header.append(name)
    return tuple(header)
