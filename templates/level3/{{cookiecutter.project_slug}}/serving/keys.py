"""Who may ask: API keys, of which only digests are kept.

``python -m serving.keys NAME >> keys.txt`` prints a line for the file, and the key itself once, to the terminal.
``python -m serving --keys keys.txt`` then answers holders of a key only.
"""

from __future__ import annotations

import argparse
import hashlib
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from fastapi import HTTPException, Security
from fastapi.security import APIKeyHeader

HEADER = APIKeyHeader(name="X-API-Key", auto_error=False)


@dataclass(frozen=True, kw_only=True)
class Keys:
    """The SHA-256 digests of the keys that are accepted; None accepts everybody."""

    digests: frozenset[str] | None

    async def check(self, key: Annotated[str | None, Security(HEADER)] = None) -> None:
        """Return for a known key, 401 otherwise; keys are random, so looking up a digest gives nothing away."""
        if self.digests is not None and (key is None or digest(key) not in self.digests):
            raise HTTPException(401, "send a known key in the header X-API-Key")


NO_KEYS = Keys(digests=None)


def digest(key: str) -> str:
    """Return what is kept of a key; it has 256 random bits, so a plain hash cannot be guessed back."""
    return hashlib.sha256(key.encode()).hexdigest()


def read_keys(path: Path) -> Keys:
    """Return the keys of a file with lines "NAME DIGEST"; a line that is neither that nor empty ends the program."""
    digests = set()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        match line.split():
            case []:
                continue
            case [_, kept] if len(kept) == 64:
                digests.add(kept)
            case _:
                raise SystemExit(f"{path}:{number}: not a line of python -m serving.keys; write NAME DIGEST")
    return Keys(digests=frozenset(digests))


def main() -> None:
    """Make a key: its digest to the output, the key itself to the terminal."""
    parser = argparse.ArgumentParser(prog="python -m serving.keys")
    parser.add_argument("name", help="whose key this is")
    name = parser.parse_args().name
    if len(name.split()) != 1:
        raise SystemExit("a name is one word")
    key = secrets.token_urlsafe(32)
    print(name, digest(key))
    print(f"the key of {name}, shown this once: {key}", file=sys.stderr)


if __name__ == "__main__":
    main()
