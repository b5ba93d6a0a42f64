"""Makefiles: targets, what they need and the recipe lines the shell would run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from generator.model.scan import Fact, Place, Task, Trigger
from generator.scan import shell
from generator.scan.snapshot import Snapshot

STARTS = ("make", "gmake")
LONGEST_LINE = 2000
LONGEST_VALUE = 200
RULE = re.compile(r"^([^\s#:=][^#:=]*?)\s*::?(?!=)\s*([^#;=]*)(?:;(.*))?")
VARIABLE = re.compile(r"^\s*(?:export\s+)?([\w.-]+)\s*[:?+]?=\s*(.*)")


@dataclass(slots=True)
class _Rule:
    names: list[str]
    needs: list[str]
    line: int
    recipe: list[str] = field(default_factory=list)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each target of each makefile."""
    for path in [*snapshot.named("Makefile", "GNUmakefile"), *snapshot.ending(".mk")]:
        lines = [line[:LONGEST_LINE] for line in snapshot.text(path).splitlines()]
        found = filter(None, map(VARIABLE.match, lines))
        variables = {match[1]: match[2][:LONGEST_VALUE] for match in found}
        for rule in _rules(lines):
            for name in rule.names:
                yield _task(path, name, rule, variables)


def _rules(lines: list[str]) -> Iterator[_Rule]:
    rule: _Rule | None = None
    for number, line in enumerate(lines, start=1):
        if line.startswith("\t"):
            if rule:
                rule.recipe.append(line[1:])
            continue
        found = RULE.match(line)
        if found:
            if rule:
                yield rule
            rule = _Rule(found[1].split(), found[2].split(), number, [found[3]] if found[3] else [])
        elif rule:
            rule.recipe.append("")
    if rule:
        yield rule


def _task(path: str, name: str, rule: _Rule, variables: dict[str, str]) -> Task:
    silent = [re.sub(r"^\s*[@+]+", "", line) for line in rule.recipe]
    script = "\n".join(f"{line.lstrip('-@+ ')} || true" if line.startswith("-") else line for line in silent)
    script = re.sub(r"\$[({]([\w.-]+)[)}]", lambda match: variables.get(match[1], "VALUE"), script).replace("$$", "$")
    return Task(
        kind="target",
        ecosystem="make",
        name=name,
        place=Place(file=path, first=rule.line, last=rule.line + len(rule.recipe)),
        triggers=frozenset({Trigger.HAND}),
        commands=shell.commands(script, path, rule.line + 1),
        runs=tuple(f"{path}#{need}" for need in rule.needs),
        follows=tuple(rule.needs),
    )
