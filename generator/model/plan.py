"""Nouns of the way to the target: steps in phases, each with the template files that implement it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Files:
    """What the template of `level` adds for a capability: its paths (patterns as in levels.toml) and why."""

    level: int
    paths: tuple[str, ...]
    why: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One capability to take up; `needs` are those of its prerequisites that are steps of this plan too.

    `weeks`, `effort` and `risk_reduction` (low, medium, high) are our judgement, and data. `files` is empty where no
    template can do it for the team. `held` is whether it is half done already, `exempt_until` the last day of a live
    exemption that covers it.
    """

    capability: str
    level: int
    key: bool
    effort: str
    weeks: int
    risk_reduction: str
    needs: tuple[str, ...]
    held: bool
    files: tuple[Files, ...] = ()
    exempt_until: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Phase:
    """Steps that fit one period of work, none before what it needs; `level` is held when the phase is done."""

    number: int
    weeks: int
    level: int
    steps: tuple[Step, ...]
