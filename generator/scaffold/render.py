"""A level and options to a tree in memory; equal, byte for byte, to what cookiecutter writes."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.model.project import File, Options, Tree
from generator.scaffold.levels import OPTIONS, PROJECT, templates

if TYPE_CHECKING:
    from jinja2 import Environment

IGNORED = frozenset(["__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"])


def render(level: int, options: Options) -> Tree:
    """Return the project for `level`; `options` fill in the template's variables, unset ones take its defaults."""
    folder = templates() / f"level{level}"
    context = read_context(folder, options)
    return lay_options(_render_folder(folder, context), context)


def read_context(folder: Path, options: Options) -> dict[str, Any]:
    """Return the variables of the template in `folder`; a choice defaults to its first value."""
    defaults: dict[str, Any] = json.loads((folder / "cookiecutter.json").read_text(encoding="utf-8"))
    context: dict[str, Any] = {}
    environment = _environment()
    for name, default in defaults.items():
        if name in options:
            context[name] = options[name]
        elif name.startswith("_"):
            context[name] = default
        else:
            first = default[0] if isinstance(default, list) else default
            context[name] = environment.from_string(first).render(cookiecutter=context)
    return context


def lay_options(tree: Mapping[str, File], context: Mapping[str, Any]) -> Tree:
    """Return `tree` with the chosen variant of each option laid over it and every `_options` folder dropped."""
    result = {path: file for path, file in tree.items() if not path.startswith(f"{OPTIONS}/")}
    for path, file in tree.items():
        parts = path.split("/", 3)
        if len(parts) == 4 and parts[0] == OPTIONS and context.get(parts[1]) == parts[2]:
            result[parts[3]] = file
    return dict(sorted(result.items()))


def _render_folder(folder: Path, context: Mapping[str, Any]) -> Tree:
    environment = _environment()
    verbatim = context["_copy_without_render"]
    tree = {}
    for path in _files(folder / PROJECT):
        name = path.relative_to(folder).as_posix()
        content = path.read_bytes()
        if not _is_verbatim(name, verbatim):
            content = environment.from_string(content.decode()).render(cookiecutter=context).encode()
        executable = bool(path.stat().st_mode & 0o100)
        tree[name.removeprefix(f"{PROJECT}/")] = File(content=content, executable=executable)
    return tree


def _is_verbatim(name: str, patterns: list[str]) -> bool:
    parts = name.split("/")
    ancestors = ["/".join(parts[: length + 1]) for length in range(1, len(parts))]
    return any(fnmatch(part, pattern) for part in ancestors for pattern in patterns)


def _files(folder: Path) -> Iterator[Path]:
    for root, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - IGNORED)
        yield from (Path(root, name) for name in sorted(names))


def _environment() -> Environment:
    from jinja2 import Environment, StrictUndefined

    return Environment(undefined=StrictUndefined, keep_trailing_newline=True)  # noqa: S701 - text, not HTML
