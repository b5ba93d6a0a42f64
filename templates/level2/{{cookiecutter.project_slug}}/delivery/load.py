"""Load a server with requests and hold what it answers against limits: ``python -m delivery.load --environment staging``.

With ``--url`` a running server is asked; without it, one is started for the release that serves in the environment.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from serving.releases import ReleaseError

from .environments import CONFIG, Environment, read_environment
from .smoke import wait_until_ready

SERVE = """
import sys
from pathlib import Path
import uvicorn
from serving.app import create_app
uvicorn.run(create_app(Path(sys.argv[1])), host="127.0.0.1", port=int(sys.argv[2]), log_level="warning")
"""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """How many requests are made over how many connections, and what the answers must reach."""

    requests: int
    connections: int
    p95_ms: float
    failed: float


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the requests came to: milliseconds of those answered, sorted, and how many were not answered with 200."""

    milliseconds: tuple[float, ...]
    failed: int
    seconds: float

    @property
    def p95_ms(self) -> float:
        """The time within which 95 of 100 answers came; without any answer, no limit is reached."""
        times = self.milliseconds
        return times[min(len(times) - 1, int(0.95 * len(times)))] if times else float("inf")


def read_limits(environment: str, config: Path = CONFIG) -> Limits:
    """Return the table `load` of an environment's file."""
    table = tomllib.loads((config / f"{environment}.toml").read_text(encoding="utf-8")).get("load")
    if table is None:
        raise ReleaseError(f"{config}/{environment}.toml has no table [load] with the limits to hold")
    return Limits(**table)


def load(url: str, body: bytes, limits: Limits) -> Measured:
    """Send the same request again and again over every connection at once and return what came of it."""
    each = [limits.requests // limits.connections] * limits.connections
    each[0] += limits.requests % limits.connections
    start = time.perf_counter()
    with ThreadPoolExecutor(limits.connections) as pool:
        results = list(pool.map(lambda number: _send(url, body, number), each))
    times = sorted(one for took, _ in results for one in took)
    failed = sum(failures for _, failures in results)
    return Measured(milliseconds=tuple(times), failed=failed, seconds=time.perf_counter() - start)


def judge(measured: Measured, limits: Limits) -> list[str]:
    """Return what was not reached, nothing when all was."""
    missed = []
    if measured.failed > limits.failed * limits.requests:
        missed.append(f"{measured.failed} of {limits.requests} requests failed; {limits.failed:.1%} may")
    if measured.p95_ms > limits.p95_ms:
        missed.append(f"95 of 100 answers came within {measured.p95_ms:.0f} ms; the limit is {limits.p95_ms:.0f}")
    return missed


def _send(url: str, body: bytes, number: int) -> tuple[list[float], int]:
    took, failed = [], 0
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
    for _ in range(number):
        start = time.perf_counter()
        try:
            connection.request("POST", "/predict", body, {"content-type": "application/json"})
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            failed += 1
            continue
        if response.status == http.HTTPStatus.OK:
            took.append((time.perf_counter() - start) * 1000)
        else:
            failed += 1
    connection.close()
    return took, failed


@contextlib.contextmanager
def _server(environment: Environment) -> Iterator[str]:
    """Serve an environment for a while and give the address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = subprocess.Popen([sys.executable, "-c", SERVE, str(environment.folder), str(port)])
    try:
        url = f"http://127.0.0.1:{port}"
        wait_until_ready(url, seconds=60)
        yield url
    finally:
        running.terminate()
        running.wait(30)


def main() -> None:
    """Load, say what was measured, and exit with 1 when a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m delivery.load")
    parser.add_argument("--environment", required=True)
    parser.add_argument("--url", help="a running server; without it one is started for the time of the test")
    options = parser.parse_args()
    try:
        environment = read_environment(options.environment)
        limits = read_limits(options.environment)
        release = environment.releases.current()
        if release is None:
            raise ReleaseError(f"nothing serves in {environment.name} yet")
        rows = json.loads((environment.releases.path(release) / "example.json").read_text(encoding="utf-8"))
        with contextlib.nullcontext(options.url.rstrip("/")) if options.url else _server(environment) as url:
            measured = load(url, json.dumps({"rows": rows[:1]}).encode(), limits)
    except ReleaseError as error:
        raise SystemExit(str(error)) from None
    answered = len(measured.milliseconds)
    print(f"{answered} answers in {measured.seconds:.1f} s, 95 of 100 within {measured.p95_ms:.0f} ms")
    if missed := judge(measured, limits):
        raise SystemExit("; ".join(missed))


if __name__ == "__main__":
    main()
