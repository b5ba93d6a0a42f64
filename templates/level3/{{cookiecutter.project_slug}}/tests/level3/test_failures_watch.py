"""Failure modes of what is watched: no data, rollback loops, poison, labels, contracts, a dead monitor."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from fastapi.testclient import TestClient

from monitoring import judge
from monitoring.deadman import beat, silent
from monitoring.labels import labelled, take
from monitoring.retrain import prepare_workspace, reasons_not_to, run_stages
from monitoring.settings import Settings, read_settings
from monitoring.watch import Watch
from pipeline.config import Data
from rollout.controller import Controller, RefusedError
from serving.live import create_app
from serving.predictions import Answer

from ..conftest import PROJECT
from .conftest import offer, reseal


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.chdir(PROJECT)
    return read_settings()


@pytest.fixture
def watch(controller: Controller, settings: Settings, data: Data) -> Watch:
    return Watch(controller.environment, settings, data)


def answered(
    watch: Watch, inputs: pd.DataFrame, *, canary: float | None = 0.2, champion: float | None = 0.2, first: int = 0
) -> list[str]:
    """Log the rows as answered by canary and champion with these probabilities; return their ids."""
    pointer, table = watch.state.pointer(), json.loads(inputs.to_json(orient="records", date_format="iso"))
    names = [f"row {first + place}" for place in range(len(table))]
    watch.log.append(
        pointer.epoch,
        [
            Answer(
                id=name,
                release=pointer.canary or pointer.champion,
                probability=canary if pointer.canary else champion,
                champion=pointer.champion,
                champion_probability=champion,
                inputs=row,
            )
            for name, row in zip(names, table, strict=True)
        ],
    )
    return names


def labels(names: Iterable[str], chance: float, seed: int = 1) -> list[tuple[str, int]]:
    random = np.random.default_rng(seed)
    return [(name, int(random.random() < chance)) for name in names]


def test_09_probabilities_that_are_no_numbers_and_labels_that_never_come_are_neither_good_nor_bad(
    watch: Watch, rows: pd.DataFrame
) -> None:
    before = watch.state.pointer()
    names = answered(watch, rows.head(800), canary=None, champion=float("nan"))
    watch.look()
    take(watch.log, labels(names, 0.2))
    watch.look()
    assert watch.state.pointer() == before
    told = watch.state.database.execute("SELECT verdict FROM decision WHERE kind IN ('canary', 'champion')")
    assert {row[0] for row in told} == {judge.HOLD, judge.KEPT}


def test_09_trial_without_labels_ends_and_the_champion_stays(watch: Watch, rows: pd.DataFrame) -> None:
    before = watch.state.pointer()
    watch.settings = replace(watch.settings, canary=replace(watch.settings.canary, most_rows_asked=500))
    answered(watch, rows.head(499))
    watch.look()
    assert watch.state.pointer().canary == before.canary
    answered(watch, rows.iloc[499:501], first=499)
    watch.look()
    assert (watch.state.pointer().canary, watch.state.pointer().champion) == (None, before.champion)


def test_10_when_old_and_new_both_look_bad_one_rollback_is_all(watch: Watch, rows: pd.DataFrame) -> None:
    first = watch.state.pointer().champion
    watch.controller.promote(by="t", numbers={})
    moves = [watch.state.pointer().epoch]
    for number in range(4):
        batch = rows.iloc[number * 1500 : (number + 1) * 1500]
        take(watch.log, labels(answered(watch, batch, champion=0.05, first=number * 1500), 0.9))
        watch.look()
        moves.append(watch.state.pointer().epoch)
    assert moves == [moves[0], *[moves[0] + 1] * 4]
    assert watch.state.pointer().champion == first
    assert watch.state.incidents("champion")[0].rollbacks == 1


def test_13_quarantined_rows_are_not_learned_and_an_open_incident_stops_retraining(
    watch: Watch, rows: pd.DataFrame, data: Data
) -> None:
    sound, poisoned = rows.head(100), rows.iloc[100:200].copy()
    poisoned[data.numeric[0]] = -1  # an error code that is served as a value, then learned (Breck et al. 2019)
    take(watch.log, labels([name.replace("row ", "9") for name in answered(watch, sound)], 0.2))
    watch.look()
    names = answered(watch, poisoned, first=100)
    assert any(event.startswith("contract") for event in watch.look())
    take(watch.log, labels(names, 0.2))
    assert set(names).isdisjoint(labelled(watch.log)["id"])
    against = reasons_not_to(watch.controller, watch.log, watch.settings.retraining, "demand")
    assert any("(contract) is open" in one for one in against)


@pytest.mark.slow
def test_13_model_of_poisoned_labels_is_refused_by_the_gate(
    controller: Controller, rows: pd.DataFrame, data: Data, settings: Settings, tmp_path: Path
) -> None:
    newest = rows.tail(settings.retraining.window_rows).reset_index(drop=True)
    kept = settings.retraining.holdout_rows
    poisoned = newest.assign(**{data.target: newest[data.target].where(newest.index >= len(newest) - kept, 1)})
    poisoned.loc[poisoned.index[:20], data.target] = 0
    prepare_workspace(tmp_path / "work", poisoned, data, kept)
    registry = f"sqlite:///{(tmp_path / 'mlflow.db').as_posix()}"
    try:
        decision = run_stages(tmp_path / "work", controller.environment.folder.parent, registry=registry)
    except RefusedError as refused:
        assert "baseline" in str(refused)
    else:
        assert decision["accepted"] is False


def test_14_labels_out_of_order_and_twice_give_the_same_evidence_as_in_order(watch: Watch, rows: pd.DataFrame) -> None:
    names = answered(watch, rows.head(300))
    delivered = labels(names, 0.2)
    shuffled = [delivered[place] for place in np.random.default_rng(3).permutation(300)]
    assert take(watch.log, shuffled).new == 300
    assert take(watch.log, delivered).new == 0
    joined = labelled(watch.log, watch.data.time)
    assert dict(zip(joined["id"], joined["label"], strict=True)) == dict(delivered)


def test_14_labels_that_stop_are_told(watch: Watch, rows: pd.DataFrame) -> None:
    names = answered(watch, rows.head(100))
    take(watch.log, labels(names, 0.2))
    assert not any(event.startswith("labels") for event in watch.look())
    for part in range(2):
        answered(watch, rows.iloc[100 + part * 900 : 1000 + part * 900], first=100 + part * 900)
    assert any(event.startswith("labels") for event in watch.look())


def test_15_rollback_restores_the_contract_with_the_model(
    controller: Controller, packages: list[Path], tmp_path: Path, settings: Settings, data: Data, rows: pd.DataFrame
) -> None:
    controller.abort(by="t", why="", numbers={}, reject=False)
    old = controller.state.pointer().champion
    shutil.copytree(packages[2], tmp_path / "narrow")
    text = (tmp_path / "narrow/data.toml").read_text(encoding="utf-8")
    name = data.numeric[0]
    most = float(rows[name].max())
    narrowed = re.sub(rf"^{name} = .*$", f"{name} = {{ min = 0, max = {most + 1} }}", text, flags=re.MULTILINE)
    assert narrowed != text
    (tmp_path / "narrow/data.toml").write_text(narrowed, encoding="utf-8")
    controller.start(offer(controller, reseal(tmp_path / "narrow")), 0.5, by="author")
    controller.promote(by="t", numbers={})
    client, watch = TestClient(create_app(controller.environment.folder)), Watch(controller.environment, settings, data)
    high = json.loads(rows.tail(30).assign(**{name: most + 2}).to_json(orient="records", date_format="iso"))
    assert client.post("/predict", json={"rows": high}).status_code == 422
    assert watch.contract().bounds[name]["max"] == most + 1
    controller.rollback(by="monitor", why="lost quality", numbers={})
    assert client.post("/predict", json={"rows": high}).json()["model"] == old
    assert watch.contract().bounds[name] == data.bounds[name]


def test_18_dead_monitor_is_told_by_somebody_else(controller: Controller, tmp_path: Path) -> None:
    folder = controller.environment.folder
    assert "ever" in str(silent(folder, hours=2))
    beat(folder)
    assert silent(folder, hours=2) is None
    metrics = TestClient(create_app(folder)).get("/metrics").text
    found = re.search(r"^serving_monitor_look_timestamp_seconds (\S+)$", metrics, flags=re.MULTILINE)
    assert found and abs(float(found[1]) - time.time()) < 300
    (folder / "monitor.beat").write_text(f"{time.time() - 3 * 3600}\n", encoding="utf-8")
    variables = os.environ | {"DEPLOY_ROOT": str(folder.parent)}
    command = [sys.executable, "-m", "monitoring.deadman"]
    done = subprocess.run(command, cwd=PROJECT, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "3.0 hours" in done.stderr
    assert "3.0 hours" in (folder / "alerts.jsonl").read_text(encoding="utf-8")


def test_every_failure_mode_of_the_page_has_the_tests_it_names() -> None:
    page = (PROJECT / "docs/level3.md").read_text(encoding="utf-8")
    table = re.findall(r"^\| (\d+) \| .* \| `(test_(\d\d)_\w+)` \|$", page, flags=re.MULTILINE)
    assert [int(number) for number, _, _ in table] == list(range(1, 21))
    written = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parent.glob("test_*.py"))
    for number, name, prefix in table:
        assert int(number) == int(prefix)
        assert f"def {name}(" in written
    assert {f"{int(number):02}" for number, _, _ in table} == set(re.findall(r"def test_(\d\d)_", written))
