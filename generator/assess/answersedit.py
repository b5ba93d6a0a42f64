"""Change answers in a person's file and leave the rest of it alone: comments, order and spacing are theirs.

Own code: a round trip through a YAML library that keeps comments reads some words differently from the reader used here
(YAML 1.2 against 1.1: `no`, `on`) and rewrites spacing everywhere, so that one answer would change many lines. Each
edit here replaces the text of one entry; the outcome is read again, and where it is not what was wanted the plain form
is taken, with every comment at its top.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

COMMENT = re.compile(r"(?:^|(?<=\s))#[^\n\r]*")

Table = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Edit:
    """Replace the text from `start` to `end`."""

    start: int
    end: int
    text: str


def rewrite(old: str, wanted: Table, plain: str) -> str:
    """Return `old` (good YAML) changed so that it reads as `wanted`, else `plain` (which does) under old's comments."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    root = yaml.compose(old, Loader=loader)
    if _is_block(root):
        new = _edited(old, root, wanted)
        try:
            if canonical(yaml.load(new, Loader=loader)) == canonical(wanted):  # noqa: S506 - the safe one
                return new
        except (yaml.YAMLError, ValueError):
            pass
    comments = _comments(old, root, 0, len(old)) if root else ()
    return "".join(f"{comment}\n" for comment in comments) + plain


def _edited(text: str, root: Any, wanted: Table) -> str:  # noqa: ANN401 - a YAML node
    """Return `text` with its edits, from the end, so that places stay true; of two at one place the outer first."""
    edits = sorted(enumerate(_edits(text, root, wanted)), key=lambda e: (e[1].start, e[1].end, e[0]))
    for _, edit in reversed(edits):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def canonical(value: Any) -> Any:  # noqa: ANN401 - what YAML holds
    """Return `value` without its empty parts, days as text and the bank's version as text: what two files share."""
    if isinstance(value, dict):
        table = {key: canonical(entry) for key, entry in value.items()}
        if "bank" in table:
            table["bank"] = str(table["bank"])
        return {key: entry for key, entry in table.items() if entry is not None and entry != {} and entry != []}
    if isinstance(value, list):
        return [canonical(entry) for entry in value]
    return value.isoformat() if isinstance(value, dt.date) else value


def _edits(text: str, node: Any, wanted: Table) -> Iterator[_Edit]:  # noqa: ANN401 - a YAML node
    """Yield what turns the block mapping `node` into `wanted`; entries inside block mappings are edited one by one."""
    present = {key.value: (key, child) for key, child in node.value}
    for name, (key, child) in present.items():
        if name not in wanted:
            yield _without(text, key, child)
        elif isinstance(wanted[name], Mapping) and _is_block(child):
            yield from _edits(text, child, wanted[name])
        elif _reads(child) != canonical(wanted[name]):
            kept = _kept(text, key, child)
            yield _Edit(
                key.start_mark.index, _end(text, child), kept + _entry(name, wanted[name], key.start_mark.column)
            )
    yield from _additions(text, node, present, wanted)


def _additions(text: str, node: Any, present: Mapping[str, Any], wanted: Table) -> Iterator[_Edit]:  # noqa: ANN401
    """Yield the entries that are new, each behind the one it follows in `wanted`."""
    first = node.value[0][0].start_mark
    margin = " " * first.column
    before: str | None = None
    fresh: dict[str | None, list[str]] = {}
    for name in wanted:
        if name in present:
            before = name
        else:
            fresh.setdefault(before, []).append(_entry(name, wanted[name], first.column))
    for place, entries in fresh.items():
        if place is None:
            yield _Edit(first.index, first.index, "".join(f"{entry}\n{margin}" for entry in entries))
        else:
            at = _line_end(text, _end(text, present[place][1]))
            yield _Edit(at, at, "".join(f"\n{margin}{entry}" for entry in entries))


def _without(text: str, key: Any, child: Any) -> _Edit:  # noqa: ANN401
    start = text.rfind("\n", 0, key.start_mark.index) + 1
    end = _line_end(text, _end(text, child))
    kept = list(_comments(text, (key, child), key.start_mark.index, end))
    margin = " " * key.start_mark.column
    if text[start : key.start_mark.index].strip():
        return _Edit(key.start_mark.index, end, "")
    return _Edit(start, min(end + 1, len(text)), "".join(f"{margin}{comment}\n" for comment in kept))


def _entry(name: str, value: Any, column: int) -> str:  # noqa: ANN401
    import yaml

    if isinstance(value, Mapping) and column == 0:
        inner = "".join(f"\n  {_entry(key, entry, 2)}" for key, entry in value.items())
        return f"{name}:{inner}"
    text = yaml.safe_dump({name: value}, sort_keys=False, allow_unicode=True, default_flow_style=True, width=10**6)
    return text.strip()[1:-1]


def _kept(text: str, key: Any, child: Any) -> str:  # noqa: ANN401
    """Return the comments inside an entry that is replaced, as lines to stand above it."""
    margin = " " * key.start_mark.column
    inside = _comments(text, (key, child), key.start_mark.index, _end(text, child))
    return "".join(f"{comment}\n{margin}" for comment in inside)


def _comments(text: str, node: Any, start: int, end: int) -> Iterator[str]:  # noqa: ANN401
    """Yield the comments between `start` and `end`: a # outside every scalar of `node`."""
    nodes = node if isinstance(node, tuple) else (node,)
    place = start
    for low, high in sorted(span for one in nodes for span in _scalars(one)):
        yield from COMMENT.findall(text, place, max(low, place))
        place = max(place, high)
    yield from COMMENT.findall(text, place, end)


def _scalars(node: Any) -> Iterator[tuple[int, int]]:  # noqa: ANN401
    if node.id == "scalar":
        yield node.start_mark.index, node.end_mark.index
    for child in node.value if node.id != "scalar" else ():
        for part in child if isinstance(child, tuple) else (child,):
            yield from _scalars(part)


def _end(text: str, node: Any) -> int:  # noqa: ANN401
    """Return where `node` ends: a block ends with its last part, not where the next thing begins."""
    if node.id == "scalar" or node.flow_style or not node.value:
        end = int(node.end_mark.index)
        while text[end - 1] in " \t\r\n" and end > node.start_mark.index:
            end -= 1
        return end
    last = node.value[-1]
    return _end(text, last[1] if isinstance(last, tuple) else last)


def _line_end(text: str, start: int) -> int:
    found = text.find("\n", start)
    return len(text) if found < 0 else found


def _is_block(node: Any) -> bool:  # noqa: ANN401
    return node is not None and node.id == "mapping" and not node.flow_style and bool(node.value)


def _reads(node: Any) -> Any:  # noqa: ANN401
    import yaml

    return canonical(yaml.SafeLoader("").construct_document(node))
