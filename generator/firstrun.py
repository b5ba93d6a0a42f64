"""The first run of a generated project: its own environment, its own main command, its own result looked at."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from generator import console
from generator.errors import LadderError
from generator.text import say

LOCK = "requirements.lock"
RESULT = "metrics/evaluation.json"
SHARED = "LADDER_ENV_CACHE"
"""Name of an environment variable: a folder in which projects with equal locks share one environment."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """How the model did: its Brier score beside its baseline's on `rows` later rows."""

    brier: float
    baseline: float
    rows: int


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstRun:
    """What a first run came to, and the environment it was made in."""

    result: Result
    environment: Path


def first_run(project: Path, commands: tuple[tuple[str, ...], ...]) -> FirstRun:
    """Set up the environment of `project`, run `commands` in it and return the result that they left.

    LadderError names the command that failed, or says that the model did not beat its baseline.
    """
    project = project.resolve()
    environment = prepare_environment(project)
    variables = activated(environment)
    for command in commands:
        console.tell(say("start.running", command=" ".join(command)))
        if _run(command, project, variables):
            raise LadderError("start.run-failed", command=" ".join(command), project=project, environment=environment)
    return FirstRun(result=read_result(project), environment=environment)


def read_result(project: Path) -> Result:
    """Return the evaluation in `project`; LadderError when there is none or the baseline is not beaten."""
    path = project / RESULT
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        result = Result(brier=float(report["brier"]), baseline=float(report["baseline"]["brier"]), rows=report["n"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise LadderError("start.no-result", path=path, reason=error) from error
    if not result.brier < result.baseline:  # not a number is no better either
        raise LadderError("start.no-better", brier=result.brier, baseline=result.baseline)
    return result


def prepare_environment(project: Path) -> Path:
    """Return a virtual environment with exactly the project's lock, made now or shared with equal locks."""
    lock = project / LOCK
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:16]
    shared = os.environ.get(SHARED)
    environment = Path(shared, f"env-{digest}") if shared else project / ".venv"
    ready = environment / f"ladder-{digest}"
    if not ready.exists():
        console.tell(say("start.environment", path=environment))
        shutil.rmtree(environment, ignore_errors=True)
        environment.parent.mkdir(parents=True, exist_ok=True)
        _install(environment, lock.resolve())
        ready.touch()
    return environment


def activated(environment: Path) -> dict[str, str]:
    """Return the variables a shell has after activating `environment`."""
    folder = environment / ("Scripts" if os.name == "nt" else "bin")
    variables = {
        key: value for key, value in os.environ.items() if key not in ("PYTHONHOME", "PYTHONDONTWRITEBYTECODE")
    }
    variables |= {"VIRTUAL_ENV": str(environment), "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    return variables | {"DVC_NO_ANALYTICS": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


def activation(environment: Path) -> str:
    """Return the line that activates `environment` in the shell of this system."""
    return (
        f"{environment}\\Scripts\\activate"
        if os.name == "nt"
        else f"source {shlex.quote(str(environment))}/bin/activate"
    )


def _install(environment: Path, lock: Path) -> None:
    uv = shutil.which("uv")
    python = environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    try:
        venv.create(environment, with_pip=True)
    except (OSError, subprocess.CalledProcessError) as error:
        raise LadderError("start.install-failed", command=f"python -m venv {environment}") from error
    pip = ["uv", "pip", "install", "-q", "--compile-bytecode", "--python", str(python)] if uv else [
        str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check",
    ]  # fmt: skip
    command = [*pip, "--require-hashes", "-r", str(lock)]
    if _run(command, lock.parent, os.environ):
        raise LadderError("start.install-failed", command=" ".join(command))


def _run(command: tuple[str, ...] | list[str], folder: Path, variables: Mapping[str, str]) -> int:
    program = shutil.which(command[0], path=variables.get("PATH")) or command[0]
    try:
        return subprocess.run([program, *command[1:]], cwd=folder, env=dict(variables), check=False).returncode
    except OSError as error:
        console.tell(str(error))
        return 127
