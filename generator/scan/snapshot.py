"""A repository as paths and text, the same whether it lies on a disk or in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fnmatch import fnmatchcase
from posixpath import basename, splitext
from time import process_time
from typing import Any

from generator.model.scan import Skip
from generator.scan import yamltree

LARGEST = 1_000_000
"""Bytes of a file worth parsing; what is larger is data or made by a machine."""

KEPT = 48_000_000
"""Characters of text kept at hand; beyond, a file is read again when it is asked for again."""

MOST_SECONDS = 60
"""Processor time a tree may take to read."""


class Snapshot:
    """What readers see: the paths of a tree in order and, bounded, the text behind each."""

    def __init__(self, paths: Iterable[str], load: Callable[[str], bytes | None]) -> None:
        self.paths = tuple(sorted(paths))
        self.skipped: list[Skip] = []
        self._known = frozenset(self.paths)
        self._load = load
        self._texts: dict[str, str] = {}
        self._kept = 0
        self._until = process_time() + MOST_SECONDS
        self._documents: dict[str, tuple[Any, ...]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._by_suffix: dict[str, list[str]] = {}
        for path in self.paths:
            name = basename(path)
            self._by_name.setdefault(name.lower(), []).append(path)
            self._by_suffix.setdefault(splitext(name)[1].lower(), []).append(path)

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def named(self, *names: str) -> Iterator[str]:
        """Yield the paths whose last part is one of `names`, whatever their case."""
        for name in names:
            yield from self._by_name.get(name.lower(), ())

    def ending(self, *suffixes: str) -> Iterator[str]:
        """Yield the paths with one of `suffixes` (".py")."""
        for suffix in suffixes:
            yield from self._by_suffix.get(suffix.lower(), ())

    def matching(self, pattern: str) -> Iterator[str]:
        """Yield the paths that fit a glob pattern; a star also crosses folders."""
        suffix = splitext(pattern)[1]
        known = suffix and not any(letter in suffix for letter in "*?[")
        yield from (path for path in (self.ending(suffix) if known else self.paths) if fnmatchcase(path, pattern))

    def text(self, path: str) -> str:
        """Return the text of a file, empty when there is none to read; what was not read is noted in `skipped`."""
        if path in self._texts:
            return self._texts[path]
        text = self.glance(path)
        if self._kept + len(text) <= KEPT:
            self._texts[path] = text
            self._kept += len(text)
        return text

    def glance(self, path: str) -> str:
        """Return the text of a file that is not expected to be asked for again."""
        if path in self._texts:
            return self._texts[path]
        return (self._read(path) or "") if path in self._known else ""

    def late(self) -> bool:
        """Return whether reading has taken as long as it may."""
        return process_time() > self._until

    def yaml(self, path: str) -> tuple[Any, ...]:
        """Return the documents of a YAML file as marked values (see `yamltree`); none when it cannot be read."""
        if path not in self._documents:
            try:
                self._documents[path] = yamltree.documents(self.text(path))
            except yamltree.Unreadable as error:
                self.skip(path, error.reason)
                self._documents[path] = ()
        return self._documents[path]

    def below(self, folder: str) -> Snapshot:
        """Return the snapshot of a folder as if it were the root."""
        start = f"{folder}/"
        inner = [path.removeprefix(start) for path in self.paths if path.startswith(start)]
        part = Snapshot(inner, lambda path: self._load(f"{start}{path}"))
        part._until = self._until
        return part

    def skip(self, path: str, reason: str) -> None:
        """Note that `path` was not read; `reason` is a key of the room `scan`."""
        self.skipped.append(Skip(path=path, reason=reason))

    def _read(self, path: str) -> str | None:
        content = self._load(path)
        if content is None:
            return None
        if len(content) > LARGEST:
            self.skip(path, "scan.skip-large")
            return None
        if b"\0" in content[:1024]:
            return None
        return content.decode("utf-8-sig", errors="replace")


def in_memory(files: Mapping[str, str | bytes]) -> Snapshot:
    """Return the snapshot of a tree given as path -> content."""
    return Snapshot(files, lambda path: content if isinstance(content := files[path], bytes) else content.encode())
