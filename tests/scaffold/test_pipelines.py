"""Every provider's files are read for what they really run: switched off, unseen or never reached is no step."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.model.project import File, Tree
from generator.scaffold import api
from generator.scaffold.check import check_project
from generator.scaffold.jenkinsfile import steps_of
from generator.scaffold.pipelines import read_steps
from generator.scaffold.render import render

PROVIDERS = ["github", "gitlab", "azure", "jenkins"]


def missing(tree: Tree, level: int) -> set[str]:
    return {finding.check.id for finding in check_project(tree, api.promised_at(level)) if not finding.holds}


@pytest.mark.parametrize("ci", PROVIDERS)
@pytest.mark.parametrize("level", [1, 2, 3])
def test_what_each_provider_is_given_keeps_the_promise(level: int, ci: str) -> None:
    assert missing(render(level, {"ci": ci}), level) == set()


@pytest.mark.parametrize("level", [1, 2, 3])
def test_without_the_files_of_a_provider_nothing_is_promised_on_change(level: int) -> None:
    tree = {path: file for path, file in render(level, {}).items() if not path.startswith(".github/")}
    assert missing(tree, level) >= {"tests-on-every-change", "pipeline-on-every-change"}


def edited(ci: str, path: str, pattern: str, new: str, level: int = 3) -> set[str]:
    tree = dict(render(level, {"ci": ci}))
    text = tree[path].content.decode()
    changed = re.sub(pattern, new, text, flags=re.MULTILINE)
    assert changed != text, "the edit changed nothing"
    tree[path] = File(content=changed.encode())
    return missing(tree, level)


@pytest.mark.parametrize(
    ("ci", "path", "pattern", "new", "part"),
    [
        ("gitlab", ".gitlab/ci/ci.yml", r"- pytest$", "- echo pytest", "tests-on-every-change"),
        ("gitlab", ".gitlab/ci/ci.yml", r"- pytest$", "- pytest || true", "tests-on-every-change"),
        ("gitlab", ".gitlab/ci/ci.yml", r"^  stage: check$", "  allow_failure: true", "tests-on-every-change"),
        ("gitlab", ".gitlab/ci/ci.yml", r"^pipeline:$", ".pipeline:", "pipeline-on-every-change"),
        ("gitlab", ".gitlab/ci/ci.yml", r"merge_request_event", "pipeline", "tests-on-every-change"),
        ("gitlab", ".gitlab-ci.yml", r"^  - local: .*$", "  - local: other/*.yml", "release-by-workflow"),
        ("gitlab", ".gitlab-ci.yml", r"^.*merge_request_event.*\n", "", "tests-on-every-change"),
        ("gitlab", ".gitlab/ci/monitor.yml", r'== "schedule"', '== "web"', "production-watched"),
        ("gitlab", ".gitlab/ci/rollback.yml", r"when: manual", "when: never", "rollback-in-one-command"),
        ("azure", "azure-pipelines/jobs/check.yml", r"^( *)pytest$", r"\1echo pytest", "tests-on-every-change"),
        ("azure", "azure-pipelines/ci.yml", r"template: jobs/check.yml", "template: jobs/none.yml", "static-checks"),
        ("azure", "azure-pipelines/ci.yml", r"^pr:\n(  .*\n)+", "pr: none\n", "tests-on-every-change"),
        ("azure", "azure-pipelines/train.yml", r"^( *)dependsOn: gate", r"\1condition: false", "image-built"),
        ("azure", "azure-pipelines/monitor.yml", r"^schedules:\n(  .*\n)+", "", "production-watched"),
        ("azure", "azure-pipelines/rollback.yml", r"(python -m delivery.rollback)", r"# \1", "rollback-in-one-command"),
        ("jenkins", "Jenkinsfile", r"'pytest'", "'echo pytest'", "tests-on-every-change"),
        ("jenkins", "Jenkinsfile", r"sh label: 'Tests of .*$", "// \\g<0>", "tests-on-every-change"),
        ("jenkins", "Jenkinsfile", r"(sh label: 'Tests of .*)$", r"\1, returnStatus: true", "tests-on-every-change"),
        ("jenkins", "Jenkinsfile", r"(sh label: 'Tests of .*)$", r"catchError { \1\n }", "tests-on-every-change"),
        ("jenkins", "Jenkinsfile", r"branch 'main'", "expression { false }", "release-by-workflow"),
        ("jenkins", "jenkins/monitor.Jenkinsfile", r"cron\('17", "upstream('17", "production-watched"),
        ("jenkins", "jenkins/rollback.Jenkinsfile", r"python -m delivery.rollback", "true", "rollback-in-one-command"),
    ],
)
def test_a_step_taken_away_switched_off_or_never_reached_is_named(
    ci: str, path: str, pattern: str, new: str, part: str
) -> None:
    assert part in edited(ci, path, pattern, new, level=1 if part == "tests-on-every-change" else 3)


def test_a_broken_file_is_missing_what_it_should_hold_and_nothing_worse() -> None:
    for ci, path in (("gitlab", ".gitlab-ci.yml"), ("azure", "azure-pipelines/ci.yml"), ("jenkins", "Jenkinsfile")):
        tree = {**render(2, {"ci": ci}), path: File(content=b"{ [ \xff 'unclosed")}
        assert "tests-on-every-change" in missing(tree, 2)


@given(st.text(alphabet="{}'\"/\\\n sh(stage)pipeline:*\0" + "0", max_size=60))
def test_any_text_in_place_of_a_jenkinsfile_gives_steps_or_one_kind_of_error(text: str) -> None:
    try:
        list(steps_of(text, main=True))
    except ValueError:
        return


def test_a_template_that_includes_itself_is_read_once() -> None:
    text = b"trigger: none\njobs:\n  - script: pytest\n  - template: ci.yml\n"
    assert [step.script for step in read_steps({"azure-pipelines/ci.yml": File(content=text)})] == ["pytest"]
