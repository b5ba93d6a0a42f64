"""What a document says as answers; every complaint carries its file, its line and the nearest right key."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from generator.errors import LadderError, UsageError
from generator.model.assessment import Answer, Answers, Bank, Exemption, Fact, FactValue, Proof, Respondent, Value
from generator.text import say
from generator.yamlfile import Document, Place, shown

SCHEMA = 1
TOP = ("schema", "bank", "organization", "team", "date", "respondent", "profile", "answers")
ANSWER = ("value", "confidence", "evidence", "reason", "exemption")
PROOF = ("path", "sha256", "url", "note", "date")
EXEMPTION = ("reason", "until", "note")
MOST_TEXT = 2000
LONGEST_KEY = 80
FEW = 20
SPOILS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What would garble a screen: control characters and changes of direction."""
DIGEST = re.compile("[0-9a-fA-F]{64}")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")


def parse_changes(bank: Bank, changes: Iterable[str]) -> tuple[dict[str, FactValue], dict[str, Answer]]:
    """Return the facts and answers that ``key=value`` texts name, checked as the same lines in a file would be."""
    facts: dict[str, FactValue] = {}
    answers: dict[str, Answer] = {}
    for change in changes:
        try:
            _change(bank, change, facts, answers)
        except LadderError as error:
            raise UsageError(error.key, **{**error.fields, "file": "--what-if", "line": change}) from error
    return facts, answers


def _change(bank: Bank, change: str, facts: dict[str, FactValue], answers: dict[str, Answer]) -> None:
    import yaml

    key, equals, text = change.partition("=")
    if not equals:
        raise LadderError("answers.change", change=shown(change))
    reader = Reader(Document(path=Path(), value=None, lines={}), bank)
    ids = [capability.id for capability in bank.capabilities]
    if key.upper() in ids:
        entry = {"value": text, "reason": change if text == Value.NOT_APPLICABLE else None}
        answers |= reader.read_answers({key.upper(): entry})
        return
    reader.check_known((), key, [*(fact.id for fact in bank.facts), *ids])
    try:
        value = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError):
        value = text
    facts |= reader.read_profile({key: value})


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads one document; every complaint carries the place it is about."""

    document: Document
    bank: Bank

    def answers(self) -> Answers:
        """Return everything the document says."""
        table = self._mapping((), self.document.value, TOP)
        if type(table.get("schema")) is not int or table["schema"] != SCHEMA:
            self._fail(("schema",), "answers.schema", found=_found(table.get("schema")), known=SCHEMA)
        if str(table.get("bank")) != self.bank.version:
            self._fail(("bank",), "answers.bank", found=_found(table.get("bank")), known=self.bank.version)
        person = self._mapping(("respondent",), _given(table, "respondent"), ("name", "role"))
        return Answers(
            bank=self.bank.version,
            organization=self._text(("organization",), table.get("organization")),
            team=self._text(("team",), table.get("team")),
            date=self._day(("date",), table.get("date")),
            respondent=Respondent(
                name=self._text(("respondent", "name"), person.get("name")),
                role=self._text(("respondent", "role"), person.get("role")),
            ),
            profile=self.read_profile(_given(table, "profile")),
            answers=self.read_answers(_given(table, "answers")),
        )

    def read_profile(self, table: object) -> dict[str, FactValue]:
        """Return the facts in `table`, each within its limits."""
        facts = {fact.id: fact for fact in self.bank.facts}
        given = self._mapping(("profile",), table, facts)
        return {name: self._fact(facts[name], value) for name, value in given.items()}

    def _fact(self, fact: Fact, value: object) -> FactValue:
        place = ("profile", fact.id)
        if fact.kind == "boolean" and isinstance(value, bool):
            return value
        if fact.kind == "choice" and value in fact.choices:
            return str(value)
        if fact.kind == "integer" and isinstance(value, int) and not isinstance(value, bool) and _within(fact, value):
            return value
        limits = {"choices": ", ".join(fact.choices), "minimum": fact.minimum, "maximum": fact.maximum}
        raise self._error(place, f"answers.fact-{fact.kind}", fact=fact.id, found=_found(value), **limits)

    def read_answers(self, table: object) -> dict[str, Answer]:
        """Return the answers in `table`, by capability."""
        ids = [capability.id for capability in self.bank.capabilities]
        given = self._mapping(("answers",), table, ids)
        return {id_: self._answer(id_, entry) for id_, entry in given.items()}

    def _answer(self, id_: str, entry: object) -> Answer:
        place = ("answers", id_)
        table = self._mapping(place, entry, ANSWER)
        found = table.get("value")
        if found not in list(Value):
            near = _nearest(str(found), list(Value))
            self._fail((*place, "value"), "answers.value", capability=id_, found=_found(found), near=near)
        value = Value(str(found))
        confidence = table.get("confidence")
        if confidence is not None and (type(confidence) is not int or not 0 <= confidence <= 3):
            self._fail((*place, "confidence"), "answers.confidence", capability=id_, found=_found(confidence))
        reason = self._text((*place, "reason"), table.get("reason"))
        if value is Value.NOT_APPLICABLE:
            self._check_not_applicable(place, id_, reason)
        return Answer(
            value=value,
            confidence=confidence,
            evidence=self._evidence(place, table.get("evidence")),
            reason=reason,
            exemption=self._exemption(id_, (*place, "exemption"), table.get("exemption")),
        )

    def _exemption(self, id_: str, place: Place, entry: object) -> Exemption | None:
        if entry is None:
            return None
        table = self._mapping(place, entry, EXEMPTION)
        reason, known = table.get("reason"), list(self.bank.rules.exemptions)
        if reason not in known:
            near = _nearest(str(reason), known)
            listed = ", ".join(known)
            fields = {"capability": id_, "found": _found(reason), "known": listed, "near": near}
            self._fail((*place, "reason"), "answers.exemption-reason", **fields)
        until = self._day((*place, "until"), table.get("until"))
        if until is None:
            self._fail(place, "answers.exemption-until", capability=id_)
        return Exemption(reason=str(reason), until=str(until), note=self._text((*place, "note"), table.get("note")))

    def _check_not_applicable(self, place: Place, id_: str, reason: str | None) -> None:
        level = self.bank.capability(id_).level
        if id_ in self.bank.rules.keys(level):
            self._fail(place, "answers.key-not-applicable", capability=id_, level=level)
        if not reason:
            self._fail(place, "answers.reason", capability=id_)

    def _evidence(self, place: Place, entries: object) -> tuple[Proof, ...]:
        if entries is None:
            return ()
        if not isinstance(entries, list):
            self._fail((*place, "evidence"), "answers.evidence")
        return tuple(self._proof((*place, "evidence", index), entry) for index, entry in enumerate(entries))

    def _proof(self, place: Place, entry: object) -> Proof:
        table = self._mapping(place, entry, PROOF)
        if sum(table.get(kind) is not None for kind in ("path", "url", "note")) != 1:
            self._fail(place, "answers.proof")
        digest, address, day = table.get("sha256"), table.get("url"), table.get("date")
        if digest is not None and not (table.get("path") and isinstance(digest, str) and DIGEST.fullmatch(digest)):
            self._fail((*place, "sha256"), "answers.sha256")
        if address is not None and not (isinstance(address, str) and ADDRESS.fullmatch(address)):
            self._fail((*place, "url"), "answers.url")
        words = {name: self._text((*place, name), value) for name, value in table.items() if name != "date"}
        when = day.isoformat() if isinstance(day, dt.date) else self._text((*place, "date"), day)
        return Proof(**{**words, "sha256": digest and str(digest).lower(), "date": when})

    def _day(self, place: Place, value: object) -> str | None:
        if value is None:
            return None
        if isinstance(value, str):
            try:
                value = dt.date.fromisoformat(value)
            except ValueError:
                value = None
        if not isinstance(value, dt.date) or isinstance(value, dt.datetime):
            self._fail(place, "answers.day", place=_spelled(place))
        return value.isoformat()

    def _mapping(self, place: Place, value: object, known: Iterable[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._fail(place, "answers.mapping", place=_spelled(place), found=_kind(value))
        names = list(known)
        for key in value:
            self.check_known(place, key, names)
        return value

    def check_known(self, place: Place, key: object, names: list[str]) -> None:
        """Raise LadderError when `key` is none of `names`, with the nearest of them."""
        if key not in names:
            self._fail((*place, str(key)), "answers.unknown-key", key=shown(key), near=_nearest(str(key), names))

    def _text(self, place: Place, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > MOST_TEXT or SPOILS.search(value):
            self._fail(place, "answers.text", place=_spelled(place), most=MOST_TEXT)
        return str(value)

    def _fail(self, place: Place, key: str, /, **fields: object) -> NoReturn:
        raise self._error(place, key, **fields)

    def _error(self, place: Place, key: str, /, **fields: object) -> LadderError:
        return LadderError(key, file=self.document.path, line=self.document.line(place), **fields)


def _given(table: Mapping[str, Any], name: str) -> object:
    """Return a part of the file; an empty one is as good as none, but `[]`, `0` and `no` are mistakes."""
    return {} if table.get(name) is None else table[name]


def _spelled(place: Place) -> str:
    return ".".join(map(str, place)) or say("answers.whole-file")


def _kind(value: object) -> str:
    known = {type(None): "nothing", list: "list", str: "text", bool: "boolean", int: "number", float: "number"}
    return say(f"answers.kind-{known.get(type(value), 'other')}")


def _within(fact: Fact, value: int) -> bool:
    return (fact.minimum is None or value >= fact.minimum) and (fact.maximum is None or value <= fact.maximum)


def _found(value: object) -> str:
    return shown(repr(value) if not isinstance(value, dict | list) or len(value) < FEW else type(value).__name__)


def _nearest(word: str, known: Iterable[str]) -> str:
    import difflib

    names = list(known)
    found = difflib.get_close_matches(word[:LONGEST_KEY], names, n=1, cutoff=0.0)
    return found[0] if found else names[0]
