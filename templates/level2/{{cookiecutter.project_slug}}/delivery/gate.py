"""Decide whether a package may be released, with every number that decides: ``python -m delivery.gate``."""

from __future__ import annotations

import argparse
import json
import tomllib
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pipeline.config import PACKAGE, PREPARED, read_data, read_rows, sha256
from serving.loaded import Loaded
from serving.model import Model
from serving.releases import ReleaseError

from .checks import Holdout, decide
from .environments import CONFIG, read_environment
from .integrity import verify_package

DECISION = Path("build/decision.json")


def load_package(package: Path) -> Loaded:
    """Return a verified package in memory."""
    release = verify_package(package)
    data = read_data(package / "data.toml")
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    return Loaded(release=release, model=Model(package / "model.onnx", data), data=data, manifest=manifest)


def read_holdout(folder: Path = PREPARED) -> Holdout:
    """Return the prepared rows."""
    data = read_data()
    train, rows = (read_rows(folder / f"{part}.csv", data) for part in ("train", "holdout"))
    return Holdout(train=train, rows=rows, data=data)


def run(package: Path, environment: str, *, first_release: bool) -> dict[str, Any]:
    """Return the decision on `package`; without a champion to compare with it is an error unless told so."""
    releases = read_environment(environment).releases
    serving = releases.current()
    if serving is None and not first_release:
        raise ReleaseError(f"nothing serves in {environment} to compare with; add --first-release if that is right")
    candidate = load_package(package)
    champion = load_package(releases.path(serving)) if serving else None
    settings = tomllib.loads((CONFIG / "gate.toml").read_text(encoding="utf-8"))
    holdout = read_holdout()
    checks = decide(candidate, champion, holdout, settings)
    return {
        "candidate": candidate.release,
        "champion": serving,
        "environment": environment,
        "accepted": all(check.passed for check in checks),
        "checks": [asdict(check) for check in checks],
        "holdout": {"sha256": sha256(PREPARED / "holdout.csv"), "rows": len(holdout.rows)},
        "settings": settings,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def main() -> None:
    """Write the decision, say it, and exit with 1 when the package is refused."""
    parser = argparse.ArgumentParser(prog="python -m delivery.gate")
    parser.add_argument("--package", type=Path, default=PACKAGE)
    parser.add_argument("--environment", default="production", help="whose champion to compare with")
    parser.add_argument("--first-release", action="store_true", help="nothing serves yet")
    options = parser.parse_args()
    DECISION.unlink(missing_ok=True)  # an old decision must not speak for a run that failed
    try:
        decision = run(options.package, options.environment, first_release=options.first_release)
    except ReleaseError as error:
        raise SystemExit(str(error)) from None
    DECISION.parent.mkdir(parents=True, exist_ok=True)
    DECISION.write_text(json.dumps(decision, indent=2) + "\n", encoding="utf-8")
    for check in decision["checks"]:
        print(f"{'pass' if check['passed'] else 'FAIL'}  {check['name']}: {check['value']} (limit {check['limit']})")
    against = decision["champion"] or "nothing; it is the first release"
    print(f"release {decision['candidate']} against {against}: {'accepted' if decision['accepted'] else 'refused'}")
    if not decision["accepted"]:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
