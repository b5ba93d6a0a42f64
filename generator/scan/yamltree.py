"""YAML of others: every scalar is text, every value knows its line, and no document can grow or recurse without end."""

from __future__ import annotations

from itertools import islice
from typing import Any

from generator.yamlfile import TOO_DEEP

DEEPEST = 60
MOST_NODES = 50_000
MOST_DOCUMENTS = 500
MERGE = "<<"
MOST_EVENTS = 2 * MOST_NODES
BLOCK = ("|", ">")
"""Styles of a scalar whose text begins on the next line."""


class Unreadable(Exception):  # noqa: N818 - it says what the file is
    """A document that is not read; `reason` is a key of the room `scan`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Text(str):
    """A scalar, as written, that knows the line on which its text begins."""

    __slots__ = ("line",)
    line: int


class Map(dict[str, Any]):
    """A mapping that knows its line."""

    line = 1


class Seq(list[Any]):
    """A sequence that knows its line."""

    line = 1


def line_of(value: object) -> int:
    """Return the line at which a marked value begins, 1 for any other."""
    return getattr(value, "line", 1)


def as_map(value: object) -> Map:
    """Return `value` when it is a mapping, else an empty one."""
    return value if isinstance(value, Map) else Map()


def as_list(value: object) -> list[Any]:
    """Return the items of a sequence, a single value as its only item, nothing for an absent or empty one."""
    if isinstance(value, list):
        return value
    return [] if value is None or value == "" else [value]


def documents(text: str) -> tuple[Any, ...]:
    """Return every document of `text`; `Unreadable` for one that is broken, deep or grows by its aliases."""
    import yaml

    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        _refuse_tricks(yaml.parse(text, Loader=kind))
        nodes = list(islice(yaml.compose_all(text, Loader=kind), MOST_DOCUMENTS))
    except (yaml.YAMLError, ValueError) as error:
        raise Unreadable("scan.skip-deep" if TOO_DEEP in str(error) else "scan.skip-yaml") from error
    return tuple(_Marker().value(node) for node in nodes if node is not None)


def _refuse_tricks(events: Any) -> None:  # noqa: ANN401 - yaml's events are untyped
    """Refuse depth and size while they are still a flat row of events: building the tree recurses."""
    import yaml

    depth = 0
    for count, event in enumerate(events):
        if count > MOST_EVENTS:
            raise Unreadable("scan.skip-large")
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise Unreadable("scan.skip-deep")


class _Marker:
    """Turns nodes into marked values; an alias is expanded once and counted each time."""

    def __init__(self) -> None:
        self.done: dict[int, tuple[Any, int]] = {}
        self.open: set[int] = set()

    def value(self, node: Any) -> Any:  # noqa: ANN401
        return self.sized(node)[0]

    def sized(self, node: Any) -> tuple[Any, int]:  # noqa: ANN401
        key = id(node)
        if key in self.open:
            raise Unreadable("scan.skip-bomb")
        if key not in self.done:
            self.open.add(key)
            self.done[key] = self.made(node)
            self.open.discard(key)
        return self.done[key]

    def made(self, node: Any) -> tuple[Any, int]:  # noqa: ANN401
        made: Any
        size, line = 0, node.start_mark.line + 1
        if node.id == "mapping":
            made, size = self.mapping(node)
        elif node.id == "sequence":
            parts = [self.sized(child) for child in node.value]
            made, size = Seq(part for part, _ in parts), sum(number for _, number in parts)
        else:
            made, line = Text(node.value), line + (node.style in BLOCK)
        if size > MOST_NODES:
            raise Unreadable("scan.skip-bomb")
        made.line = line
        return made, size + 1

    def mapping(self, node: Any) -> tuple[Map, int]:  # noqa: ANN401
        made, merged, size = Map(), Map(), 0
        for key, child in node.value:
            value, number = self.sized(child)
            size += number + 1
            name = key.value if key.id == "scalar" else ""
            if name == MERGE:
                for part in reversed(as_list(value)):
                    merged.update(as_map(part))
            else:
                made[name] = value
        return Map({**merged, **made}), size
