"""Every move of a release: what is allowed, what is refused, and what a crash leaves."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from rollout.controller import Controller, RefusedError
from rollout.routing import meets_canary
from rollout.state import ConflictError, State


def test_promoted_canary_is_champion_and_the_file_pointer_follows(controller: Controller) -> None:
    canary = controller.state.pointer().canary
    assert controller.promote(by="t", numbers={}).champion == canary == controller.environment.releases.current()


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


def test_writer_that_saw_an_older_epoch_is_told(controller: Controller) -> None:
    seen = controller.state.pointer()
    controller.promote(by="t", numbers={})
    with pytest.raises(ConflictError):
        controller.state.move(
            seen, champion=seen.champion, canary=None, share=0, actor="late", action="late", numbers={}
        )


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
