"""The plan to the target: it arrives, fits its phases, keeps the order of things, and names files that exist."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.judge import judge_gates
from generator.assess.plan import next_best, with_files
from generator.assess.reading import values_of
from generator.assess.score import score
from generator.model.assessment import SCALE, Answer, Answers, Exemption, Value
from generator.scaffold.levels import OPTIONS, PROJECT, read_levels, template_files, templates

BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
TABLES = st.one_of(
    st.dictionaries(st.sampled_from(IDS), st.sampled_from([*SCALE, Value.UNKNOWN, Value.NOT_APPLICABLE])),
    st.fixed_dictionaries(dict.fromkeys(IDS, st.sampled_from([Value.MOST, Value.ALL, Value.SOME]))),
)
PROFILES = st.sampled_from(
    [
        {"regulated": True},
        {"models_in_production": 1, "error_cost": "high"},
        {"handover": True},
        {"models_in_production": 2, "error_cost": "medium"},
        {"releases_per_year": 12},
        {},
    ]
)
EFFORT = ("low", "medium", "high")


def answered(table: dict[str, Value], **profile: object) -> Answers:
    given_answers = {id_: Answer(value=value, reason="it is so") for id_, value in table.items()}
    return Answers(bank="1", profile=profile, answers=given_answers)  # type: ignore[arg-type]


@given(TABLES, PROFILES)
def test_taking_every_step_reaches_the_target_and_each_phase_the_level_it_says(
    table: dict[str, Value], profile: dict[str, object]
) -> None:
    result = score(BANK, answered(table, **profile))
    gates = judge_gates(BANK, values_of(BANK, answered(table)))
    assume(all(gate.status != "not-assessable" for gate in gates))
    done = dict(table)
    for phase in result.plan:
        done |= {step.capability: Value.ALL for step in phase.steps}
        assert score(BANK, answered(done)).level == phase.level
    assert score(BANK, answered(done)).level >= result.target.level
    met = values_of(BANK, answered(done))
    assert all(met[id_] in (Value.MOST, Value.ALL, Value.NOT_APPLICABLE) for id_ in result.target.capabilities)


@given(TABLES, PROFILES)
def test_phases_fit_and_nothing_comes_before_what_it_builds_on(
    table: dict[str, Value], profile: dict[str, object]
) -> None:
    plan = score(BANK, answered(table, **profile)).plan
    before: set[str] = set()
    for number, phase in enumerate(plan, 1):
        assert phase.number == number
        assert phase.weeks == sum(step.weeks for step in phase.steps)
        assert phase.weeks <= BANK.rules.phase_weeks or len(phase.steps) == 1
        for step in phase.steps:
            assert set(step.needs) <= before
            before.add(step.capability)
    assert len(before) == sum(len(phase.steps) for phase in plan)
    values = values_of(BANK, answered(table))
    assert not [id_ for id_ in before if values[id_] in (Value.ALL, Value.NOT_APPLICABLE)]


@given(TABLES, PROFILES)
def test_the_plan_begins_with_what_the_roadmap_asks_for(table: dict[str, Value], profile: dict[str, object]) -> None:
    result = score(BANK, answered(table, **profile))
    if result.level < result.target.level:
        assert set(result.roadmap) <= {step.capability for phase in result.plan for step in phase.steps}


def test_at_target_there_is_nothing_to_plan() -> None:
    result = score(BANK, answered({c.id: Value.ALL for c in BANK.at(1)}, models_in_production=2, error_cost="medium"))
    assert (result.level, result.target.level, result.plan, result.next_best) == (1, 1, (), None)


def test_the_next_best_step_reduces_most_risk_and_waits_for_nothing() -> None:
    result = score(BANK, answered({c.id: Value.ALL for c in BANK.at(1)}, handover=True))
    steps = [step for phase in result.plan for step in phase.steps]
    ready = [step for step in steps if not step.needs]
    best = next(step for step in steps if step.capability == result.next_best)
    assert best in ready
    assert best.risk_reduction == "high"
    assert best.weeks == min(step.weeks for step in ready if step.risk_reduction == "high")


def test_what_is_exempt_stays_in_the_plan_with_its_last_day_and_is_not_proposed_first() -> None:
    answers = answered({c.id: Value.ALL for c in BANK.at(1)}, handover=True)
    first = score(BANK, answers).next_best
    assert first is not None
    exemption = Exemption(reason="accepted-risk", until="2027-01-31")
    exempt = replace(answers, answers={**answers.answers, first: Answer(value=Value.NONE, exemption=exemption)})
    result = score(BANK, exempt, today="2026-11-24")
    [step] = [step for phase in result.plan for step in phase.steps if step.capability == first]
    assert step.exempt_until == "2027-01-31"
    assert result.next_best not in (None, first)
    assert score(BANK, exempt, today="2027-02-01").next_best == first


def in_template(level: int, pattern: str) -> bool:
    """Whether the template of `level`, options laid over it, holds a file that `pattern` names."""
    project = templates() / f"level{level}" / PROJECT
    for path in project.rglob("*"):
        parts = path.relative_to(project).parts
        inside = parts[3:] if parts and parts[0] == OPTIONS else parts
        if inside and path.is_file() and PurePosixPath(*inside).match(pattern):
            return True
    return False


@pytest.mark.parametrize(
    ("level", "pattern"),
    sorted({(one.level, path) for files in template_files().values() for one in files for path in one.paths}),
)
def test_every_file_a_step_names_is_in_the_template(level: int, pattern: str) -> None:
    assert in_template(level, pattern), f"level {level} has no {pattern}"


def test_every_capability_that_a_template_adds_is_one_of_the_bank_and_names_files() -> None:
    added = {id_ for level in read_levels() for addition in level.adds for id_ in addition.capabilities}
    files = template_files()
    assert set(files) == added <= set(IDS)
    assert all(one.paths and one.why for entries in files.values() for one in entries)


def test_a_step_carries_the_files_of_its_capability_and_only_those() -> None:
    result = score(BANK, answered({}, handover=True))
    plan = with_files(result.plan, template_files())
    steps = {step.capability: step for phase in plan for step in phase.steps}
    assert "dvc.yaml" in steps["C03"].files[0].paths
    assert {files.level for files in steps["C24"].files} == {2}
    assert {step.capability for step in steps.values() if not step.files} <= {"C15", "C16", "C18", "C23", "C32", "C33"}
    assert next_best(plan) == result.next_best


def test_every_capability_has_an_effort_a_risk_and_a_duration() -> None:
    for capability in BANK.capabilities:
        assert capability.risk_reduction in EFFORT
        assert BANK.rules.weeks[capability.effort] <= BANK.rules.phase_weeks
    weeks = [BANK.rules.weeks[effort] for effort in EFFORT]
    assert weeks == sorted(weeks)
