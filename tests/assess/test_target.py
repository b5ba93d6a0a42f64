"""Which level is needed, and why: the decision table, the cap and the facts that caused it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.target import decide_target, next_level

BANK = load_bank()
QUIET = {"models_in_production": 1, "releases_per_year": 1, "team_size": 4, "on_call": True, "error_cost": "low"}


@pytest.mark.parametrize(
    ("facts", "level", "rule"),
    [
        ({"models_in_production": 0}, 0, "nothing-in-production"),
        ({"models_in_production": 1, "releases_per_year": 2, "error_cost": "low", "team_size": 1}, 0, "rarely-changed"),
        ({"models_in_production": 1, "error_cost": "medium", "team_size": 1}, 1, "in-production"),
        ({"releases_per_year": 12}, 1, "monthly-retraining"),
        ({"models_in_production": 5, "error_cost": "low"}, 2, "many-pipelines"),
        ({"handover": True}, 2, "handover"),
        ({"models_in_production": 1, "error_cost": "high", "on_call": True}, 3, "costly-errors"),
        ({"models_in_production": 1, "change_rate": "days"}, 3, "fast-drift"),
        ({"regulated": True}, 3, "regulated"),
    ],
)
def test_each_fact_asks_for_its_level(facts: dict[str, object], level: int, rule: str) -> None:
    target = decide_target(BANK, facts)  # type: ignore[arg-type]
    assert target.level == level
    assert rule in {reason.rule for reason in target.because}


def test_no_facts_need_level_0() -> None:
    target = decide_target(BANK, {})
    assert (target.level, target.because, target.cap) == (0, (), None)


def test_two_people_without_on_call_are_capped_and_told_so() -> None:
    target = decide_target(BANK, {**QUIET, "error_cost": "high", "team_size": 2, "on_call": False})
    assert target.level == 2
    assert target.cap is not None
    assert target.cap.rule == "nobody-on-call"
    assert max(target.dimensions.values()) == 2


def test_the_reason_names_the_facts_that_caused_it() -> None:
    reasons = {reason.rule: dict(reason.facts) for reason in decide_target(BANK, {"releases_per_year": 60}).because}
    assert reasons["weekly-releases"] == {"releases_per_year": 60}


def test_regulation_asks_for_governance_not_for_automation() -> None:
    target = decide_target(BANK, {"regulated": True})
    assert target.dimensions["collaboration-governance"] == 3
    assert target.dimensions["model-deployment"] == 0
    assert "C47" in target.capabilities
    assert "C41" not in target.capabilities


@given(st.integers(0, 100), st.integers(0, 400), st.integers(3, 50), st.sampled_from(["low", "medium", "high"]))
def test_more_of_anything_never_lowers_the_target(models: int, releases: int, team: int, cost: str) -> None:
    facts = {"models_in_production": models, "releases_per_year": releases, "team_size": team, "error_cost": cost}
    level = decide_target(BANK, facts).level
    for more in ({"models_in_production": models + 5}, {"releases_per_year": releases + 50}, {"regulated": True}):
        assert decide_target(BANK, {**facts, **more}).level >= level


@pytest.mark.parametrize(
    ("level", "target", "now"), [(0, 3, 1), (1, 3, 2), (2, 3, 3), (3, 3, 3), (0, 0, 0), (2, 1, 1), (0, 1, 1)]
)
def test_a_team_builds_one_level_at_a_time_and_none_above_its_target(level: int, target: int, now: int) -> None:
    assert next_level(level, target) == now
