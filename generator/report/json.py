"""The result as JSON of a stable, versioned schema (`generator/schemas/score.schema.json`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from generator.model.assessment import Because, Gap, GateResult, Profile, Result, Target
from generator.model.crosswalk import Crosswalk
from generator.model.evidence import Support
from generator.model.panel import Dispute, Panel
from generator.text import say

SCHEMA = 1


def to_json(
    result: Result, other: Crosswalk, changes: Sequence[str] = (), before: Result | None = None
) -> dict[str, Any]:
    """Return the document of `ladder score --json`; of a what-if with its `changes` and the result `before` them."""
    document = {
        "schema": SCHEMA,
        "bank_version": result.bank_version,
        "scoring_version": result.scoring_version,
        "organization": result.organization,
        "team": result.team,
        "date": result.date,
        "level": result.level,
        "interval": list(result.interval),
        "evidenced_level": result.evidenced_level,
        "exempted_level": result.exempted_level,
        "target": _target(result.target),
        "gates": {str(gate.level): _gate(gate) for gate in result.gates},
        "dimensions": {profile.id: _profile(profile) for profile in result.dimensions},
        "principles": {profile.id: _profile(profile) for profile in result.principles},
        "gaps": [_gap(gap) for gap in result.gaps],
        "out_of_order": list(result.out_of_order),
        "disputed": [_dispute(dispute) for dispute in result.panel.disputes] if result.panel else [],
        "roadmap": list(result.roadmap),
        "plan": [asdict(phase) for phase in result.plan],
        "next_best": result.next_best,
        "evidence": _evidence(result),
        "findings": [asdict(finding) for finding in result.findings],
        "panel": _panel(result.panel) if result.panel else None,
        "crosswalk": _crosswalk(other),
    }
    if before:
        document["what_if"] = {"changes": list(changes), "level": before.level, "target": before.target.level}
    return document


def _target(target: Target) -> dict[str, Any]:
    return {
        "level": target.level,
        "interval": list(target.interval),
        "because": [_because(reason) for reason in target.because],
        "cap": _because(target.cap) if target.cap else None,
        "dimensions": dict(target.dimensions),
        "capabilities": list(target.capabilities),
    }


def _gap(gap: Gap) -> dict[str, Any]:
    return {
        "capability": gap.capability,
        "level": gap.level,
        "key": gap.key,
        "value": gap.value.value,
        "why": gap.why,
        "next": gap.next,
    }


def _evidence(result: Result) -> dict[str, Any]:
    answers = [_support(support) for support in result.support]
    return {"claims": result.claims, "evidenced": result.evidenced, "answers": answers}


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
    return {"score": _round(profile.score), "level": profile.level, "coverage": round(profile.coverage, 4)}


def _round(number: float | None) -> float | None:
    return None if number is None else round(number, 4)


def _because(reason: Because) -> dict[str, Any]:
    return {
        "rule": reason.rule,
        "level": reason.level,
        "dimensions": list(reason.dimensions),
        "published": reason.published,
        "facts": dict(reason.facts),
        "text": reason.text,
    }


def _support(support: Support) -> dict[str, Any]:
    return {
        "capability": support.capability,
        "respondent": support.respondent,
        "value": support.value.value,
        "confidence": support.confidence,
        "standing": support.standing.value,
        "proofs": [
            {
                **{key: value for key, value in asdict(check.proof).items() if value is not None},
                "seen": check.seen.value,
            }
            for check in support.checks
        ],
        "exemption": asdict(support.exemption) if support.exemption else None,
        "exempt": support.exempt,
    }


def _dispute(dispute: Dispute) -> dict[str, Any]:
    return {
        **asdict(dispute),
        "low": dispute.low.value,
        "high": dispute.high.value,
        "merged": dispute.merged.value,
        "low_by": list(dispute.low_by),
        "high_by": list(dispute.high_by),
    }


def _panel(panel: Panel) -> dict[str, Any]:
    return {
        "respondents": [asdict(voice) for voice in panel.voices],
        "alpha": {**asdict(panel.alpha), "value": _round(panel.alpha.value)},
        "r_wg_star": _round(panel.r_wg_star_items),
        "agreement": [
            {
                "capability": agreement.capability,
                "said": {label: value.value for label, value in agreement.said},
                "raters": agreement.raters,
                "r_wg": _round(agreement.r_wg),
                "r_wg_star": _round(agreement.r_wg_star),
                "average_deviation": _round(agreement.deviation),
                "disputed": agreement.disputed,
                "merged": agreement.merged.value,
                "decided_by": agreement.decided_by,
            }
            for agreement in panel.agreements
        ],
        "roles": [asdict(role) for role in panel.roles],
        "role_gaps": [
            {
                "capability": gap.capability,
                "roles": [{"role": role, "low": low.value, "high": high.value} for role, low, high in gap.roles],
                "steps": gap.steps,
            }
            for gap in panel.role_gaps
        ],
        "conflicts": [
            {"fact": one.fact, "said": [{"value": value, "by": list(labels)} for value, labels in one.said]}
            for one in panel.conflicts
        ],
    }


def _crosswalk(other: Crosswalk) -> dict[str, Any]:
    return {
        "google": other.google,
        "microsoft": other.microsoft,
        "ml_test_score": other.ml_test_score,
        "note": say("crosswalk.note", asked=other.asked, tests=other.tests),
        "scales": [asdict(scale) for scale in other.scales],
        "sections": [asdict(section) for section in other.sections],
        "rubrics": [{**asdict(rubric), "words": say(f"crosswalk.band-{rubric.band}")} for rubric in other.rubrics],
    }
