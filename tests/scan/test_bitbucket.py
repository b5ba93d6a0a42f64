"""Bitbucket Pipelines: each pipeline's steps, by what starts them."""

from __future__ import annotations

from generator.model.scan import Act, Outcome, Task, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, acts, evidence

FILE = "bitbucket-pipelines.yml"
WHOLE = """\
definitions:
  steps:
    - step: &test
        name: Test
        script:
          - pip install .
          - pytest -q
pipelines:
  default:
    - step: *test
  pull-requests:
    "**":
      - parallel:
          - step: *test
          - step:
              script: [ruff check .]
  tags:
    v*:
      - step:
          script: [docker build .]
      - step:
          deployment: production
          trigger: manual
          script:
            - pipe: atlassian/aws-ecs-deploy:1.6.0
              variables: {CLUSTER_NAME: x}
  custom:
    retrain:
      - step:
          script: [python train.py]
"""


def tasks(text: str = WHOLE) -> dict[str, Task]:
    return {task.name: task for task in build(in_memory({FILE: text})).tasks if task.ecosystem == "bitbucket"}


def test_each_pipeline_has_its_steps_and_its_trigger() -> None:
    assert {name: set(task.triggers) for name, task in tasks().items()} == {
        "default 1": {Trigger.PUSH},
        "pull-requests ** 1": {Trigger.PULL_REQUEST},
        "pull-requests ** 2": {Trigger.PULL_REQUEST},
        "tags v* 1": {Trigger.TAG},
        "tags v* 2": {Trigger.TAG},
        "custom retrain 1": {Trigger.HAND},
    }


def test_a_line_of_a_script_is_found_where_it_stands() -> None:
    assert (Act.TESTS, FILE, 7) in acts({FILE: WHOLE})


def test_a_pipe_deploys_and_a_manual_step_to_an_environment_is_an_approval() -> None:
    assert evidence({FILE: WHOLE, "train.py": TRAIN}, "C28").outcome is Outcome.YES
    approved = evidence({FILE: WHOLE, "train.py": TRAIN}, "C48")
    assert (approved.outcome, approved.where[0].first) == (Outcome.YES, 22)
    assert evidence({FILE: WHOLE.replace("          trigger: manual\n", "")}, "C48").outcome is Outcome.NOT_SEEN


def test_a_manual_step_without_an_environment_is_started_by_hand() -> None:
    assert tasks(WHOLE.replace("          deployment: production\n", ""))["tags v* 2"].triggers == {Trigger.HAND}


def test_stages_and_parallel_steps_written_either_way_are_entered() -> None:
    staged = "pipelines: {default: [{stage: {deployment: prod, steps: [{step: {script: [a]}}]}}]}"
    assert tasks(staged)["default 1"].environment == "prod"
    both = "pipelines:\n  default:\n    - parallel:\n        steps:\n          - step: {script: [a]}\n"
    assert set(tasks(both)) == {"default 1"}


def test_a_file_elsewhere_or_of_another_shape_is_no_pipeline() -> None:
    assert not build(in_memory({f"sub/{FILE}": WHOLE})).tasks
    for text in ("pipelines: x\n", "pipelines: {default: {step: 1}}\n", "pipelines: {custom: [a]}\n", "3\n"):
        assert tasks(text) == {}
