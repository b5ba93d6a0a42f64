"""A release in memory: what the server answers with, and what the delivery tries before it switches."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.config import Data, read_data

from .model import Model
from .releases import ReleaseError, Releases, verify
from .rows import RowCheck


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

    @cached_property
    def check(self) -> RowCheck:
        """The contract, compiled for the rows of a request."""
        return RowCheck(self.data)

    def predict(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return one prediction a row; RowError for rows the model was never meant to see."""
        answers = self.data.task.told(self.model.run(self.check.columns(rows)), self.threshold)
        return [{"id": row.get(self.data.id), **answer} for row, answer in zip(rows, answers, strict=True)]


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
