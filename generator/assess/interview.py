"""What to ask next: pure decisions of the questionnaire, from the answers so far.

A level is asked in full; where its gate can no longer pass, only the key capabilities of the next level follow, and
nothing above: about 18 questions for a team at level 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from generator.assess.judge import judge_gates
from generator.assess.reading import values_of
from generator.model.assessment import Answer, Answers, Bank, Capability, Fact, FactValue


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One thing to ask: a fact or a capability."""

    fact: Fact | None = None
    capability: Capability | None = None

    @property
    def id(self) -> str:
        """Return what is asked about, as in the answers file."""
        return self.fact.id if self.fact else self.capability.id if self.capability else ""


def questions(bank: Bank, answers: Answers, *, everything: bool = False) -> tuple[Question, ...]:
    """Return every question to ask, given the answers so far, in order; answering may make the list longer."""
    facts = tuple(Question(fact=fact) for fact in bank.facts if fact.core)
    asked = bank.capabilities if everything else tuple(_adaptive(bank, answers))
    return facts + tuple(Question(capability=capability) for capability in asked)


def is_answered(question: Question, answers: Answers) -> bool:
    """Return whether `question` has an answer, unknown included."""
    return question.id in (answers.profile if question.fact else answers.answers)


def next_question(asked: tuple[Question, ...], answers: Answers, skipped: frozenset[str]) -> int | None:
    """Return the place of the first question neither answered nor skipped, None when there is none left."""
    for place, question in enumerate(asked):
        if question.id not in skipped and not is_answered(question, answers):
            return place
    return None


def with_fact(answers: Answers, fact: Fact, value: FactValue) -> Answers:
    """Return `answers` with one more fact."""
    return replace(answers, profile={**answers.profile, fact.id: value})


def with_answer(answers: Answers, capability: Capability, answer: Answer) -> Answers:
    """Return `answers` with one more answer."""
    return replace(answers, answers={**answers.answers, capability.id: answer})


def is_key(bank: Bank, capability: Capability) -> bool:
    """Return whether `capability` is a key one, for which not-applicable is not offered."""
    return capability.id in bank.rules.keys(capability.level)


def _adaptive(bank: Bank, answers: Answers) -> Iterator[Capability]:
    gates = judge_gates(bank, values_of(bank, answers))
    in_full = True
    for gate in gates:
        required = bank.at(gate.level)
        yield from required if in_full else (c for c in required if is_key(bank, c))
        if not in_full or any(c.id not in answers.answers for c in required):
            return
        in_full = gate.passed


def revised(before: Answer | None, now: Answer) -> Answer:
    """Return `now` with the evidence of `before` kept, and its confidence too while the answer is the same."""
    if before is None:
        return now
    same = before.value is now.value and now.confidence is None
    confidence = before.confidence if same else now.confidence
    return replace(now, evidence=before.evidence + now.evidence, confidence=confidence)
