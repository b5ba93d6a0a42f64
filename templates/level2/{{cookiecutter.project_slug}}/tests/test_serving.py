"""What a caller may rely on, tested against a built package."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from fastapi.testclient import TestClient

from pipeline.config import Data, read_params, read_rows
from pipeline.features import inputs
from pipeline.task import BINARY, REGRESSION
from pipeline.train import train
from serving.app import create_app
from serving.model import Model
from serving.releases import ReleaseError, Releases

from .conftest import outside

Example = list[dict[str, object]]


def deploy(package: Path, folder: Path) -> str:
    releases = Releases(folder)
    release = releases.add(package)
    releases.point_to(release, why="test")
    return release


def another_release(package: Path, folder: Path) -> Path:
    """A package that differs from `package` in its release id only."""
    shutil.copytree(package, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["release"] = "f" * 12
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_each_answer_names_the_release_it_came_from(
    package: Path, tmp_path: Path, example: Example, data: Data
) -> None:
    release = deploy(package, tmp_path)
    answer = TestClient(create_app(tmp_path)).post("/predict", json={"rows": example}).json()
    assert answer["model"] == release
    assert [prediction["id"] for prediction in answer["predictions"]] == [row[data.id] for row in example]
    assert all(data.task.sound(prediction) for prediction in answer["predictions"])


def test_served_answers_are_those_of_the_trained_model(trained: Path, data: Data) -> None:
    rows, holdout = (read_rows(trained / f"data/prepared/{part}.csv", data) for part in ("train", "holdout"))
    model = train(rows, data, read_params(trained / "params.yaml")["train"])
    served = Model(trained / "models/model.onnx", data).predict(holdout)
    if data.task.kind == REGRESSION:
        wanted = model.predict(inputs(holdout, data))
    else:
        wanted = model.predict_proba(inputs(holdout, data))
    np.testing.assert_allclose(served, wanted[:, 1] if data.task.kind == BINARY else wanted, rtol=1e-4, atol=1e-4)


def test_without_a_release_the_service_is_alive_but_not_ready(tmp_path: Path) -> None:
    client = TestClient(create_app(tmp_path))
    assert client.get("/health").status_code == 200
    assert client.get("/ready").status_code == 503


def test_rows_outside_the_contract_are_refused_by_name(
    package: Path, tmp_path: Path, example: Example, data: Data
) -> None:
    deploy(package, tmp_path)
    client = TestClient(create_app(tmp_path))
    name = data.features[0]
    answer = client.post("/predict", json={"rows": [{**example[0], name: outside(data, name)}]})
    assert answer.status_code == 422
    assert name in answer.json()["detail"]
    assert client.post("/predict", json={"rows": []}).status_code == 422


def test_row_without_a_key_is_refused_though_null_is_an_answer(
    package: Path, tmp_path: Path, example: Example, data: Data
) -> None:
    deploy(package, tmp_path)
    client = TestClient(create_app(tmp_path))
    name = next((name for name in data.features if data.bounds[name].get("missing", 0)), data.features[0])
    allowed = 200 if data.bounds[name].get("missing", 0) else 422
    assert client.post("/predict", json={"rows": [{**example[0], name: None}]}).status_code == allowed
    misspelt = {**{key: value for key, value in example[0].items() if key != name}, f"{name}s": 1}
    answer = client.post("/predict", json={"rows": [example[0], misspelt]})
    assert answer.status_code == 422
    assert f"rows[1] {name} is missing" in answer.json()["detail"]


def test_running_server_switches_to_a_new_release(package: Path, tmp_path: Path, example: Example) -> None:
    environment = tmp_path / "environment"
    first = deploy(package, environment)
    client = TestClient(create_app(environment))
    assert client.get("/ready").json()["model"] == first
    second = deploy(another_release(package, tmp_path / "second"), environment)
    assert client.post("/predict", json={"rows": example}).json()["model"] == second != first


def test_damaged_model_file_is_refused_and_the_old_release_serves_on(package: Path, tmp_path: Path) -> None:
    environment = tmp_path / "environment"
    first = deploy(package, environment)
    damaged = another_release(package, tmp_path / "damaged")
    content = (damaged / "model.onnx").read_bytes()
    (damaged / "model.onnx").write_bytes(content[: len(content) // 2])
    with pytest.raises(ReleaseError, match=r"model\.onnx"):
        deploy(damaged, environment)
    assert TestClient(create_app(environment)).get("/ready").json()["model"] == first


def test_package_names_the_code_data_and_environment_it_came_from(package: Path) -> None:
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    assert all(len(manifest[key]) == 64 for key in ("model", "contract", "data", "environment"))
    assert manifest["params"]["train"]["seed"]
    assert manifest["metrics"]["beats_baseline"] is True


def test_a_rounding_error_above_one_is_no_probability(package: Path, data: Data) -> None:
    model = Model(package / "model.onnx", data)
    model._session = SimpleNamespace(run=lambda *_: [np.array([[-1e-7, 1 + 1e-7]] * 2, dtype=np.float32)])
    if data.task.kind != REGRESSION:
        answers = model.run({})
        assert ((answers >= 0) & (answers <= 1)).all()
