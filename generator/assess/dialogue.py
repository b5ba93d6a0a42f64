"""The questionnaire at a terminal: asks, saves after every answer, goes back, explains. Decides nothing.

Prompts are questionary's; each question is a list of worded answers, so nothing has to be remembered.
"""

from __future__ import annotations

import shutil
import textwrap
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from generator import console
from generator.assess.interview import Question, is_key, next_question, questions, unknown, with_answer, with_fact
from generator.model.assessment import SCALE, Answer, Answers, Bank, Capability, Fact, FactValue, Proof, Value
from generator.text import say

if TYPE_CHECKING:
    import questionary

Save = Callable[[Answers], None]

BACK, SKIP, HELP, NOTE, QUIT, ABSENT, DUNNO = "back", "skip", "help", "note", "quit", "not-applicable", "unknown"


class Stopped(Exception):  # noqa: N818 - a wish, not a fault
    """The person wants to stop here; everything answered is saved."""


def interview(bank: Bank, answers: Answers, save: Save, *, everything: bool = False) -> Answers:
    """Ask what is open and return all answers; `save` is called after each. Stopped when the person quits."""
    skipped: frozenset[str] = frozenset()
    trail: list[str] = []
    while True:
        asked = questions(bank, answers, everything=everything)
        place = next_question(asked, answers, skipped)
        if place is None:
            return answers
        question = asked[place]
        while True:
            reply = _ask(bank, answers, question, f"{place + 1}/{len(asked)}")
            if reply == BACK:
                if not trail:
                    console.write(say("assess.first"))
                    continue
                place = next(index for index, other in enumerate(asked) if other.id == trail[-1])
                trail.pop()
                question = asked[place]
                continue
            break
        trail.append(question.id)
        if reply == SKIP:
            skipped |= {question.id}
        else:
            answers = _record(answers, question, reply)
            save(answers)


def _record(answers: Answers, question: Question, reply: Any) -> Answers:  # noqa: ANN401 - a fact or an Answer
    if question.fact:
        return with_fact(answers, question.fact, reply)
    assert question.capability is not None  # noqa: S101 - a question asks one or the other
    return with_answer(answers, question.capability, reply)


def _ask(bank: Bank, answers: Answers, question: Question, progress: str) -> Any:  # noqa: ANN401 - fact, Answer or a word
    if question.fact:
        return _ask_fact(question.fact, progress, answers.profile.get(question.fact.id))
    assert question.capability is not None  # noqa: S101
    return _ask_capability(bank, question.capability, progress, answers.answers.get(question.capability.id))


def _ask_fact(fact: Fact, progress: str, before: FactValue | None) -> Any:  # noqa: ANN401 - a fact or a word
    _head(say("assess.fact", progress=progress), fact.question, fact.help)
    if fact.kind == "integer":
        return _ask_number(fact, before)
    if fact.kind == "boolean":
        choices: list[tuple[str, Any]] = [(say("assess.yes"), True), (say("assess.no"), False)]
    else:
        choices = [(fact.labels.get(choice, choice), choice) for choice in fact.choices]
    words = [(say(f"assess.{word}"), word) for word in (SKIP, BACK, QUIT)]
    return _select([*choices, *words], before)


def _ask_number(fact: Fact, before: FactValue | None) -> int | str:
    words = {"b": BACK, "s": SKIP, "q": QUIT}

    def check(text: str) -> bool | str:
        if text.strip().lower() in words:
            return True
        low, high = fact.minimum or 0, fact.maximum or 10**6
        good = text.strip().isdecimal() and low <= int(text) <= high
        return good or say("assess.number", low=low, high=high)

    import questionary

    text = _answer(
        questionary.text(say("assess.number-prompt"), default="" if before is None else str(before), validate=check)
    )
    word = words.get(text.strip().lower())
    if word == QUIT:
        raise Stopped
    return word or int(text)


def _ask_capability(bank: Bank, capability: Capability, progress: str, before: Answer | None) -> Answer | str:
    dimension = bank.dimensions[capability.dimension]
    _head(say("assess.capability", progress=progress, level=capability.level, dimension=dimension), capability.question)
    choices: list[tuple[str, Any]] = [(capability.answers[value], value.value) for value in SCALE]
    choices.append((say("assess.unknown"), DUNNO))
    if not is_key(bank, capability):
        choices.append((say("assess.not-applicable"), ABSENT))
    commands = [(say(f"assess.{word}"), word) for word in (HELP, NOTE, SKIP, BACK, QUIT)]
    proofs: tuple[Proof, ...] = before.evidence if before else ()
    while True:
        reply = _select([*choices, *commands], before.value.value if before else None)
        if reply == HELP:
            _help(capability)
        elif reply == NOTE:
            proofs += _ask_note()
        elif reply in (SKIP, BACK):
            return str(reply)
        else:
            return replace(_answer_of(str(reply)), evidence=proofs)


def _answer_of(reply: str) -> Answer:
    import questionary

    if reply == ABSENT:
        reason = _answer(
            questionary.text(say("assess.reason"), validate=lambda text: bool(text.strip()) or say("assess.needed"))
        )
        return Answer(value=Value.NOT_APPLICABLE, reason=reason.strip())
    return unknown() if reply == DUNNO else Answer(value=Value(reply))


def _ask_note() -> tuple[Proof, ...]:
    import questionary

    text = _answer(questionary.text(say("assess.note-prompt"))).strip()
    if not text:
        return ()
    return (Proof(url=text),) if "://" in text else (Proof(note=text),)


def _head(where: str, question: str, further: str = "") -> None:
    width = min(shutil.get_terminal_size().columns, 100) - 1
    console.write(f"\n{where}\n" + textwrap.fill(question, width))
    if further:
        console.write(textwrap.fill(further, width))


def _help(capability: Capability) -> None:
    width = min(shutil.get_terminal_size().columns, 100) - 1
    for name in ("why", "example", "next"):
        console.write(textwrap.fill(say(f"assess.help-{name}", text=getattr(capability, name)), width))
    console.write(say("assess.help-source", sources="; ".join(source.title for source in capability.sources)))


def _select(choices: list[tuple[str, Any]], before: Any) -> Any:  # noqa: ANN401 - one of the given values
    import questionary

    width = shutil.get_terminal_size().columns - 5
    listed = [questionary.Choice(_folded(title, width), value=value) for title, value in choices]
    current = next((choice for choice in listed if before is not None and choice.value == before), None)
    prompt = questionary.select(say("assess.choose"), choices=listed, default=current, instruction=" ", qmark=">")
    reply = _answer(prompt)
    if reply == QUIT:
        raise Stopped
    return reply


def _folded(title: str, width: int) -> str:
    return "\n     ".join(textwrap.wrap(title, max(width, 20)))


def _answer(prompt: questionary.Question) -> Any:  # noqa: ANN401 - what the prompt gives
    try:
        return prompt.unsafe_ask()
    except EOFError:
        raise Stopped from None
