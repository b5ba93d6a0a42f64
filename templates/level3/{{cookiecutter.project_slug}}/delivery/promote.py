"""Promote what serves in staging: ``python -m delivery.promote --environment production``."""

from __future__ import annotations

import argparse

from serving.releases import ReleaseError

from .deploy import place, read_decision
from .environments import Environment, actor, read_environment
from .integrity import verify_package
from .registry import mark_champion
from .smoke import smoke


def promote(source: Environment, target: Environment) -> str:
    """Let the release of `source` serve in `target` and return its id.

    The gate compared it with one champion; when another serves in `target` by now, the comparison is void.
    """
    release = source.releases.current()
    if release is None:
        raise ReleaseError(f"nothing serves in {source.name}; run python -m delivery.deploy")
    if release == target.releases.current():
        return release
    package = source.releases.path(release)
    verify_package(package)
    smoke(source, release)
    decision = read_decision(source.decisions / f"{release}.json", release)
    if decision["champion"] != target.releases.current():
        raise ReleaseError(
            f"the gate compared release {release} with {decision['champion']}, "
            f"but {target.releases.current()} serves in {target.name} now; run the gate again"
        )
    return place(target, package, decision, why=f"promoted from {source.name} by {actor()}")


def main() -> None:
    """Promote; exit with 1 and the reason when the release may not be promoted."""
    parser = argparse.ArgumentParser(prog="python -m delivery.promote")
    parser.add_argument("--environment", default="production")
    options = parser.parse_args()
    try:
        target = read_environment(options.environment)
        if target.after is None:
            raise ReleaseError(f"{target.name} is the first environment: python -m delivery.deploy")
        release = promote(read_environment(target.after), target)
    except ReleaseError as error:
        raise SystemExit(str(error)) from None
    print(f"release {release} serves in {target.name}; {mark_champion(release)}")


if __name__ == "__main__":
    main()
