"""Flows written in Python: ZenML, Metaflow, Prefect, Dagster, Kubeflow, TFX, SageMaker, Vertex, Azure ML.

Each flow library has one small project here that is wired, and what must not count beside it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from generator.model.scan import Outcome, Task, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import evidence, scanned

FIT = "    model = LogisticRegression().fit(x, y)\n"
HEAD = "from sklearn.linear_model import LogisticRegression\nimport pandas as pd\n"


@dataclass(frozen=True)
class Case:
    """A flow: its source, the names of its steps, and how a schedule is added and switched off."""

    source: str
    steps: tuple[str, ...]
    scheduled: str = ""
    unscheduled: str = ""
    extra: dict[str, str] = field(default_factory=dict)


CASES = {
    "zenml": Case(
        f"from zenml import pipeline, step\n{HEAD}\n@step\ndef prepare():\n    pd.read_csv('x').dropna()\n\n@step\n"
        f"def train(x, y):\n{FIT}\n@pipeline\ndef whole():\n    train(prepare())\n",
        ("prepare", "train", "whole"),
        "\nfrom zenml.config.schedule import Schedule\n"
        "whole.with_options(schedule=Schedule(cron_expression='0 0 * * *'))()\n",
        "\nfrom zenml.config.schedule import Schedule\nwhole.with_options(schedule=Schedule(name='x'))()\n",
    ),
    "metaflow": Case(
        f"from metaflow import FlowSpec, step\n{HEAD}\nclass Whole(FlowSpec):\n    @step\n    def start(self):\n"
        f"        self.next(self.train)\n\n    @step\n    def train(self):\n        x = y = 1\n    {FIT}",
        ("start", "train"),
        "\nfrom metaflow import schedule\n@schedule(daily=True)\nclass Again(FlowSpec):\n    pass\n",
        "\nfrom metaflow import project\n@project(name='x')\nclass Again(FlowSpec):\n    pass\n",
    ),
    "prefect": Case(
        f"from prefect import flow, task\n{HEAD}\n@task\ndef train(x, y):\n{FIT}\n@flow(name='whole')\n"
        "def whole():\n    train(1, 2)\n",
        ("train", "whole"),
        "\nwhole.serve(cron='0 0 * * *')\n",
        "\nwhole.serve(name='x')\n",
    ),
    "dagster": Case(
        f"from dagster import asset, define_asset_job\n{HEAD}\n@asset\ndef rows():\n    return pd.read_csv('x')\n\n"
        f"@asset\ndef model(rows, x, y):\n{FIT}",
        ("rows", "model"),
        "\nfrom dagster import DefaultScheduleStatus, ScheduleDefinition\n"
        "ScheduleDefinition(job=1, cron_schedule='0 0 * * *', default_status=DefaultScheduleStatus.RUNNING)\n",
        "\nfrom dagster import ScheduleDefinition\nScheduleDefinition(job=1, cron_schedule='0 0 * * *')\n",
    ),
    "kubeflow": Case(
        f"from kfp import Client, dsl\n{HEAD}\n@dsl.component(base_image='python')\ndef train(x: int, y: int):\n{FIT}\n"
        "@dsl.pipeline\ndef whole():\n    train(x=1, y=2)\n",
        ("train", "whole"),
        "\nClient().create_recurring_run(cron_expression='0 0 * * *')\n",
        "\nClient().create_experiment(name='x')\n",
    ),
    "tfx": Case(
        "from tfx import v1 as tfx\n\ndef whole():\n    rows = tfx.components.CsvExampleGen(input_base='x')\n"
        "    made = tfx.components.Transform(examples=rows)\n    tfx.components.Trainer(examples=made)\n"
        "    return tfx.dsl.Pipeline(components=[rows])\n",
        ("CsvExampleGen 0", "Transform 1", "Trainer 2"),
    ),
    "sagemaker": Case(
        "from sagemaker.workflow.pipeline import Pipeline\n"
        "from sagemaker.workflow.steps import ProcessingStep, TrainingStep\n"
        "from sagemaker.workflow.condition_step import ConditionStep\n\ndef whole():\n"
        "    a = ProcessingStep(name='prepare')\n    b = TrainingStep(name='train')\n"
        "    c = ConditionStep(name='check')\n    return Pipeline(name='p', steps=[a, b, c])\n",
        ("prepare", "train", "check"),
        "\nfrom sagemaker.workflow.triggers import PipelineSchedule\nPipelineSchedule(cron='0 0 * * ? *')\n",
        "\nfrom sagemaker.workflow.triggers import join_default_trigger_name\njoin_default_trigger_name('x')\n",
    ),
    "vertex": Case(
        "from google.cloud import aiplatform\n\n"
        "job = aiplatform.PipelineJob(display_name='whole', template_path='p.yaml')\n"
        "aiplatform.CustomTrainingJob(display_name='t').run()\njob.submit()\n",
        ("whole",),
        "\njob.create_schedule(cron='0 0 * * *', display_name='s')\n",
        "\njob.wait()\n",
    ),
    "azureml": Case(
        "from azure.ai.ml import command, dsl\n\nmake = command(name='train', command='python train.py')\n\n"
        "@dsl.pipeline(compute='c')\ndef whole():\n    make()\n",
        ("train", "whole"),
        "\nfrom azure.ai.ml.entities import CronTrigger\nCronTrigger(expression='0 0 * * *')\n",
        "\nfrom azure.ai.ml.entities import Environment\nEnvironment(name='x')\n",
        {"train.py": HEAD + "x = y = 1\nmodel = LogisticRegression().fit(x, y)\n"},
    ),
}  # fmt: skip


def tasks(case: Case, more: str = "") -> dict[str, Task]:
    facts = build(in_memory({"flow.py": case.source + more, **case.extra})).tasks
    return {task.name: task for task in facts if task.kind == "dag"}


@pytest.mark.parametrize("name", CASES)
def test_each_step_is_a_task_on_its_line(name: str) -> None:
    case = CASES[name]
    found = tasks(case)
    assert set(found) >= set(case.steps)
    assert {task.ecosystem for task in found.values()} == {name}
    lines = case.source.splitlines()
    assert all(lines[task.place.first - 1].strip() for task in found.values())


@pytest.mark.parametrize("name", CASES)
def test_its_steps_wire_a_pipeline(name: str) -> None:
    case = CASES[name]
    found = evidence({"flow.py": case.source, **case.extra}, "C03")
    assert (found.outcome, found.where[0].file) == (Outcome.YES, "flow.py")


@pytest.mark.parametrize("name", [name for name in CASES if CASES[name].scheduled])
def test_a_schedule_that_is_on_retrains_and_one_that_is_not_does_not(name: str) -> None:
    case = CASES[name]
    assert {trigger for task in tasks(case, case.scheduled).values() for trigger in task.triggers} == {Trigger.SCHEDULE}
    assert evidence({"flow.py": case.source + case.scheduled, **case.extra}, "C40").outcome is Outcome.YES
    for more in ("", case.unscheduled):
        assert {trigger for task in tasks(case, more).values() for trigger in task.triggers} == {Trigger.HAND}
        assert evidence({"flow.py": case.source + more, **case.extra}, "C40").outcome is not Outcome.YES


@pytest.mark.parametrize("name", CASES)
def test_the_name_in_a_comment_a_text_or_a_dependency_makes_no_flow(name: str) -> None:
    library = CASES[name].source.split()[1]
    files = {
        "flow.py": f'"""{CASES[name].source}"""\n# from {library} import step\nprint("{library}")\n',
        "requirements.txt": f"{library.split('.')[0]}==1.0\n",
    }
    assert [task for task in build(in_memory(files)).tasks if task.kind == "dag"] == []
    assert evidence(files, "C03").outcome is not Outcome.YES


def test_a_source_that_cannot_be_parsed_is_said_and_hides_no_other() -> None:
    files = {"a.py": "from zenml import step\n@step\ndef (:\n", "flow.py": CASES["zenml"].source}
    report = scanned(files)
    assert any(skip.path == "a.py" for skip in report.skipped)
    assert next(one for one in report.evidence if one.capability == "C03").outcome is Outcome.YES


def test_a_condition_step_holds_a_model_back() -> None:
    assert evidence({"flow.py": CASES["sagemaker"].source}, "C24").outcome is Outcome.YES
    without = CASES["sagemaker"].source.replace("    c = ConditionStep(name='check')\n", "")
    assert evidence({"flow.py": without}, "C24").outcome is not Outcome.YES


PREFECT = "deployments:\n- name: again\n  entrypoint: flows/flow.py:whole\n  schedules:\n  - cron: 0 3 * * *\n"


def test_a_deployment_of_prefect_yaml_is_scheduled_unless_paused() -> None:
    files = {"flows/flow.py": CASES["prefect"].source, "prefect.yaml": PREFECT}
    assert evidence(files, "C40").outcome is Outcome.YES
    for change in ("    active: false\n", "  paused: true\n"):
        assert evidence({**files, "prefect.yaml": PREFECT + change}, "C40").outcome is not Outcome.YES


def test_a_compiled_pipeline_has_its_tasks() -> None:
    text = (
        "pipelineInfo: {name: x}\ndeploymentSpec: {}\nroot:\n  dag:\n    tasks:\n      prepare: {}\n      train: {}\n"
    )
    assert {task.name for task in build(in_memory({"p.yaml": text})).tasks} == {"prepare", "train"}


AML = "$schema: https://azuremlschemas.azureedge.net/latest/{}.schema.json\n"


def test_azure_ml_jobs_in_yaml_are_stages_and_components_are_entered() -> None:
    files = {
        "p.yml": AML.format("pipelineJob") + "jobs:\n  prepare: {command: python prepare.py}\n"
        "  fit: {component: file:./train.yml}\n",
        "train.yml": AML.format("commandComponent") + "name: t\ncommand: python train.py\n",
        "prepare.py": "import pandas as pd\npd.read_csv('x').dropna()\n",
        **CASES["azureml"].extra,
    }
    found = evidence(files, "C03")
    assert (found.outcome, found.where[0].file) == (Outcome.YES, "p.yml")


def test_an_azure_ml_schedule_watches_drift_until_it_is_disabled() -> None:
    text = (
        AML.format("schedule")
        + "name: s\ntrigger: {type: recurrence, frequency: day}\ncreate_monitor: {alert_notification: x}\n"
    )
    assert evidence({"s.yml": text}, "C38").outcome is Outcome.YES
    assert evidence({"s.yml": text + "is_enabled: false\n"}, "C38").outcome is not Outcome.YES
    assert evidence(
        {"s.yml": text.replace("trigger: {type: recurrence, frequency: day}\n", "")}, "C38"
    ).outcome is not (Outcome.YES)
