"""The service of this level: champion and canary answer, every row goes to the same one while both serve.

``python -m rollout.service --environment production``. The server polls the state; a new release is loaded and tried
before it answers, and when it does not load the one before goes on.
"""

from __future__ import annotations

import argparse
import hashlib
import threading
from pathlib import Path
from typing import Any

import uvicorn
from fastapi import FastAPI, HTTPException

from monitoring.log import Entry, PredictionLog
from pipeline.contract import ContractError
from serving.app import Loaded, Request, load
from serving.releases import ReleaseError, Releases

from .state import Serving, State


class Router:
    """Holds the releases in memory that the state names, the last good ones when the next do not load."""

    def __init__(self, state: State, releases: Releases) -> None:
        self._state = state
        self._releases = releases
        self._lock = threading.Lock()
        self._held: dict[str, Loaded] = {}
        self._champion: Loaded | None = None

    def now(self) -> tuple[Loaded | None, Loaded | None, float]:
        """Return champion, canary and the canary's share."""
        serving = self._state.serving()
        with self._lock:
            champion = self._load(serving.champion) or self._champion
            canary = self._load(serving.canary)
            self._champion = champion
            self._forget(serving)
            return champion, canary, serving.share if canary else 0.0

    def _load(self, release: str | None) -> Loaded | None:
        if release and release not in self._held:
            try:
                self._held[release] = load(self._releases, release)
            except ReleaseError:
                return None
        return self._held.get(release or "")

    def _forget(self, serving: Serving) -> None:
        wanted = {serving.champion, serving.canary, self._champion.release if self._champion else None}
        self._held = {release: loaded for release, loaded in self._held.items() if release in wanted}


def goes_to_canary(id_: object, share: float) -> bool:
    """Return whether a row belongs to the canary's share; the same id always gives the same answer."""
    digest = hashlib.sha256(str(id_).encode()).digest()
    return int.from_bytes(digest[:4], "big") / 2**32 < share


def create_app(folder: Path) -> FastAPI:
    """Return the service for the environment below `folder`."""
    app = FastAPI(title="prediction service")
    router = Router(State(folder), Releases(folder))
    log = PredictionLog(folder)

    def champion() -> Loaded:
        serving = router.now()[0]
        if serving is None:
            raise HTTPException(503, "no release serves yet")
        return serving

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/ready")
    def ready() -> dict[str, Any]:
        serving, canary, share = router.now()
        if serving is None:
            raise HTTPException(503, "no release serves yet")
        return {"status": "ready", "model": serving.release, "canary": canary and canary.release, "share": share}

    @app.get("/model")
    def model() -> dict[str, Any]:
        return champion().manifest

    @app.post("/predict")
    def predict(request: Request) -> dict[str, Any]:
        first = champion()
        _, second, share = router.now()
        try:
            ours = first.predict(request.rows)
            theirs = second.predict(request.rows) if second else ours
        except ContractError as error:
            raise HTTPException(422, str(error)) from None
        answers, entries = [], []
        for row, one, other in zip(request.rows, ours, theirs, strict=True):
            chosen = bool(second) and goes_to_canary(one["id"], share)
            release = second.release if second and chosen else first.release
            answers.append({**(other if chosen else one), "model": release})
            entries.append(
                Entry(
                    id=one["id"],
                    release=release,
                    champion=one["probability"],
                    canary=other["probability"] if second else None,
                    inputs=row,
                )
            )
        log.write(entries)
        return {"model": first.release, "predictions": answers}

    return app


def main() -> None:
    """Run the service until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m rollout.service")
    parser.add_argument("--folder", type=Path, default=Path("deploy/production"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    uvicorn.run(create_app(options.folder), host=options.host, port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
