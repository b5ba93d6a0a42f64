"""The page that teaches a step of the ladder: every file, why it comes and what it gives, both sides, nothing run."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cli import main
from generator.model.project import Change, File, Level
from generator.report.sides import Row, side_by_side
from generator.report.teach import to_chapters, to_page
from generator.scaffold import api
from generator.scaffold.levels import read_levels

texts = st.lists(st.sampled_from(["a", "b = 1", "b = 2", "", "<b>", "long line of words"]), max_size=30).map("\n".join)


def sides(rows: tuple[Row, ...]) -> tuple[dict[int, str], dict[int, str]]:
    """Return the lines each side shows, by number."""
    left = {row.left: "".join(piece.text for piece in row.before) for row in rows if row.left}
    right = {row.right: "".join(piece.text for piece in row.after) for row in rows if row.right}
    return left, right


@given(texts, texts)
def test_every_line_is_on_its_side_or_counted_as_left_out(before: str, after: str) -> None:
    rows = side_by_side(before, after)
    skipped = sum(row.count for row in rows)
    for text, shown in zip((before, after), sides(rows), strict=True):
        lines = text.splitlines()
        assert len(shown) + skipped == len(lines)
        assert all(lines[number - 1] == line for number, line in shown.items())


@given(texts, texts)
def test_no_difference_is_left_out(before: str, after: str) -> None:
    left, right = sides(side_by_side(before, after))
    hidden = [
        [line for number, line in enumerate(text.splitlines(), 1) if number not in shown]
        for text, shown in ((before, left), (after, right))
    ]
    assert hidden[0] == hidden[1]


def test_in_a_changed_line_the_changed_words_are_marked() -> None:
    (row,) = side_by_side("trees = 120  # many", "trees = 99  # many")
    assert [piece.text for piece in row.before if piece.marked] == ["120"]
    assert [piece.text for piece in row.after if piece.marked] == ["99"]


class Reader(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


@pytest.mark.parametrize(("lower", "higher"), [(0, 1), (1, 2), (2, 3), (0, 3)])
def test_the_page_has_every_difference_its_reason_and_what_it_gives(lower: int, higher: int, tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    assert main(["diff", str(lower), str(higher), "--html", str(target)]) == 0
    page = read(target.read_text(encoding="utf-8"))
    words = " ".join(page.words)
    for change in api.differences(lower, higher):
        assert change.path in words
        assert change.why in words
        for id_ in change.capabilities:
            assert re.search(rf"{id_}\s+[A-Z]", words), id_
    assert sum(tag == "details" and attrs.get("class") == "file" for tag, attrs in page.tags) == len(
        api.differences(lower, higher)
    )


def test_the_page_asks_nothing_of_the_network_and_its_links_lead_somewhere(tmp_path: Path) -> None:
    target = tmp_path / "page.html"
    assert main(["diff", "1", "3", "--html", str(target)]) == 0
    page = read(target.read_text(encoding="utf-8"))
    ids = {attrs["id"] for _, attrs in page.tags if "id" in attrs}
    for tag, attrs in page.tags:
        assert tag not in ("img", "iframe", "link", "object", "base", "form")
        assert "src" not in attrs
        if "href" in attrs:
            assert (attrs["href"] or "")[1:] in ids
    policy = next(attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    assert policy.startswith("default-src 'none'")


def test_what_a_file_holds_is_text_never_markup() -> None:
    evil = b"</td></table><script>alert(1)</script>\n" * 2
    level = Level(number=0, name="<i>n</i>", summary="s", cannot="c", options={}, first_run=())
    change = Change(path="<script>x", action="added", why="<b>why</b>", capabilities=("C<1>",))
    chapters = to_chapters([change], {}, {"<script>x": File(content=evil)}, {"C<1>": "<u>title</u>"})
    page = read(to_page(level, level, chapters))
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    assert not {"b", "i", "u"} & {tag for tag, _ in page.tags if tag != "b"}
    assert "</td></table><script>alert(1)</script>" in "".join(page.words)


def test_large_and_binary_files_are_said_not_shown() -> None:
    changes = [Change(path=name, action="added", why="w") for name in ("binary", "empty", "large", "long")]
    tree = {
        "large": File(content=b"x" * 100_000),
        "binary": File(content=b"\0" * 3000),
        "long": File(content=b"x\n" * 1000),
        "empty": File(content=b""),
    }
    sheets = {sheet.change.path: sheet for sheet in to_chapters(changes, {}, tree, {})[0].sheets}
    assert (len(sheets["large"].rows), len(sheets["binary"].rows), len(sheets["long"].rows)) == (0, 0, 400)
    assert "100 kB" in sheets["large"].note
    assert "400" in sheets["long"].note
    assert all(sheet.note for sheet in sheets.values())


def test_a_place_that_cannot_be_written_is_an_expected_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "0", "1", "--html", str(tmp_path)]) == 1
    assert main(["diff", "0", "1", "--html", str(tmp_path / "no" / "page.html")]) == 1
    assert str(tmp_path) in capsys.readouterr().err


def test_the_terminal_tells_the_capabilities_by_title(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "1", "2"]) == 0
    text = capsys.readouterr().out
    given = {id_ for change in api.differences(1, 2) for id_ in change.capabilities}
    assert given
    for id_ in given:
        assert re.search(rf"gives {id_} [A-Z]", text), id_


def test_a_changed_file_gives_what_the_levels_promise_hangs_on_it() -> None:
    hung = {(check.arguments.get("path"), check.capability) for level in read_levels()[1:] for check in level.checks}
    for change in api.differences(0, 3):
        if change.action == "changed":
            assert {(change.path, id_) for id_ in change.capabilities} <= hung
