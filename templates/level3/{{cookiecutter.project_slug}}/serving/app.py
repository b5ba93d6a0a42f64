"""The prediction service: rows in, predictions out, each answer naming the release it came from.

A running server notices a new release by itself: deploying moves a pointer, the next request loads what it points to.
"""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, Field

from pipeline.config import Data, read_data
from pipeline.contract import ContractError, check

from .model import Model
from .releases import ReleaseError, Releases, verify

MOST_ROWS = 1000  # a request; larger jobs belong in a batch


class Request(BaseModel):
    """The rows to predict; each holds the feature columns of data.toml and may carry the id column."""

    rows: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_ROWS)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """A release in memory, with the contract it was trained under."""

    release: str
    model: Model
    data: Data
    manifest: dict[str, Any]

    @property
    def threshold(self) -> float | None:
        """The probability from which a row is called the event; None where the task knows no event."""
        value: float | None = self.manifest["params"]["evaluate"].get("threshold")
        return value

    def predict(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return one prediction a row; ContractError for rows the model was never meant to see."""
        _refuse_absent(rows, self.data.features)
        table = pd.DataFrame(rows).reindex(columns=[*self.data.features, self.data.id])
        checked = check(table, self.data, labelled=False)
        answers = self.data.task.told(self.model.predict(checked), self.threshold)
        return [{"id": row.get(self.data.id), **answer} for row, answer in zip(rows, answers, strict=True)]


def _refuse_absent(rows: list[dict[str, Any]], features: tuple[str, ...]) -> None:
    """Raise ContractError for a row without a key the model reads: null says "unknown", a misspelt key says nothing."""
    for place, row in enumerate(rows):
        if absent := [name for name in features if name not in row]:
            raise ContractError(f"rows[{place}] has no {', '.join(absent)}; send null for a value that is not known")


def load(releases: Releases, release: str) -> Loaded:
    """Return a release, verified and proven to answer its own example; ReleaseError otherwise."""
    folder = releases.path(release)
    verify(folder)
    data = read_data(folder / "data.toml")
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    try:
        loaded = Loaded(release=release, model=Model(folder / "model.onnx", data), data=data, manifest=manifest)
        loaded.predict(json.loads((folder / "example.json").read_text(encoding="utf-8")))
    except Exception as error:
        raise ReleaseError(f"release {release} does not answer its own example: {error}") from error
    return loaded


class Champion:
    """The release that answers; keeps the last good one when the next does not load."""

    def __init__(self, releases: Releases) -> None:
        self._releases = releases
        self._lock = threading.Lock()
        self._loaded: Loaded | None = None
        self._refused: str | None = None

    def get(self) -> Loaded | None:
        """Return what serves now, None before the first deployment."""
        wanted = self._releases.current()
        with self._lock:
            held = self._loaded.release if self._loaded else None
            if wanted and wanted not in (held, self._refused):
                try:
                    self._loaded = load(self._releases, wanted)
                except ReleaseError:
                    self._refused = wanted
            return self._loaded


def create_app(folder: Path) -> FastAPI:
    """Return the service for the releases below `folder`."""
    app = FastAPI(title="prediction service")
    champion = Champion(Releases(folder))

    def serving() -> Loaded:
        loaded = champion.get()
        if loaded is None:
            raise HTTPException(503, "no release is deployed; run python -m pipeline.deploy")
        return loaded

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/ready")
    def ready() -> dict[str, str]:
        return {"status": "ready", "model": serving().release}

    @app.get("/model")
    def model() -> dict[str, Any]:
        return serving().manifest

    @app.post("/predict")
    def predict(request: Request) -> dict[str, Any]:
        loaded = serving()
        try:
            return {"model": loaded.release, "predictions": loaded.predict(request.rows)}
        except ContractError as error:
            raise HTTPException(422, str(error)) from None

    return app
