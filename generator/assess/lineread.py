"""Answers files as the tool writes them, read line by line: thousands in the time that YAML takes for hundreds.

Only what is certain to mean the same as in YAML is read here: one key or one answer a line, plain words. Everything
else (quotes, comments, other layouts, mistakes) gives None, and the ordinary reader decides.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from generator import yamlfile
from generator.assess.answersreader import Reader
from generator.errors import LadderError
from generator.model.assessment import Answer, Answers, Bank, Proof, Value

TOP = re.compile(r"([a-z]+): (\S.*)")
CHILD = re.compile(r"  ([a-z_]+): (\S.*)")
CJK = "\u4e00-\u9fff\uff0c\u3001\u3002\uff08\uff09"
WORD = rf"[A-Za-z{CJK}][A-Za-z0-9_./{CJK}-]*(?: [A-Za-z0-9_./({CJK}-][A-Za-z0-9_./(){CJK}-]*)*"
PLAIN = re.compile(WORD)
URL = r"https?://[A-Za-z0-9_./?=%&-]*[A-Za-z0-9_/]"
ONE_PROOF = re.compile(rf"\{{(?:(path|note): ({WORD})|url: ({URL}))\}}")
ANSWER = re.compile(rf"  (C[0-9]{{2,3}}): \{{value: ([a-z-]+)(?:, confidence: ([0-3]))?(?:, reason: ({WORD}))?\}}")
NOT_TEXT = re.compile("(?:y|n|yes|no|on|off|true|false|null|nan|inf)", re.IGNORECASE)
"""Words that YAML takes for a truth value, nothing or a number."""

RATED = [value.value for value in Value if value is not Value.NOT_APPLICABLE]
LONGEST = 100
PARTS = ("respondent", "profile", "answers")


class _NotPlain(Exception):  # noqa: N818 - no fault: the ordinary reader takes over
    """Raised for a text that needs the ordinary reader."""


class LineReader:
    """Reads many texts against one bank; what it returns is what the ordinary reader returns, or None."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank
        self._ids = {capability.id for capability in bank.capabilities}
        self._bare = lru_cache(maxsize=50_000)(self._read_bare)
        self._line: Callable[[str], Any] = lru_cache(maxsize=50_000)(_one_line)

    def read(self, text: str) -> Answers | None:
        """Return the answers in `text`, None where it is not all plain lines."""
        try:
            table, answers = self._split(text)
            head = Reader(yamlfile.Document(path=Path(), value=table, lines={}), self._bank).answers()
        except (_NotPlain, LadderError):
            return None
        return Answers(
            bank=head.bank,
            organization=head.organization,
            team=head.team,
            date=head.date,
            respondent=head.respondent,
            profile=head.profile,
            answers=answers,
        )

    def _split(self, text: str) -> tuple[dict[str, Any], dict[str, Answer]]:
        table: dict[str, Any] = {}
        answers: dict[str, Answer] = {}
        part: dict[str, Any] | None = None
        for line in _lines(text):
            if part is answers and line.startswith("  C"):
                id_, answer = self._answer(line)
                _put(answers, id_, answer)
            elif line[:-1] in PARTS and line[-1] == ":":
                part = answers if line == "answers:" else {}
                _put(table, line[:-1], part)
            elif line.startswith("  ") and part is not None and part is not answers:
                _put(part, *self._line(line))
            else:
                part = None
                _put(table, *self._line(line))
        if any(table.get(name) == {} for name in PARTS):
            raise _NotPlain  # an open part without lines is nothing in YAML
        table.pop("answers", None)
        return table, answers

    def _answer(self, line: str) -> tuple[str, Answer]:
        """Return id and answer of a line; all but the evidence, which differs everywhere, is looked up."""
        before, found, after = line.partition(", evidence: [")
        if not found:
            return self._bare(line)
        evidence, closed, rest = after.partition("]")
        if not closed:
            raise _NotPlain
        id_, bare = self._bare(before + rest)
        proofs = tuple(map(_proof, evidence.split(", ")))
        return id_, Answer(value=bare.value, confidence=bare.confidence, evidence=proofs, reason=bare.reason)

    def _read_bare(self, line: str) -> tuple[str, Answer]:
        found = ANSWER.fullmatch(line)
        if not found:
            raise _NotPlain
        id_, value, confidence, reason = found.groups()
        if id_ not in self._ids or value not in RATED:
            raise _NotPlain
        number = None if confidence is None else int(confidence)
        return id_, Answer(value=Value(value), confidence=number, reason=_word(reason))


def _lines(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        if line.lstrip(" ").startswith("#"):
            if not line.isprintable():
                raise _NotPlain
        elif line:
            yield line


def _put(table: dict[str, Any], key: str, value: Any) -> None:  # noqa: ANN401 - what a line holds
    if key in table:
        raise _NotPlain
    table[key] = value


def _one_line(line: str) -> tuple[str, Any]:
    """Return key and value of a line that holds one plain word, one number or one quoted number."""
    found = (CHILD if line.startswith("  ") else TOP).fullmatch(line)
    if not found:
        raise _NotPlain
    key, text = found.groups()
    if re.fullmatch("0|[1-9][0-9]{0,9}", text):
        return key, int(text)
    if text in ("true", "false"):
        return key, text == "true"
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return key, _day(text)
    quoted = re.fullmatch(r"(['\"])([0-9][0-9-]*)\1", text)
    if not quoted and not PLAIN.fullmatch(text):
        raise _NotPlain
    return key, quoted[2] if quoted else _word(text)


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise _NotPlain from None


def _word(text: str | None) -> str | None:
    if text is not None and (len(text) > LONGEST or NOT_TEXT.fullmatch(text)):
        raise _NotPlain
    return text


def _proof(text: str) -> Proof:
    found = ONE_PROOF.fullmatch(text)
    if not found:
        raise _NotPlain
    kind, word, url = found.groups()
    return Proof(url=url) if url else Proof(**{kind: _word(word)})
