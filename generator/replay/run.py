"""Make a project of each level, play the seasons in it, collect the logs."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from generator import firstrun
from generator.errors import LadderError
from generator.replay.plan import BATCH_ROWS, LABEL_DELAY, REACTIONS, Season
from generator.replay.score import Deed
from generator.scaffold import api

INSIDE = Path(__file__).parent / "inside"
STREAM = "data/stream/flights.csv"
Progress = Callable[[Season, int], None]


def make(level: int, folder: Path) -> dict[str, str]:
    """Write a project of `level` to `folder` and return the variables of its environment, set up."""
    api.new(api.draft(folder, level, {}), folder, git=False)
    variables = firstrun.activated(firstrun.prepare_environment(folder))
    return variables | {"OMP_NUM_THREADS": "1"}  # threads that wait for each other cost more than they give here


def stream(folder: Path) -> Path:
    """Write the production stream, which only level 3 ships, to `folder` and return its path."""
    tree = api.draft(folder / "unwritten", 3, {}).tree
    path = folder / "stream.csv"
    path.write_bytes(tree[STREAM].content)
    return path


def play(season: Season, project: Path, rows: Path, variables: Mapping[str, str], tell: Progress) -> list[Deed]:
    """Play a season in a copy of `project` and return its log; LadderError when it stops early."""
    work = project.with_name(f"{project.name}-season{season.seed}")
    shutil.copytree(project, work, ignore=shutil.ignore_patterns(".venv"))
    log = work / "season.jsonl"
    order = {
        "level": season.level,
        "seed": season.seed,
        "batches": season.batches,
        "batch_rows": BATCH_ROWS,
        "label_delay": LABEL_DELAY,
        "reaction_days": REACTIONS[season.reaction],
        "incidents": [asdict(one) for one in season.incidents],
        "stream": str(rows.resolve()),
        "log": str(log.resolve()),
    }
    output = _run("season.py", order, work, variables, lambda: tell(season, _batch(log)))
    deeds = read_log(log)
    if not deeds or deeds[-1]["deed"] != "end":
        refused = [str(deed["why"]) for deed in deeds if deed["deed"] == "refused"]
        raise LadderError(
            "replay.failed", level=season.level, reason=(refused or [_last_line(output)])[-1], path=output
        )
    return deeds


def measure(project: Path, rows: Path, variables: Mapping[str, str], sizes: dict[str, int]) -> dict[str, Any]:
    """Measure level 3's error rates with the first release that a season of it left in `project`."""
    result = project / "rates.json"
    package = next(iter(sorted(project.glob("build/replay/work1/build/package"))), project / "build/package")
    order = {
        "seed": 1,
        "batch_rows": BATCH_ROWS,
        "label_delay": LABEL_DELAY,
        "stream": str(rows.resolve()),
        "package": str(package.resolve()),
        "result": str(result.resolve()),
        **sizes,
    }
    output = _run("rates.py", order, project, variables, lambda: None)
    if not result.exists():
        raise LadderError("replay.failed", level=3, reason=_last_line(output), path=output)
    found: dict[str, Any] = json.loads(result.read_text(encoding="utf-8"))
    return found


def read_log(path: Path) -> list[Deed]:
    """Return the deeds of a log; a line that is being written does not count yet."""
    if not path.exists():
        return []
    lines = path.read_text(encoding="utf-8").split("\n")[:-1]
    return [json.loads(line) for line in lines]


def _run(
    program: str, order: dict[str, Any], work: Path, variables: Mapping[str, str], look: Callable[[], None]
) -> Path:
    ordered, output = work / "order.json", work / "output.txt"
    ordered.write_text(json.dumps(order), encoding="utf-8")
    python = shutil.which("python", path=variables.get("PATH")) or sys.executable
    with output.open("wb") as file:
        command = [python, "-W", "ignore", str(INSIDE / program), str(ordered.resolve())]
        process = subprocess.Popen(command, cwd=work, env=dict(variables), stdout=file, stderr=file)
        try:
            while process.poll() is None:
                look()
                time.sleep(0.5)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
    return output


def _batch(log: Path) -> int:
    return max((deed["batch"] for deed in read_log(log)), default=0)


def _last_line(output: Path) -> str:
    lines = output.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return lines[-1] if lines else "-"
