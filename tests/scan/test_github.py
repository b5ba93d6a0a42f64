"""GitHub Actions: what GitHub would run, and nothing else."""

from __future__ import annotations

from generator.model.scan import Act, Outcome, Task, Trigger
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, acts, evidence

FLOW = ".github/workflows/ci.yml"


def tasks(files: dict[str, str]) -> dict[str, Task]:
    return {task.name: task for task in build(in_memory(files)).tasks if task.ecosystem == "github"}


def job(steps: str, on: str = "push", extra: str = "") -> str:
    return f"on: {on}\njobs:\n  one:\n{extra}    runs-on: x\n    steps:\n{steps}"


def test_a_step_is_found_with_its_line() -> None:
    assert (Act.TESTS, FLOW, 7) in acts({FLOW: job("      - run: |\n          pytest -q\n")})


def test_a_folder_github_does_not_read_holds_no_jobs() -> None:
    assert (
        tasks({".github/workflow/ci.yml": job("      - run: pytest\n"), "ci.yml": job("      - run: pytest\n")}) == {}
    )


def test_a_job_whose_condition_is_never_true_does_nothing() -> None:
    for never in ("false", "${{ false }}"):
        assert acts({FLOW: job("      - run: pytest\n", extra=f"    if: {never}\n")}) == set()
        assert acts({FLOW: job(f"      - run: pytest\n        if: {never}\n")}) == set()


def test_a_commented_schedule_is_none() -> None:
    assert tasks({FLOW: job("      - run: x\n", on="{workflow_dispatch: }\n#  schedule: [{cron: 0 0 * * *}]")})[
        "one"
    ].triggers == {Trigger.HAND}
    assert tasks({FLOW: job("      - run: x\n", on="{schedule: [{cron: 0 0 * * *}]}")})["one"].triggers == {
        Trigger.SCHEDULE
    }
    assert tasks({FLOW: job("      - run: x\n", on="{schedule: }")})["one"].triggers == frozenset()


def test_a_push_of_tags_is_not_a_push_of_a_change() -> None:
    assert tasks({FLOW: job("      - run: x\n", on="{push: {tags: ['v*']}}")})["one"].triggers == {Trigger.TAG}


def test_a_composite_action_of_the_tree_is_entered_and_placed_in_its_own_file() -> None:
    action = ".github/actions/test/action.yml"
    content = "runs:\n  using: composite\n  steps:\n    - run: pytest\n      shell: bash\n"
    assert (Act.TESTS, action, 4) in acts({FLOW: job("      - uses: ./.github/actions/test\n"), action: content})


def test_composite_actions_that_call_each_other_end() -> None:
    loop = "runs:\n  using: composite\n  steps:\n    - uses: ./a\n    - run: pytest\n"
    assert (Act.TESTS, "a/action.yml", 5) in acts({FLOW: job("      - uses: ./a\n"), "a/action.yml": loop})


def test_a_reusable_workflow_runs_only_when_something_calls_it() -> None:
    called = ".github/workflows/deploy.yml"
    files = {called: job("      - run: kubectl apply -f k8s\n", on="workflow_call"), "train.py": TRAIN}
    assert evidence(files, "C28").outcome is Outcome.NOT_SEEN
    caller = "on: push\njobs:\n  release:\n    uses: ./.github/workflows/deploy.yml\n"
    found = evidence({**files, FLOW: caller}, "C28")
    assert found.outcome is Outcome.YES
    assert [(place.file, place.first) for place in found.where] == [(called, 6)]


def test_a_chain_starts_when_the_workflow_before_it_is_in_the_tree() -> None:
    after = job("      - run: x\n", on="{workflow_run: {workflows: [ci]}}")
    assert tasks({".github/workflows/after.yml": after})["one"].triggers == frozenset()
    first = "name: ci\n" + job("      - run: x\n").replace("one", "first")
    assert tasks({".github/workflows/after.yml": after, FLOW: first})["one"].triggers == {Trigger.AFTER}


def test_a_matrix_of_commands_is_every_command() -> None:
    matrix = "    strategy: {matrix: {do: [pytest, ruff check]}}\n"
    assert {act for act, _, _ in acts({FLOW: job("      - run: ${{ matrix.do }}\n", extra=matrix)})} == {
        Act.TESTS,
        Act.LINTS,
    }


def test_a_step_that_may_fail_unseen_tests_nothing() -> None:
    for step in ("run: pytest || true", "run: pytest\n        continue-on-error: true"):
        found = evidence({FLOW: job(f"      - {step}\n"), "train.py": TRAIN}, "C19")
        assert (found.outcome, found.why.key) == (Outcome.NO, "scan.no-swallowed")
