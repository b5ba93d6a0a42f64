"""The step of action.yml: scans what its inputs name and tells the level and the kind to the steps after it.

Inputs come from the environment (DIRECTORIES one a line, FAIL_UNDER, SARIF, BADGE), never from the text of a command.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from generator.cli import main


def ladder(*words: str) -> str:
    """Return what `ladder` prints; its exit code ends the step when it is not 0."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = main(list(words))
    if code:
        sys.exit(code)
    return printed.getvalue()


def run(directories: Sequence[str], fail_under: str, sarif: str, badge: str) -> int:
    """Write what was asked for, then print the report and return its exit code."""
    if sarif:
        Path(sarif).write_text(ladder("scan", "--sarif", "--", *directories), encoding="utf-8")
    drawn = ["--badge", badge] if badge else []
    report = json.loads(ladder("scan", "--json", *drawn, "--", *directories))
    with Path(os.environ.get("GITHUB_OUTPUT") or os.devnull).open("a", encoding="utf-8") as output:
        output.write(f"level={'' if report['level'] is None else report['level']}\nkind={report['kind']}\n")
    limit = ["--fail-under", fail_under] if fail_under else []
    return main(["scan", *limit, "--", *directories])


if __name__ == "__main__":
    given = {name: os.environ.get(name, "").strip() for name in ("DIRECTORIES", "FAIL_UNDER", "SARIF", "BADGE")}
    named = [line.strip() for line in given["DIRECTORIES"].splitlines() if line.strip()] or ["."]
    sys.exit(run(named, given["FAIL_UNDER"], given["SARIF"], given["BADGE"]))
