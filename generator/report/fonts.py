"""Which font of a PDF sets which characters."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape

LATIN = "Helvetica"
LATIN_BOLD = "Helvetica-Bold"
CHINESE = "STSong-Light"
OURS = re.compile(r"[\x20-\x7e\xa0-\xff–—‘’“”•…€]+")
"""What Helvetica of the PDF standard can show; everything else is set in the Chinese font."""
BROKEN = re.compile(r"[^\x20-\x7e\xa0-\xff–—‘’“”•…€\u0370-\u03ff\u0400-\u04ff\u2000-\u9fff\uff00-\uffef]")
"""What neither font has: shown as a mark instead of as nothing."""


def register() -> None:
    """Make the Chinese font known to reportlab."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    if CHINESE not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(UnicodeCIDFont(CHINESE))


def marked(text: str) -> str:
    """Return `text` as reportlab's markup: escaped, and what is not Latin put into the Chinese font."""
    line = BROKEN.sub("□", " ".join(text.split()))
    parts, end = [], 0
    for found in OURS.finditer(line):
        parts += [_chinese(line[end : found.start()]), escape(found[0])]
        end = found.end()
    return "".join([*parts, _chinese(line[end:])])


def font_of(text: str) -> str:
    """Return the one font that can show all of `text`, for charts."""
    return LATIN if OURS.fullmatch(text) or not text else CHINESE


def _chinese(text: str) -> str:
    return f'<font name="{CHINESE}">{escape(text)}</font>' if text else ""
