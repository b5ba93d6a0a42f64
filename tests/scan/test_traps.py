"""The ten traps met while labelling trees by hand, each as a small tree made for it."""

from __future__ import annotations

import json

import pytest

from generator.assess.bank import load_bank
from generator.model.scan import Grade, Kind, Outcome
from generator.scan.api import merged, report
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, evidence, scanned

FLOW = ".github/workflows/ci.yml"


def workflow(*commands: str, on: str = "push") -> str:
    steps = "".join(f"      - name: Deploy to production\n        run: {command}\n" for command in commands)
    return f"on: {on}\njobs:\n  deploy:\n    runs-on: x\n    steps:\n{steps}"


def test_1_names_and_prose_prove_nothing() -> None:
    claims = "# MLOps level 3\nContinuous training, drift detection with Evidently, canary releases, `dvc repro`.\n"
    files = {
        "README.md": claims,
        "docs/monitoring.md": claims,
        "monitoring/drift_detection.py": "x = 1\n",
        "deploy.py": "print('deploying')\n",
        "retrain_pipeline.py": '"""Retrain with mlflow.log_metric()."""\n',
        "train.py": TRAIN,
    }
    wired = {part.capability for part in scanned(files).evidence if part.outcome is Outcome.YES}
    assert wired & {"C09", "C12", "C28", "C38", "C40", "C41", "C43"} == set()
    assert scanned(files).level == 0


@pytest.mark.parametrize("path", [".github/workflow/ci.yml", "retrain.yml", ".github/ISSUE_TEMPLATE/ci.yml"])
def test_2_a_workflow_that_the_platform_never_reads_runs_nothing(path: str) -> None:
    files = {path: workflow("pytest", "kubectl apply -f k8s"), "train.py": TRAIN}
    assert {evidence(files, capability).outcome for capability in ("C19", "C28")} <= {Outcome.NO, Outcome.NOT_SEEN}


def test_3_a_placeholder_is_no_step() -> None:
    for placeholder in ('echo "kubectl apply -f k8s"', "printf 'pytest'", "# kubectl apply", ": kubectl apply", "true"):
        files = {FLOW: workflow(placeholder), "train.py": TRAIN}
        assert evidence(files, "C28").outcome is Outcome.NOT_SEEN
        assert evidence(files, "C19").outcome is Outcome.NO
    real = evidence({FLOW: workflow("kubectl apply -f k8s"), "train.py": TRAIN}, "C28")
    assert (real.outcome, real.grade, real.where[0].first) == (Outcome.YES, Grade.E2, 7)


def test_4_a_trigger_that_is_switched_off_starts_nothing() -> None:
    def outcome(on: str) -> Outcome:
        return evidence({FLOW: workflow("python train.py", on=on), "train.py": TRAIN}, "C40").outcome

    assert outcome("{schedule: [{cron: '0 0 * * *'}]}") is Outcome.YES
    assert outcome("{workflow_dispatch: }  # schedule: [{cron: '0 0 * * *'}]") is Outcome.NO
    assert outcome("{workflow_dispatch: }") is Outcome.NO


def test_4_a_schedule_may_live_in_the_infrastructure() -> None:
    rule = 'resource "aws_cloudwatch_event_rule" "r" {{\n schedule_expression = "rate(1 day)"\n{state}}}\n'
    target = (
        'resource "aws_cloudwatch_event_target" "t" {\n rule = aws_cloudwatch_event_rule.r.name\n'
        " arn = aws_sagemaker_pipeline.p.arn\n}\n"
    )
    pipeline = 'resource "aws_sagemaker_pipeline" "p" {\n pipeline_name = "train"\n}\n'

    def outcome(state: str) -> Outcome:
        files = {"main.tf": rule.format(state=state) + target + pipeline, "train.py": TRAIN}
        return evidence(files, "C40").outcome

    assert outcome("") is Outcome.YES
    assert outcome(' state = "DISABLED"\n') is not Outcome.YES


def test_5_words_inside_words_are_not_the_thing() -> None:
    lies = """
import sklearn
from sklearn.pipeline import make_pipeline
pretrained = load_pretrained("x")
retrain_hr = {"bias": 0.1}
def drift_config(): return "gitops"
def self_heal(): return monitor_ui()
def rollback(): pass
if image.bias > 0.5: blur()
"""
    files = {"app.py": lies, FLOW: workflow("python app.py", on="{schedule: [{cron: '0 0 * * *'}]}"), "train.py": TRAIN}
    wired = {part.capability for part in scanned(files).evidence if part.outcome is Outcome.YES}
    assert wired & {"C24", "C34", "C38", "C40", "C41", "C44", "C46"} == set()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("ci/Jenkinsfile", "node { stage('t') { sh 'pytest' } }"),
        (".gitlab-ci.yml", "t:\n  script: [pytest]\n"),
        (".pipelines/build.yml", "trigger: [main]\nsteps:\n- script: pytest\n"),
    ],
)
def test_6_ci_is_more_than_one_folder(path: str, text: str) -> None:
    assert evidence({path: text, "train.py": TRAIN}, "C19").outcome is Outcome.YES


def test_7_templates_libraries_and_collections_have_no_level_of_their_own() -> None:
    template = {"cookiecutter.json": "{}", "{{cookiecutter.slug}}/train.py": TRAIN}
    assert (scanned(template).kind, scanned(template).level) == (Kind.TEMPLATE, None)
    library = {FLOW: workflow("twine upload dist/*", on="{push: {tags: [v1]}}"), "pkg/models.py": TRAIN}
    assert (scanned(library).kind, scanned(library).level) == (Kind.LIBRARY, None)
    course = {
        f"week{n}/{name}": text for n in range(5) for name, text in (("train.py", TRAIN), ("requirements.txt", "x"))
    }
    found = scanned(course)
    assert (found.kind, found.level) == (Kind.COLLECTION, None)
    assert [part.roots[0] for part in found.parts] == [f"tree/week{n}" for n in range(5)]
    assert {part.level for part in found.parts} == {0}


def test_7_no_model_no_level() -> None:
    web = {"app.py": "import flask\napp = flask.Flask('x')\n", FLOW: workflow("kubectl apply -f k8s")}
    assert (scanned(web).kind, scanned(web).level) == (Kind.NOT_ML, None)


def test_8_what_is_held_out_of_order_does_not_lift_the_level() -> None:
    notebook = {"cells": [{"cell_type": "code", "source": "import sklearn\nm.fit(x)\n"}]}
    files = {FLOW: workflow("kubectl apply -f k8s"), "train.ipynb": json.dumps(notebook)}
    assert evidence(files, "C28").outcome is Outcome.YES
    assert evidence(files, "C05").outcome is Outcome.NO
    assert scanned(files).level == 0
    assert evidence({"README.md": "---\nlicense: mit\n---\n", "train.py": TRAIN}, "C47").grade is Grade.E1


def test_9_trees_of_one_system_are_read_together() -> None:
    bank = load_bank()
    training = {"train.py": TRAIN}
    serving = {FLOW: workflow("kubectl apply -f k8s"), "serve.py": "import fastapi\napp = fastapi.FastAPI()\n"}
    whole = merged(bank, [report(in_memory(tree), name, bank) for tree, name in ((training, "a"), (serving, "b"))])
    found = {part.capability: part for part in whole.evidence}
    assert (found["C05"].outcome, found["C28"].outcome) == (Outcome.YES, Outcome.YES)
    assert (found["C05"].where[0].file, found["C28"].where[0].file) == ("a/train.py", f"b/{FLOW}")
    assert whole.kind is Kind.PROJECT


def test_10_a_dependency_without_a_call_only_declares() -> None:
    found = evidence({"requirements.txt": "evidently==0.5\nscikit-learn==1\n", "train.py": TRAIN}, "C38")
    assert (found.outcome, found.grade, found.why.key) == (Outcome.NO, Grade.E1, "scan.no-call")
    assert found.where[0].first == 1


def test_10_a_test_of_something_else_does_not_test_the_model() -> None:
    files = {
        FLOW: workflow("pytest"),
        "train.py": TRAIN,
        "tests/test_sum.py": "def test_sum():\n    assert 1 + 1 == 2\n",
    }
    assert evidence(files, "C20").outcome is Outcome.NO
    assert evidence(files, "C19").outcome is Outcome.YES
    ours = "from train import main\ndef test_main():\n    assert main\n"
    assert evidence({**files, "tests/test_train.py": ours}, "C20").outcome is Outcome.YES
