"""Python dependencies: what is declared, and whether the environment is locked."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from posixpath import basename
from typing import Any

from generator.model.scan import Act, Fact, Package, Place, Resource, Task, Trigger
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import as_list, as_map, line_of

LOCKS = (
    "uv.lock",
    "poetry.lock",
    "pdm.lock",
    "Pipfile.lock",
    "conda-lock.yml",
    "pixi.lock",
    "pylock.toml",
    "renv.lock",
)
REQUIREMENTS = re.compile(
    r"(^|/)(requirements|constraints|dev-requirements|reqs?)[\w.-]*\.(txt|in|lock|pip)$|(^|/)requirements/[^/]+\.(txt|in)$"
)
NAME = re.compile(r"^([A-Za-z0-9][\w.-]*)\s*(\[[^\]]*\])?\s*(?:(===?)\s*([\w.!+-]+))?")
SIGNS = (Sign(act=Act.PINS, resources=names("lock:*")),)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield a package for each dependency, a resource for each lock, a task for each console script."""
    for path in snapshot.named(*LOCKS):
        yield Resource(type=f"lock:{basename(path)}", name=path, place=Place(file=path))
    for path in snapshot.ending(".txt", ".in", ".lock", ".pip"):
        if REQUIREMENTS.search(path):
            yield from _requirements(path, snapshot.text(path))
    for path in snapshot.named("pyproject.toml", "Pipfile"):
        yield from _toml(path, snapshot.text(path))
    for path in snapshot.named("environment.yml", "environment.yaml", "conda.yml", "conda.yaml"):
        yield from _conda(path, snapshot)


def normal(name: str) -> str:
    """Return a package's name as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def _requirements(path: str, text: str) -> Iterator[Fact]:
    exact = others = 0
    for number, line in enumerate(text.splitlines(), start=1):
        found = NAME.match(line)
        if found:
            yield Package(name=normal(found[1]), place=Place(file=path, first=number, last=number))
            exact, others = exact + bool(found[3]), others + (not found[3])
    if exact and not others:
        kind = "hashes" if "--hash=sha256:" in text else "exact"
        yield Resource(type=f"lock:{kind}", name=path, place=Place(file=path))


def _toml(path: str, text: str) -> Iterator[Fact]:
    try:
        table: dict[str, Any] = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError):
        return
    lines = text.splitlines()
    for written in _declared(table):
        found = NAME.match(written)
        if found:
            line = next((number for number, content in enumerate(lines, start=1) if found[1] in content), 1)
            yield Package(name=normal(found[1]), place=Place(file=path, first=line, last=line))
    for name, target in {**_at(table, "project", "scripts"), **_at(table, "tool", "poetry", "scripts")}.items():
        line = next((number for number, content in enumerate(lines, start=1) if content.startswith(name)), 1)
        module = str(target).split(":")[0]
        yield Task(kind="console", ecosystem="packages", name=name, place=Place(file=path, first=line, last=line),
                   triggers=frozenset({Trigger.HAND}), runs=(f"module:{module}",))  # fmt: skip


def _declared(table: dict[str, Any]) -> Iterable[str]:
    project = _at(table, "project")
    yield from map(str, _list(project.get("dependencies")))
    for group in (_at(table, "project", "optional-dependencies"), _at(table, "dependency-groups")):
        for values in group.values():
            yield from map(str, _list(values))
    yield from _at(table, "tool", "poetry", "dependencies")
    for group in _at(table, "tool", "poetry", "group").values():
        yield from _at(group, "dependencies")
    yield from (*_at(table, "packages"), *_at(table, "dev-packages"))


def _at(table: object, *keys: str) -> dict[str, Any]:
    for key in keys:
        table = table.get(key) if isinstance(table, dict) else None
    return table if isinstance(table, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _conda(path: str, snapshot: Snapshot) -> Iterator[Fact]:
    exact = others = 0
    for document in map(as_map, snapshot.yaml(path)):
        entries = as_list(document.get("dependencies"))
        entries += [inner for entry in entries for inner in as_list(as_map(entry).get("pip"))]
        for entry in entries:
            found = re.match(r"([A-Za-z0-9][\w.-]*)\s*(={1,2}[\w.]+)?", entry) if isinstance(entry, str) else None
            if found:
                line = line_of(entry)
                yield Package(name=normal(found[1]), place=Place(file=path, first=line, last=line))
                exact, others = exact + bool(found[2]), others + (not found[2])
    if exact and exact >= 3 * others:
        yield Resource(type="lock:exact", name=path, place=Place(file=path))
