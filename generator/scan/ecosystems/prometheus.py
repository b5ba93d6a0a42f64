"""Prometheus: alert rules."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import as_list, as_map, line_of

SIGNS = (Sign(act=Act.ALERTS, resources=names("prometheus:alert")),)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield a resource for each alert that has an expression."""
    for path in snapshot.ending(".yml", ".yaml"):
        text = snapshot.text(path)
        if "alert:" not in text or "expr:" not in text:
            continue
        for document in snapshot.yaml(path):
            for group in as_list(as_map(document).get("groups")):
                for rule in map(as_map, as_list(as_map(group).get("rules"))):
                    if rule.get("alert") and rule.get("expr"):
                        place = Place(file=path, first=line_of(rule), last=line_of(rule["expr"]))
                        yield Resource(type="prometheus:alert", name=str(rule["alert"]), place=place)
