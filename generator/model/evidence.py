"""Nouns of what stands behind an answer: proofs, what looking at them gave, exemptions, findings."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from generator.model.scale import Value


@dataclass(frozen=True, kw_only=True, slots=True)
class Proof:
    """Something offered as evidence: exactly one of `path`, `url` and `note`; `sha256` only beside a path."""

    path: str | None = None
    sha256: str | None = None
    url: str | None = None
    note: str | None = None
    date: str | None = None


class Seen(StrEnum):
    """What looking at one proof gave; nothing is ever opened outside the root, and no address is fetched."""

    PRESENT = "present"
    MATCHES = "matches"
    MISSING = "missing"
    CHANGED = "changed"
    OUTSIDE = "outside"
    UNREADABLE = "unreadable"
    NOT_CHECKED = "not-checked"


class Standing(StrEnum):
    """What an answer rests on; `NOT_NEEDED` for one that claims nothing (none, unknown, not-applicable)."""

    VERIFIED = "verified"
    NAMED = "named"
    BROKEN = "broken"
    CLAIM = "claim"
    NOT_NEEDED = "not-needed"


@dataclass(frozen=True, kw_only=True, slots=True)
class ProofCheck:
    """One proof and what looking at it gave."""

    proof: Proof
    seen: Seen


@dataclass(frozen=True, kw_only=True, slots=True)
class Exemption:
    """Why a gap is accepted, from the bank's fixed list, and the last day (ISO) on which that holds."""

    reason: str
    until: str
    note: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Support:
    """One answer with what it rests on; `respondent` is None where one person alone was asked.

    `exempt` is whether its exemption still holds today.
    """

    capability: str
    respondent: str | None
    value: Value
    confidence: int | None
    standing: Standing
    checks: tuple[ProofCheck, ...]
    exemption: Exemption | None
    exempt: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something wrong with what was given: `text` is the whole sentence, `subject` the path or the day it is about.

    `kind` is evidence-missing, evidence-changed, evidence-outside, evidence-unreadable or exemption-expired.
    """

    kind: str
    capability: str
    respondent: str | None
    subject: str
    text: str
