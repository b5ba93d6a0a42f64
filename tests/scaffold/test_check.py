"""`ladder check` goes red when a part of the promise is taken away, not when a name changes."""

from __future__ import annotations

import re
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


def each_workflow(pattern: str, new: str) -> Callable[[Path], None]:
    def change(project: Path) -> None:
        for workflow in (project / ".github/workflows").glob("*.yml"):
            text = workflow.read_text(encoding="utf-8")
            workflow.write_text(re.sub(pattern, new, text, flags=re.MULTILINE), encoding="utf-8")

    return change


def emptied(path: str) -> Callable[[Path], None]:
    return lambda project: (project / path).write_text("", encoding="utf-8") and None


@pytest.mark.parametrize(
    ("change", "part"),
    [
        (each_workflow(r"(run: .*pytest.*)$", r"\1 || true"), "tests-on-every-change"),
        (each_workflow(r"^    (runs-on:.*)$", r"    \1\n    if: false"), "pipeline-on-every-change"),
        (each_workflow(r"^        (run:.*)$", r"        if: ${{ false }}\n        \1"), "pipeline-on-every-change"),
        (each_workflow(r"^    (runs-on:.*)$", r"    \1\n    continue-on-error: true"), "tests-on-every-change"),
        (each_workflow(r"^  pull_request:.*$", r"  workflow_dispatch:"), "tests-on-every-change"),
        (emptied("requirements.lock"), "environment-locked"),
        (emptied("params.yaml"), "parameters-in-one-file"),
        (edit("tests/test_pipeline.py", "assert ", "_ = "), "pipeline-tested"),
    ],
)
def test_a_part_switched_off_or_emptied_is_named(
    project: Path, change: Callable[[Path], None], part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    change(project)
    assert main(["check", str(project)]) == 4
    line = next(line for line in capsys.readouterr().out.splitlines() if part in line)
    assert "missing" in line


def test_a_release_that_no_workflow_calls_is_seen(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = tmp_path / "project"
    api.new(api.draft(project, 2, {}), project, git=False)
    each_workflow(r"^    uses: \./\.github.*$", "    runs-on: ubuntu-latest")(project)
    assert main(["check", str(project)]) == 4
    lines = [line for line in capsys.readouterr().out.splitlines() if "missing" in line]
    lost = {"release-by-workflow", "staging-first", "loaded-before-production", "image-built"}
    assert {line.split()[1] for line in lines} == lost


def test_a_stage_may_list_several_commands(project: Path) -> None:
    edit("dvc.yaml", "cmd: python -m pipeline.train", "cmd:\n    - mkdir -p models\n    - python -m pipeline.train")(
        project
    )
    assert main(["check", str(project)]) == 0


def test_nothing_of_the_project_is_run(project: Path, tmp_path: Path) -> None:
    trap = f"open({str(tmp_path / 'ran')!r}, 'w')\n"
    for path in project.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        path.write_text(text + trap, encoding="utf-8")
    assert main(["check", str(project)]) == 0
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("broken", ["dvc.yaml", ".github/workflows/ci.yml", "pipeline/tracking.py"])
def test_a_file_that_cannot_be_read_does_not_hold(project: Path, broken: str) -> None:
    (project / broken).write_bytes(b"\xff: [")
    assert main(["check", str(project)]) == 4


def test_a_folder_without_a_record_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 1
    assert ".ladder/record.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["pytest", "pytest -q", "A=1 pytest", "cd x && pytest", "true; pytest", "pytest || exit 1"]
)
def test_a_command_that_runs_counts(command: str) -> None:
    assert runs(command, "pytest")


@pytest.mark.parametrize(
    "command",
    [
        "echo pytest",
        "# pytest",
        "pytest-cov",
        "pip install pytest",
        'echo "run" # pytest',
        "pytest || true",
        "pytest -q || :",
        "pytest || echo failed",
    ],
)
def test_a_command_that_only_names_it_does_not(command: str) -> None:
    assert not runs(command, "pytest")
