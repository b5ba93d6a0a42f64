"""The image, built and run for real, with the commands of the job that delivers it."""

from __future__ import annotations

import importlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from generator.scaffold import api
from tests.ci import engine
from tests.ci.engine import docker
from tests.templates.environments import free_port, shell

pytestmark = [
    pytest.mark.needs_docker,
    pytest.mark.skipif("DOCKER_HOST" not in os.environ, reason="DOCKER_HOST names no engine to build and run with"),
]
IMAGE = "prediction-service"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A level 2 project with a package and the gate's decision, and the base image its Dockerfile asks for."""
    assert engine.answers(), "DOCKER_HOST is set, but no engine answers there"
    folder = tmp_path_factory.mktemp("container")
    target = folder / "project"
    api.new(api.draft(target, 2, {"name": "Flight delays"}), target)
    engine.provide_base(target, folder)
    shell(target, "dvc repro\npython -m delivery.gate --first-release")
    return target


@pytest.fixture(scope="module")
def steps() -> dict[str, str]:
    """The commands of the job `container`, by the name of the step."""
    sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
    flows = importlib.import_module("ci.write").workflows(2)
    sys.path.pop(0)
    jobs = {job.name: job for flow in flows for job in flow.jobs}
    return {step.name: "\n".join(step.run) for step in jobs["container"].steps}


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture(scope="module")
def served(project: Path, steps: dict[str, str], port: int) -> Iterator[dict[str, str]]:
    """The job's first two steps done: the image built, a release deployed, a container that serves it."""
    docker("rm", "--force", IMAGE)
    commands = {name: command.replace("8001", str(port)) for name, command in steps.items()}
    started = commands["Serve in a container"]
    if not has_bridge():  # an engine without a bridge: the container has the machine's network, and the port there
        started = re.sub(r"--publish 127.0.0.1:\d+:8000", "--network host", started) + f" --port {port}"
    try:
        shell(project, f"export DOCKER_BUILDKIT=0\n{commands['Build']}\n{started}")
        yield commands
    finally:
        docker("rm", "--force", IMAGE)


def has_bridge() -> bool:
    return "bridge" in docker("network", "ls", "--format", "{{.Name}}").stdout.split()


def inspect(what: str, wanted: str) -> str:
    return docker("inspect", "--format", wanted, what).stdout.strip()


def test_the_job_s_smoke_contract_and_load_tests_pass_against_the_container(
    project: Path, served: dict[str, str]
) -> None:
    printed = shell(project, served["Smoke test of the container"])
    assert "answers in staging" in printed
    assert " passed" in shell(project, served["Contract test of the container"])
    assert "400 answers" in shell(project, served["Load test of the container"])


def test_the_container_calls_itself_healthy(served: dict[str, str], project: Path, port: int) -> None:
    if not has_bridge():
        check = ["python", "-c", f"import urllib.request as r; r.urlopen('http://127.0.0.1:{port}/health', timeout=2)"]
        assert docker("exec", IMAGE, *check).returncode == 0
        return
    deadline = time.monotonic() + 90
    while inspect(IMAGE, "{{.State.Health.Status}}") != "healthy":
        assert time.monotonic() < deadline, inspect(IMAGE, "{{json .State.Health}}")
        time.sleep(1)


def test_the_image_is_not_root_and_nothing_in_it_may_be_written(served: dict[str, str]) -> None:
    assert inspect(IMAGE, "{{.HostConfig.ReadonlyRootfs}}") == "true"
    assert docker("run", "--rm", "--entrypoint", "id", IMAGE, "-u").stdout.strip() == "10001"
    for place in ("/app/x", "/venv/x", "/app/deploy/staging/current", "/x"):
        done = docker("exec", IMAGE, "touch", place)
        assert done.returncode != 0, place
        assert re.search("Read-only|Permission denied", done.stderr), done.stderr
    assert docker("exec", IMAGE, "touch", "/tmp/x").returncode == 0


def test_no_model_and_no_test_is_in_the_image(served: dict[str, str]) -> None:
    listed = docker("run", "--rm", "--entrypoint", "ls", IMAGE, "/app").stdout.split()
    assert sorted(listed) == ["pipeline", "serving"]


def test_a_request_under_way_is_answered_when_the_container_is_told_to_stop(
    project: Path, served: dict[str, str], port: int
) -> None:
    release = (project / "deploy/staging/current").read_text(encoding="utf-8")
    rows = json.loads((project / f"deploy/staging/releases/{release}/example.json").read_text(encoding="utf-8"))
    body = json.dumps({"rows": (rows * 1000)[:1000]}).encode()
    head = f"POST /predict HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: {len(body)}\r\n\r\n"
    script = """
import socket, sys, time
port, head, body = int(sys.argv[1]), sys.argv[2].encode(), sys.stdin.buffer.read()
with socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
    connection.sendall(head + body[:-10])
    print("half", flush=True)
    time.sleep(2)
    connection.sendall(body[-10:])
    print(connection.recv(100).split(b"\\r\\n")[0].decode(), flush=True)
"""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(port), head], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as asking:
        assert asking.stdin
        assert asking.stdout
        asking.stdin.write(body)
        asking.stdin.close()
        assert asking.stdout.readline() == b"half\n"
        started = time.monotonic()
        stopped = docker("stop", "--time", "20", IMAGE)
        took = time.monotonic() - started
        assert asking.stdout.readline().decode().strip() == "HTTP/1.1 200 OK"
    assert stopped.returncode == 0
    assert took < 15, "it had to be killed"
    assert inspect(IMAGE, "{{.State.ExitCode}}") in ("0", "143")
