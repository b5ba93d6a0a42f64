"""Airflow: DAGs and their tasks, by the calls that make them; a DAG without a schedule waits for a hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from generator.model.scan import Command, Fact, Place, Task, Trigger
from generator.scan import pycode, shell
from generator.scan.snapshot import Snapshot

STARTS = ("airflow dags trigger", "airflow dags test", "airflow dags backfill")
MARK = "airflow"
SCHEDULES = frozenset(["schedule", "schedule_interval", "timetable"])


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each file that defines a DAG: what its operators and decorated functions run."""
    for path in snapshot.ending(".py"):
        text = snapshot.text(path)
        if MARK in text and ("DAG(" in text or "@dag" in text):
            yield from _dags(path, text, snapshot)


def _dags(path: str, text: str, snapshot: Snapshot) -> Iterator[Fact]:
    try:
        tree = pycode.parse_source(text)
    except pycode.Unparsed as error:
        snapshot.skip(path, error.reason)
        return
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    dags = [call for call in calls if pycode.dotted(call.func).rsplit(".", 1)[-1] in {"DAG", "dag"}]
    marked = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and _is_dag(node)]
    if not dags and not marked:
        return
    first = min([node.lineno for node in dags] + [node.lineno for node in marked])
    yield Task(
        kind="dag",
        ecosystem="airflow",
        name="",
        place=Place(file=path, first=first, last=first),
        triggers=frozenset({Trigger.SCHEDULE if any(map(_scheduled, dags)) else Trigger.HAND}),
        commands=tuple(command for call in calls for command in _bash(call, path)),
    )


def _is_dag(node: ast.FunctionDef) -> bool:
    return any(pycode.dotted(part).rsplit(".", 1)[-1] == "dag" for part in node.decorator_list)


def _scheduled(call: ast.Call) -> bool:
    """Return whether a DAG has a schedule that is not None; one that says nothing has none since Airflow 3."""
    given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg in SCHEDULES}
    paused = any(
        keyword.arg == "is_paused_upon_creation"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is True
        for keyword in call.keywords
    )
    values = [
        value for value in given.values() if not (isinstance(value, ast.Constant) and value.value in (None, "@once"))
    ]
    return bool(values) and not paused


def _bash(call: ast.Call, path: str) -> Iterator[Command]:
    for keyword in call.keywords:
        if keyword.arg in {"bash_command", "cmds", "arguments", "command"}:
            parts = keyword.value.elts if isinstance(keyword.value, ast.List | ast.Tuple) else [keyword.value]
            words = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
            yield from shell.commands(" ".join(words), path, keyword.value.lineno)
