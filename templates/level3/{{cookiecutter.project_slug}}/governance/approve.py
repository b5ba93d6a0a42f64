"""Approve one release: ``python -m governance.approve RELEASE --by NAME``; the author may not, an empty card neither.

On one machine the name is taken on trust; in CI it is the person behind the workflow's protected environment.
"""

from __future__ import annotations

import argparse

from delivery.environments import actor, read_environment
from rollout.controller import Controller, RefusedError

from .card import CardError, require_complete


def main() -> None:
    """Approve; exit with 1 and the reason when it is refused."""
    parser = argparse.ArgumentParser(prog="python -m governance.approve")
    parser.add_argument("release")
    parser.add_argument("--by", default=actor(), help="who approves")
    parser.add_argument("--environment", default="production")
    options = parser.parse_args()
    environment = read_environment(options.environment)
    try:
        require_complete(environment.releases.path(options.release))
        Controller(environment).approve(options.release, options.by)
    except (RefusedError, CardError) as error:
        raise SystemExit(str(error)) from None
    print(f"{options.by} approved release {options.release}")


if __name__ == "__main__":
    main()
