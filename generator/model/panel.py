"""Nouns of several respondents: who said what, how far they agree, and what they should talk about."""

from __future__ import annotations

from dataclasses import dataclass

from generator.model.scale import FactValue, Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Voice:
    """One respondent: `label` is unique in the panel, `level` what this person's answers alone would give.

    `answered` counts answers other than unknown, `evidenced` those of them that claim something and show it.
    """

    label: str
    name: str | None
    role: str | None
    level: int
    answered: int
    evidenced: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Agreement:
    """How far the ratings of one capability agree.

    `said` holds (label, value) for everybody who answered, in panel order; `raters` counts those that rate (none to
    all). `r_wg` (James, Demaree and Wolf 1984, uniform null), `r_wg_star` (Lindell and Brandt 1999, largest possible
    disagreement) and `deviation` (AD from the mean, Burke, Finkelstein and Dusig 1999, in steps of the scale) are None
    below two raters. `merged` drives the gate; `decided_by` is evidence, lowest, applicability or nobody.
    """

    capability: str
    said: tuple[tuple[str, Value], ...]
    raters: int
    r_wg: float | None
    r_wg_star: float | None
    deviation: float | None
    disputed: bool
    merged: Value
    decided_by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Alpha:
    """Krippendorff's alpha, ordinal, over all capabilities that two or more rated.

    `value` is None where it says nothing; `why` is then few-units or no-variation, else empty.
    """

    value: float | None
    units: int
    coders: int
    values: int
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Dispute:
    """A capability to talk about: the lowest and the highest view side by side, in the bank's own words.

    `high` is not-applicable where the dispute is whether the capability applies at all.
    """

    capability: str
    low: Value
    low_by: tuple[str, ...]
    low_text: str
    high: Value
    high_by: tuple[str, ...]
    high_text: str
    merged: Value
    prompt: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleView:
    """One role: how many people hold it, and the level their answers alone would give."""

    role: str
    respondents: int
    level: int


@dataclass(frozen=True, kw_only=True, slots=True)
class RoleGap:
    """A capability on which two roles do not even overlap: (role, its lowest, its highest) from low to high."""

    capability: str
    roles: tuple[tuple[str, Value, Value], ...]
    steps: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Conflict:
    """A fact on which profiles differ: each value with the labels of those who gave it."""

    fact: str
    said: tuple[tuple[FactValue, tuple[str, ...]], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """Several respondents about one organization; every order of their files gives the same panel.

    `r_wg_star_items` is r*wg(J) over the capabilities that two or more rated, None without any.
    """

    voices: tuple[Voice, ...]
    alpha: Alpha
    r_wg_star_items: float | None
    agreements: tuple[Agreement, ...]
    disputes: tuple[Dispute, ...]
    roles: tuple[RoleView, ...]
    role_gaps: tuple[RoleGap, ...]
    conflicts: tuple[Conflict, ...]
