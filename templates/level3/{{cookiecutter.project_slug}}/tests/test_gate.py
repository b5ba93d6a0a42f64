"""What the gate lets pass and what it stops, with models really trained."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
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
from serving.loaded import Loaded

from .conftest import PROJECT, run_stage

SETTINGS = tomllib.loads((PROJECT / "config/gate.toml").read_text(encoding="utf-8"))
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


def test_a_challenger_as_good_as_the_champion_is_accepted(
    trained: Path, champion: Loaded, holdout: Holdout, tmp_path: Path
) -> None:
    other_seed = challenger(trained, tmp_path / "other", seed=7, trees=60)
    assert other_seed.release != champion.release
    assert failed(decide(other_seed, champion, holdout, SETTINGS)) == []


def test_a_worse_challenger_is_refused_although_it_beats_the_baseline(
    trained: Path, champion: Loaded, holdout: Holdout, tmp_path: Path
) -> None:
    shallow = challenger(trained, tmp_path / "shallow", depth=4)
    assert shallow.manifest["metrics"]["beats_baseline"] is True
    assert "not worse than the champion" in failed(decide(shallow, champion, holdout, SETTINGS))


def test_a_release_below_the_absolute_limits_is_refused_even_without_a_champion(
    champion: Loaded, holdout: Holdout
) -> None:
    settings = SETTINGS | {"absolute": {"auc": 0.99, "gain": 0.5}}
    assert failed(decide(champion, None, holdout, settings)) == ["auc", "gain over the baseline"]


def test_a_challenger_bad_for_one_group_is_refused_although_it_is_good_on_the_whole(
    champion: Loaded, holdout: Holdout
) -> None:
    group = holdout.data.groups[-1]
    least = holdout.rows[group].value_counts().index[-1]

    class Unfair:
        """The champion, but sure of the contrary for the smallest group."""

        def probabilities(self, rows: pd.DataFrame) -> np.ndarray:
            probability = champion.model.probabilities(rows)
            return np.where(rows[group] == least, 1 - probability, probability)

        def run(self, columns: dict[str, np.ndarray]) -> np.ndarray:
            return champion.model.run(columns)

    settings = SETTINGS | {"champion": SETTINGS["champion"] | {"margin": 1.0}}
    settings["absolute"] = {"auc": 0, "gain": -1}
    model: Any = Unfair()
    unfair = replace(champion, model=model)
    assert failed(decide(unfair, champion, holdout, settings)) == ["worst group"]


def test_a_champion_that_was_trained_on_holdout_rows_makes_the_comparison_void(
    champion: Loaded, holdout: Holdout
) -> None:
    manifest = json.loads(json.dumps(champion.manifest))
    manifest["params"]["split"]["train_until"] = str(holdout.rows[holdout.data.time].max())
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
