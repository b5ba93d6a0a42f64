"""A notebook as one module: each code cell parsed alone, so that a broken one hides only itself."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from generator.model.scan import Module
from generator.scan import pycode, shell

DEEPEST = 60


def parse(text: str, path: str) -> Module:
    """Return the code cells of the notebook `text`; `Unparsed` when it is none."""
    return pycode.merge(path, _cells(text, path))


def _cells(text: str, path: str) -> Iterator[Module]:
    position = 0
    for source in _sources(text):
        first = json.dumps(source.splitlines()[0] if source else "")[1:-1]
        found = text.find(first, position) if first else -1
        position = max(found, position)
        line = text.count("\n", 0, position) + 1
        yield _cell(source, path, line)


def _cell(source: str, path: str, line: int) -> Module:
    if source.startswith("%%"):
        return Module(path=path)
    run = "\n".join(found[1:] for found in re.findall(r"^[!%].*", source, re.MULTILINE) if found[0] == "!")
    plain = re.sub(r"^[ \t]*[!%?].*|^.*\?[ \t]*$", "", source, flags=re.MULTILINE)
    try:
        module = pycode.parse_module(plain, path)
    except pycode.Unparsed:
        module = Module(path=path)
    return replace(
        module,
        calls=tuple(replace(call, line=call.line + line - 1) for call in module.calls),
        comparisons=tuple(replace(found, line=found.line + line - 1) for found in module.comparisons),
        commands=module.commands + shell.commands(run, path, line),
    )


def _sources(text: str) -> Iterator[str]:
    for cell in _list(_document(text).get("cells")):
        if isinstance(cell, dict) and cell.get("cell_type") == "code":
            source = cell.get("source", "")
            yield "".join(map(str, source)) if isinstance(source, list) else str(source)


def _document(text: str) -> dict[str, Any]:
    if pycode.deepest(text) > DEEPEST * 10:
        raise pycode.Unparsed("scan.skip-deep")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise pycode.Unparsed("scan.skip-notebook") from error
    return document if isinstance(document, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
