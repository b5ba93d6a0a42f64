"""Every provider's release, executed from the checks to production, and stopped by a red test before training.

Needs act (a dependency of the tests), and for GitLab and Jenkins the npm packages gitlab-ci-local 4.70.1 and
npm-groovy-lint 18, rsync and Java; what is missing is skipped by name. What was not executed: schedules, approvals,
the providers' own runners, `pip-audit` (it asks a service outside), and the container itself (test_containers.py does).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ci import runners
from tests.ci.world import World, make_world, two_releases

pytestmark = pytest.mark.needs_ci_tools
PROVIDERS = ["github", "gitlab", "azure", "jenkins"]
RED = "def test_that_is_red() -> None:\n    assert False\n"


def needed(provider: str) -> None:
    """Skip, with the name of what is missing."""
    programs = {"github": ["act"], "gitlab": ["node", "rsync"], "azure": ["bash"], "jenkins": ["java"]}[provider]
    missing = [program for program in programs if not shutil.which(program)]
    if provider in ("gitlab", "jenkins") and not runners.node_modules():
        missing.append(f"{runners.NODE_TOOLS} (npm install gitlab-ci-local@4.70.1 npm-groovy-lint@18)")
    if missing:
        pytest.skip(f"not here: {', '.join(missing)}")


def release(world: World, provider: str) -> tuple[int, str]:
    """Run what a push to main starts, with every question answered yes."""
    if provider == "github":
        return runners.run_github(world, "train", "push")
    if provider == "azure":
        return runners.run_azure(world, "azure-pipelines/train.yml", {})
    if provider == "jenkins":
        pushed = {"BRANCH_NAME": "main", "CHANGED": "params.yaml"}
        return runners.run_jenkins(world, "Jenkinsfile", {"RELEASE_NOW": "false"}, pushed)
    code, printed = runners.run_gitlab(world)
    if code == 0:
        assert "serves in production" not in printed.split("pipeline", 1)[-1].split("train ")[-1], "nobody was asked"
        code, more = runners.run_gitlab(world, "production")
        printed += more
    return code, printed


def roll_back(world: World, provider: str, root: Path) -> tuple[int, str]:
    """Run the rollback job as a person starts it, on the machine whose releases are below `root`."""
    if provider == "github":
        given = ["--input", "environment=production", "--input", "reason=practice", "--input", "release="]
        return runners.run_github(world, "rollback", "workflow_dispatch", "--var", f"DEPLOY_ROOT={root}", *given)
    if provider == "azure":
        given = {"environment": "production", "release": "", "reason": "practice", "deployRoot": str(root)}
        return runners.run_azure(world, "azure-pipelines/rollback.yml", given)
    if provider == "jenkins":
        asked = {"ENVIRONMENT": "production", "RELEASE": "", "REASON": "practice"}
        return runners.run_jenkins(world, "jenkins/rollback.Jenkinsfile", asked, {"DEPLOY_ROOT": str(root)})
    return runners.run_gitlab(world, "rollback", variables={"DEPLOY_ROOT": str(root), "REASON": "practice"})


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_push_to_main_is_checked_trained_gated_tried_and_released(provider: str, tmp_path: Path) -> None:
    needed(provider)
    world = make_world(tmp_path, 2, provider)
    code, printed = release(world, provider)
    assert code == 0, printed[-4000:]
    steps = [
        "serves in staging",
        "answers in staging",
        "400 answers in",
        "serves in production",
        "answers in production",
    ]
    assert [step for step in steps if step not in printed] == []
    assert printed.count("400 answers in") == 2, "the container and staging are both loaded"
    assert "stand-in: image built" in printed


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_red_test_stops_the_release_before_anything_is_trained(provider: str, tmp_path: Path) -> None:
    needed(provider)
    world = make_world(tmp_path, 2, provider)
    only_tests(world)
    world.commit("tests/test_red.py", RED)
    code, printed = release(world, provider)
    assert code != 0
    assert "test_that_is_red" in printed
    assert "serves in staging" not in printed
    assert not list(world.state.rglob("trained*"))


def only_tests(world: World) -> None:
    """Let the other steps of the checks end at once: it is the red test that has to be the one to stop what follows."""
    programs = world.project.parent / "programs"
    for name in ("ruff", "mypy", "dvc", "detect-secrets-hook"):
        (programs / name).write_text("#!/bin/sh\nexit 0\n", encoding="utf-8")
        (programs / name).chmod(0o755)
    for test in (world.project / "tests").rglob("test_*.py"):
        test.unlink()


@pytest.mark.parametrize("provider", PROVIDERS)
def test_the_rollback_job_goes_back_to_the_release_before(provider: str, tmp_path: Path) -> None:
    needed(provider)
    world = make_world(tmp_path, 2, provider)
    code, printed = world.run(["dvc", "repro"])
    assert code == 0, printed[-2000:]
    root, first, second = two_releases(world)
    assert (root / "production/current").read_text(encoding="utf-8") == second
    code, printed = roll_back(world, provider, root)
    assert code == 0, printed[-3000:]
    assert (root / "production/current").read_text(encoding="utf-8") == first
    assert "practice" in (root / "production/history.jsonl").read_text(encoding="utf-8")


def test_the_reader_of_azure_steps_stops_where_the_agent_would(tmp_path: Path) -> None:
    """A step in the middle of a script fails, later steps are left out, and what is to run always does."""
    make: Callable[[str], str] = lambda last: (  # noqa: E731 - two files of one shape
        "jobs:\n- job: one\n  steps:\n"
        '  - {bash: "set -e\\nfalse\\necho after", displayName: a}\n'
        f"  - {{bash: echo {last}, displayName: b}}\n"
        "  - {bash: echo always, displayName: c, condition: always()}\n"
    )
    world = make_world(tmp_path, 1, "azure")
    world.commit("azure-pipelines/ci.yml", make("next"))
    code, printed = runners.run_azure(world, "azure-pipelines/ci.yml", {})
    assert code == 1
    assert "after" not in printed
    assert "next" not in printed
    assert "always" in printed
