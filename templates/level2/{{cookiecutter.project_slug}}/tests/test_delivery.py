"""From staging to production and back: what moves, what is refused, and what a running server says meanwhile."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from delivery.deploy import deploy
from delivery.environments import Environment, read_environment
from delivery.promote import promote
from delivery.rollback import previous, rollback
from delivery.smoke import smoke
from serving.app import create_app
from serving.releases import ReleaseError

from .conftest import PROJECT


@pytest.fixture
def staging(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    monkeypatch.setenv("DEPLOY_ROOT", str(tmp_path / "deploy"))
    return read_environment("staging", PROJECT / "config")


@pytest.fixture
def production(staging: Environment) -> Environment:
    return read_environment("production", PROJECT / "config")


def next_package(package: Path, folder: Path, note: str) -> Path:
    """An honest package of the same model that is another release."""
    shutil.copytree(package, folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    content = {key: value for key, value in manifest.items() if key != "release"} | {"code": note}
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    (folder / "manifest.json").write_text(json.dumps({"release": digest[:12], **content}), encoding="utf-8")
    return folder


def decided(package: Path, champion: str | None, *, accepted: bool = True) -> Path:
    """A decision on `package`, beside it."""
    release = json.loads((package / "manifest.json").read_text(encoding="utf-8"))["release"]
    checks: list[dict[str, Any]] = [{"name": "auc", "passed": accepted}]
    path = package.parent / f"decision-{release}.json"
    decision = {"candidate": release, "champion": champion, "accepted": accepted, "checks": checks}
    path.write_text(json.dumps(decision), encoding="utf-8")
    return path


def release_to(package: Path, staging: Environment, production: Environment) -> str:
    """Bring a package through staging into production."""
    deploy(package, staging, decided(package, production.releases.current()))
    return promote(staging, production)


@pytest.fixture
def served(package: Path, tmp_path: Path, staging: Environment, production: Environment) -> tuple[str, str]:
    """Two releases that served in production, the older first."""
    first, second = (next_package(package, tmp_path / note, note) for note in ("first", "second"))
    return release_to(first, staging, production), release_to(second, staging, production)


def test_a_release_passes_staging_then_production(served: tuple[str, str], production: Environment) -> None:
    assert production.releases.current() == served[1]
    assert [entry["to"] for entry in production.releases.history()] == list(served)
    assert (production.decisions / f"{served[1]}.json").is_file()


def test_a_refused_package_is_not_deployed(package: Path, tmp_path: Path, staging: Environment) -> None:
    refused = next_package(package, tmp_path / "refused", "refused")
    with pytest.raises(ReleaseError, match="refused by the gate: auc"):
        deploy(refused, staging, decided(refused, None, accepted=False))
    assert staging.releases.current() is None


def test_a_decision_about_another_package_counts_for_nothing(
    package: Path, tmp_path: Path, staging: Environment
) -> None:
    one, other = (next_package(package, tmp_path / note, note) for note in ("one", "other"))
    with pytest.raises(ReleaseError, match="run the gate again"):
        deploy(other, staging, decided(one, None))


def test_production_takes_nothing_that_did_not_serve_in_staging(
    package: Path, tmp_path: Path, production: Environment
) -> None:
    direct = next_package(package, tmp_path / "direct", "direct")
    with pytest.raises(ReleaseError, match=r"delivery\.promote"):
        deploy(direct, production, decided(direct, None))


@pytest.mark.parametrize("name", ["model.onnx", "data.toml"])
def test_a_package_with_a_corrupted_file_is_refused(
    package: Path, tmp_path: Path, staging: Environment, name: str
) -> None:
    corrupted = next_package(package, tmp_path / "corrupted", "corrupted")
    decision = decided(corrupted, None)
    content = bytearray((corrupted / name).read_bytes())
    content[len(content) // 2] ^= 1
    (corrupted / name).write_bytes(bytes(content))
    with pytest.raises(ReleaseError, match=name.replace(".", r"\.")):
        deploy(corrupted, staging, decision)
    assert staging.releases.current() is None


def test_a_manifest_edited_after_the_build_is_refused(package: Path, tmp_path: Path, staging: Environment) -> None:
    edited = next_package(package, tmp_path / "edited", "edited")
    decision = decided(edited, None)
    manifest = json.loads((edited / "manifest.json").read_text(encoding="utf-8"))
    manifest["params"]["evaluate"]["min_group_rows"] = 1
    (edited / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    with pytest.raises(ReleaseError, match="was changed after"):
        deploy(edited, staging, decision)
    assert not staging.releases.path(manifest["release"]).exists()


def test_a_comparison_with_a_champion_that_no_longer_serves_is_void(
    package: Path, tmp_path: Path, staging: Environment, production: Environment
) -> None:
    late = next_package(package, tmp_path / "late", "late")
    deploy(late, staging, decided(late, "0" * 12))
    with pytest.raises(ReleaseError, match="run the gate again"):
        promote(staging, production)
    assert production.releases.current() is None


def test_rollback_moves_the_pointer_and_the_running_server_answers_as_before(
    served: tuple[str, str], production: Environment, example: list[dict[str, object]]
) -> None:
    client = TestClient(create_app(production.folder))
    assert client.post("/predict", json={"rows": example}).json()["model"] == served[1]
    assert rollback(production, reason="too many complaints") == (served[1], served[0])
    assert client.post("/predict", json={"rows": example}).json()["model"] == served[0]
    last = production.releases.history()[-1]
    assert (last["from"], last["to"]) == (served[1], served[0])
    assert "too many complaints" in last["why"]


def test_rollback_to_a_damaged_release_is_refused_and_changes_nothing(
    served: tuple[str, str], production: Environment
) -> None:
    model = production.releases.path(served[0]) / "model.onnx"
    model.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(ReleaseError, match=r"model\.onnx"):
        rollback(production)
    assert production.releases.current() == served[1]
    assert len(production.releases.history()) == 2


def test_rollback_to_a_release_that_does_not_answer_is_refused_and_changes_nothing(
    served: tuple[str, str], production: Environment
) -> None:
    (production.releases.path(served[0]) / "example.json").write_text('[{"nothing": 1}]', encoding="utf-8")
    with pytest.raises(ReleaseError, match="does not answer"):
        rollback(production)
    assert production.releases.current() == served[1]


def test_rollback_has_nowhere_to_go_from_the_first_release(
    package: Path, tmp_path: Path, staging: Environment, production: Environment
) -> None:
    release_to(next_package(package, tmp_path / "only", "only"), staging, production)
    with pytest.raises(ReleaseError, match="no earlier release"):
        rollback(production)


def test_a_release_may_be_named_and_must_exist(served: tuple[str, str], production: Environment) -> None:
    with pytest.raises(ReleaseError, match="no release ffffffffffff"):
        rollback(production, to="f" * 12)
    assert rollback(production, to=served[0])[1] == served[0]


def test_going_back_twice_never_returns_to_what_was_left() -> None:
    steps = [("a", "deployed"), ("b", "promoted"), ("c", "promoted"), ("b", "rolled back by x: y")]
    history = [{"to": to, "why": why} for to, why in steps]
    assert previous(history) == "a"
    assert previous([*history, {"to": "a", "why": "rolled back by x: y"}]) is None
    assert previous([*history, {"to": "d", "why": "promoted"}]) == "b"


def test_a_release_slower_than_the_environment_allows_is_not_switched_to(
    served: tuple[str, str], production: Environment
) -> None:
    hurried = Environment(name="production", folder=production.folder, port=1, after="staging", slowest_ms=0.0001)
    with pytest.raises(ReleaseError, match="allows"):
        smoke(hurried, served[0])


def test_an_unknown_environment_is_answered_with_the_known_ones() -> None:
    with pytest.raises(ReleaseError, match="production, staging"):
        read_environment("prod", PROJECT / "config")
