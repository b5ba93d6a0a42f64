"""Serve an environment: ``python -m serving [--environment local] [--port 8000]``."""

from __future__ import annotations

import argparse
import asyncio
from pathlib import Path
from types import FrameType

import uvicorn

from .app import create_app
from .keys import NO_KEYS, read_keys


class Server(uvicorn.Server):
    """A server that says it is no longer ready some seconds before it stops, so that no caller meets a closed door."""

    def __init__(self, config: uvicorn.Config, drain: float) -> None:
        super().__init__(config)
        self._drain = drain

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Turn unready at the first signal and stop `drain` seconds later; a second signal stops at once."""
        service = self.config.app.state.service  # type: ignore[union-attr]
        if service.draining or not self._drain:
            return super().handle_exit(sig, frame)
        service.draining = True
        asyncio.get_running_loop().call_later(self._drain, super().handle_exit, sig, frame)


def main() -> None:
    """Run the service until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m serving")
    parser.add_argument("--environment", default="local")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--keys", type=Path, help="answer holders of these keys only; see python -m serving.keys")
    parser.add_argument("--drain", type=float, default=0.0, help="seconds between the signal to stop and stopping")
    parser.add_argument("--most-connections", type=int, default=256, help="a caller above that is told 503 at once")
    options = parser.parse_args()
    app = create_app(Path("deploy") / options.environment, read_keys(options.keys) if options.keys else NO_KEYS)
    config = uvicorn.Config(
        app,
        host=options.host,
        port=options.port,
        log_level="warning",
        limit_concurrency=options.most_connections,
        timeout_graceful_shutdown=30,
    )
    Server(config, options.drain).run()


if __name__ == "__main__":
    main()
