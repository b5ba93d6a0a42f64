"""Looking at evidence: is the named file there, and is it the one whose digest was noted. Opens nothing else.

A path starts at the answers file's folder or at a repository given beside it. What leads out of these (an absolute
path, .., a link) is named but never opened: an answers file from a stranger must not find out what is on this machine.
No address is fetched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from generator.model.assessment import Answers, Proof
from generator.model.evidence import ProofCheck, Seen

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
        with full.open("rb") as file:
            return Seen.MATCHES if hashlib.file_digest(file, "sha256").hexdigest() == digest else Seen.CHANGED
    except (OSError, ValueError, RuntimeError):  # a name that no file can have, a loop of links, no permission
        return Seen.UNREADABLE
