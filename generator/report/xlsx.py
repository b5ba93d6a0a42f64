"""The view as a workbook: the answers as they were given, and a result that counts again when one is changed.

Every text is written as text, so that nothing a person typed is ever run as a formula.
"""

from __future__ import annotations

import io
from typing import Any

from generator.report.sheets import Sheet, counted, looks, tall
from generator.report.view import Counting, Figures, Prose, Section, Table, View
from generator.text import say

WIDEST = 60


def to_xlsx(view: View) -> bytes:
    """Return the workbook: a summary, the sheets that count, and one sheet a section with tables."""
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(buffer, options)
    book.set_properties({"title": f"{view.title}: {view.subtitle}", "comments": view.footer})
    formats = looks(book)
    names = _Names()
    _summary(book.add_worksheet(names.free(say("report.summary"))), view, formats)
    if view.counting:
        _count(book, view.counting, names, formats)
    for section in view.sections:
        tables = [block for block in section.blocks if isinstance(block, Table)]
        if tables:
            _tables(book.add_worksheet(names.free(section.title)), section, tables, formats)
    book.close()
    return buffer.getvalue()


class _Names:
    """Sheet names: at most 31 characters, none twice, without what spreadsheets forbid in them."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def free(self, wanted: str) -> str:
        clean = "".join(" " if char in "[]:*?/\\'" else char for char in wanted).strip() or "-"
        name, count = clean[:31], 1
        while name.lower() in self.taken:
            count += 1
            name = f"{clean[:27]} {count}"
        self.taken.add(name.lower())
        return name


def _count(book: Any, counting: Counting, names: _Names, formats: dict[str, Any]) -> None:  # noqa: ANN401
    answers, result = names.free(say("report.sheet-answers")), names.free(say("report.sheet-result"))
    first, second = book.add_worksheet(answers), book.add_worksheet(result)
    counted(Sheet(page=first, name=answers), Sheet(page=second, name=result), counting, formats)


def _summary(page: Any, view: View, formats: dict[str, Any]) -> None:  # noqa: ANN401
    page.set_column(0, 0, 26)
    page.set_column(1, 1, 20)
    page.set_column(2, 2, 70)
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.write_string(0, 0, view.title, formats["kicker"])
    page.set_row(1, 30)
    page.write_string(1, 0, view.subtitle, formats["title"])
    place = 3
    for name, value in view.facts:
        page.write_string(place, 0, name, formats["soft"])
        page.write_string(place, 1, value)
        place += 1
    for block in view.sections[0].blocks if view.sections else ():
        place += 1
        if isinstance(block, Figures):
            for one in block.items:
                page.set_row(place, 24)
                page.write_string(place, 0, one.label, formats["soft"])
                page.write_string(place, 1, one.value, formats["big"])
                page.write_string(place, 2, one.note, formats["wrap"])
                place += 1
        if isinstance(block, Prose):
            page.write_string(place, 0, " ".join(block.texts))
            place += 1
    page.write_string(place + 1, 0, view.footer, formats["soft"])


def _tables(page: Any, section: Section, tables: list[Table], formats: dict[str, Any]) -> None:  # noqa: ANN401
    page.hide_gridlines(2)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    broadest = max(tables, key=lambda table: len(table.head))
    widths = [min(WIDEST, max(9, share * 130)) for share in broadest.shares]
    for column, width in enumerate(widths):
        page.set_column(column, column, width)
    page.write_string(0, 0, section.title, formats["heading"])
    place = 2
    for table in tables:
        if table.caption != section.title:
            page.write_string(place, 0, table.caption, formats["caption"])
            place += 1
        for column, name in enumerate(table.head):
            page.write_string(place, column, name, formats["head"])
        if len(tables) == 1:
            page.autofilter(place, 0, place + len(table.rows), len(table.head) - 1)
            page.freeze_panes(place + 1, 1)
        for cells in table.rows:
            place += 1
            tall(page, place, [cell.text for cell in cells], widths)
            for column, cell in enumerate(cells):
                page.write_string(place, column, cell.text, formats[cell.tone or "wrap"])
        place += 2
