"""What wires a pipeline besides a pipeline file: orchestrating scripts, DAGs in one file, programs that train."""

from __future__ import annotations

from generator.model.scan import Kind, Outcome
from tests.scan.worlds import TRAIN, evidence, scanned

PREPARE = "import pandas as pd\n\ndef prepare():\n    return pd.read_csv('x').dropna()\n"
FIT = "from sklearn.svm import SVC\n\ndef train(x, y):\n    return SVC().fit(x, y)\n"
SCORE = "from sklearn.metrics import f1_score\n\ndef score(x, y):\n    return f1_score(x, y)\n"
ALL = {"steps/a.py": PREPARE, "steps/b.py": FIT, "steps/c.py": SCORE}
RUN = (
    "from steps.a import prepare\nfrom steps.b import train\nfrom steps.c import score\n\n"
    "if __name__ == '__main__':\n    prepare()\n    train(1, 2)\n    score(1, 2)\n"
)


def test_a_script_that_only_calls_the_three_steps_wires_them() -> None:
    assert evidence({"run.py": RUN, **ALL}, "C03").outcome is Outcome.YES


def test_a_script_that_does_not_train_wires_nothing() -> None:
    without = RUN.replace("from steps.b import train\n", "").replace("    train(1, 2)\n", "")
    assert evidence({"run.py": without, **ALL}, "C03").outcome is not Outcome.YES


def test_a_module_in_another_folder_is_found_when_only_one_has_that_name() -> None:
    flow = "on: push\njobs:\n  a:\n    steps:\n      - run: python -m steps.run\n"
    files = {".github/workflows/a.yml": flow, "jobs/training/steps/run.py": TRAIN}
    assert evidence(files, "C21").outcome is Outcome.YES
    assert evidence({**files, "other/steps/run.py": TRAIN}, "C21").outcome is not Outcome.YES


def test_a_file_behind_a_variable_is_found() -> None:
    flow = "on: push\njobs:\n  a:\n    steps:\n      - run: bash $ROOT/ml/go.sh\n"
    files = {".github/workflows/a.yml": flow, "ml/go.sh": "python train.py\n", "ml/train.py": TRAIN}
    assert evidence(files, "C21").outcome is Outcome.YES


def test_a_tree_that_trains_by_a_program_s_command_is_a_project_with_versioned_training() -> None:
    files = {"Makefile": "model.bin: data\n\tspacy train config.cfg -o out\n"}
    report = scanned(files)
    assert report.kind is Kind.PROJECT
    assert next(one for one in report.evidence if one.capability == "C04").outcome is Outcome.YES
    assert scanned({"Makefile": "all:\n\techo spacy train\n"}).kind is Kind.NOT_ML
