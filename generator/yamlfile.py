"""YAML from strangers: read with limits, remembered with the line of every key."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator.errors import LadderError

LARGEST = 2_000_000
DEEPEST = 30
TOO_DEEP = "maximum nesting depth"
"""Part of what a PyYAML with a limit of its own says; it reads ahead, so it may speak before we have counted."""
MOST_PARTS = 100_000
SHOWN = 60
PROBLEM = 200

Place = tuple[str | int, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A YAML file as plain values, with the line at which each place in it begins, and its text."""

    path: Path
    value: Any
    lines: dict[Place, int]
    text: str = ""

    def line(self, place: Place) -> int:
        """Return the line of `place`, or of the nearest thing around it that has one."""
        while place and place not in self.lines:
            place = place[:-1]
        return self.lines.get(place, 1)


def shown(value: object, most: int = SHOWN) -> str:
    """Return `value` for a message: on one line, short, and without characters that a terminal would obey."""
    text = str(value)[: most + 1]
    plain = "".join(char if char.isprintable() else repr(char)[1:-1] for char in text)
    return plain if len(text) <= most else plain[:most] + "..."


def read(path: Path) -> Document:
    """Return the document in `path`; LadderError for one that is missing, huge, not text, not YAML or a trick."""
    return parse(path, text_of(path))


def parse(path: Path, text: str) -> Document:
    """Return the document that `text`, found in `path`, is; LadderError as for `read`."""
    import yaml

    kind = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    lines: dict[Place, int] = {}
    try:
        _refuse_tricks(path, yaml.parse(text, Loader=kind))
        loader = kind(text)
        try:
            node = loader.get_single_node()
            if node is None:
                return Document(path=path, value=None, lines=lines, text=text)
            _walk(path, node, (), lines)
            value = _value(path, loader, node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark else 1
        if TOO_DEEP in str(error):
            raise LadderError("yaml.deep", file=path, line=line, most=DEEPEST) from error
        problem = shown(error.problem or error.context, PROBLEM)
        raise LadderError("yaml.syntax", file=path, line=line, problem=problem) from error
    except yaml.reader.ReaderError as error:
        found = yaml.reader.Reader.NON_PRINTABLE.search(text)
        line = text.count("\n", 0, found.start() if found else 0) + 1
        raise LadderError("yaml.character", file=path, line=line, code=f"{error.character:04x}") from error
    except (yaml.YAMLError, ValueError) as error:
        raise LadderError("yaml.syntax", file=path, line=1, problem=shown(error, PROBLEM)) from error
    return Document(path=path, value=value, lines=lines, text=text)


def _value(path: Path, loader: Any, node: Any) -> Any:  # noqa: ANN401
    """Return what `node` means; a scalar that only looks like a day or a number is named with its line."""
    try:
        return loader.construct_document(node)
    except ValueError as error:
        for scalar in _scalars(node):
            try:
                type(loader)("").construct_object(scalar)
            except ValueError as reason:
                line = scalar.start_mark.line + 1
                raise LadderError("yaml.syntax", file=path, line=line, problem=shown(reason, PROBLEM)) from error
        raise


def _scalars(node: Any) -> Iterator[Any]:  # noqa: ANN401
    if node.id == "scalar":
        yield node
        return
    for child in node.value:
        for part in child if isinstance(child, tuple) else (child,):
            yield from _scalars(part)


def text_of(path: Path) -> str:
    """Return the text of a file of bearable size; LadderError for one that is missing, huge or not UTF-8."""
    try:
        if not path.is_file():
            raise LadderError("yaml.directory" if path.is_dir() else "yaml.missing", file=path)
        if path.stat().st_size > LARGEST:
            raise LadderError("yaml.large", file=path, most=LARGEST // 1_000_000)
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LadderError("yaml.encoding", file=path, byte=error.start) from error
    except (OSError, ValueError) as error:
        raise LadderError("yaml.unreadable", file=path, reason=error) from error


def _refuse_tricks(path: Path, events: Iterable[Any]) -> None:
    """Refuse aliases and deep nesting while they are still a flat row of events: building the tree recurses."""
    import yaml

    depth = 0
    for count, event in enumerate(events):
        line = event.start_mark.line + 1
        if count > MOST_PARTS:
            raise LadderError("yaml.many", file=path, line=line, most=MOST_PARTS)
        if isinstance(event, yaml.AliasEvent):
            raise LadderError("yaml.alias", file=path, line=line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise LadderError("yaml.deep", file=path, line=line, most=DEEPEST)


def _walk(path: Path, node: Any, place: Place, lines: dict[Place, int]) -> None:  # noqa: ANN401
    lines[place] = node.start_mark.line + 1
    if node.id == "sequence":
        for index, child in enumerate(node.value):
            _walk(path, child, (*place, index), lines)
    elif node.id == "mapping":
        _walk_mapping(path, node, place, lines)


def _walk_mapping(path: Path, node: Any, place: Place, lines: dict[Place, int]) -> None:  # noqa: ANN401
    keys: set[str] = set()
    for key, child in node.value:
        line = key.start_mark.line + 1
        if key.id != "scalar":
            raise LadderError("yaml.key", file=path, line=line)
        if key.value in keys:
            raise LadderError("yaml.duplicate", file=path, line=line, key=shown(key.value))
        keys.add(key.value)
        _walk(path, child, (*place, key.value), lines)
        lines[(*place, key.value)] = line
