"""Azure Pipelines: stages, jobs and steps with their templates put in."""

from __future__ import annotations

import pytest

from generator.model.scan import Act, Task, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import acts

ROOT = "azure-pipelines.yml"


def tasks(files: dict[str, str]) -> dict[str, Task]:
    return {task.name: task for task in build(in_memory(files)).tasks if task.ecosystem == "azure"}


def test_steps_jobs_and_stages_are_all_forms_of_a_job() -> None:
    steps = "steps:\n- script: pytest\n"
    assert acts({ROOT: f"trigger: [main]\n{steps}"}) == {(Act.TESTS, ROOT, 3)}
    job = "trigger: [main]\njobs:\n- job: a\n  steps:\n  - bash: |\n      pytest\n"
    assert acts({ROOT: job}) == {(Act.TESTS, ROOT, 6)}
    stage = "trigger: [main]\nstages:\n- stage: s\n  jobs:\n  - job: a\n    steps:\n    - script: pytest\n"
    assert acts({ROOT: stage}) == {(Act.TESTS, ROOT, 7)}


def test_templates_are_found_beside_the_file_that_names_them() -> None:
    files = {
        "ci/pipeline.yml": "trigger: [main]\nstages:\n- template: parts/stage.yml\n",
        "ci/parts/stage.yml": "parameters: []\nstages:\n- stage: s\n  jobs:\n  - template: /ci/job.yml\n",
        "ci/job.yml": "jobs:\n- job: a\n  steps:\n  - template: steps.yml\n",
        "ci/steps.yml": "steps:\n- script: dvc repro\n",
    }
    assert (Act.RUNS_PIPELINE, "ci/steps.yml", 2) in acts(files)
    assert acts({path: text for path, text in files.items() if path != "ci/pipeline.yml"}) == set()


def test_templates_that_name_each_other_end() -> None:
    assert acts({ROOT: "trigger: [x]\nsteps:\n- template: azure-pipelines.yml\n- script: pytest\n"}) == {
        (Act.TESTS, ROOT, 4)
    }


@pytest.mark.parametrize("off", ["condition: false", "enabled: false"])
def test_what_is_switched_off_does_nothing(off: str) -> None:
    assert acts({ROOT: f"trigger: [main]\nsteps:\n- script: pytest\n  {off}\n"}) == set()


def test_triggers_say_what_starts_it() -> None:
    def triggers(head: str) -> frozenset[Trigger]:
        return tasks({ROOT: f"{head}pool: x\nsteps:\n- script: x\n"})["job"].triggers

    assert triggers("trigger: none\n") == {Trigger.HAND}
    assert triggers("trigger: none\nschedules:\n- cron: '0 0 * * *'\n") == {Trigger.SCHEDULE}
    assert triggers("trigger: none\n#schedules:\n#- cron: '0 0 * * *'\n") == {Trigger.HAND}
    assert triggers("trigger: [main]\npr: [main]\n") == {Trigger.PUSH, Trigger.PULL_REQUEST}


def test_a_deployment_names_its_environment_and_runs_its_hooks() -> None:
    text = (
        "trigger: [main]\njobs:\n- deployment: d\n  environment: production.ns\n  strategy:\n    runOnce:\n"
        "      deploy:\n        steps:\n        - script: helm upgrade x y\n"
    )
    assert tasks({ROOT: text})["d"].environment == "production"
    assert (Act.DEPLOYS, ROOT, 9) in acts({ROOT: text})


def test_parts_under_an_expression_count() -> None:
    text = "trigger: [main]\nsteps:\n- ${{ if eq(parameters.x, true) }}:\n  - script: pytest\n"
    assert acts({ROOT: text}) == {(Act.TESTS, ROOT, 4)}
