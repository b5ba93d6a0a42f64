"""Task runners beside make: mise, Task, just, and the tasks of Poe, PDM and Pixi."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.model.scan import Fact, Place, Task, Trigger
from generator.scan import shell
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import as_list, as_map, line_of

STARTS = ("mise run", "mise r", "task", "go-task", "just", "poe")
TABLES = (("tool", "poe", "tasks"), ("tool", "pdm", "scripts"), ("tool", "pixi", "tasks"))
BARE = frozenset(["pdm", "pixi"])
"""Runners whose words the shell's parser takes off: what is left is the task's name, as with a console script."""

COMMANDS = ("run", "cmd", "cmds", "shell", "sequence", "composite")
NEEDS = ("depends", "depends-on", "depends_on", "deps")
RECIPE = re.compile(r"^@?([A-Za-z_][\w-]*)((?:\s+[^:]*)?):(?!=)\s*([^#]*)")


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each task of each runner's file."""
    for path in snapshot.named("mise.toml", ".mise.toml", "pixi.toml"):
        yield from _table(path, snapshot.text(path), ("tasks",), bare=path.endswith("pixi.toml"))
    for path in snapshot.named("pyproject.toml"):
        for keys in TABLES:
            yield from _table(path, snapshot.text(path), keys, bare=keys[1] in BARE)
    for path in snapshot.named("Taskfile.yml", "Taskfile.yaml"):
        yield from _taskfile(snapshot, path)
    for path in snapshot.named("justfile", ".justfile"):
        yield from _justfile(path, snapshot.text(path).splitlines())


def _task(path: str, name: str, line: int, script: str, needs: tuple[str, ...]) -> Task:
    return Task(
        kind="target",
        ecosystem="taskrunners",
        name=name,
        place=Place(file=path, first=line, last=line),
        triggers=frozenset({Trigger.HAND}),
        commands=shell.commands(script, path, line),
        runs=tuple(f"{path}#{need}" for need in needs),
        follows=needs,
    )


def _table(path: str, text: str, keys: tuple[str, ...], *, bare: bool) -> Iterator[Task]:
    try:
        table: Any = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    for key in keys:
        table = table.get(key) if isinstance(table, Mapping) else None
    lines = text.splitlines()
    for name, given in table.items() if isinstance(table, Mapping) else ():
        line = next((at for at, content in enumerate(lines, 1) if name in content), 1)
        scripts, needs = _parts(given)
        task = _task(path, name, line, "\n".join(scripts), needs)
        yield replace(task, kind="console", ecosystem="packages") if bare else task


def _parts(given: object) -> tuple[list[str], tuple[str, ...]]:
    """Return the commands of a task and the tasks it needs, however it is written."""
    if isinstance(given, str):
        return [given], ()
    if isinstance(given, list):
        return [part for part in given if isinstance(part, str)], tuple(p for p in given if isinstance(p, str))
    if not isinstance(given, Mapping):
        return [], ()
    scripts = [script for key in COMMANDS if key in given for script in _parts(given[key])[0]]
    needs = [need for key in NEEDS for need in _parts(given.get(key))[0]]
    return scripts, tuple(needs)


def _taskfile(snapshot: Snapshot, path: str) -> Iterator[Task]:
    tasks = as_map(as_map(next(iter(snapshot.yaml(path)), None)).get("tasks"))
    for name, given in tasks.items():
        written = as_list(as_map(given).get("cmds") or as_map(given).get("cmd") or given)
        scripts = [str(as_map(part).get("cmd") or "") or (part if isinstance(part, str) else "") for part in written]
        called = [str(as_map(part)["task"]) for part in written if "task" in as_map(part)]
        needs = [str(as_map(need).get("task") or need) for need in as_list(as_map(given).get("deps"))]
        yield _task(path, name, line_of(given), "\n".join(scripts), tuple(needs + called))


def _justfile(path: str, lines: list[str]) -> Iterator[Task]:
    for number, line in enumerate(lines):
        found = RECIPE.match(line)
        if found:
            body = []
            for following in lines[number + 1 :]:
                if following.strip() and not following.startswith((" ", "\t")):
                    break
                body.append(following.strip().lstrip("@-"))
            script = "\n" + re.sub(r"\{\{.*?\}\}", "VALUE", "\n".join(body))
            yield _task(path, found[1], number + 1, script, tuple(re.findall(r"[\w-]+", found[3])))
