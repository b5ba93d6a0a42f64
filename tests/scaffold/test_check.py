"""`ladder check` goes red when a part of the promise is taken away, not when a name changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import main
from generator.scaffold import api
from generator.scaffold.check import runs


@pytest.fixture(params=[1, 2, 3])
def project(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    target = tmp_path / "project"
    api.new(api.draft(target, request.param, {}), target, git=False)
    return target


def test_what_was_just_generated_keeps_its_promise(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(project)]) == 0
    assert "missing" not in capsys.readouterr().out


def edit(path: str, old: str, new: str) -> Callable[[Path], None]:
    def change(project: Path) -> None:
        text = (project / path).read_text(encoding="utf-8")
        assert old in text
        (project / path).write_text(text.replace(old, new), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (edit("dvc.yaml", "python -m pipeline.validate", "echo python -m pipeline.validate"), "contract-stops-the-run"),
        (edit("requirements.lock", "--hash=sha256:", "--was=sha256:"), "environment-locked"),
        (edit("pipeline/tracking.py", "mlflow.log_params(", "print("), "parameters-recorded"),
        (edit("dvc.yaml", "  evaluate:", "  judge:"), "judged-on-a-holdout"),
    ],
)
def test_a_part_taken_away_is_named(
    project: Path, change: Callable[[Path], None], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(project)
    assert main(["check", str(project)]) == 4
    line = next(line for line in capsys.readouterr().out.splitlines() if part in line)
    assert "missing" in line


def test_a_test_step_turned_into_an_echo_is_seen(project: Path) -> None:
    for workflow in (project / ".github/workflows").glob("*.yml"):
        text = workflow.read_text(encoding="utf-8")
        workflow.write_text(text.replace("pytest", "echo pytest"), encoding="utf-8")
    assert main(["check", str(project)]) == 4


def test_a_folder_without_a_record_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert ".ladder/record.toml" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["pytest", "pytest -q", "A=1 pytest", "cd x && pytest", "true; pytest"])
def test_a_command_that_runs_counts(command: str) -> None:
    assert runs(command, "pytest")


@pytest.mark.parametrize(
    "command", ["echo pytest", "# pytest", "pytest-cov", "pip install pytest", 'echo "run" # pytest']
)
def test_a_command_that_only_names_it_does_not(command: str) -> None:
    assert not runs(command, "pytest")
