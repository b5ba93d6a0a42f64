"""Every number of a result can be taken apart, and the parts add up to it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.crosswalk import SECTIONS, crosswalk, section_points
from generator.assess.explain import TOPICS, explain
from generator.assess.reading import values_of
from generator.assess.score import score
from generator.errors import UsageError
from generator.model.assessment import SCALE, Answer, Answers, Value

BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
TABLES = st.dictionaries(st.sampled_from(IDS), st.sampled_from([*SCALE, Value.UNKNOWN, Value.NOT_APPLICABLE]))


def answered(table: dict[str, Value]) -> Answers:
    return Answers(
        bank="1", profile={"team_size": 9}, answers={i: Answer(value=v, reason="so") for i, v in table.items()}
    )


EVERYTHING = (*TOPICS, "google", "microsoft", "ml-test-score", *BANK.dimensions, *BANK.principles, *IDS)


@given(TABLES, st.sampled_from(EVERYTHING))
def test_everything_can_be_explained_for_any_answers(table: dict[str, Value], topic: str) -> None:
    assert explain(BANK, answered(table), topic)


@given(TABLES, st.sampled_from([1, 2, 3]))
def test_the_terms_of_a_gate_add_up_to_its_points(table: dict[str, Value], level: int) -> None:
    gate = score(BANK, answered(table)).gates[level - 1]
    line = next(line for line in explain(BANK, answered(table), f"gate{level}").splitlines() if " others " in line)
    terms = [float(term) for term in re.findall(r"C\d\d ([\d.]+)", line)]
    assert sum(terms) == gate.points
    assert len(terms) == gate.maximum
    assert f"= {gate.points:g} of {gate.maximum:g};" in line


def test_a_key_capability_tells_its_alternatives_and_what_better_would_change() -> None:
    table = {**dict.fromkeys(IDS, Value.ALL), "C24": Value.NONE, "C25": Value.SOME}
    said = explain(BANK, answered(table), "c24")
    assert "key capability of gate 2: C24 or C25 must reach 0.5" in said
    assert "with some instead: gate 2 not passed, others 14 points, level 1" in said
    assert "with most instead: gate 2 passed, others 14 points, level 3" in said
    assert "with none instead" not in said
    assert "inferred" in said
    assert "ML Test Score I4" in said
    assert "Breck et al. 2017" in said


def test_what_does_not_apply_says_its_reason_and_offers_nothing_better() -> None:
    said = explain(BANK, answered({"C46": Value.NOT_APPLICABLE}), "C46")
    assert "because: so" in said
    assert "instead: gate" not in said


def test_the_interval_lists_what_leaves_it_open() -> None:
    table = {**dict.fromkeys(IDS, Value.ALL), "C03": Value.UNKNOWN}
    said = explain(BANK, answered(table), "interval")
    assert "answered none: level 0" in said
    assert "answered all: level 3" in said
    assert "1 unknown: C03" in said


def test_a_dimension_names_what_keeps_its_level_down() -> None:
    table = {**dict.fromkeys(IDS, Value.ALL), "C12": Value.NONE, "C43": Value.SOME}
    said = explain(BANK, answered(table), "model-deployment")
    assert "level 0: all its demands here are met; level 1 is short of C12" in said
    assert "12.25 of 14 points" in said


def test_the_target_tells_for_every_rule_whether_it_counts_and_whose_it_is() -> None:
    said = explain(BANK, replace_profile(models_in_production=1, team_size=9), "target").splitlines()
    assert len(said) == len(BANK.target_rules) + 1
    assert any(line.startswith("counts: level 2") and "team_size >= 3 (9)" in line for line in said)
    assert any("our judgement" in line for line in said)
    assert said[-1].startswith("target: level 2")


def replace_profile(**facts: int) -> Answers:
    return Answers(bank="1", profile=facts)


def test_an_unknown_topic_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match=r"colour.*gate1.*google.*data-management.*C01"):
        explain(BANK, answered({}), "colour")


def test_other_scales_run_from_bottom_to_top() -> None:
    lowest = crosswalk(BANK, values_of(BANK, answered(dict.fromkeys(IDS, Value.NONE))))
    highest = crosswalk(BANK, values_of(BANK, answered(dict.fromkeys(IDS, Value.ALL))))
    assert (lowest.google, lowest.microsoft, lowest.ml_test_score) == (0, 0, 0)
    assert (highest.google, highest.microsoft) == (2, 4)
    asked = [
        len({t for c in BANK.capabilities for t in c.ml_test_score if t.rstrip("0123456789") == s}) for s in SECTIONS
    ]
    assert highest.ml_test_score == min(asked) < 7  # a lower bound: tests that nobody asks about are not credited


def test_the_test_score_counts_only_what_the_paper_counts() -> None:
    """By hand for some models is no half point, and one of two capabilities behind a test is not the test."""
    done = dict.fromkeys(IDS, Value.ALL)
    some = section_points(BANK, values_of(BANK, answered({**done, "C14": Value.SOME})), "D")
    most = section_points(BANK, values_of(BANK, answered({**done, "C14": Value.MOST})), "D")
    assert (some["D1"], most["D1"]) == (0, 0.5)
    assert section_points(BANK, values_of(BANK, answered({**done, "C23": Value.NONE})), "M")["M1"] == 0


@given(TABLES, st.sampled_from(IDS))
def test_a_better_answer_lowers_no_other_scale(table: dict[str, Value], id_: str) -> None:
    worse = crosswalk(BANK, values_of(BANK, answered({**table, id_: Value.NONE})))
    better = crosswalk(BANK, values_of(BANK, answered({**table, id_: Value.ALL})))
    assert worse.google <= better.google
    assert worse.microsoft <= better.microsoft
    assert worse.ml_test_score <= better.ml_test_score
