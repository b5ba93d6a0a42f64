"""Evidence beside answers: what is denied is capped, what has a reason stands, nothing is ever raised."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.score import score
from generator.model.assessment import Answer, Answers, Value
from generator.model.scan import Evidence, Grade, Outcome, Place, Why
from generator.scan.beside import contradictions, effective

BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
OFFERED = [value for value in Value if value is not Value.NOT_APPLICABLE]


def seen(capability: str, outcome: Outcome, grade: Grade = Grade.E2) -> Evidence:
    place = (Place(file="a.py"),) if outcome is Outcome.YES else ()
    return Evidence(capability=capability, outcome=outcome, grade=grade, why=Why(key="scan.not-seen"), where=place)


def answered(value: Value, reason: str | None = None) -> Answers:
    return Answers(bank="1", answers={"C09": Answer(value=value, reason=reason)})


def test_a_claim_that_the_tree_denies_counts_as_some() -> None:
    (found,) = contradictions(answered(Value.ALL), [seen("C09", Outcome.NO)])
    assert (found.claimed, found.effective, found.overridden) == (Value.ALL, Value.SOME, False)
    assert effective(answered(Value.ALL), [seen("C09", Outcome.NO)]).answers["C09"].value is Value.SOME


def test_a_reason_lets_the_claim_stand_and_the_contradiction_be_seen() -> None:
    answers = answered(Value.ALL, "tracked in another repository")
    (found,) = contradictions(answers, [seen("C09", Outcome.NO)])
    assert (found.effective, found.overridden) == (Value.ALL, True)
    assert effective(answers, [seen("C09", Outcome.NO)]) == answers


def test_what_is_not_seen_or_fails_contradicts_nothing() -> None:
    for outcome in (Outcome.NOT_SEEN, Outcome.NOT_APPLICABLE, Outcome.ERROR):
        assert contradictions(answered(Value.ALL), [seen("C09", outcome)]) == ()


def test_a_modest_answer_beside_wired_evidence_is_a_finding_and_is_not_raised() -> None:
    (found,) = contradictions(answered(Value.NONE), [seen("C09", Outcome.YES)])
    assert (found.claimed, found.effective) == (Value.NONE, Value.NONE)
    assert contradictions(answered(Value.NONE), [seen("C09", Outcome.YES, Grade.E1)]) == ()


@given(
    st.dictionaries(st.sampled_from(IDS), st.sampled_from(OFFERED)),
    st.dictionaries(st.sampled_from(IDS), st.tuples(st.sampled_from(list(Outcome)), st.sampled_from(list(Grade)))),
)
def test_evidence_never_raises_a_level_and_loses_no_answer(
    values: dict[str, Value], shown: dict[str, tuple[Outcome, Grade]]
) -> None:
    answers = Answers(bank="1", answers={id_: Answer(value=value) for id_, value in values.items()})
    evidence = [seen(id_, outcome, grade) for id_, (outcome, grade) in shown.items()]
    counted = effective(answers, evidence)
    assert counted.answers.keys() == answers.answers.keys()
    assert score(BANK, counted).level <= score(BANK, answers).level
    assert effective(counted, evidence) == counted
