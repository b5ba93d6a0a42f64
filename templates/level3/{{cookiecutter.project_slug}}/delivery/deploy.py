"""Deploy an accepted package to the first environment: ``python -m delivery.deploy --environment staging``."""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path
from typing import Any

from pipeline.config import PACKAGE
from serving.releases import ReleaseError

from .environments import Environment, actor, read_environment
from .gate import DECISION
from .integrity import verify_package
from .smoke import smoke


def read_decision(path: Path, release: str) -> dict[str, Any]:
    """Return the decision that accepts `release`; ReleaseError when there is none."""
    try:
        decision: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise ReleaseError(f"no decision on release {release}; run python -m delivery.gate") from None
    if decision.get("candidate") != release:
        raise ReleaseError(f"{path} is about release {decision.get('candidate')}, not {release}; run the gate again")
    if decision.get("accepted") is not True:
        failed = ", ".join(check["name"] for check in decision["checks"] if not check["passed"])
        raise ReleaseError(f"release {release} was refused by the gate: {failed}")
    return decision


def place(environment: Environment, package: Path, decision: dict[str, Any], *, why: str) -> str:
    """Let a package serve: copied, verified, tried, and only then switched to; return its release id."""
    release = environment.releases.add(package)
    smoke(environment, release)
    environment.decisions.mkdir(parents=True, exist_ok=True)
    written = environment.decisions / f"{release}.json"
    unfinished = written.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(decision, indent=2) + "\n", encoding="utf-8")
    os.replace(unfinished, written)  # noqa: PTH105 - says what is meant: in one step, over whatever is there
    environment.releases.point_to(release, why=why)
    return release


def deploy(package: Path, environment: Environment, decision: Path = DECISION) -> str:
    """Deploy `package` to the first environment and return its release id; later ones take it by promotion."""
    if environment.after:
        raise ReleaseError(
            f"{environment.name} takes what serves in {environment.after}: python -m delivery.promote "
            f"--environment {environment.name}"
        )
    release = verify_package(package)
    return place(environment, package, read_decision(decision, release), why=f"deployed by {actor()}")


def main() -> None:
    """Deploy; exit with 1 and the reason when the package may not be deployed."""
    parser = argparse.ArgumentParser(prog="python -m delivery.deploy")
    parser.add_argument("--environment", default="staging")
    parser.add_argument("--package", type=Path, default=PACKAGE)
    options = parser.parse_args()
    try:
        release = deploy(options.package, read_environment(options.environment))
    except ReleaseError as error:
        raise SystemExit(str(error)) from None
    print(f"release {release} serves in {options.environment}")


if __name__ == "__main__":
    main()
