"""What is asked next, without a terminal."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.interview import (
    Question,
    is_answered,
    is_key,
    next_question,
    questions,
    revised,
    with_answer,
    with_fact,
)
from generator.model.assessment import Answer, Answers, Proof, Value

BANK = load_bank()
EMPTY = Answers(bank=BANK.version)
IDS = [capability.id for capability in BANK.capabilities]
CORE = [fact for fact in BANK.facts if fact.core]


def answer(answers: Answers, question: Question, value: Value) -> Answers:
    if question.fact:
        return with_fact(answers, question.fact, 1)
    assert question.capability
    return with_answer(answers, question.capability, Answer(value=value))


def walk(values: dict[str, Value], *, everything: bool = False) -> tuple[list[str], Answers]:
    answers, order = EMPTY, []
    while True:
        asked = questions(BANK, answers, everything=everything)
        place = next_question(asked, answers, frozenset())
        if place is None:
            return order, answers
        order.append(asked[place].id)
        answers = answer(answers, asked[place], values.get(asked[place].id, Value.NONE))


def at(level: int) -> list[str]:
    return [capability.id for capability in BANK.at(level)]


def test_at_most_8_facts_are_asked_and_they_come_first() -> None:
    order, _ = walk({})
    assert len(CORE) <= 8
    assert order[: len(CORE)] == [fact.id for fact in CORE]


def test_a_team_at_level_0_is_asked_level_1_in_full_then_only_the_keys_of_level_2() -> None:
    order, _ = walk({})
    assert order[len(CORE) :] == at(1) + [id_ for id_ in at(2) if id_ in BANK.rules.keys(2)]
    assert len(order) <= 26


def test_a_passed_gate_opens_the_next_level_in_full() -> None:
    order, _ = walk(dict.fromkeys(at(1), Value.ALL))
    assert order[len(CORE) :] == at(1) + at(2) + [id_ for id_ in at(3) if id_ in BANK.rules.keys(3)]


def test_a_team_at_level_3_is_asked_everything() -> None:
    order, _ = walk(dict.fromkeys(IDS, Value.ALL))
    assert sorted(order[len(CORE) :]) == sorted(IDS)


def test_all_asks_every_capability_whatever_the_answers() -> None:
    order, _ = walk({}, everything=True)
    assert order[len(CORE) :] == IDS


def test_what_is_skipped_is_not_asked_again_in_the_same_sitting() -> None:
    asked = questions(BANK, EMPTY)
    assert next_question(asked, EMPTY, frozenset({asked[0].id})) == 1
    assert next_question(asked, EMPTY, frozenset(question.id for question in asked)) is None


def test_unknown_is_an_answer_and_is_not_asked_again() -> None:
    first = Question(capability=BANK.capabilities[0])
    assert is_answered(first, answer(EMPTY, first, Value.UNKNOWN))


def test_answers_made_irrelevant_are_kept() -> None:
    _, full = walk(dict.fromkeys(IDS, Value.ALL))
    changed = with_answer(full, BANK.capability("C03"), Answer(value=Value.NONE))
    asked = {question.id for question in questions(BANK, changed)}
    assert not set(at(3)) <= asked
    assert set(changed.answers) == set(IDS)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_not_applicable_is_offered_for_all_but_the_keys(level: int) -> None:
    keys = [capability.id for capability in BANK.at(level) if is_key(BANK, capability)]
    assert sorted(keys) == sorted(BANK.rules.keys(level))


def test_a_revised_answer_keeps_its_evidence_and_its_confidence_only_while_it_is_the_same() -> None:
    before = Answer(value=Value.MOST, confidence=2, evidence=(Proof(path="a.py"),))
    same = revised(before, Answer(value=Value.MOST, evidence=(Proof(note="b"),)))
    assert same == replace(before, evidence=(Proof(path="a.py"), Proof(note="b")))
    assert revised(before, Answer(value=Value.NONE)) == replace(before, value=Value.NONE, confidence=None)
    assert revised(before, Answer(value=Value.MOST, confidence=0)).confidence == 0


@given(st.fixed_dictionaries({id_: st.sampled_from(Value) for id_ in IDS}), st.booleans())
def test_every_walk_ends_and_asks_nothing_twice(values: dict[str, Value], everything: bool) -> None:
    order, answers = walk(values, everything=everything)
    assert len(order) == len(set(order)) <= len(CORE) + len(IDS)
    assert set(at(1)) <= set(order)
    assert set(order) == set(answers.answers) | set(answers.profile)
