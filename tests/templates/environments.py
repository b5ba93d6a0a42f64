"""Generated projects for the tests: rendered once, with one environment for each lock, their README's own commands."""

from __future__ import annotations

import atexit
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
from pathlib import Path

from generator.firstrun import SHARED, activated, prepare_environment
from generator.scaffold import api

if SHARED not in os.environ:  # one environment a lock for the whole run, wherever nobody keeps them
    os.environ[SHARED] = tempfile.mkdtemp(prefix="ladder-environments-")
    atexit.register(shutil.rmtree, os.environ[SHARED], ignore_errors=True)

BLOCK = re.compile(r"^```(?:ba)?sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
SETUP = ("python -m venv", "source .venv", ". .venv", "python -m pip install --require-hashes")


def generate(folder: Path, level: int) -> Path:
    """Write a project of `level` below `folder` and return where it is."""
    target = folder / f"level{level}"
    api.new(api.draft(target, level, {"name": "Flight delays"}), target)
    return target


def readme_commands(project: Path, port: int) -> str:
    """Return the README's shell commands in order; set-up lines are left out and the port is a free one."""
    text = "\n".join(BLOCK.findall((project / "README.md").read_text(encoding="utf-8")))
    lines = [line for line in text.splitlines() if not line.strip().startswith(SETUP)]
    return "\n".join(lines).replace("8000", str(port))


def shell(project: Path, script: str, *, timeout: int = 900) -> str:
    """Run a script in bash as a person in the activated environment would; return what it printed, or fail with it."""
    variables = activated(prepare_environment(project))
    identity = {f"GIT_{who}_{what}": "tester" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    running = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=project,
        env={**variables, **identity},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    # A server in the background holds the pipe open, so the end of the output never comes by itself.
    threading.Thread(target=_end_with, args=(running, timeout), daemon=True).start()
    try:
        printed, _ = running.communicate()
    finally:
        _end_all(running)
    assert running.returncode == 0, f"exit {running.returncode}\n{printed[-6000:]}"
    return printed


def _end_with(running: subprocess.Popen[str], timeout: int) -> None:
    """Wait for a script, at most `timeout` seconds, then end it with all that it started."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        running.wait(timeout)
    _end_all(running)


def _end_all(running: subprocess.Popen[str]) -> None:
    """End every process of a script's session, its servers too."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
