"""The gate rule in small: literal banks, so that every number can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.judge import judge_gates, level_of
from generator.assess.reading import values_of
from generator.assess.score import score
from generator.model.assessment import (
    SCALE,
    Answer,
    Answers,
    Bank,
    Capability,
    GateRule,
    Rules,
    Value,
)

POINTS = {Value.NONE: 0.0, Value.SOME: 0.25, Value.MOST: 0.5, Value.ALL: 1.0}


def a_capability(id_: str, level: int, dimension: str = "d", *prerequisites: str) -> Capability:
    words = dict.fromkeys(("title", "question", "example", "why", "next"), f"about {id_}")
    return Capability(
        id=id_,
        slug=id_.lower(),
        level=level,
        dimension=dimension,
        principles=("p",),
        prerequisites=prerequisites,
        effort="low",
        risk_reduction="low",
        ibm="inferred",
        google=None,
        microsoft=None,
        ml_test_score=(),
        sources=(),
        answers={value: f"{id_} {value}" for value in SCALE},
        **words,
    )


def a_bank(*capabilities: Capability, keys: dict[int, tuple[tuple[str, ...], ...]] | None = None) -> Bank:
    gates = tuple(GateRule(level=level, keys=(keys or {}).get(level, ())) for level in (1, 2, 3))
    return Bank(
        version="1",
        language="en",
        dimensions={"d": "D", "e": "E"},
        principles={"p": "P"},
        capabilities=capabilities,
        rules=Rules(
            scoring_version="1",
            points=POINTS,
            key_minimum=0.5,
            threshold=0.7,
            max_not_applicable=0.5,
            doubt=(3, 1, 0, 0),
            gates=gates,
            weeks={"low": 1, "medium": 3, "high": 8},
            phase_weeks=13,
            exemptions={"accepted-risk": "accepted"},
        ),
        facts=(),
        target_rules=(),
        cap_rules=(),
    )


def answered(**table: Value) -> Answers:
    return Answers(bank="1", answers={id_: Answer(value=value, reason="so") for id_, value in table.items()})


SMALL = a_bank(
    a_capability("K", 1),
    *(a_capability(f"A{number}", 1) for number in range(4)),
    a_capability("L", 2, "e"),
    a_capability("M", 2, "e"),
    a_capability("B", 2, "e"),
    a_capability("Z", 3, "e"),
    keys={1: (("K",),), 2: (("L", "M"),), 3: (("Z",),)},
)
AWAY = Value.NOT_APPLICABLE
LEVEL_1 = dict.fromkeys(["K", "A0", "A1", "A2", "A3"], Value.ALL)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"K": Value.MOST, "A0": Value.ALL, "A1": Value.ALL, "A2": Value.ALL}, "passed"),  # 3 of 4, 2.8 needed
        ({"K": Value.SOME, "A0": Value.ALL, "A1": Value.ALL, "A2": Value.ALL}, "failed"),  # the key is short
        ({"K": Value.ALL, "A0": Value.ALL, "A1": Value.ALL, "A2": Value.MOST}, "failed"),  # 2.5 of 4
        ({"K": Value.ALL, "A0": Value.ALL, "A1": Value.ALL, "A2": AWAY}, "failed"),  # 2 of 3, 2.1
        ({"K": Value.ALL, "A0": Value.ALL, "A1": Value.ALL, "A2": Value.UNKNOWN}, "failed"),  # 2 of 4
        ({"K": Value.ALL, "A0": Value.ALL, "A1": Value.ALL, "A2": AWAY, "A3": Value.SOME}, "passed"),
        ({"K": Value.ALL, "A0": Value.ALL, **dict.fromkeys(["A1", "A2", "A3"], AWAY)}, "not-assessable"),
        ({"K": Value.ALL, "A0": Value.ALL, "A1": Value.ALL, **dict.fromkeys(["A2", "A3"], AWAY)}, "passed"),
    ],
)  # fmt: skip
def test_the_gate_rule_on_numbers_worked_by_hand(values: dict[str, Value], status: str) -> None:
    assert score(SMALL, answered(**values)).gates[0].status == status


def test_a_gate_tells_its_sum_its_maximum_and_what_was_needed() -> None:
    gate = score(SMALL, answered(K=Value.ALL, A0=Value.ALL, A1=Value.SOME, A2=Value.NOT_APPLICABLE)).gates[0]
    assert (gate.points, gate.maximum, gate.needed) == (1.25, 3, pytest.approx(2.1))
    assert gate.coverage == pytest.approx(4 / 5)


def test_a_level_is_not_reached_over_a_failed_gate_below() -> None:
    result = score(SMALL, answered(L=Value.ALL, B=Value.ALL, Z=Value.ALL))
    assert [gate.passed for gate in result.gates] == [False, True, True]
    assert result.level == 0
    assert result.out_of_order == ("L", "B", "Z")


def test_what_the_level_itself_asks_is_not_out_of_order() -> None:
    result = score(SMALL, answered(**LEVEL_1, B=Value.MOST, Z=Value.SOME))
    assert result.level == 1
    assert result.out_of_order == ("B",)


def test_a_level_without_capabilities_is_not_assessable() -> None:
    empty = a_bank(a_capability("A", 1))
    result = score(empty, answered(A=Value.ALL))
    assert [gate.status for gate in result.gates] == ["passed", "not-assessable", "not-assessable"]
    assert result.level == 1


def test_a_level_of_keys_alone_is_judged_by_them() -> None:
    everything = {**LEVEL_1, "L": Value.ALL, "B": Value.ALL}
    assert score(SMALL, answered(**everything, Z=Value.MOST)).level == 3
    assert score(SMALL, answered(**everything, Z=Value.SOME)).level == 2


def test_the_interval_is_as_wide_as_what_is_not_known() -> None:
    assert score(SMALL, answered()).interval == (0, 3)
    assert score(SMALL, answered(K=Value.NONE)).interval == (0, 0)
    assert score(SMALL, answered(**LEVEL_1, L=Value.ALL)).interval == (1, 3)


def test_failed_keys_lead_the_gaps_of_their_level_and_leftovers_come_last() -> None:
    table = {**LEVEL_1, "A3": Value.MOST, "B": Value.SOME}
    gaps = score(SMALL, answered(**table)).gaps
    assert [(gap.capability, gap.key) for gap in gaps] == [
        ("L", True), ("M", True), ("B", False), ("Z", True), ("A3", False),
    ]  # fmt: skip


def test_every_gap_says_why_and_what_next() -> None:
    assert all(gap.why and gap.next for gap in score(load_bank(), Answers(bank="1")).gaps)


def test_a_dimension_holds_the_level_whose_demands_are_all_met() -> None:
    first, second = score(SMALL, answered(**LEVEL_1)).dimensions
    assert (first.score, first.level, first.coverage) == (1, 1, 1)
    assert (second.score, second.level, second.coverage) == (0, None, 0)
    _, second = score(SMALL, answered(L=Value.MOST, M=Value.MOST, B=Value.MOST)).dimensions
    assert second.level == 2


def test_a_dimension_where_nothing_applies_has_no_score() -> None:
    bank = a_bank(a_capability("A", 1), a_capability("B", 2, "e"))
    assert score(bank, answered(B=Value.NOT_APPLICABLE)).dimensions[1].score is None


RANK = {Value.NONE: 0, Value.UNKNOWN: 0, Value.SOME: 1, Value.MOST: 2, Value.ALL: 3}
BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
WORSE_AND_BETTER = st.tuples(*[st.sampled_from([*SCALE, Value.UNKNOWN])] * 2).map(
    lambda pair: sorted(pair, key=RANK.__getitem__)
)
NEAR_A_GATE = st.fixed_dictionaries(
    dict.fromkeys(IDS, st.sampled_from([Value.ALL, Value.ALL, Value.ALL, Value.MOST, Value.UNKNOWN, Value.SOME]))
)
SETS = st.sets(st.sampled_from(IDS), max_size=8)


@given(NEAR_A_GATE, st.dictionaries(st.sampled_from(IDS), WORSE_AND_BETTER, max_size=12), SETS)
def test_many_better_answers_at_once_lower_nothing(
    table: dict[str, Value], pairs: dict[str, list[Value]], away: set[str]
) -> None:
    out = dict.fromkeys(away - pairs.keys(), Value.NOT_APPLICABLE)
    low = score(BANK, answered(**{**table, **out, **{id_: pair[0] for id_, pair in pairs.items()}}))
    high = score(BANK, answered(**{**table, **out, **{id_: pair[1] for id_, pair in pairs.items()}}))
    assert low.level <= high.level
    assert low.interval[0] <= high.interval[0]
    for before, after in zip(low.gates, high.gates, strict=True):
        assert after.passed or not before.passed
        assert after.maximum == before.maximum
    for before, after in zip(low.dimensions, high.dimensions, strict=True):
        assert (after.score or 0) >= (before.score or 0)


@given(NEAR_A_GATE, SETS)
def test_the_interval_holds_the_level_also_where_things_do_not_apply(table: dict[str, Value], away: set[str]) -> None:
    result = score(BANK, answered(**{**table, **dict.fromkeys(away, Value.NOT_APPLICABLE)}))
    assert result.interval[0] <= result.level <= result.interval[1]
    assert result.interval[0] == result.level  # unknown counts as none


@given(NEAR_A_GATE)
def test_the_order_of_the_answers_changes_nothing(table: dict[str, Value]) -> None:
    assert score(BANK, answered(**table)) == score(BANK, answered(**dict(reversed(table.items()))))


@given(NEAR_A_GATE, st.sampled_from(IDS))
def test_an_absent_answer_is_an_unknown_one(table: dict[str, Value], id_: str) -> None:
    absent = answered(**{other: value for other, value in table.items() if other != id_})
    assert score(BANK, absent) == score(BANK, answered(**{**table, id_: Value.UNKNOWN}))


@given(NEAR_A_GATE)
def test_the_level_is_the_number_of_gates_passed_in_a_row(table: dict[str, Value]) -> None:
    result = score(BANK, answered(**table))
    passed = [gate.passed for gate in result.gates]
    assert passed[: result.level] == [True] * result.level
    assert result.level == 3 or not passed[result.level]


@pytest.mark.parametrize(
    ("level", "keys"),
    [
        (1, {("C03",), ("C04",), ("C11",)}),
        (2, {("C19",), ("C28",), ("C27",), ("C24", "C25"), ("C34",)}),
        (3, {("C38", "C39"), ("C40", "C41"), ("C44",), ("C48",)}),
    ],
)
def test_without_a_key_group_its_gate_fails_and_no_other_key_does(level: int, keys: set[tuple[str, ...]]) -> None:
    for group in keys:
        values = values_of(BANK, answered(**{**dict.fromkeys(IDS, Value.ALL), **dict.fromkeys(group, Value.SOME)}))
        gates = judge_gates(BANK, values)
        assert level_of(gates) == level - 1
        assert gates[level - 1].failed_keys == (group,)
    assert set(BANK.rules.gates[level - 1].keys) == keys


def test_the_numbers_of_the_rule_are_data() -> None:
    lax = replace(BANK, rules=replace(BANK.rules, threshold=0.1))
    keys_and_two = {"C03": Value.ALL, "C04": Value.ALL, "C11": Value.ALL, "C01": Value.ALL}
    assert score(BANK, answered(**keys_and_two)).level == 0
    assert score(lax, answered(**keys_and_two)).level == 1
