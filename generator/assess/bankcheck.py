"""Is a custom question bank sound: shape by JSON schema, references, words; each complaint with its line."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generator import text
from generator.assess.bank import PACKAGED, STRUCTURE
from generator.errors import LadderError
from generator.model.assessment import SCALE
from generator.text import say
from generator.yamlfile import Document, Place, read

SCHEMAS = PACKAGED / "schema"
CAPABILITY_WORDS = ("title", "question", *(f"answers.{value}" for value in SCALE), "example", "why", "next")


def validate_bank(folder: Path) -> list[str]:
    """Return every complaint about the bank in `folder`, each with file, line and what to do; empty for a sound one."""
    documents: dict[str, Document] = {}
    problems: list[str] = []
    for name in STRUCTURE:
        try:
            documents[name] = read(folder / f"{name}.yaml")
            problems += _shape(documents[name], name)
        except LadderError as error:
            problems.append(str(error))
    return problems or [*_references(documents), *_words(folder, documents)]


def _shape(document: Document, name: str) -> Iterator[str]:
    import jsonschema

    schema = json.loads((SCHEMAS / "bank.schema.json").read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator({**schema, "$ref": f"#/$defs/{name}"})
    for error in validator.iter_errors(document.value):
        place: Place = tuple(error.absolute_path)
        if error.validator == "additionalProperties":
            known = list(error.schema["properties"])
            for key in sorted(set(error.instance) - set(known)):
                yield _at(document, (*place, key), "bank.unknown-key", key=key, near=_nearest(key, known))
        else:
            yield _at(document, place, "bank.shape", place=_path(place), problem=error.message)


def _references(documents: dict[str, Document]) -> Iterator[str]:
    capabilities = documents["capabilities"]
    entries: list[dict[str, Any]] = capabilities.value
    levels = {entry["id"]: entry["level"] for entry in entries}
    known = documents["bank"].value
    for index, entry in enumerate(entries):
        if [other["id"] for other in entries].index(entry["id"]) != index:
            yield _at(capabilities, (index, "id"), "bank.twice", id=entry["id"])
        yield from _unknown(capabilities, (index, "dimension"), [entry["dimension"]], known["dimensions"])
        yield from _unknown(capabilities, (index, "principles"), entry["principles"], known["principles"])
        yield from _unknown(capabilities, (index, "prerequisites"), entry["prerequisites"], list(levels))
        for needed in entry["prerequisites"]:
            if levels.get(needed, 0) > entry["level"]:
                yield _at(capabilities, (index, "prerequisites"), "bank.higher", id=entry["id"], needed=needed)
    yield from _cycles(capabilities)
    yield from _gates(documents["rules"], levels)
    yield from _targets(documents, levels)


def _cycles(document: Document) -> Iterator[str]:
    from graphlib import CycleError, TopologicalSorter

    graph = {entry["id"]: entry["prerequisites"] for entry in document.value}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        cycle = error.args[1]
        index = next(i for i, entry in enumerate(document.value) if entry["id"] == cycle[0])
        yield _at(document, (index, "prerequisites"), "bank.cycle", cycle=" -> ".join(cycle))


def _gates(rules: Document, levels: dict[str, int]) -> Iterator[str]:
    doubt = rules.value["doubt"]
    if doubt != sorted(doubt, reverse=True):
        yield _at(rules, ("doubt",), "bank.doubt", doubt=", ".join(map(str, doubt)))
    for index, gate in enumerate(rules.value["gates"]):
        for number, group in enumerate(gate["keys"]):
            place = ("gates", index, "keys", number)
            yield from _unknown(rules, place, group, list(levels))
            for key in group:
                if levels.get(key, gate["level"]) != gate["level"]:
                    yield _at(rules, place, "bank.key-level", key=key, level=gate["level"], own=levels[key])


def _targets(documents: dict[str, Document], levels: dict[str, int]) -> Iterator[str]:
    targets = documents["targets"]
    dimensions = documents["bank"].value["dimensions"]
    facts = {fact["id"]: fact for fact in documents["profile"].value}
    for part in ("rules", "caps"):
        for index, rule in enumerate(targets.value[part]):
            for number, condition in enumerate(rule["when"]):
                yield from _condition(targets, (part, index, "when", number), condition, facts)
            yield from _unknown(targets, (part, index, "dimensions"), rule.get("dimensions", []), dimensions)
            yield from _unknown(targets, (part, index, "capabilities"), rule.get("capabilities", []), list(levels))


def _condition(
    targets: Document, place: Place, condition: dict[str, Any], facts: dict[str, dict[str, Any]]
) -> Iterator[str]:
    name, value = condition["fact"], condition["value"]
    yield from _unknown(targets, (*place, "fact"), [name], list(facts))
    if name not in facts:
        return
    for one in value if isinstance(value, list) else [value]:
        if not _fits(one, facts[name]):
            kind = ", ".join(facts[name].get("choices", [])) or facts[name]["kind"]
            yield _at(targets, (*place, "value"), "bank.value", value=one, fact=name, kind=kind)


def _fits(value: object, fact: dict[str, Any]) -> bool:
    if fact["kind"] == "choice":
        return value in fact.get("choices", [])
    return type(value) is (bool if fact["kind"] == "boolean" else int)


def _words(folder: Path, documents: dict[str, Document]) -> Iterator[str]:
    place = folder / text.language() if folder != PACKAGED else text.LOCALE / text.language() / "bank"
    bank, targets = documents["bank"].value, documents["targets"].value
    for dimension in bank["dimensions"]:
        wanted = [entry["id"] for entry in documents["capabilities"].value if entry["dimension"] == dimension]
        yield from _said(place / f"{dimension}.yaml", (), dict.fromkeys(wanted, CAPABILITY_WORDS))
    for part in ("dimensions", "principles"):
        yield from _said(place / "names.yaml", (part,), dict.fromkeys(bank[part], ()))
    reasons = documents["rules"].value["exemptions"]
    yield from _said(place / "names.yaml", ("exemptions",), dict.fromkeys(reasons, ()))
    for part in ("rules", "caps"):
        yield from _said(place / "targets.yaml", (part,), dict.fromkeys([rule["id"] for rule in targets[part]], ()))
    yield from _said(place / "profile.yaml", (), {fact["id"]: _fact_words(fact) for fact in documents["profile"].value})


def _fact_words(fact: dict[str, Any]) -> tuple[str, ...]:
    return ("question", "help", *(f"labels.{choice}" for choice in fact.get("choices", [])))


def _said(path: Path, place: Place, wanted: dict[str, tuple[str, ...]]) -> Iterator[str]:
    """Complain about ids in `wanted` without all their words (no words listed: the entry is the sentence)."""
    try:
        document = read(path)
    except LadderError as error:
        yield str(error)
        return
    said = _within(document.value, place)
    for id_ in sorted(set(said) - set(wanted)) if isinstance(said, dict) else []:
        yield _at(document, (*place, id_), "bank.unknown-key", key=id_, near=_nearest(id_, list(wanted)))
    for id_, words in wanted.items():
        entry = _within(said, (id_,))
        missing = [word for word in words if not _is_sentence(_within(entry, tuple(word.split("."))))]
        if missing or (not words and not _is_sentence(entry)):
            yield _at(document, (*place, id_), "bank.unworded", id=id_, missing=", ".join(missing) or id_)


def _is_sentence(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _within(value: Any, place: Place) -> Any:  # noqa: ANN401 - what YAML holds
    for key in place:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _unknown(document: Document, place: Place, names: list[str], known: list[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield _at(document, place, "bank.unknown", name=name, near=_nearest(name, known))


def _at(document: Document, place: Place, key: str, /, **fields: object) -> str:
    return say(key, file=document.path, line=document.line(place), **fields)


def _path(place: Place) -> str:
    return ".".join(map(str, place)) or "-"


def _nearest(word: str, known: list[str]) -> str:
    return (difflib.get_close_matches(word[:80], known, n=1, cutoff=0.0) or known or ["-"])[0]
