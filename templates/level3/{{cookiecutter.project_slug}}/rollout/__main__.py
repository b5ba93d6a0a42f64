"""Offer a package to production: ``python -m rollout offer``, then, once approved, ``python -m rollout start``."""

from __future__ import annotations

import argparse
from pathlib import Path

from delivery.environments import actor
from monitoring.monitor import read_settings
from pipeline.config import PACKAGE
from serving.releases import ReleaseError, Releases

from .controller import Controller
from .state import Refused, State


def main() -> None:
    """Do one step of a release; exit with 1 and the reason when it is refused."""
    parser = argparse.ArgumentParser(prog="python -m rollout")
    parser.add_argument("step", choices=["offer", "start", "status"])
    parser.add_argument("release", nargs="?", help="of start; the one in the package when left out")
    parser.add_argument("--folder", type=Path, default=Path("deploy/production"))
    parser.add_argument("--package", type=Path, default=PACKAGE)
    options = parser.parse_args()
    controller = Controller(State(options.folder), Releases(options.folder))
    try:
        if options.step == "offer":
            release = controller.releases.add(options.package)
            controller.register(release, author=actor())
            print(
                f"release {release} is offered by {actor()}; next: python -m governance.approve {release} --by SOMEBODY"
            )
        elif options.step == "start":
            print(start(controller, options.release or controller.releases.add(options.package)))
        else:
            print(controller.state.serving())
    except (Refused, ReleaseError) as refused:
        raise SystemExit(str(refused)) from None


def start(controller: Controller, release: str) -> str:
    """Let an approved release be the first champion, or else the canary; return what was done."""
    if controller.state.serving().champion is None:
        controller.first(release, by=actor())
        return f"release {release} is the first champion"
    share = read_settings()["canary"]["share"]
    controller.start_canary(release, share=share, by=actor())
    return f"release {release} is the canary with {share:.0%} of the rows"


if __name__ == "__main__":
    main()
