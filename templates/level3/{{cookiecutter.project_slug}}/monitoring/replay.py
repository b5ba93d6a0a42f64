"""Play last autumn against a running server, with incidents on the way: ``python -m monitoring.replay``.

Incidents are put into the stream; what is noticed and done about them is decided by the code that runs in production.
Only limits on time are lifted: a busy machine must not decide here what is released.
Writes reports/incidents.json and reports/incidents.html.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from delivery.environments import read_environment
from pipeline.acquire import acquire
from pipeline.config import Data, read_data, read_params
from rollout.controller import RefusedError

from .labels import take
from .report import write_report
from .retrain import prepare_workspace, retrain, run_stages
from .settings import Settings, read_settings
from .watch import Watch

STREAM = Path("data/stream/flights.csv")
SCRATCH = Path("build/replay")
BATCH, DELAY = 100, 3  # rows a batch; batches until labels come
BAD_RELEASE, RENAMED, UNIT, CHANGED = 6, 16, 21, 26  # the batch at which each incident begins


@dataclass
class Replay:
    """One run: the environment, its watch, a client of the server, and what was seen."""

    watch: Watch
    settings: Settings
    data: Data
    url: str
    timeline: list[dict[str, Any]] = field(default_factory=list)
    errors: int = 0

    def say(self, batch: int, text: str) -> None:
        """Add a line to the timeline."""
        self.timeline.append({"batch": batch, "event": text})
        print(f"batch {batch:>2}  {text}", flush=True)

    def ask(self, rows: pd.DataFrame) -> None:
        """Send rows to the running server as a caller would; a refusal is an answer, anything else is an error."""
        body = json.dumps({"rows": json.loads(rows.drop(columns=self.data.target).to_json(orient="records"))})
        request = urllib.request.Request(
            f"{self.url}/predict", data=body.encode(), headers={"content-type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                json.load(response)
        except urllib.error.HTTPError as error:
            self.errors += error.code != 422


def incidents(stream: pd.DataFrame, data: Data, seed: int) -> pd.DataFrame:
    """Return the stream in which, from batch CHANGED on, most rows of some categories become events."""
    column = data.groups[0]
    random = np.random.default_rng(seed)
    names = stream[column].value_counts().index[:6:2]
    hit = (np.arange(len(stream)) >= CHANGED * BATCH) & stream[column].isin(names).to_numpy()
    truth = stream[data.target].to_numpy().copy()
    truth[hit] = random.random(hit.sum()) < 0.85
    return stream.assign(**{data.target: truth})


def faulty(rows: pd.DataFrame, batch: int, data: Data) -> pd.DataFrame:
    """Return the batch as it arrives: with a category renamed, or a number in another unit."""
    if batch == RENAMED:
        return rows.assign(**{data.categorical[0]: rows[data.categorical[0]].astype(str) + "-renamed"})
    if batch == UNIT:
        return rows.assign(**{data.numeric[0]: rows[data.numeric[0]] * 1000})
    return rows


def leaked(rows: pd.DataFrame, data: Data) -> pd.DataFrame:
    """Return history in which a number was filled in after the fact: it looks excellent offline and fails live."""
    name = data.numeric[-1]
    bound = data.bounds[name]
    middle, spread = float(rows[name].median()), float(rows[name].std())
    known = middle + spread * (3 * rows[data.target] - 2)
    return rows.assign(**{name: known.clip(bound["min"], bound["max"])})


def build(name: str, rows: pd.DataFrame, data: Data, root: Path, *gate: str) -> tuple[Path, dict[str, Any]]:
    """Run the project's stages and gate on `rows`; return the package and the decision."""
    folder = SCRATCH / name
    holdout = int((rows[data.time] >= read_params()["split"]["train_until"]).sum())
    prepare_workspace(folder, rows, data, holdout)
    limits = folder / "config/gate.toml"
    lifted = re.sub(r"^p95_ms = \d+", "p95_ms = 1000000", limits.read_text(encoding="utf-8"), flags=re.MULTILINE)
    limits.write_text(lifted, encoding="utf-8")
    registry = f"sqlite:///{(SCRATCH / 'mlflow.db').absolute().as_posix()}"
    return folder / "build/package", run_stages(folder, root, *gate, registry=registry)


def release(replay: Replay, package: Path, decision: dict[str, Any], share: float) -> str:
    """Propose, approve and start a package as two people would."""
    controller = replay.watch.controller
    name = controller.propose(package, decision, author="author")
    controller.approve(name, "reviewer")
    controller.start(name, share, by="author")
    return name


def play(replay: Replay, stream: pd.DataFrame, root: Path) -> None:
    """Play the stream batch by batch; after each one the monitor looks once."""
    data, batches = replay.data, [stream.iloc[at : at + BATCH] for at in range(0, len(stream), BATCH)]
    for number, rows in enumerate(batches):
        if number == BAD_RELEASE:
            package, decision = build("bad", leaked(acquire(data), data), data, root)
            bad = release(replay, package, decision, replay.settings.canary.share)
            replay.say(number, f"release {bad} passed the gate on leaked history and starts as canary")
        replay.ask(faulty(rows, number, data))
        if number >= DELAY:
            came = batches[number - DELAY]
            take(replay.watch.log, zip(came[data.id].astype(str), came[data.target].astype(int), strict=True))
        for event in replay.watch.look():
            replay.say(number, event)
        try:
            replay.say(number, retrain(replay.watch.environment, replay.settings, data, "asked"))
        except RefusedError as refused:
            if (
                "nothing asked" not in str(refused)
                and "is on trial" not in str(refused)
                and "only " not in str(refused)
            ):
                replay.say(number, str(refused))


def serve(environment: str) -> tuple[subprocess.Popen[bytes], str]:
    """Start the real server on a free port; return it and its address once it is alive."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "serving.live", "--environment", environment, "--port", str(port)]
    server, url = subprocess.Popen(command), f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{url}/ready", timeout=1).close()
            return server, url
        except OSError:
            time.sleep(0.1)
    server.terminate()
    raise SystemExit("the server did not start")


def main() -> None:
    """Play, print the timeline, and write the report."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.replay")
    parser.add_argument("--batches", type=int, default=52, help="of 100 rows each")
    parser.add_argument("--seed", type=int, default=2013)
    options = parser.parse_args()
    shutil.rmtree(SCRATCH, ignore_errors=True)
    root = SCRATCH / "deploy"
    os.environ["DEPLOY_ROOT"] = str(root.absolute())
    environment = replace(read_environment("production"), slowest_ms=1e6)
    settings, data = read_settings(), read_data()
    stream = pd.read_csv(STREAM).head(options.batches * BATCH)
    replay = Replay(watch=Watch(environment, settings, data), settings=settings, data=data, url="")
    package, decision = build("first", acquire(data), data, root, "--first-release")
    replay.say(0, f"release {release(replay, package, decision, 0.0)} is the first champion")
    server, replay.url = serve("production")
    try:
        play(replay, incidents(stream, data, options.seed), root)
    finally:
        server.terminate()
        server.wait()
    decisions = replay.watch.state.database.execute("SELECT kind, verdict, numbers FROM decision ORDER BY number")
    content = {
        "timeline": replay.timeline,
        "failed_requests": replay.errors,
        "settings": asdict(settings),
        "decisions": [{"kind": kind, "verdict": said, "numbers": json.loads(why)} for kind, said, why in decisions],
    }
    write_report(content, Path("reports"))
    print(f"{replay.errors} failed requests; reports/incidents.html tells the story")


if __name__ == "__main__":
    main()
