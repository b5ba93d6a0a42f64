"""The answers file: made to be committed and compared; read with the line of every mistake, saved in one step."""

from __future__ import annotations

import difflib
import os
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from generator import yamlfile
from generator.errors import LadderError, UsageError
from generator.model.assessment import Answer, Answers, Bank, Fact, FactValue, Proof, Respondent, Value
from generator.yamlfile import Document, Place

EXAMPLE = Path(__file__).parent.parent / "bank" / "example.yaml"
SCHEMA = 1
TOP = ("schema", "bank", "organization", "respondent", "profile", "answers")
ANSWER = ("value", "confidence", "evidence", "reason")
PROOF = ("path", "url", "note", "date")
MOST_TEXT = 2000


def load_answers(path: Path, bank: Bank) -> Answers:
    """Return the answers in `path`; LadderError names file, line, key and the nearest right key."""
    document = yamlfile.read(path)
    return _Reader(document, bank).answers()


def save_answers(path: Path, answers: Answers) -> None:
    """Write `answers` to `path` in one step: the old file or the new one is there, whatever happens between."""
    content = dump_answers(answers)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".saving", dir=path.parent)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise LadderError("answers.cannot-save", file=path, reason=error.strerror or error) from error


def parse_changes(bank: Bank, changes: Iterable[str]) -> tuple[dict[str, FactValue], dict[str, Answer]]:
    """Return the facts and answers that ``key=value`` texts name, checked as the same lines in a file would be."""
    import yaml

    table: dict[str, Any] = {"schema": SCHEMA, "bank": bank.version, "profile": {}, "answers": {}}
    ids = {capability.id for capability in bank.capabilities}
    for change in changes:
        key, equals, value = change.partition("=")
        if not equals:
            raise UsageError("answers.change", change=change)
        if key in ids:
            table["answers"][key] = {"value": value}
        else:
            table["profile"][key] = yaml.safe_load(value)
    read = _Reader(Document(path=Path("--what-if"), value=table, lines={}), bank).answers()
    return dict(read.profile), dict(read.answers)


def dump_answers(answers: Answers) -> str:
    """Return the file's text: keys in a fixed order, one line an answer, empty parts left out."""
    import yaml

    head: dict[str, Any] = {"schema": SCHEMA, "bank": answers.bank}
    if answers.organization is not None:
        head["organization"] = answers.organization
    person = {
        key: value for key, value in (("name", answers.respondent.name), ("role", answers.respondent.role)) if value
    }
    if person:
        head["respondent"] = person
    if answers.profile:
        head["profile"] = dict(answers.profile)
    text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=1000)
    if not answers.answers:
        return text
    lines = []
    for id_ in sorted(answers.answers):
        entry = yaml.safe_dump(
            _plain(answers.answers[id_]), sort_keys=False, allow_unicode=True, default_flow_style=True, width=100_000
        )
        lines.append(f"  {id_}: {entry.strip()}\n")
    return text + "answers:\n" + "".join(lines)


def _plain(answer: Answer) -> dict[str, Any]:
    plain: dict[str, Any] = {"value": answer.value.value}
    if answer.confidence is not None:
        plain["confidence"] = answer.confidence
    if answer.evidence:
        plain["evidence"] = [{k: v for k in PROOF if (v := getattr(proof, k)) is not None} for proof in answer.evidence]
    if answer.reason is not None:
        plain["reason"] = answer.reason
    return plain


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads one document; every complaint carries the place it is about."""

    document: Document
    bank: Bank

    def answers(self) -> Answers:
        table = self._mapping((), self.document.value, TOP)
        if table.get("schema") != SCHEMA:
            self._fail(("schema",), "answers.schema", found=repr(table.get("schema")), known=SCHEMA)
        if str(table.get("bank")) != self.bank.version:
            self._fail(("bank",), "answers.bank", found=repr(table.get("bank")), known=self.bank.version)
        person = self._mapping(("respondent",), table.get("respondent") or {}, ("name", "role"))
        return Answers(
            bank=self.bank.version,
            organization=self._text(("organization",), table.get("organization")),
            respondent=Respondent(
                name=self._text(("respondent", "name"), person.get("name")),
                role=self._text(("respondent", "role"), person.get("role")),
            ),
            profile=self._profile(table.get("profile") or {}),
            answers=self._answers(table.get("answers") or {}),
        )

    def _profile(self, table: object) -> dict[str, FactValue]:
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
        raise self._error(place, f"answers.fact-{fact.kind}", fact=fact.id, found=repr(value), **limits)

    def _answers(self, table: object) -> dict[str, Answer]:
        ids = [capability.id for capability in self.bank.capabilities]
        given = self._mapping(("answers",), table, ids)
        return {id_: self._answer(id_, entry) for id_, entry in given.items()}

    def _answer(self, id_: str, entry: object) -> Answer:
        place = ("answers", id_)
        table = self._mapping(place, entry, ANSWER)
        found = table.get("value")
        if found not in list(Value):
            near = _nearest(str(found), list(Value))
            self._fail((*place, "value"), "answers.value", capability=id_, found=repr(found), near=near)
        value = Value(str(found))
        confidence = table.get("confidence")
        if confidence is not None and (type(confidence) is not int or not 0 <= confidence <= 3):
            self._fail((*place, "confidence"), "answers.confidence", capability=id_, found=repr(confidence))
        reason = self._text((*place, "reason"), table.get("reason"))
        if value is Value.NOT_APPLICABLE:
            self._check_not_applicable(place, id_, reason)
        return Answer(
            value=value, confidence=confidence, evidence=self._evidence(place, table.get("evidence")), reason=reason
        )

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
        texts = {name: self._text((*place, name), str(value)) for name, value in table.items() if value is not None}
        return Proof(**texts)

    def _mapping(self, place: Place, value: object, known: Iterable[str]) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            self._fail(place, "answers.mapping", place=".".join(map(str, place)) or "-", found=type(value).__name__)
        names = list(known)
        for key in value:
            if key not in names:
                self._fail((*place, str(key)), "answers.unknown-key", key=key, near=_nearest(str(key), names))
        return value

    def _text(self, place: Place, value: object) -> str | None:
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > MOST_TEXT or not value.replace("\n", " ").isprintable():
            self._fail(place, "answers.text", place=".".join(map(str, place)), most=MOST_TEXT)
        return str(value)

    def _fail(self, place: Place, key: str, /, **fields: object) -> NoReturn:
        raise self._error(place, key, **fields)

    def _error(self, place: Place, key: str, /, **fields: object) -> LadderError:
        return LadderError(key, file=self.document.path, line=self.document.line(place), **fields)


def _within(fact: Fact, value: int) -> bool:
    return (fact.minimum is None or value >= fact.minimum) and (fact.maximum is None or value <= fact.maximum)


def _nearest(word: str, known: Iterable[str]) -> str:
    names = list(known)
    found = difflib.get_close_matches(word, names, n=1, cutoff=0.0)
    return found[0] if found else names[0]
