"""Deploy the built package in one command; a running server switches to it with its next request."""

from __future__ import annotations

import argparse
from pathlib import Path

from serving.releases import ReleaseError, Releases

from .config import PACKAGE


def deploy(environment: str, package: Path = PACKAGE) -> str:
    """Let the package serve in `environment` and return its release id."""
    releases = Releases(Path("deploy") / environment)
    release = releases.add(package)
    releases.point_to(release, why="deployed")
    return release


def main() -> None:
    """Deploy, then tell the registry which version is champion."""
    parser = argparse.ArgumentParser(prog="python -m pipeline.deploy")
    parser.add_argument("--environment", default="local", choices=["local"], help="others: python -m delivery.deploy")
    options = parser.parse_args()
    try:
        release = deploy(options.environment)
    except ReleaseError as error:
        raise SystemExit(str(error)) from None
    from . import tracking  # MLflow takes a second to import; the switch itself must not wait for it

    version = tracking.promote(release)
    print(f"release {release} serves in {options.environment} (registry version {version})")


if __name__ == "__main__":
    main()
