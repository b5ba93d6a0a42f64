"""The questionnaire at a terminal: asks, saves after every answer, goes back, explains. Decides nothing.

Each question is a list of worded answers, so nothing has to be remembered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from generator import console
from generator.assess.evidence import proof_of
from generator.assess.interview import (
    Question,
    is_key,
    next_question,
    questions,
    revised,
    with_answer,
    with_fact,
)
from generator.assess.prompts import Stopped, choose, type_in, wrapped
from generator.errors import LadderError
from generator.model.assessment import SCALE, Answer, Answers, Bank, Capability, Fact, FactValue, Value
from generator.text import say

Save = Callable[[Answers], None]

BACK, SKIP, HELP, NOTE, QUIT = "back", "skip", "help", "note", "quit"
RESULT, CHANGE = "result", "change"
LONGEST = 2000
"""Characters of a reason or note: what the answers file takes back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Word:
    """A wish typed or chosen instead of an answer; a type of its own, so that no answer can be taken for one."""

    name: str


def interview(
    bank: Bank, answers: Answers, save: Save, *, everything: bool = False, roots: Sequence[Path] = ()
) -> Answers:
    """Ask what is open and return all answers; `save` is called after each. Stopped when the person quits.

    Files named as evidence are looked for below `roots`.
    """
    skipped: frozenset[str] = frozenset()
    place: int | None = None
    while True:
        asked = questions(bank, answers, everything=everything)
        place = next_question(asked, answers, skipped) if place is None else place
        if place is None:
            place = _review(asked)
            if place is None:
                return answers
        question, count = asked[place], {"number": place + 1, "total": len(asked)}
        reply = _ask(bank, answers, question, count, roots)
        if reply == _Word(name=BACK):
            if place == 0:
                console.write(say("assess.first"))
            place = max(place - 1, 0)
            continue
        place = None
        if reply == _Word(name=SKIP):
            skipped |= {question.id}
        else:
            answers = _record(answers, question, reply)
            save(answers)


def _review(asked: tuple[Question, ...]) -> int | None:
    console.write("\n" + wrapped(say("assess.all-asked", total=len(asked))))
    words = [(say(f"assess.{word}"), word) for word in (RESULT, CHANGE, QUIT)]
    wish = choose(say("assess.choose"), words)
    if wish == QUIT:
        raise Stopped
    if wish == RESULT:
        return None
    titles = [(f"{place + 1}. {_title(question)}", place) for place, question in enumerate(asked)]
    return int(choose(say("assess.which-question"), titles))


def _title(question: Question) -> str:
    if question.fact:
        return question.fact.question
    return f"{question.id} {question.capability.title}" if question.capability else ""


def _record(answers: Answers, question: Question, reply: Any) -> Answers:  # noqa: ANN401 - a fact or an Answer
    if question.fact:
        return with_fact(answers, question.fact, reply)
    assert question.capability is not None  # noqa: S101 - a question asks one or the other
    return with_answer(answers, question.capability, reply)


def _ask(
    bank: Bank, answers: Answers, question: Question, count: dict[str, int], roots: Sequence[Path]
) -> FactValue | Answer | _Word:
    if question.fact:
        _head(say("assess.fact", **count), question.fact.question, question.fact.help)
        return _ask_fact(question.fact, answers.profile.get(question.fact.id))
    capability = question.capability
    assert capability is not None  # noqa: S101
    dimension = bank.dimensions[capability.dimension]
    _head(say("assess.capability", level=capability.level, dimension=dimension, **count), capability.question)
    return _ask_capability(capability, answers.answers.get(capability.id), roots, key=is_key(bank, capability))


def _ask_fact(fact: Fact, before: FactValue | None) -> FactValue | _Word:
    if fact.kind == "integer":
        return _ask_number(fact, before)
    if fact.kind == "boolean":
        choices: list[tuple[str, Any]] = [(say("assess.yes"), True), (say("assess.no"), False)]
    else:
        choices = [(fact.labels.get(choice, choice), choice) for choice in fact.choices]
    reply: FactValue | _Word = _select([*choices, *_words(SKIP, BACK, QUIT)], before)
    return reply


def _ask_number(fact: Fact, before: FactValue | None) -> int | _Word:
    words = {"b": BACK, "s": SKIP, "q": QUIT}
    low, high = fact.minimum or 0, fact.maximum or 10**6

    def check(text: str) -> bool | str:
        kept = before is not None and not text.strip()
        good = text.strip().isdecimal() and low <= int(text) <= high
        return kept or good or text.strip().lower() in words or say("assess.number", low=low, high=high)

    prompt = say("assess.number-prompt") if before is None else say("assess.number-kept", before=before)
    text = type_in(prompt, check).strip().lower()
    if before is not None and not text:
        return int(before)
    if words.get(text) == QUIT:
        raise Stopped
    return _Word(name=words[text]) if text in words else int(text)


def _ask_capability(
    capability: Capability, before: Answer | None, roots: Sequence[Path], *, key: bool
) -> Answer | _Word:
    choices: list[tuple[str, Any]] = [(capability.answers[value], value) for value in SCALE]
    choices.append((say("assess.unknown"), Value.UNKNOWN))
    if not key:
        choices.append((say("assess.not-applicable"), Value.NOT_APPLICABLE))
    choices += _words(HELP, NOTE, SKIP, BACK, QUIT)
    noted = Answer(value=Value.UNKNOWN)
    while True:
        reply = _select(choices, before.value if before else None)
        if reply == _Word(name=HELP):
            _help(capability)
        elif reply == _Word(name=NOTE):
            noted = _ask_note(noted, roots)
        elif isinstance(reply, _Word):
            return reply
        else:
            reason = _ask_reason(before) if reply is Value.NOT_APPLICABLE else None
            return revised(before, replace(noted, value=reply, reason=reason))


def _ask_reason(before: Answer | None) -> str:
    def check(text: str) -> bool | str:
        return _storable(text) if text.strip() else say("assess.needed")

    return type_in(say("assess.reason"), check, before.reason or "" if before else "").strip()


def _ask_note(noted: Answer, roots: Sequence[Path]) -> Answer:
    def fits(text: str) -> bool | str:
        if not text.strip() or _storable(text) is not True:
            return _storable(text)
        try:
            return bool(proof_of(text, roots))
        except LadderError as error:
            return str(error)

    def sure(text: str) -> bool | str:
        return text.strip() in ("", "0", "1", "2", "3") or say("assess.sure")

    text = type_in(say("assess.note-prompt"), fits).strip()
    confidence = type_in(say("assess.sure-prompt"), sure).strip()
    if text:
        proof = proof_of(text, roots)
        noted = replace(noted, evidence=(*noted.evidence, proof))
        console.write(wrapped(say("assess.noted", proof=proof.path or proof.url or proof.note)))
    return replace(noted, confidence=int(confidence)) if confidence else noted


def _storable(text: str) -> bool | str:
    return (len(text) <= LONGEST and text.isprintable()) or say("assess.not-storable", most=LONGEST)


def _head(where: str, question: str, further: str = "") -> None:
    console.write(f"\n{where}\n{wrapped(question)}")
    if further:
        console.write(wrapped(further))


def _help(capability: Capability) -> None:
    for name in ("why", "example", "next"):
        console.write(wrapped(say(f"assess.help-{name}", text=getattr(capability, name))))
    console.write(wrapped(say("assess.help-source", sources="; ".join(source.title for source in capability.sources))))


def _words(*names: str) -> list[tuple[str, Any]]:
    return [(say(f"assess.{name}"), _Word(name=name)) for name in names]


def _select(choices: list[tuple[str, Any]], before: object) -> Any:  # noqa: ANN401 - one of the given values
    reply = choose(say("assess.choose"), choices, before)
    if reply == _Word(name=QUIT):
        raise Stopped
    return reply
