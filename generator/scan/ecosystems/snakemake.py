"""Snakemake: rules with inputs, outputs and what they run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import zip_longest

from generator.model.scan import Act, Fact, Place, Task, Trigger
from generator.scan import shell
from generator.scan.signs import Sign
from generator.scan.snapshot import Snapshot

STARTS = ("snakemake",)
SIGNS = (Sign(act=Act.RUNS_PIPELINE, commands=STARTS),)
LARGEST_RULE = 8000
RULE = re.compile(r"^(?:rule|checkpoint)\s+(\w+)\s*:", re.MULTILINE)
KEYWORD = re.compile(r"^[ \t]+(input|output|shell|script|notebook|run)\s*:", re.MULTILINE)
STRING = re.compile(r"\"\"\"(.*?)\"\"\"|'''(.*?)'''|\"((?:\\.|[^\"\\\n])*)\"|'((?:\\.|[^'\\\n])*)'", re.DOTALL)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each rule."""
    for path in [*snapshot.named("Snakefile"), *snapshot.ending(".smk")]:
        text = re.sub(r"^[ \t]*#.*$", "", snapshot.text(path), flags=re.MULTILINE)
        rules = list(RULE.finditer(text))
        for rule, following in zip_longest(rules, rules[1:]):
            end = following.start() if following else len(text)
            body = text[rule.end() : min(end, rule.end() + LARGEST_RULE)]
            yield _task(path, rule[1], body, text.count("\n", 0, rule.start()) + 1)


def _task(path: str, name: str, body: str, line: int) -> Task:
    parts = list(KEYWORD.finditer(body))
    found: dict[str, tuple[list[str], int]] = {}
    for part, following in zip_longest(parts, parts[1:]):
        content = body[part.end() : following.start() if following else len(body)]
        strings = ["".join(group or "" for group in match.groups()) for match in STRING.finditer(content)]
        found[part[1]] = (strings, line + body.count("\n", 0, part.start()))
    script, at = found.get("shell", ([], line))
    return Task(
        kind="stage",
        ecosystem="snakemake",
        name=name,
        place=Place(file=path, first=line, last=line + body.rstrip().count("\n")),
        triggers=frozenset({Trigger.HAND}),
        commands=shell.commands("".join(script), path, at),
        runs=(*found.get("script", ([], 0))[0], *found.get("notebook", ([], 0))[0]),
        reads=tuple(found.get("input", ([], 0))[0]),
        writes=tuple(found.get("output", ([], 0))[0]),
    )
