"""Taskcluster: JSON-e conditions, hooks that start pipelines, and kinds of a task graph."""

from __future__ import annotations

import json

from generator.model.scan import Act, Outcome, Task, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, acts, evidence

FILE = ".taskcluster.yml"
WHOLE = """\
version: 1
tasks:
  $let: {head: x}
  in:
    $if: 'tasks_for[:19] == "github-pull-request"'
    then:
      - $mergeDeep:
          - {$eval: base}
          - payload:
              command:
                - /bin/bash
                - -cx
                - "git clone x &&
                  pytest -q"
            metadata: {name: tests}
    else:
      $if: 'tasks_for == "github-push" && head[:10] == "refs/tags/"'
      then:
        - payload:
            command: [taskboot, build-hook, infra/hook.json]
          metadata: {name: release}
"""
HOOK = {
    "schedule": ["0 0 1 * *"],
    "metadata": {"name": "data"},
    "task": {"payload": {"command": ["python", "/code/spawn.py", "/code/data-pipeline.yml"]}},
}
PIPELINE = """\
tasks:
  - ID: fetch
    payload: {command: [python, fetch.py]}
  - ID: train
    dependencies: [fetch]
    payload:
      command:
        - python
        - train.py
"""


def tasks(files: dict[str, str]) -> dict[str, Task]:
    return {task.name: task for task in build(in_memory(files)).tasks if task.ecosystem == "taskcluster"}


def test_conditions_on_the_event_say_what_starts_a_task() -> None:
    found = tasks({FILE: WHOLE})
    assert {name: set(task.triggers) for name, task in found.items()} == {
        "tests": {Trigger.PULL_REQUEST},
        "release": {Trigger.TAG},
    }
    assert [command.words[0] for command in found["tests"].commands] == ["git", "pytest"]


def test_a_command_is_placed_where_its_text_begins() -> None:
    assert (Act.TESTS, FILE) in {(act, file) for act, file, _ in acts({FILE: WHOLE})}
    assert evidence({FILE: WHOLE, "train.py": TRAIN}, "C19").outcome is Outcome.YES


def test_a_hook_with_a_schedule_retrains_through_the_pipeline_it_names() -> None:
    files = {"infra/hook.json": json.dumps(HOOK), "infra/data-pipeline.yml": PIPELINE, "train.py": TRAIN}
    assert evidence(files, "C40").outcome is Outcome.YES
    files["infra/hook.json"] = json.dumps({**HOOK, "schedule": [], "bindings": []})
    assert evidence(files, "C40").outcome is not Outcome.YES


def test_a_pipeline_file_wires_its_tasks() -> None:
    files = {"infra/data-pipeline.yml": PIPELINE, "train.py": TRAIN, "fetch.py": "import pandas\n"}
    assert tasks(files)["train"].follows == ("fetch",)
    assert evidence(files, "C03").outcome is Outcome.YES


def test_a_kind_of_a_task_graph_has_its_tasks_with_the_shared_command() -> None:
    kind = "loader: x\ntask-defaults:\n  run: {command: python train.py}\ntasks:\n  en: {}\n  de: {run: {using: y}}\n"
    assert set(tasks({"taskcluster/kinds/train/kind.yml": kind})) == {"train-en", "train-de"}
    tested = tasks({"taskcluster/kinds/tests/kind.yml": kind.replace("python train.py", "pytest")})
    assert tested["tests-en"].triggers == {Trigger.PUSH, Trigger.PULL_REQUEST}


def test_documents_of_another_shape_and_ones_that_repeat_end() -> None:
    loop = "tasks: &a\n  - $if: x\n    then: [{payload: {command: [[a, b]]}}]\n"
    assert len(tasks({FILE: loop})) == 1
    for text in ("tasks: 3\n", "- 1\n", "tasks: {then: {payload: 4}}\n"):
        assert tasks({FILE: text}) == {}
    assert tasks({"x.json": '{"payload": 1, "schedule": 2'}) == {}
