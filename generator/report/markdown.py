"""The view as Markdown that code hosts show: tables of GitHub's kind, every foreign text escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from generator.report.view import Block, Cell, Figures, Heat, Table, Tone, View

MEANT = re.compile(r"([\\`*_\[\]|~$<>&#@])")
"""What Markdown, HTML, mathematics, mentions and references take a meaning from."""
ENTITIES = "<>&#@"
BEGINS = re.compile(r"^([-+=]+|\d+)(?=[.) ]|$)")
"""What begins a list, a rule or a heading at the start of a line."""
SYMBOLS = {
    Tone.NONE: "○",
    Tone.SOME: "◔",
    Tone.MOST: "◑",
    Tone.ALL: "●",
    Tone.UNKNOWN: "？",
    Tone.NOT_APPLICABLE: "–",
}


def to_markdown(view: View) -> str:
    """Return the document."""
    return "\n".join(_lines(view)).rstrip() + "\n"


def escaped(text: str) -> str:
    """Return `text` on one line so that Markdown shows it letter by letter, wherever in a line it stands."""
    line = " ".join(text.split())
    return MEANT.sub(lambda found: f"&#{ord(found[1])};" if found[1] in ENTITIES else f"\\{found[1]}", line)


def _block_text(text: str) -> str:
    """Return `text` escaped for the start of a line, where a dash or a number means a list."""
    return BEGINS.sub(lambda found: f"{found[1]}&#8203;" if found[1].isdigit() else f"\\{found[1]}", escaped(text))


def _lines(view: View) -> Iterator[str]:
    yield f"# {escaped(view.title)}: {escaped(view.subtitle)}"
    yield ""
    for name, value in view.facts:
        yield f"- {escaped(name)}: **{escaped(value)}**"
    for section in view.sections:
        yield from ("", f"## {escaped(section.title)}", "")
        for block in section.blocks:
            yield from _block(block, section.title)
            yield ""
    yield from ("---", "", _block_text(view.footer))


def _block(block: Block, heading: str) -> Iterator[str]:
    match block:
        case Figures():
            cells = [(Cell(text=one.label), Cell(text=one.value), Cell(text=one.note)) for one in block.items]
            yield from _grid(("", "", ""), cells)
        case Table():
            if block.caption != heading:
                yield from (f"### {escaped(block.caption)}", "")
            yield from _grid(block.head, block.rows)
        case Heat():
            yield from _heat(block)
        case _:
            yield from _plain(block)


def _plain(block: Any) -> Iterator[str]:  # noqa: ANN401 - what is no table
    texts = getattr(block, "texts", None) or [getattr(block, "text", "")]
    items = getattr(block, "items", None) or [
        f"{step.level} {step.name}" + (f" ← {marks}" if (marks := _marks(block, step)) else "")
        for step in getattr(block, "steps", ())
    ]
    for text in filter(None, texts):
        yield from (_block_text(text), "")
    for item in items:
        yield f"- {_block_text(item)}"


def _marks(block: Any, step: Any) -> str:  # noqa: ANN401
    return ", ".join(word for word, holds in ((block.current, step.current), (block.target, step.target)) if holds)


def _heat(block: Heat) -> Iterator[str]:
    yield ", ".join(f"{SYMBOLS[one.tone]} {escaped(one.text)}" for one in block.legend)
    yield ""
    rows = [
        (
            Cell(text=name),
            *(Cell(text=", ".join(f"{SYMBOLS[c.tone]} {c.id}{'*' * c.key}" for c in chips)) for chips in columns),
        )
        for name, columns in block.rows
    ]
    yield from _grid(block.head, rows)


def _grid(head: Iterable[str], rows: Iterable[tuple[Cell, ...]]) -> Iterator[str]:
    names = list(head)
    yield _row(escaped(name) for name in names)
    yield _row("---" for _ in names)
    for cells in rows:
        yield _row(_cell(cell) for cell in cells)


def _row(texts: Iterable[str]) -> str:
    return f"| {' | '.join(text or ' ' for text in texts)} |"


def _cell(cell: Cell) -> str:
    text = escaped(cell.text)
    if cell.link and cell.link.startswith(("https://", "http://")):
        return f"[{text}](<{cell.link.replace('<', '%3C').replace('>', '%3E').replace('|', '%7C')}>)"
    return f"**{text}**" if cell.tone is Tone.WARN and text else text
