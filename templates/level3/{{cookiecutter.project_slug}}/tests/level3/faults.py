"""Kill a move of a release at each of its writes, one after the other, and hold what is left against the promises.

``python -m tests.level3.faults FOLDER MOVE STEP``: FOLDER/base is an environment, FOLDER/package a package to propose.
Each attempt is a fork that dies by SIGKILL at its n-th write; the parent then looks, and finishes the move.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import time
from pathlib import Path
from typing import Any

from delivery.environments import Environment
from governance.audit import verify
from rollout.controller import Controller, RefusedError
from serving.releases import verify as release_of

WRITES = ("os.rename", "os.remove", "os.mkdir", "os.chmod", "os.truncate", "shutil.copyfile", "shutil.rmtree")
RECOVERY_SECONDS = 5


def environment(folder: Path) -> Environment:
    return Environment(name="production", folder=folder, port=8000, after="staging", slowest_ms=60_000)


def decision(package: Path) -> dict[str, Any]:
    return {"candidate": release_of(package), "accepted": True, "checks": []}


def act(controller: Controller, move: str, package: Path) -> None:
    if move == "promote":
        controller.promote(by="t", numbers={})
    elif move == "rollback":
        controller.rollback(by="monitor", why="lost quality", numbers={})
    elif move == "abort":
        controller.abort(by="t", why="worse", numbers={}, reject=True)
    else:
        controller.propose(package, decision(package), author="author")


def die_at(write: int, folder: Path, controller: Controller) -> None:
    """Let this process kill itself at its n-th write to `folder` or statement to the database."""
    seen = 0

    def count(*_: object) -> None:
        nonlocal seen
        if seen == write:
            os.kill(os.getpid(), signal.SIGKILL)
        seen += 1

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        touches = any(str(folder) in str(one) for one in arguments)
        opened = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if touches and (event in WRITES or opened):
            count()

    sys.addaudithook(hook)
    controller.state.database.set_trace_callback(count)


def attempt(folder: Path, move: str, package: Path, write: int) -> bool:
    """Move in a fork that dies at its n-th write; return whether it died."""
    child = os.fork()
    if child == 0:
        try:
            controller = Controller(environment(folder))
            die_at(write, folder, controller)
            act(controller, move, package)
            os._exit(0)
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(9)
    _, status = os.waitpid(child, 0)
    assert not os.WIFEXITED(status) or os.WEXITSTATUS(status) == 0, "the move failed without being killed"
    return os.WIFSIGNALED(status)


def look(folder: Path, move: str, package: Path, before: Controller) -> None:
    """Hold what a killed move left against the promises, then finish it."""
    began = time.process_time()  # of the processor: other programs of a busy machine do not count
    controller = Controller(environment(folder))
    state, old = controller.state, before.state.pointer()
    pointer = state.pointer()
    lines = state.database.execute("SELECT COUNT(*) FROM audit WHERE action IN ('promoted', 'rolled back')")
    moved = pointer.epoch != old.epoch
    assert pointer.champion is not None
    if move in ("promote", "rollback"):
        known = before.state.database.execute(
            "SELECT COUNT(*) FROM audit WHERE action IN ('promoted', 'rolled back')"
        ).fetchone()[0]
        assert lines.fetchone()[0] - known == int(moved), "the audit log and the pointer disagree"
        assert pointer.champion in wanted(before)
    verify(state.database, state.anchor)
    finish(controller, move, package, moved=moved)
    assert controller.environment.releases.current() == state.pointer().champion
    assert not list((folder / "releases").glob(".unfinished-*"))
    assert time.process_time() - began < RECOVERY_SECONDS, "recovery took too long"


def wanted(before: Controller) -> set[str]:
    return {str(row[0]) for row in before.state.database.execute("SELECT id FROM release")}


def finish(controller: Controller, move: str, package: Path, *, moved: bool) -> None:
    """Make the move that was interrupted, as the one who restarts would; a second automatic rollback is refused."""
    controller.mirror()
    if moved:
        return
    try:
        act(controller, move, package)
    except RefusedError as refused:
        assert "frozen" in str(refused)
    if move == "propose":
        assert controller.state.release(release_of(package)) is not None


def main(folder: Path, move: str, step: int, most: int = 400) -> int:
    """Kill at every `step`-th write until the move gets through; return how often it was killed."""
    base, work, package = folder / "base", folder / "work", folder / "package"
    for killed, write in enumerate(range(0, most, step)):
        shutil.rmtree(work, ignore_errors=True)
        shutil.copytree(base, work)
        if not attempt(work, move, package, write):
            return killed
        look(work, move, package, Controller(environment(base)))
    raise SystemExit(f"still alive after {most} writes")


if __name__ == "__main__":
    count = main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
    print(f"killed {count} times")
