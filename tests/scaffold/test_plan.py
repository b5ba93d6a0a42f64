"""The plan is pure: three states of a path in, one action out; every case has its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.scaffold.plan import Action, Kind, Obstacle, State, Step, classify, decide_plan

NONE, B, Y, T, X = None, State(content="b"), State(content="y"), State(content="t"), State(content="x")
BX, YX, TX = (State(content=letter, executable=True) for letter in "byt")

CASES = {
    "nowhere": (NONE, NONE, NONE, Action.KEEP, ""),
    "only the template has it": (NONE, NONE, T, Action.ADD, ""),
    "only the owner has it": (NONE, Y, NONE, Action.KEEP, ""),
    "both added the same": (NONE, X, X, Action.KEEP, ""),
    "both added, not the same": (NONE, Y, T, Action.MERGE, "climb.added-twice"),
    "both deleted it": (B, NONE, NONE, Action.KEEP, ""),
    "the owner deleted it, the template left it": (B, NONE, B, Action.KEEP, ""),
    "the owner deleted it, the template changed it": (B, NONE, T, Action.KEEP, "climb.deleted-stays"),
    "the template deleted it, the owner left it": (B, B, NONE, Action.REMOVE, ""),
    "nobody changed it": (B, B, B, Action.KEEP, ""),
    "the template changed it": (B, B, T, Action.UPDATE, ""),
    "the template deleted it, the owner edited it": (B, Y, NONE, Action.KEEP, "climb.edited-stays"),
    "the owner edited it": (B, Y, B, Action.KEEP, ""),
    "both made the same change": (B, X, X, Action.KEEP, ""),
    "both changed it": (B, Y, T, Action.MERGE, ""),
    "the template made it executable": (B, B, BX, Action.MODE, ""),
    "the template made it executable, the owner edited it": (B, Y, BX, Action.MODE, ""),
    "the owner made it executable": (B, BX, B, Action.KEEP, ""),
    "both made it executable": (B, BX, BX, Action.KEEP, ""),
    "the owner made it executable, the template changed it": (B, BX, T, Action.UPDATE, ""),
    "the owner made it executable, the template deleted it": (B, BX, NONE, Action.KEEP, "climb.edited-stays"),
    "the template took the bit away": (BX, BX, B, Action.MODE, ""),
    "the owner took the bit away, the template changed it": (BX, B, TX, Action.UPDATE, ""),
    "the owner deleted it, the template made it executable": (B, NONE, BX, Action.KEEP, ""),
    "both added the same, the owner as executable": (NONE, YX, Y, Action.KEEP, ""),
}
MODES = {
    "the template made it executable, the owner edited it": True,
    "the owner made it executable, the template changed it": True,
    "the owner took the bit away, the template changed it": False,
    "the template took the bit away": False,
    "both changed it": False,
}


@pytest.mark.parametrize("case", CASES)
def test_every_case_of_absent_same_and_different(case: str) -> None:
    base, ours, theirs, action, why = CASES[case]
    assert classify(base, ours, theirs) == (action, why)


def test_the_table_is_whole() -> None:
    """Three sides of absent or one of three contents: every pattern of equality has its case."""

    def pattern(*sides: State | None) -> tuple[int | None, ...]:
        seen = list(dict.fromkeys(side.content for side in sides if side))
        return tuple(seen.index(side.content) if side else None for side in sides)

    options = (None, B, Y, T)
    wanted = {pattern(base, ours, theirs) for base in options for ours in options for theirs in options}
    assert wanted == {pattern(*case[:3]) for case in CASES.values()}


@pytest.mark.parametrize("case", MODES)
def test_the_mode_is_that_of_the_side_that_changed_it(case: str) -> None:
    base, ours, theirs, *_ = CASES[case]
    (step,) = plan({"f": base}, {"f": ours}, {"f": theirs})
    assert step.executable is MODES[case]


Given = Mapping[str, State | None]


def plan(
    base: Given,
    ours: Given,
    theirs: Given,
    obstacles: Mapping[str, Obstacle] | None = None,
    derived: Collection[str] = (),
) -> tuple[Step, ...]:
    sides = ({path: state for path, state in side.items() if state} for side in (base, ours, theirs))
    return decide_plan(*sides, obstacles or {}, frozenset(derived))


WAY = {
    # what stands there, base, theirs -> action, why
    "a link where a file is to be added": (Kind.LINK, NONE, T, Action.BLOCK, "climb.way-link"),
    "a folder where a file is to be added": (Kind.FOLDER, NONE, T, Action.BLOCK, "climb.way-folder"),
    "a file where a folder is to be added": (Kind.UNDER, NONE, T, Action.BLOCK, "climb.way-under"),
    "another repository where a file is to be added": (Kind.BEHIND, NONE, T, Action.BLOCK, "climb.way-behind"),
    "the name in other letters where a file is to be added": (Kind.CASE, NONE, T, Action.BLOCK, "climb.way-case"),
    "a link for a file that is left": (Kind.LINK, B, B, None, ""),
    "a link for a file that is changed": (Kind.LINK, B, T, Action.HOLD, "climb.held-link"),
    "a link for a file that is removed": (Kind.LINK, B, NONE, Action.KEEP, "climb.edited-stays"),
    "a pipe for a file that is changed": (Kind.SPECIAL, B, T, Action.HOLD, "climb.held-special"),
    "a submodule over a file that is changed": (Kind.BEHIND, B, T, Action.HOLD, "climb.held-behind"),
    "an unreadable file that is left": (Kind.UNREADABLE, B, B, None, ""),
    "an unreadable file that is changed": (Kind.UNREADABLE, B, T, Action.BLOCK, "climb.way-unreadable"),
    "an unreadable file that is removed": (Kind.UNREADABLE, B, NONE, Action.KEEP, "climb.edited-stays"),
    "a folder for a file that is left": (Kind.FOLDER, B, B, None, ""),
    "a folder for a file that is changed": (Kind.FOLDER, B, T, Action.KEEP, "climb.deleted-stays"),
    "a folder for a file that is removed": (Kind.FOLDER, B, NONE, None, ""),
    "a file for a folder whose file is changed": (Kind.UNDER, B, T, Action.KEEP, "climb.deleted-stays"),
    "a renamed file, in other letters, that is changed": (Kind.CASE, B, T, Action.KEEP, "climb.deleted-stays"),
}


@pytest.mark.parametrize("case", WAY)
def test_what_the_owner_put_in_a_files_place_is_never_written_to(case: str) -> None:
    kind, base, theirs, action, why = WAY[case]
    steps = plan({"f": base}, {}, {"f": theirs}, {"f": Obstacle(kind=kind)})
    assert [(step.action, step.why) for step in steps] == ([(action, why)] if action else [])


def test_a_folder_of_the_template_may_become_a_file_once_it_is_empty() -> None:
    obstacles = {"f": Obstacle(kind=Kind.FOLDER, until=frozenset(["f/a"]))}
    steps = plan({"f/a": B}, {"f/a": B}, {"f": T}, obstacles)
    assert [(step.path, step.action) for step in steps] == [("f", Action.ADD), ("f/a", Action.REMOVE)]
    kept = plan({"f/a": B}, {"f/a": Y}, {"f": T}, obstacles)
    assert [(step.path, step.action) for step in kept] == [("f", Action.BLOCK), ("f/a", Action.KEEP)]


def test_what_a_tool_makes_is_taken_whole() -> None:
    (step,) = plan({"f.lock": B}, {"f.lock": Y}, {"f.lock": T}, derived=["f.lock"])
    assert (step.action, step.why) == (Action.TAKE, "climb.taken-whole")


states = st.one_of(st.none(), st.builds(State, content=st.sampled_from("abc"), executable=st.booleans()))


@given(states, states, states)
def test_an_edited_file_is_never_replaced_or_removed(
    base: State | None, ours: State | None, theirs: State | None
) -> None:
    action, why = classify(base, ours, theirs)
    if ours is not None and (base is None or ours.content != base.content):
        assert action in (Action.KEEP, Action.MERGE, Action.MODE)
    if ours is None and base is not None:
        assert action is Action.KEEP
    if action is Action.REMOVE:
        assert ours == base
    if action is Action.KEEP and theirs and ours and not why:
        assert theirs.content in (ours.content, base.content if base else None)


@given(states, states)
def test_a_template_that_did_not_change_changes_nothing(base: State | None, ours: State | None) -> None:
    assert classify(base, ours, base) == (Action.KEEP, "")
