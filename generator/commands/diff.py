"""`ladder diff`: what moving from one level to another adds, changes and removes, and why."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable
from dataclasses import asdict

from generator import console
from generator.errors import UsageError
from generator.model.project import Change
from generator.scaffold import api, levels
from generator.text import say

WIDTH = 80
MARKS = {"added": "+", "changed": "~", "removed": "-"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("lower", type=int, metavar="N", help=say("scaffold.lower-help"))
    parser.add_argument("higher", type=int, metavar="M", help=say("scaffold.higher-help"))
    parser.add_argument("--set", action="append", default=[], metavar="K=V", help=say("scaffold.diff-set-help"))
    parser.add_argument("--json", action="store_true", help=say("scaffold.json-help"))


def run(options: argparse.Namespace) -> int:
    """Print the differences, those with one reason together."""
    changes = api.differences(options.lower, options.higher, dict(map(_setting, options.set)))
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
        _show(reason, group)
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


def _wrapped(text: str) -> str:
    import textwrap

    return textwrap.fill(text, WIDTH, break_on_hyphens=False)


def _show(reason: str, changes: list[Change]) -> None:
    capabilities = " ".join(changes[0].capabilities)
    console.write("\n" + _wrapped(f"{reason}{f' [{capabilities}]' if capabilities else ''}"))
    for change in changes:
        console.write(f"  {MARKS[change.action]} {change.path}")
