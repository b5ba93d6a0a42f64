"""Retrain on the newest labelled rows, through the same stages and the same gate, and put the result on trial.

``python -m monitoring.retrain --reason {asked,schedule,demand} --environment production``
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from delivery.environments import Environment, read_environment
from pipeline.acquire import acquire
from pipeline.config import Data, read_data
from rollout.controller import BLOCKING, RETRAINING, Controller, RefusedError
from serving.predictions import PredictionLog
from serving.releases import ReleaseError

from .labels import labelled, with_inputs
from .settings import Retraining, Settings, read_settings

WORKSPACES = Path("build/retraining")
RUN = """
import runpy, sys
for command in sys.argv[1:]:
    sys.argv = command.split()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""


def reasons_not_to(controller: Controller, log: PredictionLog, limits: Retraining, reason: str) -> list[str]:
    """Return what stands against retraining now; nothing when it may run."""
    state, found = controller.state, []
    found += [f"incident {one.number} ({one.kind}) is open" for one in state.incidents(*BLOCKING)]
    if state.pointer().canary:
        found.append(f"canary {state.pointer().canary} is on trial")
    last = state.database.execute(
        "SELECT numbers FROM decision WHERE kind = 'retraining' AND verdict = 'started' ORDER BY number DESC LIMIT 1"
    ).fetchone()
    since = log.count() - (json.loads(last[0])["rows_asked"] if last else -limits.cool_down_rows)
    if since < limits.cool_down_rows and reason != "demand":
        found.append(f"only {since} rows were asked since the last retraining; {limits.cool_down_rows} must be")
    champion = state.pointer().champion
    if reason == "asked":
        asked = [
            json.loads(row[0])["release"]
            for row in state.database.execute(
                "SELECT numbers FROM decision WHERE kind = 'retraining' AND verdict = 'asked'"
            )
        ]
        if champion not in asked:
            found.append("nothing asked for it")
    if reason == "schedule":
        row = state.database.execute("SELECT at FROM release WHERE id = ?", (champion,)).fetchone()
        age = (datetime.now(UTC) - datetime.fromisoformat(row[0])).days if row else 0
        if age < limits.schedule_days:
            found.append(f"the champion is {age} days old; the schedule retrains after {limits.schedule_days}")
    return found


def window(log: PredictionLog, data: Data, limits: Retraining) -> pd.DataFrame:
    """Return the newest labelled rows, source and live; quarantined batches are not among them."""
    known = acquire(data)
    rows = labelled(log)
    live, time = with_inputs(rows), data.time
    if time is None or time not in live.columns:
        raise RefusedError(f"live rows carry no {time or 'time'}; callers have to send it, or nothing is split by time")
    live = live.assign(**{data.target: rows["label"]}).reindex(columns=known.columns).dropna(subset=[time])
    live[time] = pd.to_datetime(live[time])
    live[data.id] = live[data.id].astype(known[data.id].dtype)
    both = pd.concat([known, live], ignore_index=True).drop_duplicates(data.id)
    return both.sort_values([time, data.id], kind="stable", ignore_index=True).tail(limits.window_rows)


def prepare_workspace(folder: Path, rows: pd.DataFrame, data: Data, holdout_rows: int) -> None:
    """Write to `folder` the project as it is, with `rows` as its source, the newest of them as the holdout."""
    shutil.rmtree(folder, ignore_errors=True)
    for name in ("pipeline", "serving", "delivery", "config"):
        shutil.copytree(name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("data.toml", "params.yaml", "project.toml", "requirements.lock", "dvc.yaml"):
        shutil.copyfile(name, folder / name)
    (folder / data.source).parent.mkdir(parents=True)
    rows.to_csv(folder / data.source, index=False, lineterminator="\n")
    until = rows[data.time].iloc[-holdout_rows].isoformat()
    params = (folder / "params.yaml").read_text(encoding="utf-8")
    changed = re.sub(r'train_until: "[^"]*"', f'train_until: "{until}"', params)
    (folder / "params.yaml").write_text(changed, encoding="utf-8")


def run_stages(folder: Path, deploy_root: Path, *gate: str, registry: str | None = None) -> dict[str, Any]:
    """Run every stage of dvc.yaml and then the gate in `folder`; return the gate's decision."""
    stages = yaml.safe_load((folder / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
    commands = [str(stage["cmd"]).removeprefix("python -m ") for stage in stages.values()]
    store = registry or f"sqlite:///{Path('mlflow.db').absolute().as_posix()}"
    environment = os.environ | {"DEPLOY_ROOT": str(deploy_root.absolute()), "MLFLOW_TRACKING_URI": store}
    command = [sys.executable, "-W", "ignore", "-c", RUN, *commands, " ".join(["delivery.gate", *gate])]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    decision = folder / "build/decision.json"
    if not decision.exists():
        tail = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise RefusedError(f"no model came of it: {tail[-1] if tail else 'no output'}")
    content: dict[str, Any] = json.loads(decision.read_text(encoding="utf-8"))
    return content


def retrain(environment: Environment, settings: Settings, data: Data, reason: str) -> str:
    """Retrain, judge, and start the result as canary; return what happened, RefusedError when it may not run."""
    controller, log = Controller(environment), PredictionLog(environment.folder)
    against = reasons_not_to(controller, log, settings.retraining, reason)
    if against:
        raise RefusedError(f"no retraining: {'; '.join(against)}")
    rows = window(log, data, settings.retraining)
    begin = {"reason": reason, "rows_asked": log.count(), "window": len(rows), "until": str(rows[data.time].max())}
    controller.state.decide("retraining", "started", begin)
    folder = WORKSPACES / environment.name
    prepare_workspace(folder, rows, data, settings.retraining.holdout_rows)
    decision = run_stages(folder, environment.folder.parent)
    failed = [f"{check['name']} {check['value']:.4f}" for check in decision["checks"] if not check["passed"]]
    verdict = "refused by the gate" if failed else "accepted"
    controller.state.decide("retraining", verdict, {"checks": decision["checks"], "reason": reason})
    if failed:
        return f"retrained on {len(rows)} rows; the gate refused it: {', '.join(failed)}"
    release = controller.propose(folder / "build/package", decision, author="retraining", origin=RETRAINING)
    controller.start(release, settings.canary.share, by="retraining")
    return f"retrained on {len(rows)} rows; the gate accepted release {release}, it is on trial"


def main() -> None:
    """Retrain; exit with 0 and the reason when there is no cause to."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.retrain")
    parser.add_argument("--environment", default="production")
    parser.add_argument("--reason", choices=["asked", "schedule", "demand"], default="demand")
    options = parser.parse_args()
    try:
        print(retrain(read_environment(options.environment), read_settings(), read_data(), options.reason))
    except RefusedError as refused:
        print(refused)
    except ReleaseError as error:
        raise SystemExit(str(error)) from None


if __name__ == "__main__":
    main()
