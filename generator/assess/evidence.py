"""Looking at evidence: is the named file there, and is it the one whose digest was noted. Opens nothing else.

A path starts at the answers file's folder or at a repository given beside it. What leads out of these (an absolute
path, .., a link) is named but never opened: an answers file from a stranger must not find out what is on this machine.
No address is fetched.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.assess.answersreader import ADDRESS
from generator.errors import LadderError
from generator.model.assessment import Answers, Proof
from generator.model.evidence import ProofCheck, Seen

NOTE = "note:"
FILE_LIKE = re.compile(r"[^\s]*[/\\][^\s]*|[^\s]+\.[A-Za-z][A-Za-z0-9]{0,5}")
"""What a person means as a path: no blanks, and a slash or an ending."""

LARGEST = 1_000_000_000
"""Bytes of a file that is read for its digest; a larger one counts as unreadable."""


def look(answers: Answers, roots: Sequence[Path]) -> dict[str, tuple[ProofCheck, ...]]:
    """Return what looking at every answer's evidence gives; paths are tried below each of `roots` in turn."""
    return {
        id_: tuple(ProofCheck(proof=proof, seen=look_at(proof, roots)) for proof in answer.evidence)
        for id_, answer in answers.answers.items()
        if answer.evidence
    }


def look_at(proof: Proof, roots: Iterable[Path]) -> Seen:
    """Return what looking at one proof gives: the best that any of `roots` has."""
    if proof.path is None:
        return Seen.NOT_CHECKED
    found = {_look_below(root, proof.path, proof.sha256) for root in roots}
    order = (Seen.MATCHES, Seen.PRESENT, Seen.CHANGED, Seen.UNREADABLE, Seen.MISSING, Seen.OUTSIDE)
    return next((seen for seen in order if seen in found), Seen.NOT_CHECKED)


def proof_of(text: str, roots: Sequence[Path]) -> Proof:
    """Return what a person typed as evidence: an address, a note, or a file that is there, with its digest.

    LadderError where it looks like a file and none is there, or like an address and is none; a text that begins with
    note: is a note whatever it looks like.
    """
    note = text.strip().removeprefix(NOTE)
    if note != text.strip():
        return Proof(note=note.strip())
    if "://" in note:
        if not ADDRESS.fullmatch(note):
            raise LadderError("evidence.typed-address")
        return Proof(url=note)
    for root in roots:
        found = _below(root, note)
        if found:
            return found
    if any(look_at(Proof(path=note), [root]) is Seen.OUTSIDE for root in roots):
        raise LadderError("evidence.typed-outside", subject=note)
    if FILE_LIKE.fullmatch(note):
        raise LadderError("evidence.typed-missing", subject=note, folders=", ".join(map(str, roots)))
    return Proof(note=note)


def _below(root: Path, text: str) -> Proof | None:
    """Return the proof for a path that is there below `root`, spelled from there; with its digest if it is a file."""
    try:
        base = root.resolve()
        full = (base / text).resolve()
        if not text or not full.is_relative_to(base) or not full.exists():
            return None
        path = full.relative_to(base).as_posix()
        if not full.is_file() or full.stat().st_size > LARGEST:
            return Proof(path=path)
        return Proof(path=path, sha256=_digest(full))
    except (OSError, ValueError, RuntimeError):
        return None


def _look_below(root: Path, path: str, digest: str | None) -> Seen:
    try:
        base = root.resolve()
        full = (base / path).resolve()
        if not full.is_relative_to(base):
            return Seen.OUTSIDE
        if digest is None:
            return Seen.PRESENT if full.exists() else Seen.MISSING
        if not full.is_file():
            return Seen.UNREADABLE if full.exists() else Seen.MISSING
        if full.stat().st_size > LARGEST:
            return Seen.UNREADABLE
        return Seen.MATCHES if _digest(full) == digest else Seen.CHANGED
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, a loop of links, no permission
        return Seen.UNREADABLE


def _digest(path: Path) -> str:
    import hashlib

    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
