"""The prediction API as its callers know it, tested against the built package or the running server."""

from __future__ import annotations

import json
import os
from pathlib import Path

import httpx2
import pytest

from pipeline.config import read_data
from pipeline.task import BINARY, MULTICLASS, REGRESSION

from ..conftest import outside

SNAPSHOT = Path(__file__).parent / "openapi.json"

ANSWERS = {BINARY: ("probability", "label"), MULTICLASS: ("probabilities", "label"), REGRESSION: ("value",)}

Rows = list[dict[str, object]]


@pytest.fixture
def rows(artefact: Path) -> Rows:
    example: Rows = json.loads((artefact / "example.json").read_text(encoding="utf-8"))
    return example


def test_the_interface_is_the_one_callers_were_promised(client: httpx2.Client) -> None:
    """A change on purpose is taken with UPDATE_OPENAPI=1 and read in review."""
    schema = client.get("/openapi.json").json()
    if os.environ.get("UPDATE_OPENAPI"):
        SNAPSHOT.write_text(json.dumps(schema, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    assert schema == json.loads(SNAPSHOT.read_text(encoding="utf-8"))


def test_the_server_answers_as_the_artefact_under_test(client: httpx2.Client, artefact: Path) -> None:
    manifest = json.loads((artefact / "manifest.json").read_text(encoding="utf-8"))
    assert client.get("/ready").json()["model"] == manifest["release"]
    assert client.get("/model").json() == manifest


def test_an_answer_has_one_prediction_a_row_in_order(client: httpx2.Client, rows: Rows, artefact: Path) -> None:
    answer = client.post("/predict", json={"rows": rows}).json()
    data = read_data(artefact / "data.toml")
    assert [prediction["id"] for prediction in answer["predictions"]] == [row[data.id] for row in rows]
    for prediction in answer["predictions"]:
        assert set(prediction) == {"id", *ANSWERS[data.task.kind]}
        assert data.task.sound(prediction)
        if data.task.kind == BINARY:
            threshold = client.get("/model").json()["params"]["evaluate"]["threshold"]
            assert prediction["label"] == data.task.classes[prediction["probability"] >= threshold]
        elif data.task.kind == MULTICLASS:
            assert sum(prediction["probabilities"].values()) == pytest.approx(1, abs=1e-4)
            assert str(prediction["label"]) == max(prediction["probabilities"], key=prediction["probabilities"].get)


def test_a_row_is_answered_the_same_alone_and_in_company(client: httpx2.Client, rows: Rows) -> None:
    together = client.post("/predict", json={"rows": rows}).json()["predictions"]
    alone = [client.post("/predict", json={"rows": [row]}).json()["predictions"][0] for row in rows]
    assert together == alone


def test_the_target_is_neither_needed_nor_used(client: httpx2.Client, rows: Rows, artefact: Path) -> None:
    target = read_data(artefact / "data.toml").target
    with_target = [{**row, target: 1} for row in rows]
    without = [{key: value for key, value in row.items() if key != target} for row in rows]
    answers = [client.post("/predict", json={"rows": body}).json() for body in (with_target, without)]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("body", [{}, {"rows": []}, {"rows": "all"}, {"rows": [1]}, {"rows": [{}] * 1001}])
def test_a_malformed_request_is_refused_with_422(client: httpx2.Client, body: dict[str, object]) -> None:
    assert client.post("/predict", json=body).status_code == 422


def test_a_value_outside_the_contract_is_refused_by_name(client: httpx2.Client, rows: Rows, artefact: Path) -> None:
    data = read_data(artefact / "data.toml")
    name = data.features[0]
    answer = client.post("/predict", json={"rows": [{**rows[0], name: outside(data, name)}]})
    assert answer.status_code == 422
    assert name in answer.text
