"""Kedro: nodes of pipelines, by the calls that make them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource, Task, Trigger
from generator.scan import pycode
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import as_map, line_of

STARTS = ("kedro run",)
NODES = frozenset(["kedro.pipeline.node", "kedro.pipeline.node.node", "kedro.pipeline.Node"])
SIGNS = (
    Sign(act=Act.RUNS_PIPELINE, commands=STARTS),
    Sign(act=Act.READS_PARAMETERS, resources=names("kedro:parameters")),
    Sign(act=Act.VERSIONS_DATA, resources=names("kedro:versioned")),
    Sign(act=Act.ACQUIRES, resources=names("kedro:catalog")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each node, and resources for the catalogue and the parameters."""
    for path in snapshot.named("pipeline.py"):
        text = snapshot.text(path)
        if "kedro" in text:
            yield from _nodes(path, text, snapshot)
    for path in snapshot.matching("*conf/*/*.yml"):
        if re.search(r"/(catalog|parameters)[^/]*\.yml$", path):
            yield from _config(path, snapshot)


def _nodes(path: str, text: str, snapshot: Snapshot) -> Iterator[Fact]:
    try:
        module = pycode.parse_module(text, path)
    except pycode.Unparsed as error:
        snapshot.skip(path, error.reason)
        return
    for number, call in enumerate(call for call in module.calls if call.name in NODES):
        yield Task(
            kind="stage",
            ecosystem="kedro",
            name=call.literals[-1] if call.literals else str(number),
            place=Place(file=path, first=call.line, last=call.line),
            triggers=frozenset({Trigger.HAND}),
            runs=(path,),
        )


def _config(path: str, snapshot: Snapshot) -> Iterator[Fact]:
    for document in map(as_map, snapshot.yaml(path)):
        if "parameters" in path and document:
            yield Resource(type="kedro:parameters", name=path, place=Place(file=path))
        for name, entry in document.items() if "catalog" in path else ():
            if str(as_map(entry).get("versioned", "")).lower() == "true":
                line = line_of(entry)
                yield Resource(type="kedro:versioned", name=name, place=Place(file=path, first=line, last=line))
