"""The only module that prints: results to standard output, everything said beside them to standard error."""

from __future__ import annotations

import os
import sys


def write(text: str) -> None:
    """Print `text` as it is to standard output (JSON, documents)."""
    print(text, flush=True)


def tell(text: str) -> None:
    """Print a line for the person, to standard error."""
    print(text, file=sys.stderr, flush=True)


def progress(text: str, *, last: bool) -> None:
    """Rewrite the line that tells how far something is, where standard error is a terminal that can."""
    if sys.stderr.isatty() and not is_plain():
        print(f"\r\x1b[K{text}", end="\n" if last else "", file=sys.stderr, flush=True)


def ask(prompt: str) -> str:
    """Return one line typed after `prompt`; EOFError when the input has ended."""
    return input(f"{prompt} ")


def is_terminal() -> bool:
    """Return whether a person can answer: both ends are terminals."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def is_plain() -> bool:
    """Return whether the terminal only prints lines and cannot move its cursor."""
    return os.name != "nt" and os.environ.get("TERM", "") in ("", "dumb", "unknown")
