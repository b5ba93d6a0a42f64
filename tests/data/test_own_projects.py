"""Projects of real tables, run: the tables scikit-learn carries, one of each task, their README's own commands."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from generator.cli import main
from tests.templates.environments import free_port, generate, readme_commands, shell

WRITE = """python - <<'END'
from sklearn import datasets
for name in ("breast_cancer", "wine", "diabetes"):
    table = getattr(datasets, f"load_{name}")(as_frame=True)
    frame = table.frame
    if name != "diabetes":
        frame["target"] = [table.target_names[number] for number in frame["target"]]
    frame.to_csv(f"{name}.csv", index=False)
END"""

TASKS = {"breast_cancer": ("binary", "brier"), "wine": ("multiclass", "brier"), "diabetes": ("regression", "mse")}
QUICK = "pytest -q tests/test_contract.py tests/test_rows.py tests/test_serving.py tests/test_pipeline.py"


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with each table as CSV."""
    folder = generate(tmp_path_factory.mktemp("tables"), 1)
    shell(folder, WRITE)
    return folder


def own(folder: Path, tables: Path, name: str, level: int) -> Path:
    project = folder / name.replace("_", "-")
    data = ["--data", str(tables / f"{name}.csv"), "--target", "target"]
    assert main(["new", str(project), "--level", str(level), *data]) == 0
    return project


def judged(project: Path, name: str) -> None:
    """The model was judged by its task's loss and beats the baseline by far: these tables are easy."""
    report = json.loads((project / "metrics/evaluation.json").read_text(encoding="utf-8"))
    _, loss = TASKS[name]
    assert report["loss"] == loss
    assert report["beats_baseline"] is True
    assert report[loss] < 0.8 * report["baseline"][loss]


@pytest.mark.generated
@pytest.mark.parametrize("name", TASKS)
def test_each_task_trains_at_level_1_and_its_tests_pass(name: str, tables: Path, tmp_path: Path) -> None:
    project = own(tmp_path, tables, name, 1)
    printed = shell(project, f"dvc repro && ruff check . && ruff format --check . && mypy && {QUICK}")
    assert re.search(r"\d+ passed", printed)
    judged(project, name)
    example = json.loads((project / "build/package/example.json").read_text(encoding="utf-8"))
    assert len(example) == 5
    assert "Running stage" not in shell(project, "dvc repro")


@pytest.mark.generated
def test_classes_pass_the_gate_at_level_2(tables: Path, tmp_path: Path) -> None:
    project = own(tmp_path, tables, "wine", 2)
    shell(project, "dvc repro && python -m delivery.gate --first-release")
    shell(project, "python -m delivery.deploy --environment staging && python -m delivery.smoke --environment staging")
    decision = json.loads((project / "build/decision.json").read_text(encoding="utf-8"))
    assert decision["accepted"] is True
    assert {check["name"] for check in decision["checks"]} == {"holdout unseen", "gain over the baseline", "latency"}


@pytest.mark.generated
def test_a_project_of_an_own_table_climbs_and_its_new_tests_pass(tables: Path, tmp_path: Path) -> None:
    project = own(tmp_path, tables, "diabetes", 1)
    data = project / "data.toml"
    data.write_text(re.sub('licence = ".*"', 'licence = "BSD-3-Clause"', data.read_text(encoding="utf-8")))
    shell(project, "git add -A && git commit -qm 'our own work'")
    assert main(["upgrade", str(project), "--to", "2"]) == 0
    assert 'licence = "BSD-3-Clause"' in data.read_text(encoding="utf-8")
    assert re.search(r"\d+ passed", shell(project, "pytest -q tests/test_gate.py tests/test_stages.py"))


@pytest.mark.slow
@pytest.mark.parametrize("level", [0, 1, 2])
@pytest.mark.parametrize("name", TASKS)
def test_the_readme_of_an_own_project_works_to_its_end(name: str, level: int, tables: Path, tmp_path: Path) -> None:
    project = own(tmp_path, tables, name, level)
    printed = shell(project, readme_commands(project, free_port()), timeout=3600)
    assert re.search(r"\d+ passed", printed)
    assert not re.search(r"[1-9]\d* failed", printed)
    judged(project, name)
