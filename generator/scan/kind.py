"""What a tree is: a level is asked only of a project that makes a model."""

from __future__ import annotations

import re
from posixpath import dirname

from generator.model.scan import Act, Kind, Why
from generator.scan.code import is_test
from generator.scan.signs import in_order, plain
from generator.scan.world import World, node_of

MAKES_MODELS = frozenset({Act.TRAINS, Act.TRACKS, Act.REGISTERS, Act.RUNS_PIPELINE})
PUBLISHES = (("twine", "upload"), ("poetry", "publish"), ("uv", "publish"), ("flit", "publish"), ("hatch", "publish"))
PUBLISHERS = frozenset(["pypa/gh-action-pypi-publish", "jrubics/poetry-publish"])
LEAST_FOLDERS = 4
"""Folders with an environment and a training of their own that make a collection."""


def kind_of(world: World) -> tuple[Kind, Why]:
    """Return what the tree of `world` is, and why."""
    template = _template(world)
    if template:
        return Kind.TEMPLATE, Why(key="scan.kind-template", fields={"path": template})
    training = _training(world)
    if not training:
        return Kind.NOT_ML, Why(key="scan.kind-not-ml")
    folders = folders_of(world)
    if len(folders) >= LEAST_FOLDERS:
        return Kind.COLLECTION, Why(key="scan.kind-collection", fields={"count": len(folders), "path": folders[0]})
    published = _published(world)
    if published:
        return Kind.LIBRARY, Why(key="scan.kind-library", fields={"path": published})
    return Kind.PROJECT, Why(key="scan.kind-project", fields={"path": training[0]})


def _template(world: World) -> str:
    marks = ("cookiecutter.json", "copier.yml", "copier.yaml")
    named = [path for path in world.code.snapshot.paths if path in marks]
    filled = [path for path in world.code.snapshot.paths if re.search(r"\{\{.+?\}\}", path)]
    return (filled or [""])[0] if named or filled else ""


def _training(world: World) -> list[str]:
    modules = [m.path for m in world.modules if not is_test(m.path)]
    done = {path: {sighting.act for sighting in world.acts(path)} for path in modules}
    trained = [path for path in modules if Act.TRAINS in done[path]]
    called = trained + [path for path in modules if path not in trained and done[path] & MAKES_MODELS]
    started = [task.file for task in world.tasks if any(s.act is Act.TRAINS for s in world.acts(node_of(task)))]
    return called or started


def folders_of(world: World) -> list[str]:
    """Return the outermost folders below the root that hold dependencies of their own beside a training."""
    training = _training(world)
    declared = {_owner(package.place.file) for package in world.packages} - {""}
    found = sorted(folder for folder in declared if any(path.startswith(f"{folder}/") for path in training))
    outer = [folder for folder in found if not any(folder.startswith(f"{other}/") for other in found)]
    copies = _copies(training)
    return outer if len(outer) >= len(copies) else copies


def _owner(path: str) -> str:
    folder = dirname(path)
    return dirname(folder) if folder.rsplit("/", 1)[-1] == "requirements" else folder


def _copies(training: list[str]) -> list[str]:
    """Return the top folders that train in files of the same path below them: a course's steps of one project."""
    tails: dict[str, list[str]] = {}
    for path in training:
        top, _, tail = path.partition("/")
        if tail:
            tails.setdefault(tail, []).append(top)
    return sorted(max(tails.values(), key=lambda tops: len(set(tops)))) if tails else []


def _published(world: World) -> str:
    for task in world.live("ci"):
        if any(use.name in PUBLISHERS for use in task.uses):
            return task.file
        for command in task.commands:
            if any(in_order(wanted, plain(command.words)) for wanted in PUBLISHES):
                return task.file
    return ""
