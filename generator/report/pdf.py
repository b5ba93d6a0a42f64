"""The view as PDF, by reportlab.

Chinese is set in STSong-Light, one of the fonts a PDF reader brings along: nothing is embedded, and no font has to be
found on the machine that writes. Latin text is Helvetica, chosen run by run, so that a name in the other script shows.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any
from xml.sax.saxutils import quoteattr

from generator.report import drawing
from generator.report.fonts import LATIN, LATIN_BOLD, marked, register
from generator.report.palette import ACCENT, INK, LINE, SOFT, TARGET, TONES, WASH
from generator.report.view import (
    Block,
    Bullets,
    Cell,
    Figures,
    Heat,
    Lines,
    Prose,
    Radar,
    Section,
    Stairs,
    Table,
    Tone,
    View,
)

MARGIN = 48
PADDING = 6
INNER = 595 - 2 * MARGIN - 2 * PADDING
"""The width of an A4 page's text, in points."""
ROOM = 110
"""What a heading needs below it on its page, in points."""
VALUES = (Tone.NONE, Tone.SOME, Tone.MOST, Tone.ALL, Tone.UNKNOWN, Tone.NOT_APPLICABLE)


def to_pdf(view: View) -> bytes:
    """Return the document: A4, with outline, page numbers and links inside."""
    from reportlab.platypus import SimpleDocTemplate

    register()
    buffer = io.BytesIO()
    page = SimpleDocTemplate(
        buffer,
        pagesize=(595, 842),
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 8,
        title=f"{view.title}: {view.subtitle}",
        author=view.subtitle,
        lang=view.language,
        invariant=1,
    )
    story = [part for section in view.sections for part in _section(section, _styles(view))]
    page.build([*_head(view), *story], onFirstPage=_foot(view), onLaterPages=_foot(view))
    return buffer.getvalue()


def _styles(view: View) -> dict[str, Any]:
    from reportlab.lib.styles import ParagraphStyle

    body = ParagraphStyle("body", fontName=LATIN, fontSize=9.5, leading=14, textColor=INK, spaceAfter=6)
    if view.language.startswith(("zh", "ja")):
        body.wordWrap = "CJK"

    def style(name: str, **changes: Any) -> ParagraphStyle:  # noqa: ANN401 - reportlab's own
        return ParagraphStyle(name, parent=body, **changes)

    return {
        "body": body,
        "kicker": style("kicker", textColor=ACCENT, fontName=LATIN_BOLD, spaceAfter=0),
        "title": style("title", fontName=LATIN_BOLD, fontSize=26, leading=32, spaceAfter=8),
        "h2": style("h2", fontName=LATIN_BOLD, fontSize=15, leading=20, spaceBefore=18, spaceAfter=6),
        "h3": style("h3", fontName=LATIN_BOLD, fontSize=10, spaceBefore=6, spaceAfter=4),
        "cell": style("cell", fontSize=8, leading=11, spaceAfter=0),
        "head": style("head", fontSize=7.5, leading=10, textColor=SOFT, spaceAfter=0),
        "note": style("note", fontSize=7.5, leading=10.5, textColor=SOFT, spaceAfter=0),
        "big": style("big", fontName=LATIN_BOLD, fontSize=20, leading=25, spaceAfter=0),
        "bullet": style("bullet", leftIndent=12, bulletIndent=2),
    }


def _text(text: str, style: Any, more: str = "") -> Any:  # noqa: ANN401
    from reportlab.platypus import Paragraph

    return Paragraph(f"{more}{marked(text)}", style)


def _head(view: View) -> list[Any]:
    from reportlab.platypus import HRFlowable

    styles = _styles(view)
    facts = " | ".join(f"{name}: {value}" for name, value in view.facts)
    line = HRFlowable(width="100%", thickness=2, color=ACCENT, spaceBefore=6, spaceAfter=0)
    return [
        _text(view.title, styles["kicker"]),
        _text(view.subtitle, styles["title"]),
        _text(facts, styles["note"]),
        line,
    ]


def _foot(view: View) -> Any:  # noqa: ANN401 - what reportlab calls with canvas and page
    def draw(canvas: Any, page: Any) -> None:  # noqa: ANN401
        from reportlab.platypus import Paragraph

        canvas.saveState()
        foot = Paragraph(marked(view.footer), _styles(view)["note"])
        _, height = foot.wrap(INNER - 40, MARGIN)
        foot.drawOn(canvas, MARGIN + PADDING, MARGIN - 12 - height / 2)
        canvas.setFont(LATIN, 8)
        canvas.setFillColor(SOFT)
        canvas.drawRightString(MARGIN + PADDING + INNER, MARGIN - 12, str(page.page))
        canvas.restoreState()

    return draw


def _section(section: Section, styles: dict[str, Any]) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak

    yield CondPageBreak(ROOM)
    yield _outlined(section)
    yield _text(section.title, styles["h2"], f"<a name={quoteattr(section.id)}/>")
    for block in section.blocks:
        yield from _block(block, section.title, styles)


def _outlined(section: Section) -> Any:  # noqa: ANN401
    from reportlab.platypus.flowables import Flowable

    class Mark(Flowable):  # type: ignore[misc]
        def wrap(self, *_: Any) -> tuple[int, int]:  # noqa: ANN401
            return 0, 0

        def draw(self) -> None:
            self.canv.bookmarkPage(f"outline-{section.id}")
            self.canv.addOutlineEntry(section.title, f"outline-{section.id}", 0)

    return Mark()


def _block(block: Block, heading: str, styles: dict[str, Any]) -> Iterator[Any]:
    from reportlab.platypus import CondPageBreak

    match block:
        case Prose():
            yield from (_text(text, styles["body"]) for text in block.texts)
        case Bullets():
            yield from (_text(item, styles["bullet"], "<bullet>&bull;</bullet>") for item in block.items)
        case Figures():
            yield _figures(block, styles)
        case Table():
            if block.caption != heading:
                yield CondPageBreak(ROOM)
                yield _text(block.caption, styles["h3"])
            yield _table(block.head, block.rows, block.shares, styles)
        case Heat():
            yield from _heat(block, styles)
        case Radar() | Stairs() | Lines():
            yield drawing.drawn(block, INNER)
            yield _text(block.text, styles["note"], _keys(block) if isinstance(block, Lines) else "")


def _keys(block: Lines) -> str:
    named = ((ACCENT, block.series[0].name), (TARGET, block.series[-1].name))
    return "".join(f'<font color="{code}">{marked("■")}</font> {marked(name)} &nbsp; ' for code, name in named)


def _figures(block: Figures, styles: dict[str, Any]) -> Any:  # noqa: ANN401
    from reportlab.platypus import Table as Grid

    boxes = [
        [_text(one.label, styles["note"]), _text(one.value, styles["big"]), _text(one.note, styles["note"])]
        for one in block.items
    ]
    width = INNER / len(boxes)
    style: list[Any] = [("BACKGROUND", (0, 0), (-1, -1), WASH), ("VALIGN", (0, 0), (-1, -1), "TOP")]
    style += [("LEFTPADDING", (0, 0), (-1, -1), 8), ("BOTTOMPADDING", (0, 0), (-1, -1), 8)]
    for place, one in enumerate(block.items):
        style.append(("LINEABOVE", (place, 0), (place, 0), 3, TONES.get(one.tone, LINE)))
        style.append(("LINEAFTER", (place, 0), (place, 0), 6, "#ffffff"))
    return Grid([boxes], colWidths=[width] * len(boxes), style=style, spaceAfter=10)


def _table(head: Any, rows: Any, shares: Any, styles: dict[str, Any]) -> Any:  # noqa: ANN401
    from reportlab.platypus import Table as Grid

    lines = [[_text(name, styles["head"]) for name in head]]
    style: list[Any] = [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, 0), 1, LINE),
        ("LINEBELOW", (0, 1), (-1, -1), 0.5, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("RIGHTPADDING", (0, 0), (-1, -1), 8),
    ]
    for number, cells in enumerate(rows, 1):
        lines.append([_cell(cell, styles) for cell in cells])
        for place, cell in enumerate(cells):
            if cell.tone in VALUES:
                style.append(("LINEBEFORE", (place, number), (place, number), 4, TONES[cell.tone]))
                style.append(("LEFTPADDING", (place, number), (place, number), 7))
    widths = [share * INNER for share in shares]
    return Grid(lines, colWidths=widths, repeatRows=1, style=style, spaceAfter=10)


def _cell(cell: Cell, styles: dict[str, Any]) -> Any:  # noqa: ANN401
    from reportlab.platypus import Paragraph

    text = marked(cell.text)
    if cell.link:
        text = f'<a href={quoteattr(cell.link)} color="{ACCENT}">{text}</a>'
    if cell.tone in (Tone.GOOD, Tone.WARN):
        text = f'<font color="{TONES[cell.tone]}">{text}</font>'
    anchor = f"<a name={quoteattr(cell.anchor)}/>" if cell.anchor else ""
    return Paragraph(anchor + text, styles["cell"])


def _heat(block: Heat, styles: dict[str, Any]) -> Iterator[Any]:
    from reportlab.platypus import Paragraph

    legend = "  ".join(_chip(one.text, one.tone) for one in block.legend)
    yield Paragraph(legend, styles["cell"])
    rows = []
    for name, columns in block.rows:
        chips = [" ".join(_chip(one.id + "*" * one.key, one.tone) for one in cell) for cell in columns]
        rows.append((Cell(text=name), *chips))
    yield _chip_table(block.head, rows, styles)


def _chip(text: str, tone: Tone) -> str:
    ink = "#ffffff" if tone is Tone.ALL else INK
    nothing = tone is Tone.NOT_APPLICABLE
    back = "" if nothing else f' backColor="{TONES[tone]}"'
    return f'<font color="{SOFT if nothing else ink}"{back}>&nbsp;{marked(text)}&nbsp;</font>'


def _chip_table(head: Any, rows: Any, styles: dict[str, Any]) -> Any:  # noqa: ANN401
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph
    from reportlab.platypus import Table as Grid

    loose = ParagraphStyle("loose", parent=styles["cell"], leading=15)
    lines: list[list[Any]] = [[_text(name, styles["head"]) for name in head]]
    for name, *chips in rows:
        lines.append([_cell(name, styles), *(Paragraph(text, loose) for text in chips)])
    style = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.5, LINE)]
    style.append(("LEFTPADDING", (0, 0), (-1, -1), 0))
    widths = [0.22 * INNER, *[0.26 * INNER] * (len(head) - 1)]
    return Grid(lines, colWidths=widths, repeatRows=1, style=style, spaceAfter=10)
