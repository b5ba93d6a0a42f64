"""The prediction service of level 3: champion and canary answer, every answer is kept, health is measured.

``python -m serving.live --environment production --port 8000``
The rollout database says who serves. A move is taken up with the next request; the release that served before goes on
serving until the next one is loaded and has answered its own example.
"""

from __future__ import annotations

import argparse
import sqlite3
import threading
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException, Response
from fastapi import Request as Incoming

from delivery.environments import read_environment
from monitoring.deadman import last_look
from monitoring.metrics import Metrics
from rollout.artefacts import require_sound
from rollout.routing import meets_canary
from rollout.state import State

from .app import Request
from .loaded import Loaded, load
from .predictions import Answer, PredictionLog
from .releases import ReleaseError, Releases
from .rows import RowError


@dataclass(frozen=True, kw_only=True)
class Fleet:
    """Who answers now."""

    epoch: int
    champion: Loaded | None
    canary: Loaded | None
    share: float


class Fleets:
    """Follows the rollout database, and keeps what serves when the next does not load."""

    def __init__(self, folder: Path, metrics: Metrics) -> None:
        self._state, self._releases, self._metrics = State(folder), Releases(folder), metrics
        self._lock = threading.Lock()
        self._fleet = Fleet(epoch=-1, champion=None, canary=None, share=0.0)

    def get(self) -> Fleet:
        """Return who answers; a database that cannot be read changes nothing."""
        with self._lock:
            try:
                pointer = self._state.pointer()
            except sqlite3.Error:
                return self._fleet
            if pointer.epoch < self._fleet.epoch:  # an older backup came back; people decide, what serves serves on
                self._metrics.add("epoch_regressions_total")
                return self._fleet
            if pointer.epoch != self._fleet.epoch:
                champion = self._load(pointer.champion) or self._fleet.champion
                canary = self._load(pointer.canary)
                self._fleet = Fleet(
                    epoch=pointer.epoch, champion=champion, canary=canary, share=pointer.share if canary else 0.0
                )
                self._metrics.set("epoch", pointer.epoch)
                self._metrics.set("canary_share", self._fleet.share)
            return self._fleet

    def _load(self, release: str | None) -> Loaded | None:
        if release is None:
            return None
        for held in (self._fleet.champion, self._fleet.canary):
            if held and held.release == release:
                return held
        try:
            require_sound(self._releases.path(release))
            return load(self._releases, release)
        except (ReleaseError, OSError):
            self._metrics.add("load_failures_total", release=release)
            return None


def answer(fleet: Fleet, champion: Loaded, rows: list[dict[str, Any]]) -> list[Answer]:
    """Return the answers to `rows`: the champion's, or the canary's for its share; RowError for rows to refuse."""
    by_champion = champion.predict(rows)
    chosen = [
        place
        for place, row in enumerate(rows)
        if fleet.canary and meets_canary(row.get(champion.data.id), fleet.canary.release, fleet.share)
    ]
    by_canary: dict[int, dict[str, Any]] = {}
    if fleet.canary and chosen:
        by_canary = dict(zip(chosen, fleet.canary.predict([rows[place] for place in chosen]), strict=True))
    answers = []
    for place, (row, shadow) in enumerate(zip(rows, by_champion, strict=True)):
        release = fleet.canary.release if fleet.canary and place in by_canary else champion.release
        row_id = row.get(champion.data.id)
        answers.append(
            Answer(
                id=None if row_id is None else str(row_id),
                release=release,
                probability=by_canary.get(place, shadow)["probability"],
                champion=champion.release,
                champion_probability=shadow["probability"],
                inputs=row,
            )
        )
    return answers


def create_app(folder: Path) -> FastAPI:
    """Return the service for the environment below `folder`."""
    app, metrics = FastAPI(title="prediction service"), Metrics()
    fleets, log = Fleets(folder, metrics), PredictionLog(folder)

    def keep(epoch: int, answers: list[Answer]) -> None:
        try:
            log.append(epoch, answers)
        except sqlite3.Error:  # a full disk must not stop the answers; the alert rule watches this counter
            metrics.add("log_failures_total", len(answers))

    def serving() -> tuple[Fleet, Loaded]:
        fleet = fleets.get()
        if fleet.champion is None:
            raise HTTPException(503, "no release serves; run python -m rollout.controller start")
        return fleet, fleet.champion

    @app.middleware("http")
    async def measure(request: Incoming, call: Callable[[Incoming], Awaitable[Response]]) -> Response:
        began, status = time.perf_counter(), 500
        try:
            response = await call(request)
            status = response.status_code
            return response
        finally:
            path = request.url.path if request.url.path in PATHS else "other"
            metrics.add("requests_total", path=path, status=str(status))
            if path == "/predict":
                metrics.observe(time.perf_counter() - began)

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/ready")
    def ready() -> dict[str, Any]:
        fleet, champion = serving()
        canary = fleet.canary.release if fleet.canary else None
        return {"status": "ready", "model": champion.release, "canary": canary, "epoch": fleet.epoch}

    @app.get("/model")
    def model() -> dict[str, Any]:
        return serving()[1].manifest

    @app.get("/metrics")
    def scrape() -> Response:
        fleets.get()
        metrics.set("monitor_look_timestamp_seconds", last_look(folder))
        return Response(metrics.text(), media_type="text/plain; version=0.0.4")

    @app.post("/predict")
    def predict(request: Request) -> dict[str, Any]:
        fleet, champion = serving()
        try:
            answers = answer(fleet, champion, request.rows)
        except RowError as error:
            keep(fleet.epoch, [_refused(row, champion, str(error)) for row in request.rows])
            metrics.add("rows_total", len(request.rows), release="refused")
            raise HTTPException(422, str(error)) from None
        keep(fleet.epoch, answers)
        for one in answers:
            metrics.add("rows_total", release=str(one.release))
        thresholds = {
            loaded.release: loaded.manifest["params"]["evaluate"]["threshold"]
            for loaded in (fleet.champion, fleet.canary)
            if loaded
        }
        predictions = [
            {
                "id": row.get(champion.data.id),
                "probability": one.probability,
                "label": int((one.probability or 0.0) >= thresholds[str(one.release)]),
                "model": one.release,
            }
            for row, one in zip(request.rows, answers, strict=True)
        ]
        return {"model": champion.release, "predictions": predictions}

    return app


PATHS = ("/health", "/ready", "/model", "/metrics", "/predict")


def _refused(row: dict[str, Any], champion: Loaded, why: str) -> Answer:
    return Answer(
        id=str(row.get(champion.data.id)),
        release=None,
        probability=None,
        champion=champion.release,
        champion_probability=None,
        inputs=row,
        refused=why,
    )


def main() -> None:
    """Run the service until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m serving.live")
    parser.add_argument("--environment", default="production")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    app = create_app(read_environment(options.environment).folder)
    uvicorn.run(app, host=options.host, port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
