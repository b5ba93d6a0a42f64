"""What moving between levels means: every difference once, with the reason of the level that made it."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cli import main
from generator.model.project import Addition, File, Level, Tree
from generator.scaffold import api
from generator.scaffold.compare import compare


def tree(**contents: str) -> Tree:
    return {name.replace("__", "/"): File(content=text.encode()) for name, text in contents.items()}


def level(number: int, why: str, paths: tuple[str, ...] = ("*",), **kinds: dict[str, str]) -> Level:
    addition = Addition(paths=paths, why=why, capabilities=(f"C{number}",))
    return Level(
        number=number, name="", summary="", cannot="", options={}, first_run=(), adds=(addition,),
        changed=kinds.get("changed", {}), removed=kinds.get("removed", {}),
    )  # fmt: skip


def test_a_file_has_the_reason_of_the_level_that_brought_it_not_of_a_wider_pattern_below() -> None:
    trees = [tree(a=""), tree(a="", tests__x=""), tree(a="", tests__x="", tests__y="")]
    found = compare(trees, (level(1, "first"), level(2, "second")))
    assert [(change.path, change.why, change.capabilities) for change in found] == [
        ("tests/x", "first", ("C1",)),
        ("tests/y", "second", ("C2",)),
    ]


def test_a_file_taken_away_and_brought_back_has_the_later_reason() -> None:
    found = compare([tree(), tree(a="1"), tree(), tree(a="2")], (level(1, "one"), level(2, "two"), level(3, "three")))
    assert [change.why for change in found] == ["three"]


def test_reasons_of_a_file_changed_twice_are_both_told() -> None:
    steps = (level(1, "", changed={"a": "one"}), level(2, "", changed={"a": "two"}))
    assert [change.why for change in compare([tree(a="1"), tree(a="2"), tree(a="3")], steps)] == ["one; two"]


names = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["1", "2"]))


@given(names, names, names)
def test_the_differences_are_exactly_those_of_the_ends(
    low: dict[str, str], mid: dict[str, str], top: dict[str, str]
) -> None:
    found = {
        change.path: change.action
        for change in compare([tree(**low), tree(**mid), tree(**top)], (level(1, ""), level(2, "")))
    }
    assert found == {
        path: "added" if path not in low else "removed" if path not in top else "changed"
        for path in {*low, *top}
        if low.get(path) != top.get(path)
    }


@pytest.mark.parametrize(("lower", "higher"), [(0, 2), (0, 3), (1, 3)])
def test_several_levels_at_once_give_each_file_the_reason_of_its_own_step(lower: int, higher: int) -> None:
    steps = [api.differences(number, number + 1) for number in range(lower, higher)]
    single = {change.path: change.why for step in steps for change in step if change.action == "added"}
    for change in api.differences(lower, higher):
        if change.action == "added":
            assert change.why == single[change.path], change.path
        assert change.why, change.path


def test_a_level_and_itself_do_not_differ_and_down_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert api.differences(2, 2) == ()
    assert main(["diff", "2", "1"]) == 1
    assert main(["diff", "0", "9"]) == 1


def test_the_lines_fit_eighty_columns_and_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "0", "3"]) == 0
    text = capsys.readouterr().out
    assert [line for line in text.splitlines() if len(line) > 80] == []
    assert main(["diff", "0", "3", "--json"]) == 0
    changes = json.loads(capsys.readouterr().out)["changes"]
    assert all(f" {change['path']}" in text for change in changes)
