"""The prediction service: rows in, predictions out, each answer naming the release and the model file it came from.

A running server notices a new release by itself: deploying moves a pointer, the next request has what it points to
loaded, and until that has answered its own example the release before goes on answering.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from asgi_correlation_id import CorrelationIdMiddleware
from fastapi import Depends, FastAPI, HTTPException, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from .champion import Champion
from .keys import NO_KEYS, Keys
from .limits import LimitBody
from .loaded import Loaded
from .measures import Measures
from .releases import Releases
from .rows import RowError

MOST_ROWS = 1000  # a request; larger jobs belong in a batch: python -m serving.batch
MOST_BYTES = 1_000_000  # a request's body
PATHS = frozenset({"/health", "/ready", "/model", "/schema", "/metrics", "/predict"})
AT_ONCE = 50  # rows answered without leaving the event loop: under a millisecond


class Request(BaseModel):
    """The rows to predict; each holds the feature columns of data.toml and may carry the id column."""

    rows: list[dict[str, Any]] = Field(min_length=1, max_length=MOST_ROWS)


class Answer(BaseModel):
    """The answers in the order of the rows, and what gave them: a release, and the SHA-256 of its model file."""

    model: str
    sha256: str
    predictions: list[dict[str, Any]]


class Service:
    """What answers, and whether it still takes traffic."""

    def __init__(self, folder: Path, measures: Measures) -> None:
        self._champion, self._measures = Champion(Releases(folder)), measures
        self.draining = False

    async def serving(self) -> Loaded:
        """Return the release that answers; 503 before the first deployment."""
        if self._champion.behind:
            await run_in_threadpool(self._champion.follow)
        loaded = self._champion.loaded
        if loaded is None:
            raise HTTPException(503, "no release is deployed; run python -m pipeline.deploy")
        self._measures.release(loaded.release)
        return loaded


def answer(loaded: Loaded, rows: list[dict[str, Any]]) -> Answer:
    """Return what `loaded` says to `rows`; RowError for rows it was never meant to see."""
    return Answer(model=loaded.release, sha256=loaded.manifest["model"], predictions=loaded.predict(rows))


def create_app(folder: Path, keys: Keys = NO_KEYS) -> FastAPI:
    """Return the service for the releases below `folder`; with `keys`, only their holders are answered."""
    measures = Measures()
    service = Service(folder, measures)
    app = FastAPI(title="prediction service")
    app.state.service = service
    known = [Depends(keys.check)]

    @app.get("/health")
    async def health() -> dict[str, str]:
        return {"status": "alive"}

    @app.get("/ready")
    async def ready() -> dict[str, str]:
        if service.draining:
            raise HTTPException(503, "the server is about to stop")
        return {"status": "ready", "model": (await service.serving()).release}

    @app.get("/model", dependencies=known)
    async def model() -> dict[str, Any]:
        return (await service.serving()).manifest

    @app.get("/schema", dependencies=known)
    async def schema() -> dict[str, Any]:
        return (await service.serving()).check.schema()

    @app.get("/metrics", dependencies=known)
    async def metrics() -> Response:
        return Response(*measures.text())

    @app.post("/predict", dependencies=known)
    async def predict(request: Request) -> Answer:
        loaded = await service.serving()
        try:
            if len(request.rows) <= AT_ONCE:
                return answer(loaded, request.rows)
            return await run_in_threadpool(answer, loaded, request.rows)
        except RowError as error:
            raise HTTPException(422, str(error)) from None

    app.add_middleware(LimitBody, most=MOST_BYTES)
    app.add_middleware(measures.middleware, paths=PATHS)
    app.add_middleware(CorrelationIdMiddleware)
    return app
