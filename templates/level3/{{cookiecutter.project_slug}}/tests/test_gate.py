"""What the gate lets pass and what it stops, with models really trained."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from delivery.checks import Check, Holdout, decide
from delivery.compare import paired_difference, worst_group
from delivery.gate import load_package, read_holdout
from pipeline.evaluate import baseline
from pipeline.task import BINARY
from serving.loaded import Loaded

from .conftest import PROJECT, run_stage

SETTINGS = tomllib.loads((PROJECT / "config/gate.toml").read_text(encoding="utf-8"))
NOT_WORSE = "not worse than the champion"
LOOSE = SETTINGS["groups"] | {"margin": 10.0}
BUILD = "from pipeline.package import build; from pipeline.config import PACKAGE; build(PACKAGE)"


def challenger(trained: Path, folder: Path, **changed: int) -> Loaded:
    """Train another model on the same rows, and package it."""
    shutil.copytree(trained, folder)
    params = yaml.safe_load((folder / "params.yaml").read_text(encoding="utf-8"))
    params["train"] |= changed
    (folder / "params.yaml").write_text(yaml.safe_dump(params), encoding="utf-8")
    for stage in ("train", "evaluate"):
        done = run_stage(stage, folder)
        assert done.returncode == 0, done.stderr
    subprocess.run([sys.executable, "-c", BUILD], cwd=folder, check=True)
    return load_package(folder / "build/package")


@pytest.fixture(scope="module")
def champion(package: Path) -> Loaded:
    return load_package(package)


@pytest.fixture(scope="module")
def holdout(trained: Path, package: Path) -> Holdout:
    return read_holdout(trained / "data/prepared")


def failed(checks: list[Check]) -> list[str]:
    return [check.name for check in checks if not check.passed]


class Altered:
    """A model whose answers are another's, changed."""

    def __init__(self, loaded: Loaded, change: Callable[[pd.DataFrame, np.ndarray], np.ndarray]) -> None:
        self._model, self._change = loaded.model, change

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        return self._change(rows, self._model.predict(rows))

    def run(self, columns: dict[str, np.ndarray]) -> np.ndarray:
        return self._model.run(columns)


def altered(loaded: Loaded, change: Callable[[pd.DataFrame, np.ndarray], np.ndarray]) -> Loaded:
    model: Any = Altered(loaded, change)
    return replace(loaded, model=model)


def test_a_retrained_challenger_is_held_against_the_margin_and_nothing_else(
    trained: Path, champion: Loaded, holdout: Holdout, tmp_path: Path
) -> None:
    other_seed = challenger(trained, tmp_path / "other", seed=7, trees=60)
    assert other_seed.release != champion.release
    checks = decide(other_seed, champion, holdout, SETTINGS)
    upper = next(check.value for check in checks if check.name == NOT_WORSE)
    assert isinstance(upper, float)
    share = upper / holdout.of_baseline
    for margin, expected in ((share + 1e-9, []), (share - 1e-9, [NOT_WORSE])):
        settings = SETTINGS | {"champion": SETTINGS["champion"] | {"margin": margin}, "groups": LOOSE}
        assert failed(decide(other_seed, champion, holdout, settings)) == expected


def test_a_worse_challenger_is_refused_although_it_beats_the_baseline(champion: Loaded, holdout: Holdout) -> None:
    plain = baseline(holdout.train, holdout.rows, holdout.data)
    timid = altered(champion, lambda _, answers: 0.3 * answers + 0.7 * plain[: len(answers)])
    loss = float(holdout.loss(timid.model.predict(holdout.rows)).mean())
    assert float(holdout.loss(champion.model.predict(holdout.rows)).mean()) < loss < holdout.of_baseline
    assert NOT_WORSE in failed(decide(timid, champion, holdout, SETTINGS))


def test_a_release_below_the_absolute_limits_is_refused_even_without_a_champion(
    champion: Loaded, holdout: Holdout
) -> None:
    named = [name for name in SETTINGS["absolute"] if name != "gain"]
    settings = SETTINGS | {"absolute": dict.fromkeys(SETTINGS["absolute"], 1.01)}
    assert failed(decide(champion, None, holdout, settings)) == [*named, "gain over the baseline"]


def test_a_challenger_bad_for_one_group_is_refused_although_it_is_good_on_the_whole(
    champion: Loaded, holdout: Holdout
) -> None:
    few = np.arange(len(holdout.rows)) % 10 == 0
    grouped = replace(
        holdout,
        rows=holdout.rows.assign(of=np.where(few, "few", "many")),
        data=replace(holdout.data, groups=("of",)),
    )

    def unfair(rows: pd.DataFrame, answers: np.ndarray) -> np.ndarray:
        """The champion, but sure of the contrary for the smallest group."""
        whole = 1.0 if holdout.data.task.kind == BINARY else 2 * answers.mean()
        contrary = whole - answers if answers.ndim == 1 else np.roll(answers, 1, axis=1)
        inside = few[: len(rows)] if len(rows) == len(few) else np.zeros(len(rows), dtype=bool)
        return np.where(inside if answers.ndim == 1 else inside[:, None], contrary, answers)

    settings = SETTINGS | {"champion": SETTINGS["champion"] | {"margin": 10.0}, "absolute": {"gain": -10.0}}
    settings["groups"] = SETTINGS["groups"] | {"least_rows": 1}
    assert failed(decide(altered(champion, unfair), champion, grouped, settings)) == ["worst group"]


def test_a_champion_that_was_trained_on_holdout_rows_makes_the_comparison_void(
    champion: Loaded, holdout: Holdout
) -> None:
    manifest = json.loads(json.dumps(champion.manifest))
    time = holdout.data.time
    later = {"train_until": str(holdout.rows[time].max())} if time else {"holdout_share": 0.01}
    manifest["params"]["split"] = later
    cheat = replace(champion, release="0" * 12, manifest=manifest)
    assert failed(decide(champion, cheat, holdout, SETTINGS)) == ["holdout unseen"]


def test_a_slow_candidate_is_refused(champion: Loaded, holdout: Holdout) -> None:
    settings = SETTINGS | {"latency": {"calls": 5, "p95_ms": 0.001}}
    assert failed(decide(champion, champion, holdout, settings)) == ["latency"]


def run_gate(trained: Path, folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    shutil.copytree(trained, folder)
    for name in ("delivery", "config"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    command = [sys.executable, "-m", "delivery.gate", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def test_the_decision_holds_every_number_that_decided(trained: Path, package: Path, tmp_path: Path) -> None:
    done = run_gate(trained, tmp_path / "run", "--first-release")
    assert done.returncode == 0, done.stderr
    decision = json.loads((tmp_path / "run/build/decision.json").read_text(encoding="utf-8"))
    assert decision["accepted"] is True
    assert decision["champion"] is None
    assert decision["settings"] == SETTINGS
    assert all(check["value"] is not None and check["limit"] is not None for check in decision["checks"])


def test_without_a_champion_nothing_is_accepted_by_default(trained: Path, package: Path, tmp_path: Path) -> None:
    done = run_gate(trained, tmp_path / "run")
    assert done.returncode == 1
    assert "--first-release" in done.stderr
    assert not (tmp_path / "run/build/decision.json").exists()


def test_limits_are_wider_when_rows_of_a_day_are_alike() -> None:
    noise = np.random.default_rng(1).normal(size=40)
    by_day = np.repeat(noise, 50)
    zero = np.zeros(2000)
    rule = {"resamples": 500, "confidence": 0.95, "seed": 1}
    days = paired_difference(by_day, zero, np.repeat(np.arange(40), 50), **rule)
    single = paired_difference(by_day, zero, np.arange(2000), **rule)
    assert days.mean == pytest.approx(single.mean) == pytest.approx(noise.mean())
    assert days.high - days.low > 3 * (single.high - single.low)


def test_the_worst_group_is_found_and_small_groups_are_left_out() -> None:
    rows = pd.DataFrame({"place": ["a"] * 4 + ["b"] * 4 + ["c"]}, index=range(5, 14))
    ours = np.array([0.1] * 4 + [0.3] * 4 + [9.0])
    assert worst_group(ours, np.zeros(9), rows, ("place",), 2) == ("place=b", pytest.approx(0.3))
    assert worst_group(ours, np.zeros(9), rows, ("place",), 100) is None
