"""A season's timeline as SVG: excess loss as bars, incidents as shades, deeds as marks."""

from __future__ import annotations

from html import escape
from typing import Any

WIDTH, HEIGHT, LEFT, TOP, FLOOR = 960, 190, 48, 18, 140
QUIET = frozenset(["first release", "looked", "warning"])


def timeline(season: dict[str, Any], alt: str) -> str:
    """Return the timeline of one season of the document."""
    count = max(len(season["excess"]), 1)
    step = (WIDTH - LEFT - 8) / count
    top = max([1.0, *season["excess"]])
    parts = [
        *(_shade(one, step, count) for one in season["incidents"]),
        *(_bar(at, value, step, top) for at, value in enumerate(season["excess"])),
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - 8}" y1="{FLOOR}" y2="{FLOOR}"/>',
        f'<text x="0" y="{TOP + 10}">{top:.0f}</text><text x="0" y="{FLOOR}">0</text>',
        *(_tick(at, step) for at in range(0, count, 5)),
        *(_mark(one, step) for one in season["deeds"] if one["deed"] not in QUIET),
    ]
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(alt)}">{"".join(parts)}</svg>'


def _shade(incident: dict[str, Any], step: float, count: int) -> str:
    begin, end = incident["begin"], min(incident["end"], count)
    return (
        f'<rect class="shade" x="{LEFT + begin * step:.1f}" y="{TOP}" width="{max(end - begin, 0) * step:.1f}"'
        f' height="{FLOOR - TOP}"><title>{escape(incident["kind"])} ({incident["size"]:g})</title></rect>'
    )


def _bar(at: int, value: float, step: float, top: float) -> str:
    height = max(value, 0.0) / top * (FLOOR - TOP)
    return (
        f'<rect class="bar" x="{LEFT + at * step + 1:.1f}" y="{FLOOR - height:.1f}" width="{max(step - 2, 1):.1f}"'
        f' height="{height:.1f}"/>'
    )


def _tick(at: int, step: float) -> str:
    return f'<text x="{LEFT + at * step:.1f}" y="{HEIGHT - 4}">{at}</text>'


def _mark(deed: dict[str, Any], step: float) -> str:
    x, words = LEFT + (deed["batch"] + 0.5) * step, escape(f"{deed['batch']}: {deed['deed']} {deed['text']}".strip())
    if deed["by"] == "person":
        return f'<circle class="person" cx="{x:.1f}" cy="{FLOOR + 26}" r="5"><title>{words}</title></circle>'
    points = f"{x - 5:.1f},{FLOOR + 17} {x + 5:.1f},{FLOOR + 17} {x:.1f},{FLOOR + 7}"
    return f'<polygon class="project" points="{points}"><title>{words}</title></polygon>'
