"""One fault at a time in a generated project, each with the project's own test that must notice it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SERVING, DELIVERY, GATE = "tests/test_serving.py", "tests/test_delivery.py", "tests/test_gate.py"
ROLLOUT, EVIDENCE, SERVICE = (
    "tests/level3/test_rollout.py",
    "tests/level3/test_evidence.py",
    "tests/level3/test_service.py",
)

STATE, WATCH = "tests/level3/test_failures_state.py", "tests/level3/test_failures_watch.py"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutation:
    """A fault put into `path` of a project at `level`; `guard` is the test that goes red for it."""

    level: int
    what: str
    path: str
    change: Callable[[str], str]
    guard: str

    def apply(self, project: Path) -> None:
        """Write the fault, or fail when the code it belongs to is no longer there."""
        path = project / self.path
        text = path.read_text(encoding="utf-8")
        broken = self.change(text)
        assert broken != text, f"{self.path} no longer holds what this mutation breaks"
        path.write_text(broken, encoding="utf-8")


def swap(old: str, new: str) -> Callable[[str], str]:
    """Return the edit that puts `new` in the place of `old`."""
    return lambda text: text.replace(old, new)


def thousandfold(column: str) -> Callable[[str], str]:
    """Return the edit that multiplies a column of a table by 1000: another unit."""

    def change(table: str) -> str:
        header, *rows = table.splitlines()
        place = header.split(",").index(column)
        cells = [row.split(",") for row in rows]
        scaled = [[*c[:place], str(float(c[place]) * 1000), *c[place + 1 :]] for c in cells]
        return "\n".join([header, *(",".join(row) for row in scaled)]) + "\n"

    return change


MUTATIONS = (
    Mutation(
        level=0,
        what="a model that learns nothing",
        path="scripts/train.py",
        change=swap("max_iter=TREES", "max_iter=1"),
        guard="tests/test_scripts.py::test_the_model_beats_the_stated_baseline_on_rows_kept_aside",
    ),
    Mutation(
        level=0,
        what="a holdout that is no later",
        path="scripts/train.py",
        change=swap("rows[rows[time] >= cut]", "rows.tail(len(rows) - len(rows[rows[time] < cut]))"),
        guard="tests/test_scripts.py::test_every_holdout_row_is_later_than_every_training_row_or_never_changes_side",
    ),
    Mutation(
        level=0,
        what="a notebook that stops half-way",
        path="notebooks/train.ipynb",
        change=swap("scores(wanted, answer)", "scored(wanted, answer)"),
        guard="tests/test_notebooks.py::test_a_notebook_runs_from_top_to_bottom",
    ),
    Mutation(
        level=1,
        what="data in another unit",
        path="data/source/flights.csv",
        change=thousandfold("distance"),
        guard="tests/test_contract.py::test_shipped_data_keeps_its_contract",
    ),
    Mutation(
        level=1,
        what="a bound that real data breaks",
        path="data.toml",
        change=swap("distance = { min = 0, max = 6000", "distance = { min = 0, max = 60"),
        guard="tests/test_contract.py::test_shipped_data_keeps_its_contract",
    ),
    Mutation(
        level=1,
        what="a contract that checks nothing",
        path="pipeline/contract.py",
        change=swap('checks.append(pa.Check.in_range(bound["min"], bound["max"]))', "pass"),
        guard="tests/test_contract.py::test_value_out_of_bounds_is_refused_in_any_column",
    ),
    Mutation(
        level=1,
        what="a parameter that never arrives",
        path="pipeline/train.py",
        change=swap('n_estimators=params["trees"]', "n_estimators=20"),
        guard="tests/test_pipeline.py::test_parameters_reach_the_model",
    ),
    Mutation(
        level=1,
        what="features lost on the way to the served model",
        path="serving/rows.py",
        change=swap("np.array(table[name], dtype=np.float32)", "np.array(table[name], dtype=np.float32) * 0"),
        guard="tests/test_rows.py::test_rows_of_the_shipped_data_are_all_let_through",
    ),
    Mutation(
        level=1,
        what="files of a release that nobody verifies",
        path="serving/releases.py",
        change=swap("!= manifest[key]", "== ''"),
        guard=f"{SERVING}::test_damaged_model_file_is_refused_and_the_old_release_serves_on",
    ),
    Mutation(
        level=2,
        what="a gate that forgets the groups",
        path="delivery/checks.py",
        change=swap("passed=worst is None or worst[1] <= in_group", "passed=True"),
        guard=f"{GATE}::test_a_challenger_bad_for_one_group_is_refused_although_it_is_good_on_the_whole",
    ),
    Mutation(
        level=2,
        what="a comparison that looks at the mean only",
        path="delivery/compare.py",
        change=swap("codes, days = pd.factorize(blocks)", "codes, days = pd.factorize(np.arange(len(blocks)))"),
        guard=f"{GATE}::test_limits_are_wider_when_rows_of_a_day_are_alike",
    ),
    Mutation(
        level=2,
        what="a comparison with somebody else's champion",
        path="delivery/promote.py",
        change=swap('if decision["champion"] != target.releases.current():', 'if "champion" not in decision:'),
        guard=f"{DELIVERY}::test_a_comparison_with_a_champion_that_no_longer_serves_is_void",
    ),
    Mutation(
        level=2,
        what="a rollback that does not try its target",
        path="delivery/rollback.py",
        change=swap("    smoke(environment, target)\n", ""),
        guard=f"{DELIVERY}::test_rollback_to_a_release_that_does_not_answer_is_refused_and_changes_nothing",
    ),
    Mutation(
        level=2,
        what="a manifest that may be edited",
        path="delivery/integrity.py",
        change=swap("[:12] != release", "[:12] != release and False"),
        guard=f"{DELIVERY}::test_a_manifest_edited_after_the_build_is_refused",
    ),
    Mutation(
        level=3,
        what="an incident that is never frozen",
        path="rollout/controller.py",
        change=swap("frozen = 1 WHERE number", "frozen = 0 WHERE number"),
        guard=f"{ROLLOUT}::test_one_automatic_rollback_an_incident_then_people_decide",
    ),
    Mutation(
        level=3,
        what="an author who approves himself",
        path="rollout/controller.py",
        change=swap("approver.strip().casefold() == author.strip().casefold()", "approver == author + ' '"),
        guard=f"{STATE}::test_17_approval_is_for_one_file_and_not_by_its_author",
    ),
    Mutation(
        level=3,
        what="an audit log that may lose its tail",
        path="governance/audit.py",
        change=swap("if seen.get(head.line) != head.digest:", "if seen.get(head.line, head.digest) != head.digest:"),
        guard=f"{STATE}::test_08_tampering_with_the_audit_log_is_found_and_located",
    ),
    Mutation(
        level=3,
        what="a canary with another share",
        path="rollout/routing.py",
        change=swap("share * 2**64", "share * 2**63"),
        guard=f"{ROLLOUT}::test_same_row_always_meets_the_same_model_and_the_share_holds",
    ),
    Mutation(
        level=3,
        what="evidence that takes a day's rows for independent",
        path="monitoring/evidence.py",
        change=swap('null["tolerance"] - least, block, null["alike"]', 'null["tolerance"] - least, block, 0.0'),
        guard=f"{EVIDENCE}::test_canary_just_within_the_tolerance_is_rarely_rolled_back_at_any_of_all_looks",
    ),
    Mutation(
        level=3,
        what="labels that count twice",
        path="monitoring/labels.py",
        change=swap("INSERT OR IGNORE INTO label", "INSERT INTO label"),
        guard=f"{SERVICE}::test_labels_come_twice_and_out_of_order_and_count_once",
    ),
)
