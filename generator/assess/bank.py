"""The question bank: structure and words on disk to one checked value."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generator import text, yamlfile
from generator.model.assessment import (
    SCALE,
    Bank,
    Capability,
    CapRule,
    Condition,
    Fact,
    FactValue,
    GateRule,
    Rules,
    Source,
    TargetRule,
    Value,
)

PACKAGED = Path(__file__).parent.parent / "bank"
STRUCTURE = ("bank", "capabilities", "rules", "profile", "targets")


def load_bank(folder: Path | None = None) -> Bank:
    """Return the packaged bank in the language in use, or the custom one in `folder` (with words in `folder`/language).

    The packaged bank is trusted here and checked by the tests; check a custom one first with `validate_bank`.
    """
    language = text.language()
    words = text.LOCALE / language / "bank" if folder is None else folder / language
    place = folder or PACKAGED
    structure = {name: _plain(place / f"{name}.yaml") for name in STRUCTURE}
    return build_bank(structure, read_words(structure["bank"], words), language)


def read_words(bank: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the words of one language: names, profile, targets, and one entry a capability."""
    capabilities: dict[str, Any] = {}
    for dimension in bank["dimensions"]:
        capabilities |= _plain(folder / f"{dimension}.yaml")
    names = ("names", "profile", "targets")
    return {"capabilities": capabilities, **{name: _plain(folder / f"{name}.yaml") for name in names}}


def build_bank(structure: Mapping[str, Any], words: Mapping[str, Any], language: str) -> Bank:
    """Return the bank that structure and words describe; both must have passed validation."""
    targets = structure["targets"]
    said = words["targets"]
    return Bank(
        version=structure["bank"]["version"],
        language=language,
        dimensions={name: words["names"]["dimensions"][name] for name in structure["bank"]["dimensions"]},
        principles={name: words["names"]["principles"][name] for name in structure["bank"]["principles"]},
        capabilities=tuple(
            _capability(entry, words["capabilities"][entry["id"]]) for entry in structure["capabilities"]
        ),
        rules=_rules(structure["rules"], words["names"]),
        facts=tuple(_fact(entry, words["profile"][entry["id"]]) for entry in structure["profile"]),
        target_rules=tuple(_target(entry, said["rules"][entry["id"]]) for entry in targets["rules"]),
        cap_rules=tuple(_cap(entry, said["caps"][entry["id"]]) for entry in targets["caps"]),
    )


def _plain(path: Path) -> Any:  # noqa: ANN401 - what YAML holds
    import yaml

    if path.is_relative_to(PACKAGED.parent):
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - both loaders are the safe ones
    return yamlfile.read(path).value


def _capability(entry: Mapping[str, Any], words: Mapping[str, Any]) -> Capability:
    return Capability(
        id=entry["id"],
        slug=entry["slug"],
        level=entry["level"],
        dimension=entry["dimension"],
        principles=tuple(entry["principles"]),
        prerequisites=tuple(entry["prerequisites"]),
        effort=entry["effort"],
        risk_reduction=entry["risk_reduction"],
        ibm=entry["ibm"],
        google=entry["google"],
        microsoft=entry["microsoft"],
        ml_test_score=tuple(entry["ml_test_score"]),
        sources=_sources(entry),
        title=words["title"],
        question=words["question"],
        answers={value: words["answers"][value] for value in SCALE},
        example=words["example"],
        why=words["why"],
        next=words["next"],
    )


def _rules(entry: Mapping[str, Any], names: Mapping[str, Any]) -> Rules:
    return Rules(
        scoring_version=entry["scoring_version"],
        points={Value(name): float(points) for name, points in entry["points"].items()},
        key_minimum=float(entry["key_minimum"]),
        threshold=float(entry["threshold"]),
        max_not_applicable=float(entry["max_not_applicable"]),
        doubt=tuple(entry["doubt"]),
        gates=tuple(GateRule(level=gate["level"], keys=tuple(map(tuple, gate["keys"]))) for gate in entry["gates"]),
        weeks=entry["roadmap"]["weeks"],
        phase_weeks=entry["roadmap"]["phase_weeks"],
        exemptions={reason: names["exemptions"][reason] for reason in entry["exemptions"]},
    )


def _fact(entry: Mapping[str, Any], words: Mapping[str, Any]) -> Fact:
    return Fact(
        id=entry["id"],
        kind=entry["kind"],
        core=entry["core"],
        choices=tuple(entry.get("choices", ())),
        minimum=entry.get("minimum"),
        maximum=entry.get("maximum"),
        question=words["question"],
        help=words["help"],
        labels=words.get("labels", {}),
    )


def _target(entry: Mapping[str, Any], sentence: str) -> TargetRule:
    return TargetRule(
        id=entry["id"],
        when=tuple(map(_condition, entry["when"])),
        level=entry["level"],
        dimensions=tuple(entry["dimensions"]),
        capabilities=tuple(entry["capabilities"]),
        published=entry["published"],
        sources=_sources(entry),
        text=sentence,
    )


def _cap(entry: Mapping[str, Any], sentence: str) -> CapRule:
    return CapRule(id=entry["id"], when=tuple(map(_condition, entry["when"])), level=entry["level"], text=sentence)


def _condition(entry: Mapping[str, Any]) -> Condition:
    value: FactValue | list[FactValue] = entry["value"]
    return Condition(fact=entry["fact"], op=entry["op"], value=tuple(value) if isinstance(value, list) else value)


def _sources(entry: Mapping[str, Any]) -> tuple[Source, ...]:
    return tuple(Source(title=title) for title in entry["sources"])
