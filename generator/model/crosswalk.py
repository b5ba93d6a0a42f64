"""Nouns of the same answers on other scales: levels of Google and Microsoft, points of the ML Test Score."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model.assessment import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """One level of another scale: what its text asks for first there, and what of that is not held.

    `failed_keys` are groups of capabilities that name the level and of which none is held.
    """

    level: int
    reached: bool
    points: float
    asked: tuple[str, ...]
    missing: tuple[str, ...]
    failed_keys: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scale:
    """Another scale from 0 to `highest`: the level reached there and its rungs from low to high."""

    id: str
    level: int
    highest: int
    rungs: tuple[Rung, ...]
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """Seven tests of the ML Test Score: points of those the bank asks about (0, 0.5 or 1 each), by test."""

    id: str
    points: float
    tests: dict[str, float]
    not_asked: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Rubric:
    """One published version: the score between `least` and `most` (if every test not asked held), and their bands.

    A band is 0 (a research project) to 5 (exceptional); the words are in the catalogue, room crosswalk.
    """

    id: str
    least: float
    most: float
    band: int
    most_band: int
    highest: int
    source: Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Crosswalk:
    """The same answers on other scales; never an equivalence. `ml_test_score` is the lower bound, 2017 version.

    `asked` of `tests` are the tests of the ML Test Score that the bank asks about.
    """

    google: int
    microsoft: int
    ml_test_score: float
    scales: tuple[Scale, ...]
    sections: tuple[Section, ...]
    rubrics: tuple[Rubric, ...]
    asked: int
    tests: int
