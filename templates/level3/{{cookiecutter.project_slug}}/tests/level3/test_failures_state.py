"""Failure modes of the state: kills, two writers, full and read-only disks, damaged files, old backups, clocks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from delivery.environments import Environment
from governance.audit import AuditError, verify
from rollout import lease, state
from rollout.artefacts import require_sound
from rollout.controller import Controller, RefusedError
from rollout.lease import ConflictError
from serving.live import create_app
from serving.releases import ReleaseError

from ..conftest import PROJECT
from .conftest import decision, offer

posix = pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL, no fork")


def kill_at_writes(controller: Controller, packages: list[Path], folder: Path, move: str, step: int) -> int:
    """Run the fault loop on a copy of the environment; return how often the move was killed."""
    if move == "rollback":
        controller.promote(by="t", numbers={})
    controller.state.database.close()
    shutil.copytree(controller.environment.folder, folder / "base")
    shutil.copytree(packages[2], folder / "package")
    command = [sys.executable, "-W", "ignore", "-m", "tests.level3.faults", str(folder), move, str(step)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return int(done.stdout.split()[1])


@posix
@pytest.mark.parametrize("move", ["promote", "rollback"])
def test_01_killed_at_some_writes_of_a_move_one_champion_is_left(
    controller: Controller, packages: list[Path], tmp_path: Path, move: str
) -> None:
    assert kill_at_writes(controller, packages, tmp_path, move, step=6) >= 3


@posix
@pytest.mark.slow
@pytest.mark.parametrize("move", ["promote", "rollback", "abort"])
def test_01_killed_at_every_write_of_a_move_one_champion_is_left(
    controller: Controller, packages: list[Path], tmp_path: Path, move: str
) -> None:
    assert kill_at_writes(controller, packages, tmp_path, move, step=1) >= 15


MOVE_ON_AND_ON = """
import sys
from pathlib import Path
from rollout.state import State
state = State(Path(sys.argv[1]))
while True:
    seen = state.pointer()
    state.move(seen, champion="ba"[seen.epoch % 2], canary=None, share=0, actor="t", action="moved", numbers={})
    print(flush=True)
"""


@posix
@pytest.mark.slow
def test_01_killed_at_any_moment_of_two_hundred_moves_pointer_and_audit_agree(tmp_path: Path) -> None:
    for attempt in range(40):
        command = [sys.executable, "-c", MOVE_ON_AND_ON, str(tmp_path)]
        with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(0.003 * attempt)
            process.send_signal(signal.SIGKILL)
        left = state.State(tmp_path)
        moves = left.database.execute("SELECT COUNT(*) FROM audit WHERE action = 'moved'").fetchone()[0]
        assert left.pointer().epoch == moves
        assert left.pointer().champion in ("a", "b")
        verify(left.database, left.anchor)
        left.database.close()


@posix
def test_02_killed_while_a_package_is_copied_nothing_is_registered_and_nothing_is_left(
    controller: Controller, packages: list[Path], tmp_path: Path
) -> None:
    assert kill_at_writes(controller, packages, tmp_path, "propose", step=4) >= 3


def test_03_of_two_deployers_at_once_one_wins_and_the_other_is_told(controller: Controller) -> None:
    told: list[str] = []
    barrier = threading.Barrier(2)

    def deploy(move: str) -> None:
        other = Controller(controller.environment)
        barrier.wait()
        try:
            if move == "promote":
                other.promote(by="one", numbers={})
            else:
                other.abort(by="two", why="by hand", numbers={}, reject=False)
        except (ConflictError, RefusedError, sqlite3.OperationalError) as error:
            told.append(str(error))

    threads = [threading.Thread(target=deploy, args=(move,)) for move in ("promote", "abort")]
    before = controller.state.pointer()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    after = controller.state.pointer()
    actions = [row[0] for row in controller.state.database.execute("SELECT action FROM audit ORDER BY line")]
    assert after.canary is None
    assert after.epoch == before.epoch + 1
    assert ("promoted" in actions) is (after.champion == before.canary)
    assert len(told) <= 1  # abort after promote finds no canary, which is no error


def test_03_second_deployer_is_told_who_moves(controller: Controller) -> None:
    with controller.state.turn(), pytest.raises(ConflictError, match=f"process {os.getpid()}"):
        Controller(controller.environment).promote(by="t", numbers={})


def test_04_controller_that_slept_past_its_lease_is_fenced_off(
    controller: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = controller.state.pointer()
    with controller.state.turn() as old:
        monkeypatch.setattr(lease, "SECONDS", -1.0)  # the lease is over while its holder sleeps
        with Controller(controller.environment).state.turn() as new:
            assert new == old + 1
            with pytest.raises(ConflictError, match=f"lease {old} was lost"):
                controller.state.move(
                    seen,
                    champion=seen.champion,
                    canary=None,
                    share=0,
                    actor="slept",
                    action="late",
                    numbers={},
                    turn=old,
                )
    assert controller.state.pointer() == seen


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four megabytes."""
    mount = tmp_path / "small"
    mount.mkdir()
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(mount)], capture_output=True)
    if done.returncode:
        pytest.skip("may not mount a file system here")
    yield mount
    subprocess.run(["umount", "-l", str(mount)], check=False)


def fill(disk: Path) -> None:
    with (disk / "filler").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return


@pytest.mark.skipif(sys.platform != "linux", reason="needs mount")
def test_05_on_a_full_disk_the_champion_answers_and_a_deployment_is_refused(
    small_disk: Path, packages: list[Path], example: list[dict[str, object]], capsys: pytest.CaptureFixture[str]
) -> None:
    from monitoring.alerts import alerter

    environment = Environment(
        name="production", folder=small_disk / "production", port=8000, after="staging", slowest_ms=10_000
    )
    controller = Controller(environment)
    first = offer(controller, packages[0])
    controller.start(first, 1.0, by="author")
    client = TestClient(create_app(environment.folder))
    assert client.get("/ready").json()["model"] == first
    fill(small_disk)
    answers = [client.post("/predict", json={"rows": example}) for _ in range(30)]
    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["model"] for answer in answers} == {first}
    assert "serving_log_failures_total" in client.get("/metrics").text
    with pytest.raises((ReleaseError, sqlite3.OperationalError), match=r"full|space"):
        offer(controller, packages[1])
    assert controller.state.pointer().champion == first
    alerter(environment.folder)("disk", "the disk is full")
    assert "alert not kept" in capsys.readouterr().err
    (small_disk / "filler").unlink()
    second = offer(controller, packages[1])
    assert controller.start(second, 0.5, by="author").canary == second
    verify(controller.state.database, controller.state.anchor)


@pytest.mark.parametrize("damage", ["truncated", "edited", "extra file", "manifest edited"])
def test_06_damaged_canary_is_refused_and_the_champion_answers(
    controller: Controller, example: list[dict[str, object]], damage: str
) -> None:
    pointer = controller.state.pointer()
    folder = controller.environment.releases.path(str(pointer.canary))
    model = (folder / "model.onnx").read_bytes()
    if damage == "truncated":
        (folder / "model.onnx").write_bytes(model[:-100])
    elif damage == "edited":
        (folder / "model.onnx").write_bytes(model[:-1] + bytes([model[-1] ^ 1]))
    elif damage == "extra file":
        (folder / "sitecustomize.py").write_text("raise SystemExit", encoding="utf-8")
    else:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        manifest["metrics"]["brier"] = 0.01
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ReleaseError):
        require_sound(folder)
    with pytest.raises((ReleaseError, RefusedError)):
        controller.promote(by="t", numbers={})
    client = TestClient(create_app(controller.environment.folder))
    answers = client.post("/predict", json={"rows": [{**example[0], "id": n} for n in range(30)]}).json()
    assert {answer["model"] for answer in answers["predictions"]} == {pointer.champion}


def test_07_last_good_gone_the_next_older_serves_and_without_any_people_decide(
    controller: Controller, packages: list[Path]
) -> None:
    first = str(controller.state.pointer().champion)
    second = str(controller.promote(by="t", numbers={}).champion)
    third = offer(controller, packages[2])
    controller.start(third, 0.5, by="author")
    controller.promote(by="t", numbers={})
    shutil.rmtree(controller.environment.releases.path(second))
    assert controller.rollback(by="monitor", why="lost quality", numbers={}).champion == first
    controller.state.close_incident(1, "t", "seen")
    with pytest.raises(RefusedError, match="no earlier release"):
        controller.rollback(by="monitor", why="lost quality", numbers={})
    assert controller.state.pointer().champion == first
    assert controller.state.incidents("champion")[0].frozen


@pytest.mark.parametrize(
    ("tampering", "line"),
    [
        ("UPDATE audit SET detail = '{}' WHERE line = 2", "line 2 was changed"),
        ("DELETE FROM audit WHERE line = 3", "line 3"),
        ("UPDATE audit SET line = CASE line WHEN 2 THEN -1 ELSE 2 END WHERE line IN (2, 3);", "line"),
        ("DELETE FROM audit WHERE line = (SELECT MAX(line) FROM audit)", "the anchor names"),
    ],
    ids=["edited", "deleted", "reordered", "tail cut"],
)
def test_08_tampering_with_the_audit_log_is_found_and_located(
    controller: Controller, tampering: str, line: str
) -> None:
    database = controller.state.database
    assert verify(database, controller.state.anchor) > 3
    database.execute(tampering)
    with pytest.raises(AuditError, match=line):
        verify(database, controller.state.anchor)


def test_11_rejected_model_is_refused_when_offered_again(controller: Controller, packages: list[Path]) -> None:
    canary = str(controller.state.pointer().canary)
    controller.abort(by="t", why="worse", numbers={"evidence": 21.0}, reject=True)
    with pytest.raises(RefusedError, match="rejected before"):
        controller.propose(packages[1], decision(canary), author="retraining")
    with pytest.raises(RefusedError, match="quarantined"):
        controller.start(canary, 0.5, by="t")


@pytest.mark.parametrize("jump", [timedelta(days=-400), timedelta(days=4000), timedelta(hours=-1)])
def test_12_clock_that_jumps_moves_nothing_and_confuses_no_order(
    controller: Controller, packages: list[Path], monkeypatch: pytest.MonkeyPatch, jump: timedelta
) -> None:
    first = controller.state.pointer().champion
    second = controller.promote(by="t", numbers={}).champion
    monkeypatch.setattr(state, "now", lambda: (datetime.now(UTC) + jump).isoformat())
    third = offer(controller, packages[2])
    controller.start(third, 0.5, by="author")
    assert controller.promote(by="t", numbers={}).champion == third
    monkeypatch.undo()
    assert controller.state.champions() == [third, second, first]
    assert controller.rollback(by="monitor", why="lost quality", numbers={}).champion == second
    verify(controller.state.database, controller.state.anchor)


def test_17_approval_is_for_one_file_and_not_by_its_author(controller: Controller, packages: list[Path]) -> None:
    controller.abort(by="t", why="", numbers={}, reject=False)
    third = offer(controller, packages[2], approved=False)
    with pytest.raises(RefusedError, match="nobody approved"):
        controller.start(third, 0.5, by="t")
    with pytest.raises(RefusedError, match="somebody else"):
        controller.approve(third, " Author")
    other, model = controller.environment.releases.path(third), packages[1] / "model.onnx"
    shutil.copyfile(model, other / "model.onnx")
    manifest = json.loads((other / "manifest.json").read_text(encoding="utf-8"))
    manifest["model"] = json.loads((packages[1] / "manifest.json").read_text(encoding="utf-8"))["model"]
    (other / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(RefusedError, match="not the file that was proposed"):
        controller.approve(third, "reviewer")


def test_19_older_backup_is_noticed_writes_nothing_and_does_not_move_the_server(
    controller: Controller, tmp_path: Path, example: list[dict[str, object]]
) -> None:
    folder = controller.environment.folder
    controller.state.database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copyfile(folder / "rollout.db", tmp_path / "backup.db")
    newest = controller.promote(by="t", numbers={}).champion
    client = TestClient(create_app(folder))
    assert client.get("/ready").json()["model"] == newest
    older = sqlite3.connect(tmp_path / "backup.db")
    older.backup(controller.state.database)
    assert controller.state.pointer().champion != newest
    with pytest.raises(ConflictError, match="older backup"):
        controller.abort(by="t", why="", numbers={}, reject=False)
    assert client.get("/ready").json()["model"] == newest
    assert "serving_epoch_regressions_total" in client.get("/metrics").text
    controller.state.adopt("t", "compared by hand")
    assert controller.state.pointer().epoch > 3
    assert client.get("/ready").json()["model"] == controller.state.pointer().champion


def test_20_locked_database_is_waited_for_a_bounded_time_and_then_said(controller: Controller) -> None:
    other = sqlite3.connect(controller.environment.folder / "rollout.db")
    other.execute("BEGIN IMMEDIATE")
    environment = os.environ | {"DEPLOY_ROOT": str(controller.environment.folder.parent)}
    command = [sys.executable, "-W", "ignore", "-m", "rollout.controller", "abort"]
    began = time.monotonic()
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "locked" in done.stderr
    assert "nothing was moved" in done.stderr
    assert "Traceback" not in done.stderr
    assert 4 < time.monotonic() - began < 60


@pytest.mark.skipif(sys.platform != "linux", reason="needs mount")
def test_20_read_only_disk_is_said_and_nothing_is_moved(small_disk: Path, packages: list[Path]) -> None:
    environment = Environment(
        name="production", folder=small_disk / "production", port=8000, after="staging", slowest_ms=10_000
    )
    controller = Controller(environment)
    controller.start(offer(controller, packages[0]), 1.0, by="author")
    controller.state.database.close()
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    command = [sys.executable, "-W", "ignore", "-m", "rollout.controller", "abort"]
    variables = os.environ | {"DEPLOY_ROOT": str(small_disk)}
    done = subprocess.run(command, cwd=PROJECT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "cannot be written" in done.stderr
    assert "Traceback" not in done.stderr
