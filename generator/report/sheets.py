"""The two sheets that count: answers with their choices, and the result recomputed from them by formulas.

The formulas are the scoring rule once more: points by value, gates by groups of keys and a share of the others'
points, the level as the highest gate with all below it passed. A test compares them with ours in a spreadsheet program.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from generator import columns
from generator.model.assessment import Value
from generator.report.view import Counting, Tone
from generator.text import say

TOP = 2
"""The row (from 0) of the table's head on the sheet of answers; the row above it says what can be done here."""
LINE, LOOSE = 13.5, 1.08
"""Points of a line, and how much wider than its characters text runs."""
WIDTHS = (38, 22, 8, 8, 46, 16, 8, 8, 14, 44)
TONES: dict[Tone, dict[str, Any]] = {
    Tone.GOOD: {"font_color": "#1d6f4a"},
    Tone.WARN: {"font_color": "#a3430a"},
    Tone.NONE: {"bg_color": "#f1f3f5"},
    Tone.SOME: {"bg_color": "#cfe8e6"},
    Tone.MOST: {"bg_color": "#7fc1bb"},
    Tone.ALL: {"bg_color": "#1d6f74", "font_color": "#ffffff"},
    Tone.UNKNOWN: {"bg_color": "#fff3d6"},
    Tone.NOT_APPLICABLE: {"font_color": "#53606e", "italic": True},
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """A worksheet with its name."""

    page: Any
    name: str


def looks(book: Any) -> dict[str, Any]:  # noqa: ANN401 - xlsxwriter has no types
    """Return the formats by name."""
    wrap: dict[str, Any] = {"text_wrap": True, "valign": "top"}
    described: dict[str, dict[str, Any]] = {
        "kicker": {"font_color": "#1d6f74", "bold": True},
        "title": {"font_size": 20, "bold": True},
        "heading": {"font_size": 16, "bold": True},
        "caption": {"bold": True},
        "soft": {"font_color": "#53606e"},
        "big": {"font_size": 16, "bold": True, "align": "left"},
        "head": {"bold": True, "bottom": 2, "bottom_color": "#1d6f74", "text_wrap": True, "valign": "bottom"},
        "wrap": wrap,
        "number": {"num_format": "0.00", "valign": "top"},
        "share": {"num_format": "0%"},
        "input": {"bg_color": "#fffbe6", "border": 1, "border_color": "#d5dce4", "valign": "top"},
        **{str(tone): {**wrap, **look} for tone, look in TONES.items()},
    }
    return {name: book.add_format(look) for name, look in described.items()}


def tall(page: Any, place: int, texts: Iterable[str], widths: Iterable[float]) -> None:  # noqa: ANN401
    """Make row `place` as high as its longest text needs: not every program does that when it opens a workbook."""
    lines = max((math.ceil(columns.width(text) * LOOSE / width) for text, width in zip(texts, widths, strict=False)))
    page.set_row(place, LINE * max(lines, 1) + 3)


def counted(answers: Sheet, result: Sheet, counting: Counting, formats: dict[str, Any]) -> None:
    """Fill both sheets; the second holds formulas on the first only."""
    _answers(answers, result, counting, formats)
    _result(answers, result, counting, formats)


def _answers(sheet: Sheet, result: Sheet, counting: Counting, formats: dict[str, Any]) -> None:
    page, last = sheet.page, TOP + len(counting.given)
    page.write_string(0, 0, say("report.sheet-help"), formats["soft"])
    names = (
        *("gaps-head-capability", "sheet-dimension", "sheet-level", "sheet-key", "sheet-question", "sheet-value"),
        *("sheet-points", "sheet-applies", "claims-head-sure", "claims-head-evidence"),
    )
    for column, name in enumerate(names):
        page.write_string(TOP, column, say(f"report.{name}"), formats["head"])
    for column, width in enumerate(WIDTHS):
        page.set_column(column, column, width)
    points = f"{_at(result)}!$A${_points_row()}:$B${_points_row() + len(counting.points) - 1}"
    for place, one in enumerate(counting.given, TOP + 1):
        texts = (f"{one.id} {one.title}", one.dimension)
        for column, text in enumerate(texts):
            page.write_string(place, column, text, formats["wrap"])
        page.write_number(place, 2, one.level, formats["wrap"])
        if one.group is not None:
            page.write_number(place, 3, one.group, formats["wrap"])
        page.write_string(place, 4, one.question, formats["wrap"])
        page.write_string(place, 5, one.value, formats["input"])
        own = f"F{place + 1}"
        worth = dict(counting.points).get(one.value, 0)
        page.write_formula(place, 6, f"=IFERROR(VLOOKUP({own},{points},2,FALSE),0)", formats["number"], worth)
        applies = int(one.value != Value.NOT_APPLICABLE)
        page.write_formula(place, 7, f'=IF({own}="{Value.NOT_APPLICABLE.value}",0,1)', formats["wrap"], applies)
        page.write_string(place, 8, one.confidence, formats["wrap"])
        page.write_string(place, 9, one.evidence, formats["wrap"])
        tall(page, place, (*texts, "", "", one.question, "", "", "", one.confidence, one.evidence), WIDTHS)
    page.data_validation(TOP + 1, 5, last, 5, {"validate": "list", "source": [value.value for value in Value]})
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(TOP)
    page.autofilter(TOP, 0, last, len(names) - 1)
    page.freeze_panes(TOP + 1, 1)


def _points_row() -> int:
    """Return the row (from 1) of the first value's points on the sheet of results."""
    return 20


def _at(sheet: Sheet) -> str:
    return "'" + sheet.name.replace("'", "''") + "'"


def _result(answers: Sheet, sheet: Sheet, counting: Counting, formats: dict[str, Any]) -> None:
    page = sheet.page
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.set_column(0, 0, 34)
    page.set_column(1, 8, 16)
    page.hide_gridlines(2)
    page.set_row(0, 26)
    page.set_row(1, 22)
    page.write_string(0, 0, say("report.level"), formats["heading"])
    page.write_formula(0, 1, "=IF(I5=0,0,IF(I6=0,1,IF(I7=0,2,3)))", formats["big"], counting.level)
    page.write_string(1, 0, say("report.sheet-written"), formats["soft"])
    page.write_number(1, 1, counting.level, formats["big"])
    _gates(answers, sheet, counting, formats)
    _dimensions(answers, sheet, counting, formats)
    _rules(sheet, counting, formats)


def _gates(answers: Sheet, sheet: Sheet, counting: Counting, formats: dict[str, Any]) -> None:
    page, column = sheet.page, _columns(answers, counting)
    names = ("gate", "groups", "reached", "maximum", "needed", "others", "excluded", "written", "passed")
    for place, name in enumerate(names):
        page.write_string(3, place, say(f"report.sheet-{name}"), formats["head"])
    best = f"MAX($B${_points_row()}:$B${_points_row() + len(counting.points) - 1})"
    minimum, threshold, most = (f"$E${_points_row() + place}" for place in range(3))
    for place, gate in enumerate(counting.gates, 4):
        row, level = place + 1, gate.level
        others = f'({column["level"]}={level})*({column["group"]}="")'
        missing = "+".join(
            f"(SUMPRODUCT(({column['group']}={group})*({column['points']}>={minimum}-0.000001))=0)"
            for group, own in counting.groups
            if own == level
        )
        formulas: tuple[tuple[str, float, str], ...] = (
            (missing or "0", gate.missing, "wrap"),
            (f"SUMPRODUCT({others}*{column['applies']}*{column['points']})", gate.points, "number"),
            (f"{best}*SUMPRODUCT({others}*{column['applies']})", gate.maximum, "number"),
            (f"{threshold}*D{row}", gate.needed, "number"),
            (f"SUMPRODUCT({others}*1)", gate.others, "wrap"),
            (f"SUMPRODUCT({others}*(1-{column['applies']}))", gate.excluded, "wrap"),
        )
        page.write_number(place, 0, level)
        for offset, (formula, value, look) in enumerate(formulas, 1):
            page.write_formula(place, offset, f"={formula}", formats[look], value)
        page.write_number(place, 7, int(gate.passed))
        assessable = f"OR(F{row}=0,AND(D{row}>0,G{row}<={most}*F{row}))"
        passed = f"=IF(AND(B{row}=0,C{row}>=E{row}-0.000001,{assessable}),1,0)"
        page.write_formula(place, 8, passed, None, int(gate.passed))


def _dimensions(answers: Sheet, sheet: Sheet, counting: Counting, formats: dict[str, Any]) -> None:
    page, column = sheet.page, _columns(answers, counting)
    best = f"MAX($B${_points_row()}:$B${_points_row() + len(counting.points) - 1})"
    for place, name in enumerate(("sheet-dimension", "profile-head-share", "sheet-written")):
        page.write_string(9, place, say(f"report.{name}"), formats["head"])
    for place, (name, score) in enumerate(counting.dimensions, 10):
        page.write_string(place, 0, name)
        own = f"({column['dimension']}=A{place + 1})*{column['applies']}"
        share = f"SUMPRODUCT({own}*{column['points']})/({best}*SUMPRODUCT({own}*1))"
        page.write_formula(place, 1, f'=IFERROR({share},"")', formats["share"], "" if score is None else score)
        if score is not None:
            page.write_number(place, 2, score, formats["share"])


def _rules(sheet: Sheet, counting: Counting, formats: dict[str, Any]) -> None:
    page, first = sheet.page, _points_row() - 1
    page.write_string(first - 1, 0, say("report.sheet-rules"), formats["head"])
    page.write_string(first - 1, 1, say("report.sheet-points"), formats["head"])
    for place, (value, points) in enumerate(counting.points, first):
        page.write_string(place, 0, value)
        page.write_number(place, 1, points, formats["input"])
    rules = (
        ("minimum", counting.key_minimum),
        ("threshold", counting.threshold),
        ("most", counting.most_not_applicable),
    )
    for place, (name, number) in enumerate(rules, first):
        tall(page, place, [say(f"report.sheet-{name}")], [14])
        page.write_string(place, 3, say(f"report.sheet-{name}"), formats["wrap"])
        page.write_number(place, 4, number, formats["input"])


def _columns(answers: Sheet, counting: Counting) -> dict[str, str]:
    """Return the ranges of the answers' columns that formulas read."""
    first, last = TOP + 2, TOP + 1 + len(counting.given)
    letters = {"dimension": "B", "level": "C", "group": "D", "points": "G", "applies": "H"}
    return {name: f"{_at(answers)}!${letter}${first}:${letter}${last}" for name, letter in letters.items()}
