"""Pipelines on one machine: DVC, MLflow, Kedro, Airflow, Snakemake, Make, shell and containers."""

from __future__ import annotations

import json

from generator.model.scan import Act, Outcome, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, acts, evidence

PREPARE = "import pandas as pd\npd.read_csv('a').dropna().to_csv('b')\n"


def test_a_stage_of_dvc_reaches_the_code_it_runs() -> None:
    files = {"dvc.yaml": "stages:\n  train:\n    cmd: python src/train.py\n    deps: [a]\n", "src/train.py": TRAIN}
    assert (Act.TRAINS, "src/train.py", 7) in acts(files)


def test_a_frozen_stage_does_not_run() -> None:
    files = {"dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    frozen: true\n", "train.py": TRAIN}
    assert [task.off for task in build(in_memory(files)).tasks] == ["scan.off-frozen"]


def test_dvc_repro_in_ci_reaches_the_code_of_the_stages() -> None:
    files = {
        ".github/workflows/ci.yml": "on: pull_request\njobs:\n  a:\n    steps:\n      - run: dvc repro\n",
        "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n",
        "train.py": TRAIN,
    }
    found = evidence(files, "C21")
    assert found.outcome is Outcome.YES
    assert found.where[0].first == 5


def test_a_chain_of_make_targets_is_a_pipeline_of_steps() -> None:
    make = "data:\n\tpython prepare.py\ntrain: data\n\t@python train.py\n"
    found = evidence({"Makefile": make, "prepare.py": PREPARE, "train.py": TRAIN}, "C03")
    assert found.outcome is Outcome.YES
    assert evidence({"prepare.py": PREPARE, "train.py": TRAIN}, "C03").outcome is Outcome.NO


def test_a_variable_of_make_is_filled_in() -> None:
    assert (Act.TRAINS, "train.py", 7) in acts({"Makefile": "PY = python\nt:\n\t$(PY) train.py\n", "train.py": TRAIN})


def test_a_shell_chain_is_followed() -> None:
    files = {"run.sh": "python prepare.py && python train.py\n", "prepare.py": PREPARE, "train.py": TRAIN}
    assert evidence(files, "C03").outcome is Outcome.YES


def test_an_entry_point_of_an_mlflow_project_runs_its_command() -> None:
    project = "entry_points:\n  main:\n    command: python train.py --alpha {alpha}\n"
    assert (Act.TRAINS, "train.py", 7) in acts({"MLproject": project, "train.py": TRAIN})


def test_nodes_of_kedro_reach_what_they_import() -> None:
    pipeline = "from kedro.pipeline import node, pipeline\nfrom .nodes import fit\nnode(fit, 'a', 'b', name='fit')\n"
    files = {"src/p/pipeline.py": pipeline, "src/p/nodes.py": TRAIN, "src/p/__init__.py": ""}
    assert (Act.TRAINS, "src/p/nodes.py", 7) in acts(files)


def dag(schedule: str) -> str:
    return (
        "from airflow import DAG\nfrom airflow.operators.bash import BashOperator\n"
        f"with DAG('d', {schedule}) as d:\n    BashOperator(task_id='t', bash_command='python train.py')\n"
    )


def test_a_dag_runs_by_its_schedule_and_not_without() -> None:
    def outcome(schedule: str) -> Outcome:
        return evidence({"dags/d.py": dag(schedule), "dags/train.py": TRAIN}, "C40").outcome

    assert outcome("schedule='@daily'") is Outcome.YES
    assert outcome("schedule=None") is Outcome.NO
    assert outcome("schedule='@daily', is_paused_upon_creation=True") is Outcome.NO


def test_rules_of_snakemake_run_shell_and_scripts() -> None:
    text = "rule a:\n    input: 'x'\n    output: 'y'\n    shell: 'python prepare.py'\nrule b:\n    script: 'train.py'\n"
    files = {"Snakefile": text, "prepare.py": PREPARE, "train.py": TRAIN}
    assert {(Act.TRAINS, "train.py", 7), (Act.PREPARES, "prepare.py", 2)} <= acts(files)


def test_an_image_starts_what_cmd_says() -> None:
    docker = 'FROM x\nRUN pip install x \\\n  # why\n  && pytest\nCMD ["python", "train.py"]\n'
    assert {(Act.TRAINS, "train.py", 7), (Act.TESTS, "Dockerfile", 2)} <= acts(
        {"Dockerfile": docker, "train.py": TRAIN}
    )


def test_a_schedule_in_terraform_counts_when_it_is_on() -> None:
    def triggers(state: str) -> list[Trigger]:
        block = f'resource "aws_cloudwatch_event_rule" "r" {{\n  schedule_expression = "rate(1 day)"\n{state}}}\n'
        return [t for task in build(in_memory({"a.tf": block})).tasks if not task.off for t in task.triggers]

    assert triggers("") == [Trigger.SCHEDULE]
    assert triggers('  state = "DISABLED"\n') == []
    assert triggers("  is_enabled = false\n") == []


def test_a_cell_of_a_notebook_is_found_on_its_line_and_a_broken_one_hides_only_itself() -> None:
    cells = [
        {"cell_type": "code", "source": ["%matplotlib inline\n", "import sklearn\n"]},
        {"cell_type": "code", "source": "this is broken ("},
        {"cell_type": "code", "source": ["import mlflow\n", "mlflow.log_metric('a', 1)"]},
        {"cell_type": "markdown", "source": "mlflow.log_param('b', 1)"},
    ]
    text = json.dumps({"cells": cells}, indent=1)
    world = build(in_memory({"a.ipynb": text}))
    places = [s.place.first for s in world.acts("a.ipynb") if s.act is Act.TRACKS]
    assert places == [next(n for n, line in enumerate(text.splitlines(), 1) if "mlflow.log_metric" in line)]
