"""Play one season against the project in the working directory: ``python season.py ORDER.json``.

The order names the level, the stream, the seed, the incidents and the reaction time. Each batch is answered by the
project's own code, and what is noticed and done is decided by it or by a scripted person whose rules are fixed here:
the person looks at labelled results once a week and acts a reaction time later. One JSON line a batch and a deed is
appended to the order's `log`.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from generator.replay.inside.levels import Level0, Project, Reference

TOOL = Path(__file__).resolve().parents[3]
SUSPICIOUS = 1.2  # times what its evaluation measured: a person who sees this in the newest labels acts
SEEN_ROWS = 200
NEW_RELEASE_DAYS = 28  # a release younger than this is suspected first


def disturbed(project: Project, stream: pd.DataFrame, incidents: list[dict[str, Any]], seed: int) -> pd.DataFrame:
    """Return the stream in whose incidents of the world the labels changed."""
    random, batch = np.random.default_rng(seed), np.arange(len(stream)) // project.order["batch_rows"]
    truth = stream[project.target].to_numpy().copy()
    for one in incidents:
        if one["kind"] == "concept":
            names = random.permutation(np.unique(stream[project.categorical[0]].to_numpy(dtype=str)))
            changed = stream[project.categorical[0]].isin(names[: len(names) // 2]).to_numpy()
            hit = (batch >= one["begin"]) & (batch < one["end"]) & changed & (random.random(len(stream)) < one["size"])
            truth[hit] = 1  # half of the categories become events: a world that can be learned anew
    return stream.assign(**{project.target: truth})


def arriving(project: Project, rows: pd.DataFrame, incidents: list[dict[str, Any]]) -> pd.DataFrame:
    """Return a batch as it arrives while these incidents are on."""
    for one in incidents:
        if one["kind"] == "renamed":
            name = project.categorical[0]
            rows = rows.assign(**{name: rows[name].astype(str) + "-renamed"})
        elif one["kind"] == "unit":
            rows = rows.assign(**{project.numeric[0]: rows[project.numeric[0]] * one["size"]})
    return rows


def leaked(project: Project, rows: pd.DataFrame) -> pd.DataFrame:
    """Return history in which a number was filled in after the fact: excellent offline, worthless live."""
    name = project.numeric[-1]
    bound, middle, spread = project.bounds[name], float(rows[name].median()), float(rows[name].std())
    known = middle + spread * (3 * rows[project.target] - 2)
    return rows.assign(**{name: known.clip(bound["min"], bound["max"])})


class Person:
    """Looks once a week at what came true, acts a reaction time after something looked wrong."""

    def __init__(self, project: Level0, reaction_days: float) -> None:
        self.project, self.reaction = project, reaction_days
        self.next_look: float | None = None
        self.acts_at: float | None = None

    def turn(self, now: float, known: pd.DataFrame) -> None:
        """Look when a week is over, act when the reaction time is."""
        project = self.project
        if self.next_look is None:
            self.next_look = now + 7
        if self.acts_at is not None and now >= self.acts_at:
            self.acts_at = None
            self.act(now, known)
        elif now >= self.next_look and len(known) >= SEEN_ROWS and self.acts_at is None:
            self.next_look = now + 7
            newest = known.tail(SEEN_ROWS)
            loss = float(((newest["answer"] - newest[project.target]) ** 2).mean())
            project.person(1, "looked", brier=round(loss, 4), promised=round(project.promise, 4))
            if loss > SUSPICIOUS * project.promise:
                project.tell("noticed", by="person", brier=round(loss, 4))
                self.acts_at = now + self.reaction

    def act(self, now: float, known: pd.DataFrame) -> None:
        """Go back from a young release, or else train anew on everything known."""
        project = self.project
        if project.previous and now - project.born < NEW_RELEASE_DAYS and project.back():
            project.person(1, "went back")
            return
        live = known[project.history.columns]
        rows = pd.concat([project.history, live], ignore_index=True).sort_values(project.time, kind="stable").tail(4000)
        began = time.perf_counter()
        made = project.train(rows.reset_index(drop=True), f"retrained{project.batch}")
        if made:
            project.born = now
        project.person(3, "retrained", made=made, seconds=round(time.perf_counter() - began, 1))


def play(project: Level0, reference: Reference, order: dict[str, Any]) -> None:
    """Play every batch of the season."""
    size, delay = order["batch_rows"], order["label_delay"]
    clean = pd.read_csv(order["stream"], parse_dates=[project.time]).iloc[: order["batches"] * size]
    stream = disturbed(project, clean, order["incidents"], order["seed"])
    batches = [stream.iloc[at : at + size] for at in range(0, len(stream), size)]
    known, person, past = pd.DataFrame(), Person(project, order["reaction_days"]), []
    for number, rows in enumerate(batches):
        project.batch = number
        now = rows[project.time].iloc[-1].timestamp() / 86400
        on = [one for one in order["incidents"] if one["begin"] <= number < one["end"]]
        for one in on:
            if one["kind"] == "bad release" and one["begin"] == number:
                began = time.perf_counter()
                if project.train(leaked(project, project.history), "bad"):
                    project.born = now
                    project.person(3, "released", name="bad", seconds=round(time.perf_counter() - began, 1))
        answers, releases = project.answer(arriving(project, rows, on))
        past.append(rows.assign(answer=answers))
        undisturbed = clean.loc[rows.index]
        report(project, reference.predict(undisturbed), rows, undisturbed, (answers, releases))
        if number >= delay:
            came = past[number - delay]
            known = pd.concat([known, came[came["answer"].notna()]])
            project.look(came)
            if order["level"] < 3:
                person.turn(now, known)
    project.tell("end", human_steps=project.human_steps)


def report(
    project: Project, healthy: list[float], rows: pd.DataFrame, clean: pd.DataFrame, answered: tuple[Any, list[str]]
) -> None:
    """Log a batch: what was served, and what the first release would have lost in an undisturbed world."""
    answers, releases = answered
    usual = (np.array(healthy) - clean[project.target].to_numpy(dtype=float)) ** 2
    loss = (answers - rows[project.target].to_numpy(dtype=float)) ** 2
    said = ~np.isnan(answers)
    project.tell(
        "batch",
        rows=len(rows),
        answered=int(said.sum()),
        loss=round(float(loss[said].sum()), 4),
        usual=round(float(usual[said].sum()), 4),
        releases={name: releases.count(name) for name in sorted({*releases} - {""})},
    )


def lift_time_limits() -> None:
    """Lift limits on time, for a busy machine must not decide what is released; everything else stays."""
    for path in Path("config").glob("*.toml"):
        text = path.read_text(encoding="utf-8")
        lifted = re.sub(r"^(p95_ms|slowest_ms)\s*=\s*\d+", r"\1 = 1000000", text, flags=re.MULTILINE)
        path.write_text(lifted, encoding="utf-8")


def main() -> None:
    """Release the first model and play the season."""
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    Path("build/replay").mkdir(parents=True, exist_ok=True)
    os.environ["DEPLOY_ROOT"] = str(Path("build/replay/deploy").absolute())
    sys.path.insert(0, str(Path.cwd()))
    sys.path.append(str(TOOL))  # after everything of the project's own
    from generator.replay.inside.levels import LEVELS, Reference

    if Path("config").exists():
        lift_time_limits()
    project = LEVELS[order["level"]](order)
    began = time.perf_counter()
    if not project.train(project.history, "first"):
        raise SystemExit(1)  # the log says what was refused
    project.tell("first release", seconds=round(time.perf_counter() - began, 1))
    play(project, Reference(project), order)


if __name__ == "__main__":
    main()
