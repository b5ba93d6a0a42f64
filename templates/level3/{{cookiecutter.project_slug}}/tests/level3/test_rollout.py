"""Every move of a release: what is allowed, what is refused, and what a crash leaves."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from delivery.environments import Environment
from governance.audit import AuditError, verify
from rollout.controller import Controller, RefusedError
from rollout.routing import meets_canary
from rollout.state import ConflictError, State

from ..conftest import PROJECT
from .conftest import decision, offer


def test_promoted_canary_is_champion_and_the_file_pointer_follows(controller: Controller) -> None:
    canary = controller.state.pointer().canary
    assert controller.promote(by="t", numbers={}).champion == canary == controller.environment.releases.current()


def test_rejected_model_is_refused_when_offered_again(controller: Controller, packages: list[Path]) -> None:
    before = controller.state.pointer()
    after = controller.abort(by="t", why="worse", numbers={"evidence": 21.0}, reject=True)
    assert (after.champion, after.canary) == (before.champion, None)
    with pytest.raises(RefusedError, match="rejected before"):
        controller.propose(packages[1], decision(str(before.canary)), author="author")
    with pytest.raises(RefusedError, match="quarantined"):
        controller.start(str(before.canary), 0.5, by="t")


def test_abort_without_a_canary_changes_nothing(controller: Controller) -> None:
    controller.abort(by="t", why="", numbers={}, reject=False)
    before = controller.state.pointer()
    assert controller.abort(by="t", why="again", numbers={}, reject=True) == before


def test_one_automatic_rollback_an_incident_then_people_decide(controller: Controller) -> None:
    first = controller.state.pointer().champion
    controller.promote(by="t", numbers={})
    assert controller.rollback(by="monitor", why="lost quality", numbers={}).champion == first
    with pytest.raises(RefusedError, match="frozen"):
        controller.rollback(by="monitor", why="still bad", numbers={})
    assert controller.state.pointer().champion == first
    assert controller.state.incidents("champion")[0].frozen


def test_rollback_to_a_damaged_release_is_refused_and_the_champion_serves_on(controller: Controller) -> None:
    first = controller.state.pointer().champion
    bad = controller.promote(by="t", numbers={}).champion
    (controller.environment.releases.path(str(first)) / "model.onnx").write_bytes(b"damaged")
    with pytest.raises(RefusedError, match="no earlier release"):
        controller.rollback(by="monitor", why="lost quality", numbers={})
    assert controller.state.pointer().champion == bad


def test_nothing_is_promoted_while_an_incident_is_open(controller: Controller) -> None:
    controller.state.open_incident("contract", "rows 1 to 100", {})
    with pytest.raises(RefusedError, match="incident 1"):
        controller.promote(by="t", numbers={})


def test_author_may_not_approve_and_without_approval_nothing_starts(
    environment: Environment, packages: list[Path]
) -> None:
    controller = Controller(environment)
    release = offer(controller, packages[0], approved=False)
    with pytest.raises(RefusedError, match="somebody else"):
        controller.approve(release, " Author")
    with pytest.raises(RefusedError, match="nobody approved"):
        controller.start(release, 0.5, by="t")


def test_approval_of_one_release_does_not_cover_another(controller: Controller, packages: list[Path]) -> None:
    controller.abort(by="t", why="", numbers={}, reject=False)
    third = offer(controller, packages[2], approved=False)
    with pytest.raises(RefusedError, match="nobody approved"):
        controller.start(third, 0.5, by="t")


def test_writer_that_saw_an_older_epoch_is_told(controller: Controller) -> None:
    seen = controller.state.pointer()
    controller.promote(by="t", numbers={})
    with pytest.raises(ConflictError):
        controller.state.move(
            seen, champion=seen.champion, canary=None, share=0, actor="late", action="late", numbers={}
        )


CRASH = """
import os, signal, sys
from pathlib import Path
from rollout.state import State
state, seen = State(Path(sys.argv[1])), 0
def count(statement):
    global seen
    if seen == int(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
    seen += 1
before = state.pointer()
state.database.set_trace_callback(count)
state.move(before, champion="new", canary=None, share=0, actor="t", action="moved", numbers={}, reject=("m", "bad"))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("statement", range(9))
def test_killed_at_any_statement_pointer_and_audit_agree(tmp_path: Path, statement: int) -> None:
    state = State(tmp_path)
    state.move(state.pointer(), champion="old", canary=None, share=0, actor="t", action="first", numbers={})
    subprocess.run([sys.executable, "-c", CRASH, str(tmp_path), str(statement)], cwd=PROJECT, check=False)
    state = State(tmp_path)
    moved = state.pointer().champion == "new"
    assert state.pointer().champion in ("old", "new")
    lines = state.database.execute("SELECT COUNT(*) FROM audit WHERE action = 'moved'").fetchone()[0]
    assert (lines == 1) is moved is (state.quarantined("m") is not None)
    verify(state.database, state.anchor)


@pytest.mark.parametrize(
    ("tampering", "line"),
    [
        ("UPDATE audit SET detail = '{}' WHERE line = 2", "line 2 was changed"),
        ("DELETE FROM audit WHERE line = 3", "line 3"),
        ("DELETE FROM audit WHERE line = (SELECT MAX(line) FROM audit)", "the anchor names"),
    ],
)
def test_tampering_with_the_audit_log_is_found_and_located(controller: Controller, tampering: str, line: str) -> None:
    state = controller.state
    assert verify(state.database, state.anchor) > 3
    state.database.execute(tampering)
    with pytest.raises(AuditError, match=line):
        verify(state.database, state.anchor)


def test_same_row_always_meets_the_same_model_and_the_share_holds() -> None:
    chosen = [meets_canary(row, "canary", 0.3) for row in range(5000)]
    assert chosen == [meets_canary(row, "canary", 0.3) for row in range(5000)]
    assert 0.27 < sum(chosen) / 5000 < 0.33
    assert not meets_canary(None, "canary", 1.0)


def test_reader_without_the_database_gets_an_error_not_a_new_champion(tmp_path: Path) -> None:
    with pytest.raises(ConflictError, match="no champion"):
        state = State(tmp_path)
        state.move(state.pointer(), champion=None, canary=None, share=0, actor="t", action="a", numbers={})
    assert isinstance(state.database, sqlite3.Connection)
