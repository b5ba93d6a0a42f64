"""GitLab CI: what GitLab would run after includes, extends, references and rules."""

from __future__ import annotations

from generator.model.scan import Act, Task, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import acts

ROOT = ".gitlab-ci.yml"


def tasks(files: dict[str, str]) -> dict[str, Task]:
    return {task.name: task for task in build(in_memory(files)).tasks if task.ecosystem == "gitlab"}


def test_a_hidden_job_runs_only_in_what_extends_it_and_keeps_its_place() -> None:
    hidden = ".base:\n  script:\n    - pytest\n"
    assert acts({ROOT: hidden}) == set()
    assert acts({ROOT: hidden + "unit:\n  extends: .base\n"}) == {(Act.TESTS, ROOT, 3)}


def test_what_extends_itself_ends() -> None:
    assert acts({ROOT: ".a: {extends: .b, script: [pytest]}\n.b: {extends: .a}\nunit: {extends: .a}\n"}) == {
        (Act.TESTS, ROOT, 1)
    }


def test_a_local_include_is_read_and_a_file_that_nothing_includes_is_not() -> None:
    inner = "unit:\n  script: [pytest]\n"
    assert acts({ROOT: "include:\n  - local: /ci/test.yml\n", "ci/test.yml": inner}) == {(Act.TESTS, "ci/test.yml", 2)}
    assert acts({ROOT: "include: ci/*.yml\n", "ci/test.yml": inner}) == {(Act.TESTS, "ci/test.yml", 2)}
    assert acts({ROOT: "stages: [x]\n", "ci/test.yml": inner}) == set()


def test_a_reference_is_put_in() -> None:
    text = ".s:\n  script:\n    - pytest\nunit:\n  script:\n    - !reference [.s, script]\n    - echo ok\n"
    assert acts({ROOT: text}) == {(Act.TESTS, ROOT, 3)}


def test_rules_say_what_starts_a_job() -> None:
    def triggers(rules: str) -> frozenset[Trigger]:
        return tasks({ROOT: f"one:\n  script: [x]\n  rules:\n{rules}"})["one"].triggers

    assert triggers("    - when: never\n") == frozenset()
    assert triggers('    - if: $CI_PIPELINE_SOURCE == "schedule"\n') == {Trigger.SCHEDULE}
    assert triggers("    - if: $CI_COMMIT_TAG\n") == {Trigger.TAG}
    assert triggers('    - if: $CI_COMMIT_BRANCH == "main"\n      when: manual\n') == {Trigger.HAND}
    assert triggers('    - if: $CI_COMMIT_BRANCH\n      when: never\n    - if: $CI_PIPELINE_SOURCE == "push"\n') == {
        Trigger.PUSH
    }


def test_a_job_that_never_runs_is_off() -> None:
    assert acts({ROOT: "one:\n  script: [pytest]\n  rules:\n    - when: never\n"}) == set()


def test_a_manual_delivery_in_an_automatic_pipeline_is_an_approval() -> None:
    task = tasks({ROOT: "go:\n  script: [kubectl apply -f k8s]\n  environment: production\n  when: manual\n"})["go"]
    assert (task.approved, Trigger.PUSH in task.triggers) == (True, True)
    by_hand = tasks({ROOT: "go:\n  script: [kubectl apply -f k8s]\n  when: manual\n"})["go"]
    assert (by_hand.approved, by_hand.triggers) == (False, {Trigger.HAND})


def test_a_failure_that_is_allowed_goes_unseen() -> None:
    task = tasks({ROOT: "one:\n  script: [pytest]\n  allow_failure: true\n"})["one"]
    assert [command.swallowed for command in task.commands] == [True]


def test_a_child_pipeline_is_run_by_its_parent() -> None:
    files = {ROOT: "go:\n  trigger:\n    include: child.yml\n", "child.yml": "unit:\n  script: [pytest]\n"}
    world = build(in_memory(files))
    parent = next(task for task in world.tasks if task.name == "go")
    assert [sighting.place.file for sighting in world.within(parent, Act.TESTS)] == ["child.yml"]


def test_a_value_of_the_wrong_kind_hides_nothing_else() -> None:
    job = "one: {extends: {a: b}, environment: {action: {c: d}, name: [e]}, needs: {f: g}, script: [pytest]}\n"
    assert acts({ROOT: job}) == {(Act.TESTS, ROOT, 1)}
