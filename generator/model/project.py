"""Nouns of the scaffold: a tree in memory, what a level is, and what a project says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Options = Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class File:
    """The bytes of one file and whether it may be executed."""

    content: bytes
    executable: bool = False


Tree = Mapping[str, File]
"""A project in memory: POSIX path relative to its root -> file."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Addition:
    """Files a level adds, why, and the capabilities they give; `paths` are glob patterns."""

    paths: tuple[str, ...]
    why: str
    capabilities: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """One part of a level's promise: `kind` names the rule, `arguments` what it looks for."""

    id: str
    capability: str
    kind: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Level:
    """What templates/levels.toml says of one level."""

    number: int
    name: str
    summary: str
    cannot: str
    options: Mapping[str, tuple[str, ...]]
    first_run: tuple[tuple[str, ...], ...]
    changed: Mapping[str, str] = field(default_factory=dict)
    removed: Mapping[str, str] = field(default_factory=dict)
    adds: tuple[Addition, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """What a project was made as, from its `.ladder/record.toml`."""

    level: int
    template: str
    options: Options


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One difference between two levels: `action` is added, changed or removed."""

    path: str
    action: str
    why: str
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Whether one check holds in a project, and if not, what was missing."""

    check: Check
    holds: bool
    seen: str
