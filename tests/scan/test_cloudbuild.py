"""Cloud Build: steps wherever the file lies; a trigger only where the tree states one."""

from __future__ import annotations

from generator.model.scan import Act, Outcome, Task, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, acts, evidence

FILE = "build/release.yaml"
STEPS = """\
steps:
  - name: gcr.io/cloud-builders/docker
    args: [build, -t, x, .]
  - name: python:3.12
    entrypoint: bash
    args:
      - -c
      - |
        pip install .
        pytest -q
  - name: gcr.io/google.com/cloudsdktool/cloud-sdk
    entrypoint: gcloud
    args: [run, deploy, model, --image, x]
  - name: ubuntu
    script: |
      python train.py
"""
TRIGGER = "name: t\nfilename: build/release.yaml\ngithub: {name: n, owner: o, push: {branch: main}}\n"


def task(files: dict[str, str]) -> Task:
    return next(task for task in build(in_memory(files)).tasks if task.ecosystem == "cloudbuild")


def test_the_words_of_each_step_are_its_command_and_lines_are_kept() -> None:
    found = task({FILE: STEPS})
    assert [command.words[:2] for command in found.commands] == [
        ("docker", "build"), ("pip", "install"), ("pytest", "-q"), ("gcloud", "run"), ("python", "train.py"),
    ]  # fmt: skip
    assert (Act.TESTS, FILE, 10) in acts({FILE: STEPS})


def test_without_a_trigger_it_is_started_by_hand_and_with_one_by_what_it_says() -> None:
    assert task({FILE: STEPS}).triggers == {Trigger.HAND}
    assert task({FILE: STEPS, "t.yaml": TRIGGER}).triggers == {Trigger.PUSH}
    assert task({FILE: STEPS, "t.yaml": TRIGGER.replace("branch: main", "tag: v.*")}).triggers == {Trigger.TAG}
    asked = TRIGGER.replace("push: {branch: main}", "pullRequest: {branch: main}")
    assert task({FILE: STEPS, "t.yaml": asked}).triggers == {Trigger.PULL_REQUEST}


def test_a_disabled_trigger_starts_nothing() -> None:
    files = {FILE: STEPS, "t.yaml": TRIGGER + "disabled: true\n", "train.py": TRAIN}
    assert evidence(files, "C28").outcome is not Outcome.YES
    assert evidence({**files, "t.yaml": TRIGGER}, "C28").outcome is Outcome.YES


def test_a_build_that_ci_submits_is_entered() -> None:
    flow = "on: push\njobs:\n  one:\n    steps:\n      - run: gcloud builds submit --config build/release.yaml\n"
    assert evidence({FILE: STEPS, ".github/workflows/a.yml": flow, "train.py": TRAIN}, "C19").outcome is Outcome.YES


def test_other_files_with_steps_are_none_of_it() -> None:
    for text in ("steps: [a, b]\n", "steps: 3\n", "steps:\n  - uses: x\n", "x: gcr.io/y\nsteps: [{name: }]\n"):
        assert not [t for t in build(in_memory({"cloudbuild.yaml": text})).tasks if t.ecosystem == "cloudbuild"]
