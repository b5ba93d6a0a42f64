"""CircleCI: what a workflow starts, and nothing else."""

from __future__ import annotations

from generator.model.scan import Act, Outcome, Task, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, acts, evidence

FILE = ".circleci/config.yml"
HEAD = """\
version: 2.1
commands:
  prepare:
    steps:
      - run: pip install -r requirements.txt
jobs:
  test:
    steps:
      - checkout
      - prepare
      - run:
          name: Tests
          command: |
            pytest -q
  deploy:
    steps:
      - run: kubectl apply -f k8s
  forgotten:
    steps:
      - run: pytest
"""


def tasks(flow: str, head: str = HEAD) -> dict[str, Task]:
    return {task.name: task for task in build(in_memory({FILE: head + flow})).tasks}


def test_a_command_of_a_job_is_found_on_its_line_and_commands_of_the_file_are_entered() -> None:
    flow = "workflows:\n  w:\n    jobs: [test]\n"
    assert (Act.TESTS, FILE, 14) in acts({FILE: HEAD + flow})
    assert [command.words[0] for command in tasks(flow)["test"].commands] == ["pip", "pytest"]


def test_a_job_that_no_workflow_names_is_no_task() -> None:
    assert set(tasks("workflows:\n  w:\n    jobs: [test]\n")) == {"test"}


def test_a_workflow_with_a_cron_is_scheduled_and_one_without_a_line_is_not() -> None:
    flow = "workflows:\n  w:\n    triggers:\n      - schedule: {cron: '0 0 * * *'}\n    jobs: [test]\n"
    assert tasks(flow)["test"].triggers == {Trigger.SCHEDULE}
    assert tasks(flow.replace("cron: '0 0 * * *'", ""))["test"].triggers == frozenset()


def test_filters_tell_tags_from_changes() -> None:
    flow = "workflows:\n  w:\n    jobs:\n      - deploy: {filters: {tags: {only: /v.*/}, branches: {ignore: /.*/}}}\n"
    assert tasks(flow)["deploy"].triggers == {Trigger.TAG}


def test_a_job_behind_an_approval_is_approved_through_the_jobs_between() -> None:
    flow = (
        "workflows:\n  w:\n    jobs:\n      - test\n      - hold: {type: approval, requires: [test]}\n"
        "      - middle: {requires: [hold]}\n      - deploy: {requires: [middle], context: production}\n"
    )
    found = tasks(flow)
    assert (found["deploy"].approved, found["deploy"].environment, found["test"].approved) == (
        True,
        "production",
        False,
    )
    assert "hold" not in found
    assert evidence({FILE: HEAD + flow, "train.py": TRAIN}, "C48").outcome is Outcome.YES


def test_a_workflow_that_is_never_started_is_off() -> None:
    assert acts({FILE: HEAD + "workflows:\n  w:\n    when: false\n    jobs: [deploy]\n"}) == set()


def test_orb_jobs_and_steps_are_uses() -> None:
    flow = "workflows:\n  w:\n    jobs:\n      - aws-ecs/deploy-service-update: {family: x}\n"
    assert [act for act, _, _ in acts({FILE: HEAD + flow})] == [Act.DEPLOYS]


def test_commands_that_call_each_other_end() -> None:
    head = HEAD.replace("      - run: pip install -r requirements.txt\n", "      - prepare\n      - run: ruff check\n")
    assert "ruff" in [
        command.words[0] for command in tasks("workflows:\n  w:\n    jobs: [test]\n", head)["test"].commands
    ]


def test_a_file_of_another_shape_is_no_error() -> None:
    for text in ("- a\n", "jobs: 3\n", "workflows: {w: {jobs: {a: b}}}\njobs: [x]\n", "workflows: x\n"):
        assert tasks("", text) == {} or text.startswith("workflows: {w")
