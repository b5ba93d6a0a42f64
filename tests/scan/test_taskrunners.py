"""Task runners: a CI job that runs a task runs the task's commands."""

from __future__ import annotations

import pytest

from generator.model.scan import Act, Outcome, Task
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, evidence

FLOW = "on: push\njobs:\n  one:\n    runs-on: x\n    steps:\n      - run: {}\n"
FILES = {
    "mise run test": ("mise.toml", '[tasks.unit]\nrun = "pytest -q"\n\n[tasks.test]\ndepends = ["unit"]\n'),
    "mise r unit": ("mise.toml", '[tasks.unit]\nrun = ["uv sync", "uv run pytest"]\n'),
    "task test": (
        "Taskfile.yml",
        "version: '3'\ntasks:\n  test:\n    deps: [unit]\n  unit:\n    cmds:\n      - cmd: pytest\n",
    ),
    "just test": ("justfile", "set shell := ['bash']\nunit path='.':\n    @pytest {{path}}\n\ntest: unit\n"),
    "poe unit": ("pyproject.toml", '[tool.poe.tasks]\nunit = {cmd = "pytest"}\n'),
    "pixi run unit": ("pixi.toml", '[tasks]\nunit = "pytest"\n'),
    "pdm run unit": ("pyproject.toml", '[tool.pdm.scripts]\nunit = {shell = "pytest"}\n'),
}


@pytest.mark.parametrize("command", FILES)
def test_a_task_that_ci_runs_is_entered(command: str) -> None:
    name, text = FILES[command]
    files = {name: text, ".github/workflows/ci.yml": FLOW.format(command), "train.py": TRAIN}
    found = evidence(files, "C19")
    assert (found.outcome, found.where[0].file) == (Outcome.YES, name)
    assert evidence({**files, ".github/workflows/ci.yml": FLOW.format("echo x")}, "C19").outcome is not Outcome.YES


def tasks(name: str, text: str) -> dict[str, Task]:
    return {task.name: task for task in build(in_memory({name: text})).tasks if task.ecosystem == "taskrunners"}


def test_lines_of_a_recipe_are_found_where_they_stand() -> None:
    (command,) = tasks("justfile", "a:\n    # say\n    pytest\n")["a"].commands
    assert (command.words, command.place.first) == (("pytest",), 3)


def test_a_task_that_calls_another_runs_it() -> None:
    text = "tasks:\n  all: {cmds: [{task: one}, echo]}\n  one: pytest\n"
    found = tasks("Taskfile.yml", text)
    assert found["all"].runs == ("Taskfile.yml#one",)
    assert [command.words for command in found["one"].commands] == [("pytest",)]


@pytest.mark.parametrize("text", ["tasks = 3\n", "[tasks]\na = 1\nb = []\nc = {}\n", "[[", "[tool]\npoe = 1\n"])
def test_files_of_another_shape_are_no_error(text: str) -> None:
    for name in ("mise.toml", "pyproject.toml"):
        assert all(not task.commands for task in tasks(name, text).values())


def test_a_program_that_trains_by_a_command_is_training() -> None:
    files = {"Makefile": "model: data\n\tspacy train config.cfg -o out\n\ndata:\n\tspacy convert raw out\n"}
    world = build(in_memory(files))
    acts = {sighting.act for task in world.tasks for sighting in world.within(task, *Act)}
    assert acts >= {Act.TRAINS, Act.PREPARES}


def test_a_command_built_as_a_list_is_a_command_where_processes_are_started() -> None:
    words = "    words = ['gcloud', 'run', 'deploy', image]\n    subprocess.run(words)\n"
    deploy = f"import subprocess\n\ndef go(image):\n{words}"
    files = {"deploy.py": deploy, ".github/workflows/ci.yml": FLOW.format("python deploy.py"), "train.py": TRAIN}
    assert evidence(files, "C28").outcome is Outcome.YES
    quiet = deploy.replace("subprocess.run(words)", "print(words)")
    assert evidence({**files, "deploy.py": quiet}, "C28").outcome is not Outcome.YES


def test_the_best_loss_so_far_is_no_champion() -> None:
    loop = TRAIN.replace(
        "    joblib.dump",
        "    loss = best_loss = 1\n    if loss < best_loss:\n        raise SystemExit(1)\n    joblib.dump",
    )
    assert evidence({"train.py": loop}, "C25").outcome is not Outcome.YES
    rival = loop.replace("best_loss", "champion_loss")
    assert evidence({"train.py": rival}, "C25").outcome is Outcome.YES
