"""The running service, the log it leaves, and the alert that arrives."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from monitoring.alerts import alerter
from monitoring.labels import labelled, take
from monitoring.settings import read_settings
from rollout.controller import Controller
from rollout.routing import meets_canary
from serving.live import create_app
from serving.predictions import PredictionLog

from ..conftest import PROJECT
from .conftest import SHARE

Example = list[dict[str, object]]


def test_running_server_serves_both_and_goes_back_without_a_restart(controller: Controller, example: Example) -> None:
    pointer = controller.state.pointer()
    client = TestClient(create_app(controller.environment.folder))
    rows = [{**example[0], "id": number} for number in range(40)]
    answers = client.post("/predict", json={"rows": rows}).json()["predictions"]
    for answer in answers:
        chosen = meets_canary(answer["id"], str(pointer.canary), SHARE)
        assert answer["model"] == (pointer.canary if chosen else pointer.champion)
    assert len({answer["model"] for answer in answers}) == 2
    controller.abort(by="t", why="worse", numbers={}, reject=True)
    answers = client.post("/predict", json={"rows": rows}).json()["predictions"]
    assert {answer["model"] for answer in answers} == {pointer.champion}
    assert PredictionLog(controller.environment.folder).count() == 80
    assert f'serving_rows_total{{release="{pointer.champion}"}}' in client.get("/metrics").text


def test_canary_that_does_not_load_leaves_the_champion_answering(controller: Controller, example: Example) -> None:
    pointer = controller.state.pointer()
    (controller.environment.releases.path(str(pointer.canary)) / "model.onnx").write_bytes(b"damaged")
    client = TestClient(create_app(controller.environment.folder))
    answers = client.post("/predict", json={"rows": example}).json()["predictions"]
    assert {answer["model"] for answer in answers} == {pointer.champion}
    assert "serving_load_failures_total" in client.get("/metrics").text


def test_labels_come_twice_and_out_of_order_and_count_once(controller: Controller, example: Example) -> None:
    client = TestClient(create_app(controller.environment.folder))
    client.post("/predict", json={"rows": [{**example[0], "id": number} for number in (1, 2)]})
    log = PredictionLog(controller.environment.folder)
    assert take(log, [("2", 1), ("1", 0)]).new == 2
    again = take(log, [("1", 0), ("2", 0)])
    assert (again.new, again.contradicting) == (0, ("2",))
    assert labelled(log)["label"].tolist() == [1, 0]


def test_alert_reaches_a_webhook_and_a_dead_one_is_only_noted(tmp_path: Path) -> None:
    got: list[dict[str, str]] = []

    class Sink(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    sink = HTTPServer(("127.0.0.1", 0), Sink)
    threading.Thread(target=sink.handle_request, daemon=True).start()
    alerter(tmp_path, f"http://127.0.0.1:{sink.server_port}")("contract", "a column is missing")
    sink.server_close()
    assert got[0]["text"] == "a column is missing"
    alerter(tmp_path, f"http://127.0.0.1:{sink.server_port}")("contract", "again")
    lines = [json.loads(line) for line in (tmp_path / "alerts.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["sent"][:8] for line in lines] == ["status 2", "not sent"]


def test_misspelt_setting_stops_the_program(tmp_path: Path) -> None:
    text = (PROJECT / "config/monitoring.toml").read_text(encoding="utf-8")
    (tmp_path / "monitoring.toml").write_text(text.replace("tolerance =", "tolerence =", 1), encoding="utf-8")
    with pytest.raises(SystemExit, match="tolerence"):
        read_settings(tmp_path / "monitoring.toml")
