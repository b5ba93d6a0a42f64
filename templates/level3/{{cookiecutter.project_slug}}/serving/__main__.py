"""Serve an environment: ``python -m serving [--environment local] [--port 8000]``."""

from __future__ import annotations

import argparse
from pathlib import Path

import uvicorn

from .app import create_app


def main() -> None:
    """Run the service until it is stopped."""
    parser = argparse.ArgumentParser(prog="python -m serving")
    parser.add_argument("--environment", default="local")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8000)
    options = parser.parse_args()
    app = create_app(Path("deploy") / options.environment)
    uvicorn.run(app, host=options.host, port=options.port, log_level="warning")


if __name__ == "__main__":
    main()
