"""What a document of a result holds, in the words of one language, before any format is chosen.

A view is sections of blocks; every format knows how to show each kind of block and nothing about assessments.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Tone(StrEnum):
    """How a piece of text is meant; never by colour alone, the text says it too."""

    PLAIN = ""
    GOOD = "good"
    WARN = "warn"
    NONE = "none"
    SOME = "some"
    MOST = "most"
    ALL = "all"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cell:
    """One cell of a table; `link` is a web address or a place in the document (``#C24``), `anchor` such a place."""

    text: str
    tone: Tone = Tone.PLAIN
    link: str | None = None
    anchor: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Figure:
    """A number that stands out, with what it is."""

    label: str
    value: str
    note: str = ""
    tone: Tone = Tone.PLAIN


@dataclass(frozen=True, kw_only=True, slots=True)
class Figures:
    """The few numbers a reader sees first."""

    items: tuple[Figure, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Prose:
    """Paragraphs."""

    texts: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Table:
    """A table with a caption; the first cell of a row names it. `shares` are the columns' widths, adding up to 1."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    shares: tuple[float, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Series:
    """One line or polygon of a chart; None where there is nothing to show."""

    name: str
    values: tuple[float | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Radar:
    """A radar of shares 0 to 1; `text` says the same in words."""

    caption: str
    text: str
    axes: tuple[str, ...]
    series: tuple[Series, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Stair:
    """One level: whether its gate is passed, and whether the organization stands or should stand here."""

    level: int
    name: str
    reached: bool
    current: bool
    target: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Stairs:
    """The levels as a staircase; `text` says the same in words."""

    caption: str
    text: str
    current: str
    target: str
    steps: tuple[Stair, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Chip:
    """One capability in the heatmap."""

    id: str
    title: str
    value: str
    tone: Tone
    key: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Heat:
    """Capabilities by dimension and level, toned by value; `legend` names the tones."""

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, tuple[tuple[Chip, ...], ...]], ...]
    legend: tuple[Cell, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Lines:
    """Levels over time, and last what is needed; a line ends before each of `marks`, where bank or scoring changed."""

    caption: str
    text: str
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    marks: tuple[int, ...]


Block = Figures | Prose | Bullets | Table | Radar | Stairs | Heat | Lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A part of the document with a heading."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """One capability as a sheet holds it: what was answered, and how it counts."""

    id: str
    title: str
    dimension: str
    level: int
    group: int | None
    value: str
    confidence: str
    evidence: str
    question: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Judged:
    """One gate as it was judged: groups of keys missing, points and maximum of the others, and how many those are."""

    level: int
    missing: int
    points: float
    maximum: float
    needed: float
    others: int
    excluded: int
    passed: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Counting:
    """The scoring rule and what it gave, so that a sheet can count again and be compared."""

    points: tuple[tuple[str, float], ...]
    key_minimum: float
    threshold: float
    most_not_applicable: float
    groups: tuple[tuple[int, int], ...]
    gates: tuple[Judged, ...]
    level: int
    dimensions: tuple[tuple[str, float | None], ...]
    given: tuple[Given, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class View:
    """A whole document; `counting` is None where many results are compared."""

    language: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    footer: str
    counting: Counting | None = None


def row(*texts: str | Cell) -> tuple[Cell, ...]:
    """Return a row of a table; what is no cell yet becomes a plain one."""
    return tuple(text if isinstance(text, Cell) else Cell(text=text) for text in texts)
