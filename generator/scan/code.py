"""The Python of a tree, parsed when it matters: what imports a known library, and what something runs or imports."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from posixpath import basename, dirname

from generator.model.scan import Module
from generator.scan import notebook, pycode
from generator.scan.signs import Vocabulary
from generator.scan.snapshot import Snapshot

MOST = 1500
"""Files parsed because of what they import; the rest is said to be skipped."""

MOST_NAMESAKES = 200
IMPORT = re.compile(r"(?:import|from)[ \t]+([A-Za-z_]\w*)")
HEAD = 4000


class Code:
    """Modules by path, and the paths that a dotted name or a written file name stands for."""

    def __init__(self, snapshot: Snapshot, vocabulary: Vocabulary) -> None:
        self.snapshot = snapshot
        self._known = vocabulary.libraries()
        self._modules: dict[str, Module | None] = {}

    def is_python(self, path: str) -> bool:
        """Return whether a path is that of a module, a notebook or a script already known to be Python."""
        return path.endswith((".py", ".ipynb")) or path in self._modules

    def module(self, path: str) -> Module | None:
        """Return the module in `path`, None when it cannot be parsed."""
        if path not in self._modules:
            self._modules[path] = self._parsed(path)
        return self._modules[path]

    def telling(self) -> Iterator[Module]:
        """Yield the modules that import a known library or can be started, shallow paths first, up to `MOST`."""
        named = [*self.snapshot.ending(".py", ".ipynb"), *self._scripts()]
        paths = sorted(named, key=lambda path: (is_test(path), path.count("/"), path))
        count = 0
        for path in paths:
            if not self._tells(path):
                continue
            count += 1
            if count > MOST or self.snapshot.late():
                self.snapshot.skip(path, "scan.skip-many")
                return
            if module := self.module(path):
                yield module

    def _scripts(self) -> Iterator[str]:
        """Yield the files without a suffix that say they are Python, as the containers of SageMaker want them."""
        for path in islice(self.snapshot.ending(""), MOST):
            if "." not in basename(path) and re.match(r"#!.*\bpython", self.snapshot.glance(path)[:80]):
                yield path

    def of_name(self, name: str, near: str) -> str | None:
        """Return the path of the module that `name` imports, seen from the file `near`."""
        tail = name.replace(".", "/")
        for folder in _above(dirname(near)):
            for start in (folder, f"{folder}src/"):
                for path in (f"{start}{tail}.py", f"{start}{tail}/__init__.py"):
                    if path in self.snapshot:
                        return path
        return None

    def of_module(self, name: str, near: str) -> str | None:
        """Return the path that `python -m name` runs."""
        path = self.of_name(name, near)
        package = path is None or path.endswith("/__init__.py")
        return (self.of_name(f"{name}.__main__", near) or path) if package else path

    def of_file(self, written: str, near: str) -> str | None:
        """Return the path that a command in `near` means by `written`."""
        plain = written.removeprefix("./").lstrip("/")
        for folder in _above(dirname(near)):
            if f"{folder}{plain}" in self.snapshot:
                return f"{folder}{plain}"
        named = islice(self.snapshot.named(basename(plain)), MOST_NAMESAKES)
        found = [path for path in named if path.endswith(f"/{plain}")]
        return found[0] if len(found) == 1 else None

    def _tells(self, path: str) -> bool:
        text = self.snapshot.glance(path)
        if path.endswith(".ipynb"):
            return any(library in text for library in self._known)
        return "__main__" in text or any(found in self._known for found in IMPORT.findall(text[:HEAD]))

    def _parsed(self, path: str) -> Module | None:
        text = self.snapshot.glance(path)
        try:
            return notebook.parse(text, path) if path.endswith(".ipynb") else pycode.parse_module(text, path)
        except pycode.Unparsed as error:
            self.snapshot.skip(path, error.reason)
            return None


def is_test(path: str) -> bool:
    """Return whether pytest or unittest would collect `path`, or it lies in a folder of tests."""
    name = basename(path)
    return name.startswith("test_") or name.endswith("_test.py") or bool(re.search(r"(^|/)tests?/", path))


def _above(folder: str) -> Iterator[str]:
    """Yield the root and the folders from `folder` upward, each ending in a slash, the root as nothing."""
    yield ""
    while folder:
        yield f"{folder}/"
        folder = dirname(folder)
