"""What to do next: enough for the next level, in an order in which it can be done, and no more."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.reading import values_of
from generator.assess.score import score
from generator.model.assessment import SCALE, Answer, Answers, Result, Value

BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
ANY = st.sampled_from([*SCALE, Value.UNKNOWN, Value.NOT_APPLICABLE])
GOOD = st.sampled_from([Value.MOST, Value.ALL, Value.ALL, Value.SOME])
TABLES = st.one_of(st.dictionaries(st.sampled_from(IDS), ANY), st.fixed_dictionaries(dict.fromkeys(IDS, GOOD)))


def answered(table: dict[str, Value]) -> Answers:
    return Answers(bank="1", answers={id_: Answer(value=value, reason="it is so") for id_, value in table.items()})


def next_gate_of(result: Result) -> str:
    return next((gate.status for gate in result.gates if not gate.passed), "none left")


@given(TABLES)
def test_taking_every_step_of_the_roadmap_passes_the_next_gate(table: dict[str, Value]) -> None:
    before = score(BANK, answered(table))
    if next_gate_of(before) != "failed":
        return
    after = score(BANK, answered({**table, **dict.fromkeys(before.roadmap, Value.ALL)}))
    assert after.level > before.level


@given(TABLES)
def test_every_step_has_its_prerequisites_held_or_taken_before(table: dict[str, Value]) -> None:
    answers = answered(table)
    values = values_of(BANK, answers)
    roadmap = score(BANK, answers).roadmap
    for place, id_ in enumerate(roadmap):
        for needed in BANK.capability(id_).prerequisites:
            held = BANK.rules.points_of(values[needed]) >= BANK.rules.key_minimum
            assert held or needed in roadmap[:place] or values[needed] is Value.NOT_APPLICABLE


@given(TABLES)
def test_nothing_is_on_the_roadmap_that_is_done_or_does_not_apply(table: dict[str, Value]) -> None:
    answers = answered(table)
    values = values_of(BANK, answers)
    roadmap = score(BANK, answers).roadmap
    assert len(set(roadmap)) == len(roadmap)
    assert not [id_ for id_ in roadmap if values[id_] in (Value.ALL, Value.NOT_APPLICABLE)]


def test_halfway_everywhere_is_told_what_to_raise() -> None:
    result = score(BANK, answered({c.id: Value.MOST for c in BANK.at(1)}))
    assert result.level == 0
    assert result.gates[0].failed_keys == ()
    assert len(result.roadmap) == 4  # 4.5 of 9 points are there, each step adds a half, 6.3 are needed


def test_the_last_step_of_the_threshold_is_needed() -> None:
    table = {c.id: Value.MOST for c in BANK.at(1)}
    roadmap = score(BANK, answered(table)).roadmap
    assert score(BANK, answered({**table, **dict.fromkeys(roadmap[:-1], Value.ALL)})).level == 0


def test_keys_come_first_each_after_what_it_builds_on() -> None:
    done = {c.id: Value.ALL for c in BANK.at(1)}
    roadmap = score(BANK, answered({**done, "C03": Value.NONE, "C11": Value.NONE, "C05": Value.NONE})).roadmap
    assert roadmap == ("C05", "C03", "C11")


def test_of_two_alternative_keys_the_easier_is_proposed() -> None:
    done = dict.fromkeys(IDS, Value.ALL)
    assert score(BANK, answered({**done, "C24": Value.NONE, "C25": Value.NONE})).roadmap == ("C24",)


def test_at_level_3_nothing_is_left_to_do() -> None:
    assert score(BANK, answered(dict.fromkeys(IDS, Value.ALL))).roadmap == ()
