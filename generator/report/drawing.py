"""Charts of a PDF, by reportlab's own chart library."""

from __future__ import annotations

from typing import Any

from generator.report.fonts import LATIN, font_of
from generator.report.palette import ACCENT, INK, LINE, PALE, SOFT, TARGET
from generator.report.view import Lines, Radar, Stairs


def drawn(block: Radar | Stairs | Lines, width: float) -> Any:  # noqa: ANN401 - reportlab has no types
    """Return the chart as a drawing of `width` points."""
    match block:
        case Radar():
            return _radar(block, width)
        case Stairs():
            return _stairs(block, width)
        case Lines():
            return _lines(block, width)


def _colour(code: str) -> Any:  # noqa: ANN401
    from reportlab.lib.colors import HexColor

    return HexColor(code)


def _radar(block: Radar, width: float) -> Any:  # noqa: ANN401
    from reportlab.graphics.charts.spider import SpiderChart
    from reportlab.graphics.shapes import Drawing

    chart = SpiderChart()
    chart.x, chart.y, chart.width, chart.height = width / 2 - 75, 24, 150, 150
    full = [1.0] * len(block.axes)
    chart.data = [full, *[[value or 0.0 for value in series.values] for series in block.series]]
    chart.labels = list(block.axes)
    chart.strands[0].strokeColor, chart.strands[0].fillColor = _colour(LINE), None
    for place in range(len(block.series)):
        strand = chart.strands[place + 1]
        strand.strokeColor = _colour(ACCENT)
        strand.fillColor = _colour(PALE)
        strand.strokeWidth = 1.5
    chart.spokes.strokeColor = _colour(LINE)
    chart.strandLabels.fontName = chart.spokeLabels.fontName = font_of("".join(block.axes))
    chart.spokeLabels.fontSize = 8
    chart.spokeLabels.fillColor = _colour(INK)
    page = Drawing(width, 200)
    page.add(chart)
    return page


def _bars(width: float, height: float) -> Any:  # noqa: ANN401
    from reportlab.graphics.charts.barcharts import VerticalBarChart

    chart = VerticalBarChart()
    chart.x, chart.y, chart.width, chart.height = 0, 30, width, height
    chart.valueAxis.valueMin = 0
    chart.valueAxis.visible = 0
    chart.categoryAxis.visibleTicks = 0
    chart.categoryAxis.strokeColor = _colour(LINE)
    chart.categoryAxis.labels.fontSize = 8
    chart.categoryAxis.labels.fillColor = _colour(INK)
    chart.groupSpacing = 9
    return chart


def _stairs(block: Stairs, width: float) -> Any:  # noqa: ANN401
    from reportlab.graphics.shapes import Drawing

    chart = _bars(width, 110)
    chart.data = [[step.level + 1 for step in block.steps]]
    chart.valueAxis.valueMax = len(block.steps)
    names = ["\n".join([f"{step.level} {step.name}", *_marks(block, place)]) for place, step in enumerate(block.steps)]
    chart.categoryAxis.categoryNames = names
    chart.categoryAxis.labels.fontName = font_of("".join(names).replace("\n", ""))
    chart.categoryAxis.labels.fontSize = 7
    for place, step in enumerate(block.steps):
        bar = chart.bars[(0, place)]
        bar.fillColor = _colour(ACCENT if step.reached else PALE)
        bar.strokeColor = _colour(TARGET if step.target else LINE)
        bar.strokeWidth = 2 if step.target else 0.5
    page = Drawing(width, 150)
    page.add(chart)
    return page


def _marks(block: Stairs, place: int) -> list[str]:
    step = block.steps[place]
    return [word for word, holds in ((block.current, step.current), (block.target, step.target)) if holds]


def _lines(block: Lines, width: float) -> Any:  # noqa: ANN401
    from reportlab.graphics.charts.linecharts import HorizontalLineChart
    from reportlab.graphics.shapes import Drawing
    from reportlab.graphics.widgets.markers import makeMarker

    chart = HorizontalLineChart()
    chart.x, chart.y, chart.width, chart.height = 20, 30, width - 40, 130
    chart.data = [list(series.values) for series in block.series]
    chart.valueAxis.valueMin, chart.valueAxis.valueMax, chart.valueAxis.valueStep = 0, 3, 1
    chart.valueAxis.labels.fontName, chart.valueAxis.labels.fontSize = LATIN, 8
    chart.valueAxis.strokeColor = chart.categoryAxis.strokeColor = _colour(LINE)
    chart.valueAxis.visibleGrid, chart.valueAxis.gridStrokeColor = 1, _colour(LINE)
    chart.categoryAxis.categoryNames = list(block.labels)
    chart.categoryAxis.labels.fontName = font_of("".join(block.labels))
    chart.categoryAxis.labels.fontSize = 7
    chart.categoryAxis.labels.fillColor = _colour(SOFT)
    for place in range(len(block.series)):
        last = place == len(block.series) - 1
        chart.lines[place].strokeColor = _colour(TARGET if last else ACCENT)
        chart.lines[place].strokeWidth = 1.5
        chart.lines[place].symbol = makeMarker("FilledCircle", size=4)
    page = Drawing(width, 170)
    page.add(chart)
    return page
