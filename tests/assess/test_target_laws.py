"""The laws of the target: asking more of the machine never lowers it, unless the people are too few, and it says so."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.target import OPERATORS, decide_target, holds
from generator.model.assessment import CapRule, Condition

BANK = load_bank()
DEMAND: dict[str, list[Any]] = {
    "models_in_production": [0, 1, 4, 5, 50],
    "releases_per_year": [0, 2, 3, 12, 50, 365],
    "new_ideas_per_year": [0, 11, 12, 100],
    "use_cases": [0, 9, 10, 100],
    "team_size": [1, 2, 3, 30],
    "error_cost": ["low", "medium", "high"],
    "change_rate": ["years", "months", "days"],
    "regulated": [False, True],
    "handover": [False, True],
    "strict_latency": [False, True],
}
"""Each fact's values, the less demanding ones first."""
OTHERS = {"on_call": st.booleans(), "label_delay_days": st.sampled_from([0, 30, 31, 400])}
PROFILES = st.fixed_dictionaries({}, optional={**{f: st.sampled_from(v) for f, v in DEMAND.items()}, **OTHERS})


@given(PROFILES, st.sampled_from(sorted(DEMAND)), st.data())
def test_a_more_demanding_fact_never_lowers_the_target_but_by_the_cap(
    profile: dict[str, Any], fact: str, data: st.DataObject
) -> None:
    lower = data.draw(st.sampled_from([None, *range(len(DEMAND[fact]) - 1)]))
    higher = data.draw(st.integers(0 if lower is None else lower + 1, len(DEMAND[fact]) - 1))
    before = {key: value for key, value in profile.items() if key != fact}
    after = {**before, fact: DEMAND[fact][higher]}
    if lower is not None:
        before[fact] = DEMAND[fact][lower]
    low, high = decide_target(BANK, before), decide_target(BANK, after)
    assert high.level >= low.level or high.cap is not None
    for name in BANK.dimensions:
        assert high.dimensions[name] >= low.dimensions[name] or high.cap is not None


@given(PROFILES)
def test_losing_the_on_call_is_the_only_loss_and_it_is_named(profile: dict[str, Any]) -> None:
    low = decide_target(BANK, {**profile, "on_call": False})
    high = decide_target(BANK, {**profile, "on_call": True})
    assert high.cap is None
    assert low.level == high.level or (low.level, low.cap is not None) == (2, True)


@given(PROFILES)
def test_the_target_is_the_highest_of_its_reasons_and_of_its_dimensions(profile: dict[str, Any]) -> None:
    target = decide_target(BANK, profile)
    asked = max((reason.level for reason in target.because), default=0)
    assert target.level == (min(asked, target.cap.level) if target.cap else asked)
    assert target.level == max(target.dimensions.values())
    assert [reason.level for reason in target.because] == sorted((r.level for r in target.because), reverse=True)


@given(PROFILES)
def test_every_reason_rests_on_facts_that_were_given(profile: dict[str, Any]) -> None:
    for reason in decide_target(BANK, profile).because:
        assert reason.facts
        assert dict(reason.facts).items() <= profile.items()


@given(st.sampled_from([fact.id for fact in BANK.facts]), st.sampled_from(sorted(OPERATORS)))
def test_a_fact_not_given_satisfies_no_condition(fact: str, op: str) -> None:
    assert not holds((Condition(fact=fact, op=op, value=(1,) if op == "in" else 1),), {})


def test_of_several_caps_the_lowest_counts() -> None:
    when = (Condition(fact="team_size", op="<=", value=2),)
    caps = tuple(CapRule(id=f"at-{level}", when=when, level=level, text="few") for level in (2, 1))
    target = decide_target(replace(BANK, cap_rules=caps), {"team_size": 1, "regulated": True})
    assert target.level == 1
    assert target.cap is not None
    assert target.cap.rule == "at-1"


def test_a_cap_that_takes_nothing_away_is_not_mentioned() -> None:
    facts = {"team_size": 1, "on_call": False, "models_in_production": 1, "error_cost": "medium"}
    assert decide_target(BANK, facts).cap is None


@pytest.mark.parametrize(("days", "demanded"), [(1, True), (30, True), (31, False)])
def test_quality_is_not_to_start_retraining_where_labels_come_late(days: int, demanded: bool) -> None:
    target = decide_target(BANK, {"models_in_production": 1, "change_rate": "days", "label_delay_days": days})
    assert ("C41" in target.capabilities) is demanded
    assert ("C37" in target.capabilities) is not demanded
    assert target.level == 3


def test_every_core_fact_can_change_the_target() -> None:
    used = {c.fact for rule in (*BANK.target_rules, *BANK.cap_rules) for c in rule.when}
    assert {fact.id for fact in BANK.facts if fact.core} <= used
