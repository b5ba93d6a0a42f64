"""An environment with three different releases, of which the author's are approved by somebody else."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from delivery.environments import Environment
from rollout.controller import Controller

SHARE = 0.5


def variant(package: Path, folder: Path, number: int) -> Path:
    """A sound package with another model file; a changed `doc_string` is a change of bytes, not of answers."""
    import onnx

    shutil.copytree(package, folder)
    model = onnx.load(str(folder / "model.onnx"))
    model.doc_string = f"variant {number}"
    (folder / "model.onnx").write_bytes(model.SerializeToString(deterministic=True))
    return reseal(folder)


def reseal(folder: Path) -> Path:
    """Let the manifest of a changed package name its files again, as a new build would."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest["model"] = hashlib.sha256((folder / "model.onnx").read_bytes()).hexdigest()
    manifest["contract"] = hashlib.sha256((folder / "data.toml").read_bytes()).hexdigest()
    content = {key: value for key, value in manifest.items() if key != "release"}
    manifest["release"] = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def packages(package: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("variants")
    return [variant(package, folder / str(number), number) for number in range(3)]


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return Environment(name="production", folder=tmp_path / "production", port=8000, after="staging", slowest_ms=10_000)


def decision(release: str) -> dict[str, Any]:
    return {"candidate": release, "accepted": True, "checks": []}


def offer(controller: Controller, package: Path, *, approved: bool = True) -> str:
    release = json.loads((package / "manifest.json").read_text(encoding="utf-8"))["release"]
    controller.propose(package, decision(release), author="author")
    if approved:
        controller.approve(release, "reviewer")
    return str(release)


@pytest.fixture
def controller(environment: Environment, packages: list[Path]) -> Controller:
    """The first package is champion, the second on trial."""
    made = Controller(environment)
    made.start(offer(made, packages[0]), 1.0, by="author")
    made.start(offer(made, packages[1]), SHARE, by="author")
    return made
