"""The service under test: the built package (PACKAGE), a running server (API_URL), or a small package made here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from fastapi.testclient import TestClient

from serving.app import create_app
from serving.releases import Releases


@pytest.fixture(scope="session")
def artefact(request: pytest.FixtureRequest) -> Path:
    """The package whose API is tested; training one is left to the runs that name none."""
    named = os.environ.get("PACKAGE")
    return Path(named) if named else request.getfixturevalue("package")


@pytest.fixture(scope="session")
def client(artefact: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx2.Client]:
    """Whatever answers: a server over HTTP, or the service in this process."""
    url = os.environ.get("API_URL")
    if url:
        with httpx2.Client(base_url=url, timeout=10) as running:
            yield running
        return
    releases = Releases(tmp_path_factory.mktemp("environment"))
    releases.point_to(releases.add(artefact), why="test")
    yield TestClient(create_app(releases.folder))
