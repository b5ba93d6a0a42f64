"""The generated prediction service beside its peers: same model file, same row, one worker each, in one run.

    python bench/serving.py [--seconds 5] [--rounds 3] [--json]

Makes a level-1 project, trains it, and asks each server for one row over 1 and over 8 connections, in turn. Needs wrk
(Debian: apt install wrk) and uv; the peers get environments of their own. Ours checks each row against the data
contract, counts it and names model and request; the peers only answer. "constant" is our server with a constant in the
model's place, "empty" our GET /health.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.firstrun import activated, first_run, prepare_environment
from generator.scaffold import api

PEERS = Path(__file__).parent / "serving_peers"
CONNECTIONS = (1, 8)
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3}


@dataclass(frozen=True, kw_only=True)
class Server:
    """How to start a server and what to ask it."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str]
    path: str
    body: dict[str, Any] | None
    folder: Path


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What wrk saw: answers a second, milliseconds at the median and the 99th percentile, answers that were errors."""

    rate: float
    p50: float
    p99: float
    errors: int


def trained_project(folder: Path) -> tuple[Path, dict[str, str]]:
    """Return a trained and deployed level-1 project with the variables of its environment."""
    project = folder / "project"
    draft = api.draft(project, 1, {"name": "Flight delays"})
    api.new(draft, project)
    first_run(project, draft.level.first_run)
    variables = activated(prepare_environment(project))
    subprocess.run(
        ["python", "-m", "pipeline.deploy"], cwd=project, env=variables, check=True, stdout=subprocess.DEVNULL
    )
    return project, variables


def environment(folder: Path, *packages: str) -> dict[str, str]:
    """Return the variables of a new environment with `packages`."""
    subprocess.run(["uv", "venv", "-q", "--python", sys.executable, str(folder)], check=True)
    command = ["uv", "pip", "install", "-q", "--python", str(folder / "bin/python"), *packages]
    subprocess.run(command, check=True)
    return activated(folder)


def servers(folder: Path, port: int) -> list[Server]:
    """Return every server, ready to start on `port`."""
    project, ours = trained_project(folder)
    features = complete_row(project)
    package = {"PACKAGE": str(project / "build/package")}
    bento = environment(folder / "bento", "bentoml", "onnxruntime", "numpy") | package
    mlserver = environment(folder / "mlserver", "mlserver", "onnxruntime", "numpy") | package
    v2 = [
        {"name": name, "shape": [1], "datatype": "BYTES" if isinstance(value, str) else "FP32", "data": [value]}
        for name, value in features.items()
    ]
    place = ("--port", str(port))
    saved = mlflow_model(project, folder / "mlflow-model", ours)
    return [
        Server(
            name="ours",
            command=("python", "-m", "serving", *place),
            environment=ours,
            path="/predict",
            body={"rows": [features]},
            folder=project,
        ),
        Server(
            name="constant",
            command=("python", str(PEERS / "constant.py"), *place),
            environment=ours | {"PYTHONPATH": str(project)},
            path="/predict",
            body={"rows": [features]},
            folder=project,
        ),
        Server(
            name="empty",
            command=("python", "-m", "serving", *place),
            environment=ours,
            path="/health",
            body=None,
            folder=project,
        ),
        Server(
            name="mlflow models serve",
            command=(
                "mlflow",
                "models",
                "serve",
                "-m",
                str(saved),
                "--env-manager",
                "local",
                "--workers",
                "1",
                *place,
            ),
            environment=ours,
            path="/invocations",
            body={"dataframe_records": [features]},
            folder=project,
        ),
        Server(
            name="BentoML",
            command=("bentoml", "serve", "bento_service:Predictor", "--working-dir", str(PEERS), *place),
            environment=bento,
            path="/predict",
            body={"rows": [features]},
            folder=folder,
        ),
        Server(
            name="MLServer",
            command=("mlserver", "start", "."),
            environment=mlserver | {"PYTHONPATH": str(PEERS)},
            path="/v2/models/predictor/infer",
            body={"inputs": v2},
            folder=mlserver_folder(folder, port),
        ),
    ]


def complete_row(project: Path) -> dict[str, Any]:
    """Return the features of the first row of the project's holdout that lacks none."""
    columns = tomllib.loads((project / "data.toml").read_text(encoding="utf-8"))["columns"]
    with (project / "data/prepared/holdout.csv").open(encoding="utf-8", newline="") as file:
        cells = next(row for row in csv.DictReader(file) if all(row.values()))
    numbers = {name: float(cells[name]) for name in columns["numeric"]}
    return numbers | {name: cells[name] for name in columns["categorical"]}


def mlflow_model(project: Path, folder: Path, variables: dict[str, str]) -> Path:
    """Save the project's model file as an MLflow model below `folder`, and return where."""
    code = (
        "import mlflow, sys; mlflow.pyfunc.save_model(sys.argv[1], python_model=sys.argv[2],"
        " artifacts={'model': sys.argv[3]}, pip_requirements=['onnxruntime'])"
    )
    model = project / "build/package/model.onnx"
    command = ["python", "-c", code, str(folder), str(PEERS / "mlflow_model.py"), str(model)]
    subprocess.run(command, cwd=project, env=variables, check=True, stdout=subprocess.DEVNULL)
    return folder


def mlserver_folder(folder: Path, port: int) -> Path:
    """Write MLServer's two settings files and return their folder."""
    place = folder / "mlserver-settings"
    place.mkdir()
    settings = {"http_port": port, "grpc_port": port + 1, "metrics_port": port + 2, "parallel_workers": 0}
    model = {"name": "predictor", "implementation": "mlserver_runtime.Predictor"}
    (place / "settings.json").write_text(json.dumps(settings), encoding="utf-8")
    (place / "model-settings.json").write_text(json.dumps(model), encoding="utf-8")
    return place


@contextlib.contextmanager
def running(server: Server, port: int) -> Iterator[str]:
    """Start a server, give its URL once it answers as asked, and end it with all it started."""
    log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it lives as long as the server
    process = subprocess.Popen(
        server.command, cwd=server.folder, env=server.environment, stdout=log, stderr=log, start_new_session=True
    )
    url = f"http://127.0.0.1:{port}{server.path}"
    try:
        until = time.monotonic() + 90
        while why := refusal(url, server.body):
            if process.poll() is not None or time.monotonic() > until:
                log.seek(0)
                raise SystemExit(f"{server.name} does not answer {url} ({why}):\n{log.read()[-3000:]}")
            time.sleep(0.2)
        yield url
    finally:
        with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
            process.terminate()  # BentoML's workers are another session's; only it can end them
            process.wait(20)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def refusal(url: str, body: dict[str, Any] | None) -> str | None:
    """Return why the server does not answer the request with 200, None when it does."""
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=content, headers={"content-type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=5):
            return None
    except urllib.error.HTTPError as error:
        return f"{error.code}: {error.read(2000).decode(errors='replace')}"
    except OSError as error:
        return str(error)


def load(url: str, body: dict[str, Any] | None, connections: int, seconds: int, folder: Path) -> Figures:
    """Return what wrk sees with one thread and `connections` connections."""
    script = folder / "request.lua"
    text = (
        ""
        if body is None
        else f"wrk.method='POST'\nwrk.headers['Content-Type']='application/json'\nwrk.body=[==[{json.dumps(body)}]==]\n"
    )
    script.write_text(text, encoding="utf-8")
    command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", str(script), url]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    errors = sum(
        int(number) for number in re.findall(r"(?:Non-2xx or 3xx responses:|connect|read|write|timeout) ?(\d+)", told)
    )
    at = {share: float(value) * UNITS[unit] for share, value, unit in re.findall(r"(\d+)%\s+([\d.]+)(us|ms|s)\b", told)}
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    assert rate, told
    return Figures(rate=float(rate[1]), p50=at["50"], p99=at["99"], errors=errors)


def middle(seen: list[Figures]) -> Figures:
    """Return the medians of several rounds, and all their errors."""
    return Figures(
        rate=statistics.median(one.rate for one in seen),
        p50=statistics.median(one.p50 for one in seen),
        p99=statistics.median(one.p99 for one in seen),
        errors=sum(one.errors for one in seen),
    )


def measure(folder: Path, seconds: int, rounds: int) -> dict[tuple[str, int], Figures]:
    """Return the figures of each server at each number of connections; every round asks all servers in turn."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    everything = servers(folder, port)
    seen: dict[tuple[str, int], list[Figures]] = {}
    for number in range(rounds):
        for server in everything:
            with running(server, port) as url:
                load(url, server.body, 4, 1, folder)
                for connections in CONNECTIONS:
                    figures = load(url, server.body, connections, seconds, folder)
                    seen.setdefault((server.name, connections), []).append(figures)
            print(f"round {number + 1}: {server.name}", file=sys.stderr)
    return {key: middle(figures) for key, figures in seen.items()}


def main() -> None:
    """Measure and print a table, or JSON."""
    parser = argparse.ArgumentParser(description="the generated prediction service beside its peers")
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    for tool in ("wrk", "uv"):
        if not shutil.which(tool):
            raise SystemExit(f"{tool} is not installed")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(Path(folder), options.seconds, options.rounds)
    if options.json:
        print(json.dumps([{"server": name, "connections": c} | vars(f) for (name, c), f in figures.items()], indent=2))
        return
    print(
        "| server | connections | answers/s | of ours | p50 ms | p99 ms | errors |\n"
        "| --- | --- | --- | --- | --- | --- | --- |"
    )
    for (name, connections), one in sorted(figures.items(), key=lambda item: (item[0][1], -item[1].rate)):
        share = one.rate / figures["ours", connections].rate
        print(
            f"| {name} | {connections} | {one.rate:.0f} | {share:.2f} | {one.p50:.2f} | {one.p99:.2f} | {one.errors} |"
        )


if __name__ == "__main__":
    main()
