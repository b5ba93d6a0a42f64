"""The level visible in a tree as a badge: one small SVG without scripts, fonts or addresses to load."""

from __future__ import annotations

from xml.sax.saxutils import escape

from generator.model.scan import Report
from generator.text import say

COLOURS = {None: "#6e6e6e", 0: "#b3401a", 1: "#9a6700", 2: "#2f6f3e", 3: "#1f5fa8"}
"""Dark enough for white text: each at least 4.5 to 1 (WCAG 2.2, 1.4.3)."""

HEIGHT, PADDING, FONT = 20, 6, 11
NARROW = frozenset("iljI.,:;|!'()[]{} ftr-")


def to_badge(report: Report) -> str:
    """Return the SVG; a tree without a level of its own says what it is instead."""
    label, value = say("badge.label"), _value(report)
    left, right = (round(width(text)) + 2 * PADDING for text in (label, value))
    whole, middle = left + right, HEIGHT / 2 + FONT * 0.36
    said = escape(f"{label}: {value}", {'"': "&quot;"})
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{whole}" height="{HEIGHT}" role="img" aria-label="{said}">'
        f"<title>{said}</title>"
        f'<clipPath id="round"><rect width="{whole}" height="{HEIGHT}" rx="3"/></clipPath>'
        f'<g clip-path="url(#round)"><rect width="{left}" height="{HEIGHT}" fill="#3b3b3b"/>'
        f'<rect x="{left}" width="{right}" height="{HEIGHT}" fill="{COLOURS[report.level]}"/></g>'
        f'<g fill="#fff" font-family="Verdana,DejaVu Sans,sans-serif" font-size="{FONT}" text-anchor="middle">'
        f'<text x="{left / 2:g}" y="{middle:g}">{escape(label)}</text>'
        f'<text x="{left + right / 2:g}" y="{middle:g}">{escape(value)}</text></g></svg>\n'
    )


def _value(report: Report) -> str:
    if report.level is None:
        return say(f"badge.kind-{report.kind.value}")
    low, high = report.interval or (report.level, report.level)
    return say("badge.level" if low == high else "badge.interval", level=report.level, low=low, high=high)


def width(text: str) -> float:
    """Return about how wide `text` is drawn, in pixels: a wide script takes the square, a narrow letter half."""
    return sum(FONT if ord(letter) > 0x2E7F else FONT * (0.4 if letter in NARROW else 0.65) for letter in text)
