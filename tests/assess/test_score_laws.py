"""The laws of the score, for any answers a person could give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.judge import judge_gates
from generator.assess.reading import values_of
from generator.assess.score import score
from generator.model.assessment import SCALE, Answer, Answers, Value

BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
ORDER = {Value.NONE: 0, Value.UNKNOWN: 0, Value.SOME: 1, Value.MOST: 2, Value.ALL: 3}

values = st.sampled_from([*SCALE, Value.UNKNOWN])
some_answers = st.dictionaries(st.sampled_from(IDS), values)
helpful_answers = st.dictionaries(
    st.sampled_from(IDS), st.sampled_from([Value.MOST, Value.ALL, Value.NONE]), min_size=40
)


def given_as(table: dict[str, Value]) -> Answers:
    return Answers(bank="1", answers={id_: Answer(value=v, reason="it is so") for id_, v in table.items()})


def everything(value: Value) -> dict[str, Value]:
    return dict.fromkeys(IDS, value)


def test_nothing_at_all_is_level_0_and_everything_is_level_3() -> None:
    assert score(BANK, given_as(everything(Value.NONE))).level == 0
    best = score(BANK, given_as(everything(Value.ALL)))
    assert best.level == 3
    assert best.gaps == best.roadmap == ()


@given(st.one_of(some_answers, helpful_answers), st.sampled_from(IDS), values)
def test_a_better_answer_never_lowers_the_level(table: dict[str, Value], changed: str, to: Value) -> None:
    before = table.get(changed, Value.UNKNOWN)
    worse, better = sorted([before, to], key=ORDER.__getitem__)
    low = score(BANK, given_as({**table, changed: worse}))
    high = score(BANK, given_as({**table, changed: better}))
    assert low.level <= high.level


@given(st.one_of(some_answers, helpful_answers))
def test_the_interval_contains_the_level(table: dict[str, Value]) -> None:
    result = score(BANK, given_as(table))
    assert result.interval[0] <= result.level <= result.interval[1]


@given(helpful_answers, st.sampled_from(IDS))
def test_unknown_stays_in_the_denominator(table: dict[str, Value], changed: str) -> None:
    known = judge_gates(BANK, values_of(BANK, given_as({**table, changed: Value.NONE})))
    unknown = judge_gates(BANK, values_of(BANK, given_as({**table, changed: Value.UNKNOWN})))
    assert [gate.maximum for gate in known] == [gate.maximum for gate in unknown]


@pytest.mark.parametrize("level", [1, 2, 3])
def test_a_gate_with_nothing_applicable_is_not_assessable_never_passed(level: int) -> None:
    keys = BANK.rules.keys(level)
    away = {c.id: Value.NOT_APPLICABLE for c in BANK.at(level) if c.id not in keys}
    result = score(BANK, given_as({**everything(Value.ALL), **away}))
    assert result.gates[level - 1].status == "not-assessable"
    assert result.level == level - 1


def test_a_missing_key_capability_fails_its_gate_whatever_the_rest() -> None:
    result = score(BANK, given_as({**everything(Value.ALL), "C04": Value.SOME}))
    assert result.level == 0
    assert result.gates[0].failed_keys == (("C04",),)
    assert result.roadmap == ("C04",)


def test_one_of_two_alternative_keys_is_enough() -> None:
    assert score(BANK, given_as({**everything(Value.ALL), "C24": Value.NONE})).level == 3
    assert score(BANK, given_as({**everything(Value.ALL), "C24": Value.NONE, "C25": Value.SOME})).level == 1


def test_keys_alone_do_not_pass_a_gate() -> None:
    result = score(BANK, given_as({"C03": Value.ALL, "C04": Value.ALL, "C11": Value.ALL}))
    assert result.gates[0].failed_keys == ()
    assert result.level == 0


def test_seventy_per_cent_is_the_line() -> None:
    others = [c.id for c in BANK.at(1) if c.id not in BANK.rules.keys(1)]
    table = {"C03": Value.MOST, "C04": Value.MOST, "C11": Value.MOST}
    enough = dict.fromkeys(others[:6], Value.ALL) | {others[6]: Value.MOST}
    assert score(BANK, given_as(table | enough)).level == 1
    assert score(BANK, given_as(table | dict.fromkeys(others[:6], Value.ALL) | {others[6]: Value.SOME})).level == 0


def test_not_applicable_on_a_key_or_without_a_reason_counts_as_unknown() -> None:
    answers = Answers(
        bank="1",
        answers={"C04": Answer(value=Value.NOT_APPLICABLE, reason="no"), "C46": Answer(value=Value.NOT_APPLICABLE)},
    )
    values = values_of(BANK, answers)
    assert values["C04"] is Value.UNKNOWN
    assert values["C46"] is Value.UNKNOWN


def test_what_is_held_above_the_level_is_named_not_averaged_in() -> None:
    result = score(BANK, given_as({"C44": Value.ALL}))
    assert result.level == 0
    assert result.out_of_order == ("C44",)


def test_dimensions_without_a_demand_yet_have_no_level() -> None:
    levels = {profile.id: profile.level for profile in score(BANK, given_as({})).dimensions}
    assert levels["monitoring-optimization"] is None
    assert levels["data-management"] == 0
