"""Charts as static SVG, by pygal: no script, no network, colours of the page they stand in (light and dark).

The SVG is hidden from screen readers; the words beside it say the same.
"""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

from generator.report.view import Lines, Radar, Stairs

MOUSE_ONLY = ("script", "desc", "title")
STRAIGHT = 5
"""Pixels beside the middle that still count as above or below it."""
SPARE = 16
ABOVE = 10
"""Pixels that lift the uppermost name over the scale's own last number."""
STEP = 1
"""The height of a stair that stands for level 0, so that it can be seen."""


def radar(block: Radar) -> str:
    """Return the radar as SVG."""
    import pygal

    look = {**_look(700, 340), "margin_left": 180, "margin_right": 180, "margin_top": 24, "margin_bottom": 24}
    chart = pygal.Radar(**look, fill=True, range=(0, 1), y_labels=[0.25, 0.5, 0.75, 1], dots_size=3)
    chart.value_formatter = lambda share: f"{share:.0%}"
    chart.x_labels = list(block.axes)
    for series in block.series:
        chart.add(series.name, list(series.values))
    return _static(chart, "radar")


def stairs(block: Stairs) -> str:
    """Return the levels as rising bars: reached ones filled, where the organization stands and should stand marked."""
    import pygal

    chart = pygal.Bar(**_look(520, 250), range=(0, len(block.steps)), show_y_labels=False, show_y_guides=False)
    chart.x_labels = [_under(block, place) for place in range(len(block.steps))]
    colours = ["var(--accent)" if step.reached else "var(--pale)" for step in block.steps]
    bars = [
        {"value": step.level + STEP, "style": f"fill: {colour}; fill-opacity: 1; {_edge(target=step.target)}"}
        for step, colour in zip(block.steps, colours, strict=True)
    ]
    chart.add("", bars)
    return _static(chart, "stairs")


def lines(block: Lines) -> str:
    """Return levels over time; a line ends at each mark and begins anew after it."""
    import pygal

    look = _look(720, 260, _coloured(block)) | {"margin_right": 48}
    chart = pygal.Line(**look, range=(0, 3), y_labels=[0, 1, 2, 3], dots_size=4, show_only_major_dots=False)
    chart.value_formatter = lambda level: f"{level:g}"
    chart.x_labels = list(block.labels)
    chart.x_label_rotation = 0 if len(block.labels) < 8 else 30
    for series in block.series:
        chart.add(series.name, list(series.values), allow_interruptions=True)
    return _static(chart, "lines")


def _coloured(block: Lines) -> tuple[str, ...]:
    """Return a colour for each series and some more: pygal mixes what it lacks, which names of colours do not bear."""
    return ("var(--accent)",) * (len(block.series) - 1) + ("var(--target)",) + ("var(--accent)",) * SPARE


def _under(block: Stairs, place: int) -> str:
    step = block.steps[place]
    marks = [word for word, holds in ((block.current, step.current), (block.target, step.target)) if holds]
    return f"{step.level} {' · '.join(marks)}".strip()


def _edge(*, target: bool) -> str:
    return "stroke: var(--target); stroke-width: 4" if target else "stroke: var(--line); stroke-width: 1"


def _upright(tree: ET.Element) -> None:
    """Set the names of the axes level, beside the web instead of along it; the first one stands above its centre."""
    names = [text for text in tree.iter("text") if "transform" in text.attrib]
    for text in names:
        del text.attrib["transform"]
        aside = float(text.get("x", 0)) - float(names[0].get("x", 0))
        anchor = "middle" if abs(aside) < STRAIGHT else "start" if aside > 0 else "end"
        text.set("style", f"text-anchor: {anchor}")
    names[0].set("y", f"{float(names[0].get('y', 0)) - ABOVE:g}")


def _look(width: int, height: int, colours: tuple[str, ...] = ("var(--accent)", "var(--target)")) -> dict[str, Any]:
    from pygal.style import Style

    style = Style(
        background="transparent",
        plot_background="transparent",
        foreground="var(--ink)",
        foreground_strong="var(--ink)",
        foreground_subtle="var(--line)",
        colors=colours,
        value_colors=colours,
        opacity=".35",
        font_family="inherit",
        label_font_size=12,
        major_label_font_size=12,
    )
    return {
        "style": style,
        "js": (),
        "width": width,
        "height": height,
        "show_legend": False,
        "disable_xml_declaration": True,
        "margin": 8,
        "no_data_text": "",
        "truncate_label": -1,
    }


def _static(chart: Any, name: str) -> str:  # noqa: ANN401 - pygal has no types
    """Return the chart without scripts, tooltips and titles that only a mouse finds."""
    chart.uuid = name
    tree = chart.render_tree()
    for parent in list(tree.iter()):
        for child in list(parent):
            if child.tag is ET.Comment or child.tag in MOUSE_ONLY:
                parent.remove(child)
    if name == "radar":
        _upright(tree)
    for key, value in {"aria-hidden": "true", "focusable": "false", "class": f"chart {name}"}.items():
        tree.set(key, value)
    return str(ET.tostring(tree, encoding="unicode", method="html"))
