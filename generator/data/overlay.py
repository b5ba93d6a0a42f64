"""A rendered project with a person's table in the place of the shipped one: pure, tree and description to tree."""

from __future__ import annotations

import json
import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.errors import LadderError
from generator.model.data import (
    BINARY,
    BOOLEAN,
    CATEGORY,
    INTEGER,
    NUMBER,
    REGRESSION,
    UNUSED,
    Bound,
    Column,
    Description,
)
from generator.model.project import File, Tree

if TYPE_CHECKING:
    from jinja2 import Environment

FILES = Path(__file__).parent / "files"
FACTS = ".ladder/data.json"
SHIPPED = "data/source/flights.csv"
HIGHEST_LEVEL = 2
LARGEST_IN_GIT = 20_000_000
SMALL = 2000
LEAST_AUC = 0.6


def source_path(file: str) -> str:
    """Return where a table lies in a project: named after the person's file."""
    stem = re.sub(r"[^A-Za-z0-9]+", "-", Path(file).stem).strip("-").lower()
    return f"data/source/{stem or 'rows'}.csv"


def lay_data(tree: Tree, level: int, described: Description, question: str) -> Tree:
    """Return `tree`, rendered for `level`, told of the described table; the table itself is not in it."""
    refuse_level(level)
    path, big = source_path(described.file), is_big(described)
    own = {
        file: File(content=entry.content.replace(SHIPPED.encode(), path.encode()), executable=entry.executable)
        if file.endswith((".md", ".py", ".yml", ".yaml", ".toml"))
        else entry
        for file, entry in tree.items()
        if file != SHIPPED
    }
    own["data.toml"] = _file(_data_toml(described, path, question))
    own["data/README.md"] = _file(
        _environment().get_template("README.md.j2").render(d=described, path=path, file=described.file, big=big)
    )
    own[FACTS] = _file(json.dumps({"schema": 1, **asdict(described)}, indent=1, ensure_ascii=False) + "\n")
    if big:
        own["data/source/.gitignore"] = _file(f"/{Path(path).name}\n")
    for file, changes in (("params.yaml", _params(described)), ("config/gate.toml", _gate(described))):
        if file in own:
            own[file] = _file(_changed(file, own[file].content.decode(), changes))
    return dict(sorted(own.items()))


def refuse_level(level: int) -> None:
    """Raise LadderError for a level whose parts cannot take a person's table yet."""
    if level > HIGHEST_LEVEL:
        raise LadderError("data.no-level", level=level, highest=HIGHEST_LEVEL)


def is_big(described: Description) -> bool:
    """Return whether the table's copy is kept out of git."""
    return described.size > LARGEST_IN_GIT


def read_facts(content: bytes) -> Description:
    """Return the description that a project keeps; LadderError when it cannot be read."""
    try:
        table: dict[str, Any] = json.loads(content)
        table.pop("schema")
        table["columns"] = tuple(Column(**column) for column in table["columns"])
        bounds = table["bounds"].items()
        table["bounds"] = {name: Bound(**{**bound, "values": tuple(bound["values"])}) for name, bound in bounds}
        for name in ("classes", "shares", "groups"):
            table[name] = tuple(table[name])
        return Description(**table)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise LadderError("data.bad-facts", path=FACTS, reason=error) from error


def margin(described: Description) -> float:
    """Return the gate's margin: a hundredth, or one over the root of the holdout's rows where they are few."""
    return round(min(max(0.01, 1 / math.sqrt(max(described.holdout_rows, 1))), 0.2), 3)


def _params(described: Description) -> list[tuple[str, str]]:
    """Return what stands in params.yaml instead: a pattern for a line, and the line."""
    split = f'  train_until: "{described.train_until}"   # rows before this train, later rows are the holdout'
    if described.train_until is None:
        split = "  holdout_share: 0.25         # chosen by a hash of the id: a row never changes side"
    threshold = ""
    if described.task == BINARY:
        share = described.shares[-1] if described.shares else 0.5
        called = round(min(0.5, max(1.5 * share, 0.01)), 2)
        threshold = f"  threshold: {called:<15}  # probability from which a row is called the event\n"
    leaf, group = (5, 10) if described.rows < SMALL else (20, 100)
    return [
        (r"  train_until: .*\n", split + "\n"),
        (r"  min_rows_per_leaf: .*\n", f"  min_rows_per_leaf: {leaf}\n"),
        (r"  threshold: .*\n", threshold),
        (r"  min_group_rows: \d+ *", f"  min_group_rows: {group:<11}"),
    ]


def _gate(described: Description) -> list[tuple[str, str]]:
    allowed = margin(described)
    auc = (
        f"auc = {LEAST_AUC}            # below this a model hardly orders rows at all\n"
        if described.task == BINARY
        else ""
    )
    return [
        (r"(?m)^auc = .*\n", auc),
        (r"(?m)(?<=\[champion\]\n)margin = [\d.]+ *", f"margin = {allowed:<12}"),
        (r"(?m)(?<=\[groups\]\n)margin = [\d.]+ *", f"margin = {max(0.1, round(3 * allowed, 3)):<12}"),
    ]


def _changed(file: str, text: str, changes: list[tuple[str, str]]) -> str:
    for pattern, line in changes:
        parts = re.split(pattern, text)
        if len(parts) != 2:
            raise RuntimeError(f"{file}: {pattern} is there {len(parts) - 1} times")
        text = line.join(parts)
    return text


def _data_toml(described: Description, path: str, question: str) -> str:
    return (
        _environment()
        .get_template("data.toml.j2")
        .render(
            d=described,
            path=path,
            file=described.file,
            question=question,
            names=[column.name for column in described.columns],
            numeric=described.features(INTEGER, NUMBER, BOOLEAN),
            categorical=described.features(CATEGORY),
            unused=[column for column in described.columns if column.role == UNUSED],
            rule="mean" if described.task == REGRESSION else "share of each class",
        )
    )


@cache
def _reasons() -> Mapping[str, str]:
    return tomllib.loads((FILES / "reasons.toml").read_text(encoding="utf-8"))


def _reason(why: str) -> str:
    return _reasons()[why.removeprefix("data.")]


def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(  # noqa: S701 - text, not HTML
        loader=FileSystemLoader(FILES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= {"toml": _toml, "number": _number, "reason": _reason}
    return made


def _toml(value: object) -> str:
    """Return a string or whole number as TOML writes it; JSON escapes all of it but the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def _file(text: str) -> File:
    return File(content=text.encode())
