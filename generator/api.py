"""The assessment's verbs: each reads, decides and returns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from generator.assess.answersfile import load_answers
from generator.assess.answersreader import parse_changes
from generator.assess.bank import load_bank
from generator.assess.evidence import look
from generator.assess.plan import with_files
from generator.assess.score import score_ballots
from generator.assess.target import next_level
from generator.errors import LadderError, UsageError
from generator.model.assessment import Answers, Ballot, Bank, Result
from generator.scaffold.levels import level, template_files


def assess(path: Path, changes: Iterable[str] = ()) -> tuple[Bank, Answers, Result]:
    """Return the bank, the answers in `path` with `changes` (fact=value or C24=all) applied, and their result."""
    bank, ballots, result = assess_panel([path], changes)
    return bank, ballots[0].answers, result


def assess_panel(
    paths: Sequence[Path], changes: Iterable[str] = (), repos: Sequence[Path] = ()
) -> tuple[Bank, tuple[Ballot, ...], Result]:
    """Return the bank, one ballot a file with `changes` applied, and the result of all together, today.

    Evidence is looked at below each file's folder and below `repos`. LadderError when the files are about different
    organizations or teams, UsageError when one file is named twice.
    """
    bank = load_bank()
    ballots = changed(bank, ballots_of(bank, paths, repos), changes)
    return bank, ballots, judged(bank, ballots)


def ballots_of(bank: Bank, paths: Sequence[Path], repos: Sequence[Path] = ()) -> tuple[Ballot, ...]:
    """Return one ballot a file, each with a label of its own and its evidence looked at."""
    seen: dict[Path, Path] = {}
    for path in paths:
        twin = seen.setdefault(path.resolve(), path)
        if twin is not path:
            raise UsageError("panel.twice", file=path)
    loaded = [(path, load_answers(path, bank)) for path in paths]
    _one_subject(loaded)
    return tuple(
        Ballot(label=label, answers=answers, checks=look(answers, [path.parent, *repos]))
        for (path, answers), label in zip(loaded, _labels(loaded), strict=True)
    )


def changed(bank: Bank, ballots: Sequence[Ballot], changes: Iterable[str]) -> tuple[Ballot, ...]:
    """Return the ballots as if everybody had said what `changes` (fact=value or C24=all) say."""
    facts, given = parse_changes(bank, changes)
    return tuple(
        replace(
            ballot,
            answers=replace(
                ballot.answers,
                profile={**ballot.answers.profile, **facts},
                answers={**ballot.answers.answers, **given},
            ),
            checks={id_: checks for id_, checks in ballot.checks.items() if id_ not in given},
        )
        for ballot in ballots
    )


def judged_answers(bank: Bank, answers: Answers, roots: Sequence[Path] = ()) -> Result:
    """Return the result of one respondent's answers today, their evidence looked at below `roots`."""
    return judged(bank, [Ballot(label="", answers=answers, checks=look(answers, roots) if roots else {})])


def judged(bank: Bank, ballots: Sequence[Ballot]) -> Result:
    """Return the result of the ballots today, each step of its plan with the template files that implement it."""
    result = score_ballots(bank, ballots, today=dt.date.today().isoformat())
    return replace(result, plan=with_files(result.plan, template_files())) if result.plan else result


def recommended(path: Path) -> tuple[int, dict[str, str]]:
    """Return the level to build now for the answers in `path`, and those of their facts that are its options."""
    _, answers, result = assess(path)
    number = next_level(result.level, result.target.level)
    return number, options_from(answers, number)


def options_from(answers: Answers, number: int) -> dict[str, str]:
    """Return the facts of `answers` that are options, with valid values, of the template of level `number`."""
    known = level(number).options
    return {name: str(value) for name, value in answers.profile.items() if str(value) in known.get(name, ())}


def unserved(path: Path, number: int) -> dict[str, str]:
    """Return `unserved_from` for the answers in `path`."""
    return unserved_from(load_answers(path, load_bank()), number)


def unserved_from(answers: Answers, number: int) -> dict[str, str]:
    """Return the facts of `answers` that name an option of the template of level `number` with a value it lacks."""
    known = level(number).options
    return {
        name: str(value) for name, value in answers.profile.items() if str(value) not in known.get(name, (str(value),))
    }


def _labels(loaded: Sequence[tuple[Path, Answers]]) -> list[str]:
    """Return a label for each file: who answered, else in what role, else the file; told apart by the file."""
    names = [answers.respondent.name or answers.respondent.role or path.stem for path, answers in loaded]
    files = [path.name for path, _ in loaded]
    told = [
        name if names.count(name) == 1 else f"{name} ({path.name if files.count(path.name) == 1 else path})"
        for name, (path, _) in zip(names, loaded, strict=True)
    ]
    return [label if told.count(label) == 1 else f"{label} {place}" for place, label in enumerate(told, 1)]


def _one_subject(loaded: Sequence[tuple[Path, Answers]]) -> None:
    for what in ("organization", "team"):
        named = {getattr(answers, what): path for path, answers in loaded if getattr(answers, what)}
        if len(named) > 1:
            listed = "; ".join(f"{path}: {name}" for name, path in sorted(named.items()))
            raise LadderError(f"panel.{what}s", listed=listed)
