"""What the service owes its callers under traffic: who may ask, how much, how often, and until when."""

from __future__ import annotations

import contextlib
import hashlib
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx2
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from pipeline.config import Data
from pipeline.contract import ContractError
from serving.app import MOST_BYTES, MOST_ROWS, create_app
from serving.batch import predict
from serving.keys import read_keys
from serving.loaded import load
from serving.releases import Releases

from .conftest import PROJECT, outside

Example = list[dict[str, object]]


def deploy(package: Path, folder: Path) -> str:
    releases = Releases(folder)
    release = releases.add(package)
    releases.point_to(release, why="test")
    return release


def test_each_answer_names_the_model_file_and_the_request(package: Path, tmp_path: Path, example: Example) -> None:
    deploy(package, tmp_path)
    client = TestClient(create_app(tmp_path))
    mine = "0b6f3b8e-6f0e-4d0c-9d4c-3f6f0c1f2a11"
    answer = client.post("/predict", json={"rows": example}, headers={"X-Request-ID": mine})
    assert answer.json()["sha256"] == hashlib.sha256((package / "model.onnx").read_bytes()).hexdigest()
    assert answer.headers["X-Request-ID"] == mine
    assert client.get("/health").headers["X-Request-ID"] not in ("", mine)


def test_only_holders_of_a_key_are_answered_once_there_are_keys(
    package: Path, tmp_path: Path, example: Example
) -> None:
    deploy(package, tmp_path)
    made = subprocess.run([sys.executable, "-m", "serving.keys", "caller"], capture_output=True, text=True, check=True)
    (tmp_path / "keys.txt").write_text(made.stdout, encoding="utf-8")
    key = made.stderr.split()[-1]
    assert key not in made.stdout
    client = TestClient(create_app(tmp_path, read_keys(tmp_path / "keys.txt")))
    answers = [client.post("/predict", json={"rows": example}, headers=sent) for sent in ({}, {"X-API-Key": "guess"})]
    assert [answer.status_code for answer in answers] == [401, 401]
    assert client.post("/predict", json={"rows": example}, headers={"X-API-Key": key}).status_code == 200
    assert client.get("/health").status_code == 200
    assert client.get("/metrics").status_code == client.get("/model").status_code == 401


def test_a_damaged_file_of_keys_locks_the_server_not_the_door(tmp_path: Path) -> None:
    (tmp_path / "keys.txt").write_text("caller not-a-digest", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"keys\.txt:1"):
        read_keys(tmp_path / "keys.txt")


def test_a_body_over_the_limit_is_refused_with_and_without_a_length(package: Path, tmp_path: Path) -> None:
    deploy(package, tmp_path)
    client = TestClient(create_app(tmp_path))
    body = b" " * (MOST_BYTES + 1)
    pieces = (body[start : start + 10_000] for start in range(0, len(body), 10_000))
    headers = {"content-type": "application/json"}
    assert client.post("/predict", content=body, headers=headers).status_code == 413
    assert client.post("/predict", content=pieces, headers=headers).status_code == 413


def test_requests_are_counted_by_status_and_the_release_is_named(
    package: Path, tmp_path: Path, example: Example
) -> None:
    release = deploy(package, tmp_path)
    client = TestClient(create_app(tmp_path))
    client.post("/predict", json={"rows": example})
    client.post("/predict", json={"rows": []})
    client.get("/nowhere")
    measured = client.get("/metrics").text
    assert 'serving_requests_total{path="/predict",status="200"} 1.0' in measured
    assert 'serving_requests_total{path="/predict",status="422"} 1.0' in measured
    assert 'serving_requests_total{path="other",status="404"} 1.0' in measured
    assert f'serving_release{{release="{release}"}} 1.0' in measured


def test_a_large_request_is_answered_like_its_rows_alone(
    package: Path, tmp_path: Path, example: Example, data: Data
) -> None:
    deploy(package, tmp_path)
    client = TestClient(create_app(tmp_path))
    many = [{**example[0], data.id: place} for place in range(MOST_ROWS)]
    answer = client.post("/predict", json={"rows": many}).json()
    alone = client.post("/predict", json={"rows": [many[0]]}).json()
    assert [prediction["id"] for prediction in answer["predictions"]] == list(range(MOST_ROWS))
    assert all({**one, "id": 0} == alone["predictions"][0] for one in answer["predictions"])


def test_a_batch_gives_what_the_service_gives_and_a_bad_one_leaves_nothing(
    package: Path, tmp_path: Path, example: Example, data: Data
) -> None:
    releases = Releases(tmp_path / "environment")
    loaded = load(releases, deploy(package, releases.folder))
    rows, to = tmp_path / "rows.csv", tmp_path / "predictions.csv"
    pd.DataFrame(example).drop(columns=data.target).to_csv(rows, index=False)
    assert predict(loaded, rows, to) == len(example)
    told = pd.read_csv(to)
    one_by_one = pd.json_normalize(loaded.predict(example)).rename(columns={"id": data.id})
    pd.testing.assert_frame_equal(told[list(one_by_one)], one_by_one, check_dtype=False)
    assert set(told["model"]) == {loaded.release}
    to.unlink()
    name = data.features[0]
    pd.DataFrame(example).assign(**{name: outside(data, name)}).to_csv(rows, index=False)
    with pytest.raises(ContractError, match=name):
        predict(loaded, rows, to)
    assert [path.name for path in tmp_path.iterdir() if "predictions" in path.name] == []


def test_a_server_told_to_stop_turns_unready_first_and_answers_until_it_is_gone(
    package: Path, tmp_path: Path, example: Example
) -> None:
    deploy(package, tmp_path / "deploy/local")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "serving", "--port", str(port), "--drain", "2"]
    code = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
    server = subprocess.Popen(command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": code})
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as client:
            wait_for(client, 200)
            server.terminate()
            wait_for(client, 503)
            assert client.post("/predict", json={"rows": example}).status_code == 200
        assert server.wait(20) in (0, -signal.SIGTERM)  # uvicorn ends by the signal it was sent, after its work
    finally:
        server.kill()


def wait_for(client: httpx2.Client, status: int) -> None:
    """Return once /ready answers with `status`; fail after twenty seconds."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        with contextlib.suppress(httpx2.TransportError):
            if client.get("/ready").status_code == status:
                return
        time.sleep(0.05)
    pytest.fail(f"/ready never answered {status}")
