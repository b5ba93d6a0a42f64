"""`ladder report`: the result as a document for a meeting."""

from __future__ import annotations

import argparse
from pathlib import Path

from generator import console
from generator.errors import UsageError
from generator.text import say

FORMATS = ("html", "md", "json", "pdf", "xlsx")
DEFAULT = "html"
SCREEN = "-"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("files", nargs="+", type=Path, metavar="F", help=say("report.files-help"))
    parser.add_argument("--format", choices=FORMATS, help=say("report.format-help"))
    parser.add_argument("-o", "--output", metavar="PATH", help=say("report.output-help"))
    parser.add_argument("--repo", type=Path, action="append", default=[], metavar="DIR", help=say("score.repo-help"))
    parser.add_argument("--force", action="store_true", help=say("report.force-help"))


def run(options: argparse.Namespace) -> int:
    """Write the document and say where it is, or print it."""
    from generator.documents import TEXTS, document
    from generator.output import save

    form = options.format or _format_of(options.output)
    if options.output == SCREEN:
        if form not in TEXTS:
            raise UsageError("report.stdout", format=form)
        console.write(document(options.files, form, options.repo).decode().rstrip("\n"))
        return 0
    path = Path(options.output or f"ladder-report.{form}")
    if any(path.resolve() == file.resolve() for file in options.files):
        raise UsageError("report.is-input", path=path)
    content = document(options.files, form, options.repo)
    save(path, content, replace=options.force)
    console.write(say("report.done", path=path, format=form, size=max(1, len(content) // 1000)))
    return 0


def _format_of(output: str | None) -> str:
    if output in (None, SCREEN):
        return DEFAULT
    suffix = Path(str(output)).suffix.lstrip(".").lower()
    known = {"htm": "html", "markdown": "md"}.get(suffix, suffix)
    if known not in FORMATS:
        raise UsageError("report.suffix", path=output)
    return known
