"""Which rows the canary answers: always the same ones, so that a caller does not see two models in turn."""

from __future__ import annotations

import hashlib


def meets_canary(row: object, canary: str, share: float) -> bool:
    """Return whether the canary answers the row with this id; a row without an id never meets it."""
    if row is None:
        return False
    digest = hashlib.sha256(f"{canary}:{row}".encode()).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64
