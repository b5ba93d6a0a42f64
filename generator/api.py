"""The assessment's verbs: each reads, decides and returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from generator.assess.answersfile import load_answers
from generator.assess.answersreader import parse_changes
from generator.assess.bank import load_bank
from generator.assess.score import score
from generator.model.assessment import Answers, Bank, Result
from generator.scaffold.levels import level


def assess(path: Path, changes: Iterable[str] = ()) -> tuple[Bank, Answers, Result]:
    """Return the bank, the answers in `path` with `changes` (fact=value or C24=all) applied, and their result."""
    bank = load_bank()
    answers = load_answers(path, bank)
    facts, given = parse_changes(bank, changes)
    answers = replace(answers, profile={**answers.profile, **facts}, answers={**answers.answers, **given})
    return bank, answers, score(bank, answers)


def recommended(path: Path) -> tuple[int, dict[str, str]]:
    """Return the level that the answers in `path` need, and those of their facts that are options of its template."""
    _, answers, result = assess(path)
    return result.target.level, options_from(answers, result.target.level)


def options_from(answers: Answers, number: int) -> dict[str, str]:
    """Return the facts of `answers` that are options, with valid values, of the template of level `number`."""
    known = level(number).options
    return {name: str(value) for name, value in answers.profile.items() if str(value) in known.get(name, ())}
