"""A generated project with a history, and stand-ins for what a test cannot have: set-up, artefact store, engine.

What a stand-in does is small and said here: `python -m venv` and `pip install` are answered by environments made once
from the same locks; artefacts are copied through a folder; `docker` starts the same server as a process, unless a real
engine is asked for; `pip-audit`, which asks a service outside, looks at whether its files are there. All else is real.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from generator.firstrun import SHARED, activated, prepare_environment
from generator.scaffold import api
from tests.templates.environments import free_port

SETUP = r"""#!/bin/sh
# Set-up commands are answered; everything else goes to the environment made from the project's lock.
case "$1 $2 $3" in
"-m venv "*) mkdir -p "$3/bin" && echo : >"$3/bin/activate" && exit 0 ;;
"-m pip install") [ -f "$6" ] && echo "stand-in: $6 is installed already" && exit 0 || exit 1 ;;
esac
exec "@PYTHON@" "$@"
"""
AUDIT = r"""#!/bin/sh
for last; do :; done
[ -f "$last" ] && echo "stand-in: $last would be looked up"
"""
ENGINE = r"""#!/bin/sh
# docker build looks at the Dockerfile; docker run serves what is mounted, as a process; docker rm ends it.
set -e
case "$1" in
build) test -f Dockerfile && echo "stand-in: image built" ;;
run)
  setsid python -m serving --environment staging --port @PORT@ >"@STATE@/server.log" 2>&1 &
  echo $! >"@STATE@/server" ;;
rm) [ ! -f "@STATE@/server" ] || { kill "$(cat "@STATE@/server")" && rm "@STATE@/server"; } ;;
*) echo "stand-in: docker $1 is not there" >&2; exit 1 ;;
esac
"""


KEPT = frozenset(["test_contract.py", "test_load.py", "test_api.py"])
"""The project's tests that are left in: a step has to run some, and all of them are run where levels are tested."""


@dataclass(frozen=True, kw_only=True)
class World:
    """Where a provider's runner works: the project, the stand-ins, and the variables its jobs begin with."""

    project: Path
    state: Path
    variables: dict[str, str]

    def run(
        self, command: list[str], *, more: dict[str, str] | None = None, timeout: int = 3600, cwd: Path | None = None
    ) -> tuple[int, str]:
        """Run a command in a session of its own and return its exit code and all it printed."""
        log = self.state / "log.txt"
        with log.open("w", encoding="utf-8") as stream:
            running = subprocess.Popen(
                command,
                cwd=cwd or self.project,
                env={**self.variables, **(more or {})},
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
            try:
                code = running.wait(timeout)
            finally:
                self._end(running)
        return code, log.read_text(encoding="utf-8", errors="replace")

    def _end(self, running: subprocess.Popen[bytes]) -> None:
        try:
            os.killpg(running.pid, signal.SIGKILL)
        except ProcessLookupError:
            return

    def git(self, *arguments: str) -> str:
        """Run git in the project."""
        identity = ["-c", "user.name=tester", "-c", "user.email=tester@localhost", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=self.project, check=True, capture_output=True, text=True
        )
        return done.stdout

    def commit(self, path: str, text: str) -> None:
        """Write a file of the project and commit it."""
        (self.project / path).write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", f"test: {path}")

    def publish(self, origin: Path) -> None:
        """Make what is committed the state of main on a remote; what is committed later is a push to come."""
        self.git("clone", "-q", "--bare", ".", str(origin))
        self.git("remote", "add", "origin", str(origin))
        self.git("fetch", "-q", "origin")
        self.git("remote", "set-head", "origin", "main")


def make_world(folder: Path, level: int, ci: str, *, engine: bool = False) -> World:
    """Generate a project for `ci` below `folder`, as its first commit, with the stand-ins beside it."""
    project, state = folder / "project", folder / "state"
    state.mkdir(parents=True)
    api.new(api.draft(project, level, {"name": "Flight delays", "ci": ci}), project)
    port = free_port()
    for path in [path for path in project.rglob("*") if path.is_file() and _holds_port(path)]:
        path.write_text(path.read_text(encoding="utf-8").replace("8001", str(port)), encoding="utf-8")
    environment = prepare_environment(project)
    tools = scan_environment(project) if level > 1 else environment
    programs = folder / "programs"
    programs.mkdir()
    scripts = {"python": SETUP, "python3": SETUP, "pip-audit": AUDIT, **({} if engine else {"docker": ENGINE})}
    for name, text in scripts.items():
        for mark, value in (("@PYTHON@", environment / "bin/python"), ("@STATE@", state), ("@PORT@", port)):
            text = text.replace(mark, str(value))
        (programs / name).write_text(text, encoding="utf-8")
        (programs / name).chmod(0o755)
    variables = activated(environment)
    path = os.pathsep.join([str(programs), str(environment / "bin"), str(tools / "bin"), os.environ.get("PATH", "")])
    variables |= {"PATH": path, "STANDIN_ARTEFACTS": str(state / "artefacts"), "HOME": str(folder / "home")}
    variables = {key: value for key, value in variables.items() if not key.startswith(("GIT_", "CI", "GITHUB_"))}
    settings = folder / "home/.config/dvc/config"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"[cache]\n    dir = {folder / 'cache'}\n", encoding="utf-8")  # as a CI cache would be
    world = World(project=project, state=state, variables=variables)
    world.publish(folder / "origin.git")
    for test in project.glob("tests/**/test_*.py"):
        if level and test.name not in KEPT:
            test.unlink()
    parameters = (project / "params.yaml").read_text(encoding="utf-8")
    world.commit("params.yaml", f"{parameters}# looked at again\n")
    return world


def _holds_port(path: Path) -> bool:
    """Whether a CI file names the port of staging: two tests at a time must not meet on it."""
    return (path.suffix in (".yml", ".yaml") or path.name.endswith("Jenkinsfile")) and b"8001" in path.read_bytes()


def scan_environment(project: Path) -> Path:
    """Return an environment with what looks for secrets, made once from its lock."""
    import hashlib

    lock = project / "requirements-scan.lock"
    digest = hashlib.sha256(lock.read_bytes() + sys.version.encode()).hexdigest()[:16]
    environment = Path(os.environ[SHARED], f"env-scan-{digest}")
    ready = environment / "ready"
    if not ready.exists():
        shutil.rmtree(environment, ignore_errors=True)
        subprocess.run(["uv", "venv", "-q", "--python", sys.executable, str(environment)], check=True)
        install = ["uv", "pip", "install", "-q", "--python", str(environment / "bin/python"), "--require-hashes"]
        subprocess.run([*install, "-r", str(lock)], check=True)
        ready.touch()
    return environment


def two_releases(world: World) -> tuple[Path, str, str]:
    """Release the same model twice, as two releases, into a folder that serves; return it and the two, in order."""
    script = """
import hashlib, json, os, shutil, sys
from pathlib import Path
from delivery.environments import read_environment
production, package = read_environment("production").releases, Path("build/package")
for note in ("first", "second"):
    copy = Path(sys.argv[1]) / note
    shutil.copytree(package, copy)
    manifest = json.loads((copy / "manifest.json").read_text())
    content = {key: value for key, value in manifest.items() if key != "release"} | {"code": note}
    release = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
    (copy / "manifest.json").write_text(json.dumps({"release": release, **content}))
    production.point_to(production.add(copy), why="test")
    print(release)
"""
    root = world.state / "serving"
    more = {"DEPLOY_ROOT": str(root)}
    code, printed = world.run(["python", "-c", script, str(world.state / "packages")], more=more)
    assert code == 0, printed
    first, second = printed.split()[-2:]
    return root, first, second
