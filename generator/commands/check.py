"""`ladder check`: does a project still do what its level promises."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from generator import console
from generator.errors import BelowThreshold
from generator.model.project import Finding, Level
from generator.scaffold import api
from generator.text import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("directory", type=Path, metavar="DIR", help=say("scaffold.directory-help"))
    parser.add_argument("--json", action="store_true", help=say("scaffold.json-help"))


def run(options: argparse.Namespace) -> int:
    """Print each part of the promise; BelowThreshold when one does not hold."""
    level, findings = api.check(options.directory)
    failed = [finding for finding in findings if not finding.holds]
    if options.json:
        console.write(json.dumps(_document(level, findings), indent=2))
    else:
        _show(options.directory, level, findings)
    if failed:
        raise BelowThreshold("scaffold.check-some", failed=len(failed), count=len(findings), level=level.number)
    if not options.json:
        console.write(say("scaffold.check-all", count=len(findings)))
    return 0


def _document(level: Level, findings: tuple[Finding, ...]) -> dict[str, object]:
    parts = [
        {"id": f.check.id, "capability": f.check.capability, "holds": f.holds, "missing": f.seen or None}
        for f in findings
    ]
    return {"schema": 1, "level": level.number, "holds": all(f.holds for f in findings), "parts": parts}


def _show(directory: Path, level: Level, findings: tuple[Finding, ...]) -> None:
    console.write(say("scaffold.check-title", path=directory, level=level.number, name=level.name))
    for finding in findings:
        state = say("scaffold.check-holds") if finding.holds else say("scaffold.check-missing", seen=finding.seen)
        console.write(f"  {finding.check.capability}  {finding.check.id:<28} {state}")
