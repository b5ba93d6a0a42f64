"""The answers file: made to be committed and compared; saved in one step, comments kept."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from generator import yamlfile
from generator.assess.answersreader import EXEMPTION, PROOF, SCHEMA, Reader
from generator.errors import LadderError
from generator.model.assessment import Answer, Answers, Bank

EXAMPLE = Path(__file__).parent.parent / "bank" / "example.yaml"


def load_answers(path: Path, bank: Bank) -> Answers:
    """Return the answers in `path`; LadderError names file, line, key and the nearest right key."""
    return Reader(yamlfile.read(path), bank).answers()


def save_answers(path: Path, answers: Answers) -> None:
    """Write `answers` to `path` in one step: the old file or the new one is there, whatever happens between.

    What a person wrote around the answers (comments, order, spacing) stays.
    """
    import secrets

    content = _merged(path, answers)
    try:
        target = path.resolve()
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name}.{secrets.token_hex(4)}.saving")
        try:
            with beside.open("x", encoding="utf-8", newline="\n") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if target.exists():
                beside.chmod(target.stat().st_mode & 0o777)
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as error:
        raise LadderError("answers.cannot-save", file=path, reason=error.strerror or error) from error


def dump_answers(answers: Answers) -> str:
    """Return the file's text: keys in a fixed order, one line an answer, empty parts left out."""
    import yaml

    head = document_of(answers)
    entries = head.pop("answers", {})
    text = yaml.safe_dump(head, sort_keys=False, allow_unicode=True, width=1000)
    lines = []
    for id_, entry in entries.items():
        said = yaml.safe_dump(entry, sort_keys=False, allow_unicode=True, default_flow_style=True, width=10**6)
        lines.append(f"  {id_}: {said.strip()}\n")
    return text + "".join(["answers:\n", *lines] if entries else [])


def document_of(answers: Answers) -> dict[str, Any]:
    """Return the answers as the plain values of their file, in its order, empty parts left out."""
    person = {key: value for key in ("name", "role") if (value := getattr(answers.respondent, key))}
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "bank": answers.bank,
        "organization": answers.organization,
        "team": answers.team,
        "date": answers.date,
        "respondent": person or None,
        "profile": dict(answers.profile) or None,
        "answers": {id_: _plain(answers.answers[id_]) for id_ in sorted(answers.answers)} or None,
    }
    return {key: value for key, value in document.items() if value is not None}


def _plain(answer: Answer) -> dict[str, Any]:
    exemption = answer.exemption
    plain: dict[str, Any] = {
        "value": answer.value.value,
        "confidence": answer.confidence,
        "evidence": [{k: v for k in PROOF if (v := getattr(proof, k)) is not None} for proof in answer.evidence]
        or None,
        "reason": answer.reason,
        "exemption": exemption and {k: v for k in EXEMPTION if (v := getattr(exemption, k)) is not None},
    }
    return {key: value for key, value in plain.items() if value is not None}


def _merged(path: Path, answers: Answers) -> str:
    """Return the new text: the old one edited where it can be read, else the plain form."""
    from generator.assess.answersedit import rewrite

    plain = dump_answers(answers)
    try:
        old = yamlfile.read(path).text if path.exists() else ""
    except (LadderError, OSError):
        old = ""
    return rewrite(old, document_of(answers), plain) if old else plain
