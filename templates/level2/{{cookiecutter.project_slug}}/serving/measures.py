"""What the server tells Prometheus about itself: requests, their time, and the release that answers."""

from __future__ import annotations

import time

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Measures:
    """The counters of one server."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "serving_requests", "Requests by path and status.", ["path", "status"], registry=self._registry
        )
        self._seconds = Histogram(
            "serving_request_seconds", "Time to answer a prediction.", buckets=SECONDS, registry=self._registry
        )
        self._release = Gauge(
            "serving_release", "1 for the release that answers.", ["release"], registry=self._registry
        )
        self._named: str | None = None

    def release(self, name: str) -> None:
        """Say which release answers."""
        if name != self._named:
            self._named = name
            self._release.clear()
            self._release.labels(name).set(1)

    def text(self) -> tuple[bytes, int, dict[str, str]]:
        """Return everything in Prometheus' text format: body, status, headers."""
        return generate_latest(self._registry), 200, {"content-type": CONTENT_TYPE_LATEST}

    def middleware(self, app: ASGIApp, paths: frozenset[str]) -> ASGIApp:
        """Return `app`, counted; a path that is none of `paths` counts as other, for callers choose paths freely."""

        async def counted(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                return await app(scope, receive, send)
            began, status = time.perf_counter(), 500

            async def noted(message: Message) -> None:
                nonlocal status
                if message["type"] == "http.response.start":
                    status = message["status"]
                await send(message)

            try:
                await app(scope, receive, noted)
            finally:
                path = scope["path"] if scope["path"] in paths else "other"
                self._requests.labels(path, str(status)).inc()
                if path == "/predict":
                    self._seconds.observe(time.perf_counter() - began)

        return counted
