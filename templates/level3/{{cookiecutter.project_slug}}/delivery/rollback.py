"""Go back to the release that served before: ``python -m delivery.rollback --environment production``."""

from __future__ import annotations

import argparse
from typing import Any

from serving.releases import ReleaseError

from .environments import Environment, actor, read_environment
from .registry import mark_champion
from .smoke import smoke

ROLLED_BACK = "rolled back"


def previous(history: list[dict[str, Any]]) -> str | None:
    """Return the release that served before the present one; what was rolled back from is never returned to."""
    served: list[str] = []
    for entry in history:
        if entry["why"].startswith(ROLLED_BACK) and entry["to"] in served:
            while served[-1] != entry["to"]:
                served.pop()
        elif served[-1:] != [entry["to"]]:
            served.append(entry["to"])
    return served[-2] if len(served) > 1 else None


def rollback(environment: Environment, *, to: str | None = None, reason: str = "no reason given") -> tuple[str, str]:
    """Switch back and return the release left and the one that serves; the target is verified and tried first."""
    releases = environment.releases
    left = releases.current()
    target = to or previous(releases.history())
    if left is None or target is None:
        raise ReleaseError(f"{environment.name} has no earlier release to go back to")
    if not releases.path(target).is_dir():
        raise ReleaseError(f"{environment.name} has no release {target}")
    if target == left:
        raise ReleaseError(f"release {target} serves in {environment.name} already")
    smoke(environment, target)
    releases.point_to(target, why=f"{ROLLED_BACK} by {actor()}: {reason}")
    return left, target


def main() -> None:
    """Roll back; exit with 1 and change nothing when the target is missing, damaged or silent."""
    parser = argparse.ArgumentParser(prog="python -m delivery.rollback")
    parser.add_argument("--environment", required=True)
    parser.add_argument("--to", help="a release that served earlier; the one before this when left out")
    parser.add_argument("--reason", default="no reason given", help="kept in the history")
    options = parser.parse_args()
    try:
        environment = read_environment(options.environment)
        left, now = rollback(environment, to=options.to or None, reason=options.reason)
    except ReleaseError as error:
        raise SystemExit(str(error)) from None
    print(f"{environment.name} went back from release {left} to {now}")
    if environment.after:
        print(mark_champion(now))


if __name__ == "__main__":
    main()
