"""Requests across a swap and a rollback of a real server: zero errors, each answer names the model that gave it.

``REQUESTS=100000 pytest tests/level3/test_swap.py`` is the long run.
"""

from __future__ import annotations

import http.client
import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from rollout.controller import Controller

from ..conftest import PROJECT

REQUESTS = int(os.environ.get("REQUESTS", "400"))
CLIENTS = 4


@pytest.fixture
def port(controller: Controller) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    variables = os.environ | {"DEPLOY_ROOT": str(controller.environment.folder.parent)}
    command = [sys.executable, "-W", "ignore", "-m", "serving.live", "--port", str(number)]
    with subprocess.Popen(command, cwd=PROJECT, env=variables) as server:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", number)) == 0:
                    break
            time.sleep(0.1)
        yield number
        server.terminate()


class Client(threading.Thread):
    """Asks over one connection and keeps who answered each request."""

    def __init__(self, port: int, row: dict[str, object], requests: int) -> None:
        super().__init__()
        self.port, self.row, self.requests = port, row, requests
        self.answered: list[str] = []
        self.errors: Counter[str] = Counter()

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        for number in range(self.requests):
            body = json.dumps({"rows": [{**self.row, "id": number}]})
            try:
                connection.request("POST", "/predict", body, {"content-type": "application/json"})
                response = connection.getresponse()
                content = json.loads(response.read())
                if response.status != 200:
                    self.errors[f"status {response.status}"] += 1
                else:
                    self.answered.append(content["predictions"][0]["model"])
            except (OSError, http.client.HTTPException, KeyError, ValueError) as error:
                self.errors[type(error).__name__] += 1
                connection.close()


def test_16_requests_across_a_swap_and_a_rollback_never_fail_and_name_their_model(
    controller: Controller, port: int, example: list[dict[str, object]]
) -> None:
    pointer = controller.state.pointer()
    clients = [Client(port, example[0], REQUESTS // CLIENTS) for _ in range(CLIENTS)]
    for client in clients:
        client.start()

    def wait_for(share: float) -> None:
        while sum(len(client.answered) for client in clients) < share * REQUESTS and any(c.is_alive() for c in clients):
            time.sleep(0.02)

    wait_for(0.3)
    began = time.perf_counter()
    controller.promote(by="t", numbers={})
    took = time.perf_counter() - began
    wait_for(0.6)
    controller.rollback(by="monitor", why="lost quality", numbers={})
    for client in clients:
        client.join()
    assert sum((client.errors for client in clients), Counter()) == Counter()
    answers = Counter(name for client in clients for name in client.answered)
    assert sum(answers.values()) == REQUESTS // CLIENTS * CLIENTS
    assert set(answers) == {pointer.champion, pointer.canary}
    for client in clients:
        assert client.answered[-1] == pointer.champion  # after the rollback
    print(f"{sum(answers.values())} answers, {dict(answers)}, promotion took {took:.2f} s")
