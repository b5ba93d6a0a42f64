"""`ladder replay`: the same production stream and incidents against each level."""

from __future__ import annotations

import argparse
import json
import tempfile
from pathlib import Path
from typing import Any

from generator import console
from generator.errors import UsageError
from generator.replay import run as runner
from generator.replay.document import document
from generator.replay.page import page, rows_of, totals_of
from generator.replay.plan import REACTIONS, Season, seasons
from generator.replay.score import Deed, Score, score
from generator.text import say

QUICK_RATES = {"healthy_days": 4000, "runs": 20, "detect_days": 60, "trials": 20, "trial_days": 60}
FULL_RATES = {"healthy_days": 20_000, "runs": 100, "detect_days": 120, "trials": 100, "trial_days": 110}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--levels", default="0,1,2,3", metavar="N,N", help=say("replay.levels-help"))
    parser.add_argument("--seed", type=int, default=1, metavar="N", help=say("replay.seed-help"))
    parser.add_argument("--reaction", choices=list(REACTIONS), default="day", help=say("replay.reaction-help"))
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--quick", action="store_true", help=say("replay.quick-help"))
    size.add_argument("--full", action="store_true", help=say("replay.full-help"))
    parser.add_argument("--rates", action="store_true", help=say("replay.rates-help"))
    parser.add_argument("-o", "--output", type=Path, default=Path("replay"), help=say("replay.output-help"))
    parser.add_argument("--json", action="store_true", help=say("replay.json-help"))


def run(options: argparse.Namespace) -> int:
    """Play every season, write the page and the numbers, print the table."""
    levels = _levels(options.levels)
    planned = seasons(levels, options.seed, options.reaction, full=options.full)
    with tempfile.TemporaryDirectory(prefix="ladder-replay-", ignore_cleanup_errors=True) as scratch:
        scores, logs, rates = _play(planned, Path(scratch), options)
    result = document(scores, logs, rates, options.reaction)
    options.output.mkdir(parents=True, exist_ok=True)
    data, shown = options.output / "result.json", options.output / "index.html"
    data.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    shown.write_text(page(result), encoding="utf-8")
    if options.json:
        console.write(json.dumps(result, indent=2))
        return 0
    for level in result["levels"]:
        console.write(_table(level))
    console.write(say("replay.done", page=shown, data=data))
    return 0


def _levels(value: str) -> tuple[int, ...]:
    parts = [part.strip() for part in value.split(",")]
    if not parts or any(part not in ("0", "1", "2", "3") for part in parts):
        raise UsageError("replay.levels-bad", value=value)
    return tuple(sorted({int(part) for part in parts}))


def _play(
    planned: tuple[Season, ...], scratch: Path, options: argparse.Namespace
) -> tuple[list[Score], list[list[Deed]], dict[str, Any] | None]:
    rows = runner.stream(scratch)
    scores: list[Score] = []
    logs: list[list[Deed]] = []
    rates = None
    for level in sorted({season.level for season in planned}):
        console.tell(say("replay.making", level=level))
        project = scratch / f"level{level}"
        variables = runner.make(level, project)
        for season in (one for one in planned if one.level == level):
            log = runner.play(season, project, rows, variables, _progress)
            scores.append(score(season, log))
            logs.append(log)
        if level == 3 and (options.rates or options.full):
            console.tell(say("replay.measuring"))
            sizes = FULL_RATES if options.full else QUICK_RATES
            first = next(one for one in planned if one.level == level)
            rates = runner.measure(project.with_name(f"level3-season{first.seed}"), rows, variables, sizes)
    return scores, logs, rates


def _progress(season: Season, batch: int) -> None:
    text = say("replay.playing", level=season.level, seed=season.seed, batch=batch + 1, batches=season.batches)
    done = round(24 * (batch + 1) / season.batches)
    console.progress(f"[{'#' * done}{'.' * (24 - done)}] {text}", last=batch + 1 >= season.batches)


def _table(level: dict[str, Any]) -> str:
    heads = [f"{say('replay.head-level')} {level['level']}"]
    heads += [say(f"replay.head-{key}") for key in ("noticed", "recovered", "excess")]
    rows = [heads, *rows_of(level)]
    width = [max(len(row[place]) for row in rows) for place in range(len(heads))]
    lines = ["  ".join(cell.ljust(size) for cell, size in zip(row, width, strict=True)).rstrip() for row in rows]
    totals = "; ".join(f"{name}: {value}" for name, value in totals_of(level))
    return "\n".join([*lines, f"  {totals}", ""])
