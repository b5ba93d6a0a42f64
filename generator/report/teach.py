"""What moving between levels means, as a page to learn from: each file, why it comes, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from generator.model.project import Change, File, Level, Tree
from generator.report.sides import Row, as_one, side_by_side
from generator.text import language, say

LARGEST_SHOWN = 60_000
MOST_LINES = 400
MARKS = {"added": "+", "changed": "~", "removed": "\u2212"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sheet:
    """One file of the page; `note` says why there are no rows, or not all."""

    change: Change
    mark: str
    anchor: str
    rows: tuple[Row, ...]
    note: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chapter:
    """The files that share one reason, and the capabilities they give, by id and title."""

    why: str
    anchor: str
    capabilities: tuple[tuple[str, str], ...]
    sheets: tuple[Sheet, ...]


def to_chapters(changes: Sequence[Change], lower: Tree, higher: Tree, titles: Mapping[str, str]) -> tuple[Chapter, ...]:
    """Return the differences as chapters: what is added first, then what changes, then what goes."""
    order = [*MARKS]
    groups: dict[str, list[Change]] = {}
    for change in sorted(changes, key=lambda change: order.index(change.action)):
        groups.setdefault(change.why, []).append(change)
    chapters = []
    for number, (why, group) in enumerate(groups.items(), 1):
        ids = dict.fromkeys(id_ for change in group for id_ in change.capabilities)
        sheets = tuple(
            _sheet(change, lower.get(change.path), higher.get(change.path), f"f{number}-{place}")
            for place, change in enumerate(group, 1)
        )
        given = tuple((id_, titles.get(id_, "")) for id_ in ids)
        chapters.append(Chapter(why=why, anchor=f"c{number}", capabilities=given, sheets=sheets))
    return tuple(chapters)


def to_page(lower: Level, higher: Level, chapters: Sequence[Chapter]) -> str:
    """Return the page: one file, no network, every text of it escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    counts = {
        action: sum(sheet.change.action == action for chapter in chapters for sheet in chapter.sheets)
        for action in MARKS
    }
    given = {id_: (title, chapter.anchor) for chapter in reversed(chapters) for id_, title in chapter.capabilities}
    return environment.get_template("teach.html.j2").render(
        lower=lower, higher=higher, chapters=chapters, counts=counts, given=sorted(given.items()), say=_word,
        language=language(),
    )  # fmt: skip


def _word(key: str, **fields: object) -> str:
    return say(f"teach.{key}", **fields)


def _sheet(change: Change, before: File | None, after: File | None, anchor: str) -> Sheet:
    contents = [file.content if file else b"" for file in (before, after)]
    rows: tuple[Row, ...] = ()
    note = ""
    if any(b"\0" in content or len(content) > LARGEST_SHOWN for content in contents):
        note = say("teach.too-large", size=max(map(len, contents)) // 1000 or 1)
    else:
        old, new = (content.decode("utf-8", "replace") for content in contents)
        rows = side_by_side(old, new) if before and after else as_one(new or old, change.action)
        if len(rows) > MOST_LINES:
            note = say("teach.cut", shown=MOST_LINES, lines=len(rows))
            rows = rows[:MOST_LINES]
        if not rows:
            note = say("teach.empty")
    return Sheet(change=change, mark=MARKS[change.action], anchor=anchor, rows=rows, note=note)
