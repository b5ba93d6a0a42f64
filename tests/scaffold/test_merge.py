"""One file three ways, by git and, where there is none, by our own diff3: the same laws hold for both."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.scaffold.diff3 import merge_lines
from generator.scaffold.merge import merge, with_ends

NAMES = ("yours", "generated", "template")
lines = st.lists(st.sampled_from(["a", "b", "c", "d", ""]), max_size=12).map(
    lambda rows: "".join(f"{row}\n" for row in rows).encode()
)


@pytest.fixture(params=["git", "ours"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "ours":
        monkeypatch.setattr("generator.scaffold.git.is_there", lambda: False)
    return str(request.param)


LAW = settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])


@LAW
@given(base=lines, changed=lines)
def test_what_only_one_side_changed_is_taken_from_it(way: str, base: bytes, changed: bytes) -> None:
    assert merge(base, changed, base).content == changed
    assert merge(base, base, changed).content == changed


@LAW
@given(base=lines, ours=lines, theirs=lines)
def test_no_line_of_either_side_is_lost_without_a_mark(way: str, base: bytes, ours: bytes, theirs: bytes) -> None:
    merged = merge(base, ours, theirs)
    for side in (ours, theirs):
        assert set(side.splitlines()) - set(base.splitlines()) <= set(merged.content.splitlines())
    assert merged.conflict == (b"<<<<<<< yours" in merged.content)
    assert [merged.content.count(mark) for mark in (b"|||||||", b">>>>>>> template")] == [
        merged.content.count(b"<<<<<<< yours")
    ] * 2


EDITED = [
    (b"a\nb\nc\nd\ne\n", b"A\nb\nc\nd\ne\n", b"a\nb\nc\nd\nE\n", b"A\nb\nc\nd\nE\n", False),
    (b"a\nb\nc\n", b"a\nb\nc\nours\n", b"new\na\nb\nc\n", b"new\na\nb\nc\nours\n", False),
    (b"a\nb\nc\nd\n", b"a\nc\nd\n", b"a\nb\nc\nD\n", b"a\nc\nD\n", False),
    (b"a\nb\nc\n", b"a\nX\nc\n", b"a\nY\nc\n",
     b"a\n<<<<<<< yours\nX\n||||||| generated\nb\n=======\nY\n>>>>>>> template\nc\n", True),
    (b"a\nb\nc\n", b"a\nX\nc\n", b"a\nX\nc\n", b"a\nX\nc\n", False),
    (b"a\n", b"a", b"a\n", b"a", False),
]  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "wanted", "conflict"), EDITED)
def test_both_ways_merge_alike(
    way: str, base: bytes, ours: bytes, theirs: bytes, wanted: bytes, conflict: bool
) -> None:
    merged = merge(base, ours, theirs)
    assert (merged.content, merged.conflict) == (wanted, conflict)


def test_a_last_line_without_its_end_does_not_run_into_a_mark(way: str) -> None:
    merged = merge(b"a", b"b", b"c").content
    assert merged.splitlines() == [
        b"<<<<<<< yours", b"b", b"||||||| generated", b"a", b"=======", b"c", b">>>>>>> template",
    ]  # fmt: skip


@settings(max_examples=40)
@given(lines, lines, lines)
def test_our_own_merge_is_clean_only_where_gits_lines_are_there_too(base: bytes, ours: bytes, theirs: bytes) -> None:
    content, conflict = merge_lines(base, ours, theirs, NAMES)
    merged = merge(base, ours, theirs)
    if not conflict and not merged.conflict:
        assert sorted(content.splitlines()) == sorted(merged.content.splitlines())


def test_line_ends_stay_those_of_the_owner(way: str) -> None:
    assert merge(b"a\nb\nc\n", b"a\r\nb\r\nc\r\nd\r\n", b"A\nb\nc\n").content == b"A\r\nb\r\nc\r\nd\r\n"


@pytest.mark.parametrize("binary", [b"\0\r\n\r\n", b"a\n\0"])
def test_what_is_not_text_keeps_its_bytes(binary: bytes) -> None:
    assert with_ends(binary, b"a\r\nb\r\n") == binary


def test_more_conflicts_than_git_can_count() -> None:
    base = b"".join(b"%d\nsame %d\nsame again %d\n" % (n, n, n) for n in range(200))
    ours, theirs = base.replace(b"1", b"ours"), base.replace(b"1", b"theirs")
    merged = merge(base, ours, theirs)
    assert merged.conflict
    assert merged.content.count(b"<<<<<<<") > 1
