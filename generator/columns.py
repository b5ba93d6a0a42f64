"""Text in columns of a terminal, where a Chinese character takes two cells and a line may break after each."""

from __future__ import annotations

import re
import textwrap

WIDE = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uff60"
OPENING = "（《「『【“‘"
CLOSING = "，。；：？！、）》」』】”’%"
UNIT = re.compile(rf"\s+|[{OPENING}]*(?:[{WIDE}]|[^\s{WIDE}]+)[{CLOSING}]*")
"""What is not broken: a word, or one character with the marks that may not begin or end a line without it."""


def width(text: str) -> int:
    """Return how many cells `text` takes on a screen."""
    if text.isascii():
        return len(text)
    from wcwidth import wcswidth

    return max(wcswidth(text), 0)


def pad(text: str, cells: int) -> str:
    """Return `text` with spaces after it up to `cells` cells."""
    return text + " " * (cells - width(text))


def wrap(text: str, cells: int, first: str = "", further: str = "") -> list[str]:
    """Return `text` as lines of at most `cells` cells, the first begun with `first` and the rest with `further`."""
    if width(text) == len(text):
        return textwrap.wrap(text, cells, initial_indent=first, subsequent_indent=further)
    lines, line, gap = [], first, ""
    for unit in UNIT.findall(text):
        if unit.isspace():
            gap = " " if line not in (first, further) else ""
            continue
        if line not in (first, further) and width(line + gap + unit) > cells:
            lines.append(line)
            line, gap = further, ""
        line, gap = line + gap + unit, ""
        while width(line) > cells and len(line) > len(further) + 1:
            fits = _longest(line, cells)
            lines.append(line[:fits])
            line = further + line[fits:]
    return [*lines, line] if line not in (first, further) else lines


def fill(text: str, cells: int, first: str = "", further: str = "") -> str:
    """Return `text` wrapped as one string."""
    return "\n".join(wrap(text, cells, first, further))


def _longest(line: str, cells: int) -> int:
    """Return how many characters of `line` fit into `cells`, at least one."""
    return next((end for end in range(len(line), 1, -1) if width(line[:end]) <= cells), 1)
