"""A scan as SARIF 2.1.0 (OASIS), as code hosts accept it: a rule for a capability, a result for a gap on the way up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from generator import __version__
from generator.model.assessment import Bank, Capability
from generator.model.scan import Evidence, Outcome, Place, Report
from generator.text import say

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HIGHEST = 3
GAPS = frozenset({Outcome.NO, Outcome.NOT_SEEN})
LONGEST = 1_000
"""Characters of a message that every host shows whole."""


def to_sarif(report: Report, bank: Bank) -> dict[str, Any]:
    """Return the SARIF log of a scan: its results are what the tree lacks for its own level and the next.

    A result of a capability that is there would be shown as an alert, so what was found is in the run's properties.
    """
    capabilities = {capability.id: capability for capability in bank.capabilities}
    wanted = _wanted(report, bank)
    gaps = [item for item in report.evidence if item.outcome in GAPS and item.capability in wanted]
    rules = [capabilities[name] for name in sorted({item.capability for item in gaps})]
    index = {capability.id: at for at, capability in enumerate(rules)}
    anchor = _anchor(report)
    return {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "mlops-ladder",
                        "semanticVersion": __version__,
                        "rules": [_rule(capability) for capability in rules],
                    }
                },
                "automationDetails": {"id": "mlops-ladder/"},
                "columnKind": "utf16CodeUnits",
                "properties": _properties(report),
                "results": [_result(item, index, wanted[item.capability], anchor) for item in gaps],
            }
        ],
    }


def _wanted(report: Report, bank: Bank) -> dict[str, str]:
    """Return the capabilities that count for the level that is visible and the next, each with its SARIF level."""
    if report.level is None:
        return {}
    reach = min(HIGHEST, report.level + 1)
    present = {item.capability for item in report.evidence if item.outcome is Outcome.YES}
    missing = {
        name
        for gate in bank.rules.gates
        if gate.level <= reach
        for group in gate.keys
        if not present & set(group)
        for name in group
    }
    return {
        capability.id: "warning" if capability.id in missing else "note"
        for capability in bank.capabilities
        if capability.level <= reach
    }


def _rule(capability: Capability) -> dict[str, Any]:
    return {
        "id": capability.id,
        "name": "".join(part.capitalize() for part in capability.slug.split("-")),
        "shortDescription": {"text": capability.title},
        "fullDescription": {"text": capability.why},
        "help": {"text": capability.next},
        "defaultConfiguration": {"level": "note"},
        "properties": {"tags": [f"level-{capability.level}", capability.dimension], "precision": "medium"},
    }


def _result(item: Evidence, index: dict[str, int], level: str, anchor: Place) -> dict[str, Any]:
    places = item.where or (anchor,)
    mark = sha256(f"{item.capability}\0{places[0].file if item.where else ''}".encode()).hexdigest()[:16]
    return {
        "ruleId": item.capability,
        "ruleIndex": index[item.capability],
        "level": level if item.outcome is Outcome.NO else "note",
        "message": {"text": _sentence(item)},
        "locations": [_location(place) for place in places[:1]],
        "relatedLocations": [_location(place) | {"id": at} for at, place in enumerate(places[1:10], 1)],
        "partialFingerprints": {"primaryLocationLineHash": f"{mark}:1"},
    }


def _sentence(item: Evidence) -> str:
    text = say(item.why.key, **item.why.fields)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _location(place: Place) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": uri(place.file)},
            "region": {"startLine": max(1, place.first), "endLine": max(1, place.first, place.last)},
        }
    }


def uri(path: str) -> str:
    """Return a path of the tree as a relative URI reference; what RFC 3986 does not allow is percent-encoded."""
    encoded = quote(path.encode("utf-8", errors="surrogateescape"), safe="/!$&'()*+,;=@-._~")
    return f"./{encoded}" if encoded.startswith(("/", "//")) else encoded


def _anchor(report: Report) -> Place:
    """Return where a gap without a place of its own is shown: the file that most of the evidence names."""
    files = Counter(place.file for item in report.evidence for place in item.where)
    return Place(file=files.most_common(1)[0][0] if files else "README.md")


def _properties(report: Report) -> dict[str, Any]:
    return {
        "kind": report.kind.value,
        "level": report.level,
        "interval": list(report.interval) if report.interval else None,
        "found": list(_found(report)),
    }


def _found(report: Report) -> Iterator[dict[str, Any]]:
    for item in report.evidence:
        if item.outcome is Outcome.YES:
            where = [f"{place.file}:{place.first}" for place in item.where]
            yield {"capability": item.capability, "grade": item.grade.name, "where": where}
