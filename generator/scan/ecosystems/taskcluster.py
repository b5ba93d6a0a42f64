"""Taskcluster: tasks of `.taskcluster.yml` (JSON-e), hooks with their schedules, pipeline files and task graphs."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from posixpath import basename, dirname
from typing import Any

from generator.model.scan import Act, Command, Fact, Place, Task, Trigger
from generator.scan import shell
from generator.scan.signs import Sign, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

FILE = ".taskcluster.yml"
EVERY = frozenset({Trigger.PUSH, Trigger.PULL_REQUEST})
MOST = 400
NAMED = (
    ("github-pull-request", Trigger.PULL_REQUEST),
    ("github-push", Trigger.PUSH),
    ("github-release", Trigger.RELEASE),
    ("cron", Trigger.SCHEDULE),
    ("action", Trigger.HAND),
)
SIGNS = (Sign(act=Act.DEPLOYS, commands=phrases("taskboot build-hook, taskboot deploy-*, taskboot push-artifact")),)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each payload with a command, started by the events its conditions name."""
    if FILE in snapshot:
        for document in snapshot.yaml(FILE):
            yield from _payloads(FILE, document)
    for path in snapshot.ending(".json"):
        text = snapshot.text(path)
        if '"payload"' in text and ('"schedule"' in text or '"bindings"' in text):
            yield from _hook(snapshot, path)
    for path in snapshot.ending(".yml", ".yaml"):
        text = snapshot.text(path)
        if basename(path) == "kind.yml" and "loader:" in text:
            yield from _kind(path, as_map(next(iter(snapshot.yaml(path)), None)))
        elif path != FILE and "payload:" in text and "ID:" in text:
            yield from _pipeline(path, as_map(next(iter(snapshot.yaml(path)), None)))


def _payloads(path: str, document: Any) -> Iterator[Task]:  # noqa: ANN401 - what YAML holds
    """Yield the tasks in a JSON-e document; a condition narrows what starts everything below it."""
    coming: list[tuple[Any, frozenset[Trigger]]] = [(as_map(document).get("tasks"), EVERY)]
    count = 0
    while coming and count < MOST:
        value, triggers = coming.pop()
        count += 1
        if isinstance(value, list):
            coming += [(item, triggers) for item in value]
        elif isinstance(value, Map):
            narrowed = _condition(str(value.get("$if", "")), triggers)
            payload = as_map(value.get("payload"))
            if payload.get("command"):
                yield _task(path, _name(value), value, payload, narrowed)
            coming += [(inner, narrowed) for key, inner in value.items() if key not in {"payload", "else", "metadata"}]
            coming.append((value.get("else"), triggers))


def _condition(condition: str, triggers: frozenset[Trigger]) -> frozenset[Trigger]:
    named = {trigger for word, trigger in NAMED if re.search(rf"tasks_for\b.*{word}", condition)}
    if "refs/tags/" in condition and "!=" not in condition:
        return frozenset({Trigger.TAG})
    return frozenset(named) or triggers


def _name(task: Map) -> str:
    return str(as_map(task.get("metadata")).get("name") or task.get("ID") or f"line {line_of(task)}")


def _task(path: str, name: str, at: Map, payload: Map, triggers: frozenset[Trigger], kind: str = "ci") -> Task:
    return Task(
        kind=kind,
        ecosystem="taskcluster",
        name=name,
        place=Place(file=path, first=line_of(at), last=line_of(payload)),
        triggers=triggers,
        commands=tuple(_commands(path, payload.get("command"))),
        follows=tuple(str(need) for need in as_list(at.get("dependencies")) if not isinstance(need, Map)),
    )


def _commands(path: str, command: Any) -> Iterator[Command]:  # noqa: ANN401
    parts = as_list(command)
    if len(parts) == 1 and isinstance(parts[0], list):
        parts = parts[0]
    words = [str(part) for part in parts]
    if len(words) > 2 and basename(words[0]) in {"sh", "bash"} and re.fullmatch(r"-\w*c\w*", words[1]):
        yield from shell.commands(words[2], path, line_of(parts[2]))
    elif len(words) == 1:
        yield from shell.commands(words[0], path, line_of(parts[0]))
    elif words:
        yield from shell.commands(shlex.join(words), path, line_of(parts[0]))


def _hook(snapshot: Snapshot, path: str) -> Iterator[Task]:
    """Yield the task of a hook; files its command names by another folder are found by their name."""
    hook = as_map(next(iter(snapshot.yaml(path)), None))
    payload = as_map(as_map(hook.get("task")).get("payload"))
    started = {Trigger.SCHEDULE} if as_list(hook.get("schedule")) else set()
    started |= {Trigger.SIGNAL} if as_list(hook.get("bindings")) else set()
    if payload:
        words = [str(word) for word in as_list(payload.get("command"))]
        files = [list(snapshot.named(basename(word))) for word in words if word.endswith((".yml", ".yaml", ".py"))]
        task = _task(path, "", hook, payload, frozenset(started or {Trigger.HAND}))
        yield Task(
            kind=task.kind,
            ecosystem=task.ecosystem,
            name="",
            place=task.place,
            triggers=task.triggers,
            commands=task.commands,
            runs=tuple(found[0] for found in files if len(found) == 1),
        )


def _pipeline(path: str, document: Map) -> Iterator[Task]:
    for task in map(as_map, as_list(document.get("tasks"))):
        payload = as_map(task.get("payload"))
        if task.get("ID") and payload:
            yield _task(path, str(task["ID"]), task, payload, frozenset({Trigger.HAND}), "dag")


def _kind(path: str, document: Map) -> Iterator[Task]:
    """Yield one task for each task of a kind of a task graph; a decision task starts them on every change."""
    shared = as_map(as_map(document.get("task-defaults")).get("run"))
    for name, given in as_map(document.get("tasks")).items():
        run = Map({**shared, **as_map(as_map(given).get("run"))})
        if run.get("command"):
            tests = basename(dirname(path)) in {"test", "tests"}
            yield Task(
                kind="ci" if tests else "dag",
                ecosystem="taskcluster",
                name=f"{basename(dirname(path))}-{name}",
                place=Place(file=path, first=line_of(given), last=line_of(given)),
                triggers=EVERY if tests else frozenset({Trigger.HAND}),
                commands=tuple(_commands(path, run["command"])),
            )
