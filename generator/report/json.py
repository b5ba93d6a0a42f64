"""The result as JSON of a stable, versioned schema (`generator/schemas/score.schema.json`)."""

from __future__ import annotations

from typing import Any

from generator.assess.crosswalk import Crosswalk
from generator.model.assessment import Because, GateResult, Profile, Result
from generator.text import say

SCHEMA = 1


def to_json(result: Result, other: Crosswalk) -> dict[str, Any]:
    """Return the document of `ladder score --json`."""
    target = result.target
    return {
        "schema": SCHEMA,
        "bank_version": result.bank_version,
        "scoring_version": result.scoring_version,
        "organization": result.organization,
        "level": result.level,
        "interval": list(result.interval),
        "target": {
            "level": target.level,
            "because": [_because(reason) for reason in target.because],
            "cap": _because(target.cap) if target.cap else None,
            "dimensions": dict(target.dimensions),
            "capabilities": list(target.capabilities),
        },
        "gates": {str(gate.level): _gate(gate) for gate in result.gates},
        "dimensions": {profile.id: _profile(profile) for profile in result.dimensions},
        "principles": {profile.id: _profile(profile) for profile in result.principles},
        "gaps": [
            {"capability": gap.capability, "level": gap.level, "key": gap.key, "value": gap.value.value,
             "why": gap.why, "next": gap.next}
            for gap in result.gaps
        ],
        "out_of_order": list(result.out_of_order),
        "disputed": [],
        "roadmap": list(result.roadmap),
        "crosswalk": {
            "google": other.google,
            "microsoft": other.microsoft,
            "ml_test_score": other.ml_test_score,
            "note": say("score.crosswalk-note"),
        },
    }  # fmt: skip


def _gate(gate: GateResult) -> dict[str, Any]:
    return {
        "passed": gate.passed,
        "status": gate.status,
        "failed_keys": [list(group) for group in gate.failed_keys],
        "points": gate.points,
        "maximum": gate.maximum,
        "needed": round(gate.needed, 4),
        "coverage": round(gate.coverage, 4),
    }


def _profile(profile: Profile) -> dict[str, Any]:
    score = None if profile.score is None else round(profile.score, 4)
    return {"score": score, "level": profile.level, "coverage": round(profile.coverage, 4)}


def _because(reason: Because) -> dict[str, Any]:
    return {"rule": reason.rule, "level": reason.level, "facts": dict(reason.facts), "text": reason.text}
