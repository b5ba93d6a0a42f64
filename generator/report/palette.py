"""The colours of printed documents; the page has the same ones, and dark ones besides."""

from __future__ import annotations

from generator.report.view import Tone

INK = "#1b2430"
SOFT = "#53606e"
LINE = "#d5dce4"
WASH = "#f4f7f9"
PALE = "#e3e9ee"
ACCENT = "#1d6f74"
TARGET = "#b4540a"
TONES = {
    Tone.GOOD: "#1d6f4a",
    Tone.WARN: "#a3430a",
    Tone.NONE: "#e3e7eb",
    Tone.SOME: "#cfe8e6",
    Tone.MOST: "#7fc1bb",
    Tone.ALL: "#1d6f74",
    Tone.UNKNOWN: "#ffe9b3",
    Tone.NOT_APPLICABLE: "#ffffff",
}
