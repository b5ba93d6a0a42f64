"""`ladder diff`: what moving from one level to another adds, changes and removes, and why."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from generator import console
from generator.errors import LadderError, UsageError
from generator.model.project import Change, Level
from generator.scaffold import api, levels
from generator.text import say

if TYPE_CHECKING:
    from generator.report.teach import Chapter

WIDTH = 80
MARKS = {"added": "+", "changed": "~", "removed": "-"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lower", type=int, metavar="N", help=say("scaffold.lower-help"))
    parser.add_argument("higher", type=int, metavar="M", help=say("scaffold.higher-help"))
    parser.add_argument("--set", action="append", default=[], metavar="K=V", help=say("scaffold.diff-set-help"))
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help=say("scaffold.json-help"))
    form.add_argument("--html", type=Path, metavar="FILE", help=say("teach.html-help"))


def run(options: argparse.Namespace) -> int:
    """Print the differences, those with one reason together."""
    settings = dict(map(_setting, options.set))
    changes = api.differences(options.lower, options.higher, settings)
    if options.json:
        document = {
            "schema": 1,
            "from": options.lower,
            "to": options.higher,
            "changes": [*map(asdict, changes)],
        }
        console.write(json.dumps(document, indent=2))
        return 0
    lower, higher = levels.level(options.lower), levels.level(options.higher)
    titles = _titles()
    if options.html:
        from generator.report.teach import to_chapters
        from generator.scaffold.render import render

        trees = (render(lower.number, settings), render(higher.number, settings))
        return _write_page(options.html, (lower, higher), to_chapters(changes, *trees, titles))
    title = say(
        "scaffold.diff-title",
        lower=lower.number,
        lower_name=lower.name,
        higher=higher.number,
        higher_name=higher.name,
    )
    summary = say("scaffold.diff-summary", summary=higher.summary, cannot=higher.cannot)
    console.write(f"{title}\n{_wrapped(summary)}")
    for reason, group in _grouped(changes).items():
        _show(reason, group, titles)
    counts = {action: sum(change.action == action for change in changes) for action in MARKS}
    console.write("\n" + say("scaffold.diff-count", **counts))
    return 0


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise UsageError("scaffold.bad-set", value=text)
    return key, value


def _grouped(changes: Iterable[Change]) -> dict[str, list[Change]]:
    groups: dict[str, list[Change]] = {}
    for change in changes:
        groups.setdefault(change.why, []).append(change)
    return groups


def _wrapped(text: str, indent: str = "") -> str:
    import textwrap

    further = f"{indent}  " if indent else ""
    return textwrap.fill(text, WIDTH, break_on_hyphens=False, initial_indent=indent, subsequent_indent=further)


def _show(reason: str, changes: list[Change], titles: Mapping[str, str]) -> None:
    console.write("\n" + _wrapped(reason))
    for id_ in dict.fromkeys(id_ for change in changes for id_ in change.capabilities):
        console.write(_wrapped(say("teach.gives-line", id=id_, title=titles.get(id_, "")), "    "))
    for change in changes:
        console.write(f"  {MARKS[change.action]} {change.path}")


def _titles() -> dict[str, str]:
    from generator.assess.bank import load_bank

    return {capability.id: capability.title for capability in load_bank().capabilities}


def _write_page(path: Path, levels: tuple[Level, Level], chapters: Sequence[Chapter]) -> int:
    from generator.report.teach import to_page

    try:
        path.write_text(to_page(*levels, chapters), encoding="utf-8", newline="\n")
    except OSError as error:
        raise LadderError("teach.cannot-write", path=path, reason=error.strerror or error) from error
    console.write(say("teach.written", path=path))
    return 0
