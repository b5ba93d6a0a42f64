"""The base of a climb: the project as it was generated, kept in the project itself as `.ladder/base.zip`.

A three-way merge needs what the templates gave, so as to tell the owner's changes from theirs. Weighed (docs/base.md
has the reasons): a pristine copy in the project, refs or a branch of git, rendering the older templates again, a
repository of templates. Only the copy survives a squash merge, a shallow clone, a renamed branch, a newer or an older
ladder, no network and no git at all, because it is an ordinary file of the project and needs nothing else.

The archive holds `tree/<path>` for every file that can be merged line by line, `digests.json` (path -> SHA-256) for
all, and `about.json`: the schema and which files may be executed. This module alone reads and writes it.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator import __version__
from generator.errors import LadderError
from generator.model.project import File, Tree
from generator.scaffold.plan import State
from generator.scaffold.project import check_inside, digest

BASE = ".ladder/base.zip"
SCHEMA = 1
LARGEST_WHOLE = 100_000
"""A larger file is data or a lock: it is never merged line by line, so its digest is enough."""
LARGEST_READ = 50_000_000
EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Base:
    """The project as generated: the state of every file, and the content of those kept whole."""

    states: Mapping[str, State]
    contents: Mapping[str, bytes]


def with_base(tree: Tree) -> Tree:
    """Return `tree` and its own pristine copy; the same tree gives the same bytes."""
    return dict(sorted({**tree, BASE: File(content=pack_base(tree))}.items()))


def pack_base(tree: Tree) -> bytes:
    """Return the pristine copy of `tree`: small files whole, the digest of every file."""
    digests = {path: digest(file.content) for path, file in tree.items()}
    about = {"schema": SCHEMA, "executable": sorted(path for path, file in tree.items() if file.executable)}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        _put(archive, "about.json", json.dumps(about).encode())
        _put(archive, "digests.json", json.dumps(digests, indent=0, sort_keys=True).encode())
        for path, file in sorted(tree.items()):
            if len(file.content) <= LARGEST_WHOLE:
                _put(archive, f"tree/{path}", file.content)
    return buffer.getvalue()


def read_base(folder: Path) -> Base:
    """Return the pristine copy in `folder`; LadderError when it is not there, broken, or of a newer ladder."""
    path = folder / BASE
    try:
        with zipfile.ZipFile(path) as archive:
            return _unpack(archive, path)
    except (OSError, KeyError, TypeError, ValueError, AttributeError, RuntimeError, zipfile.BadZipFile) as error:
        raise LadderError("scaffold.bad-base", path=path, reason=error) from error


def _unpack(archive: zipfile.ZipFile, path: Path) -> Base:
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST_READ:
        raise ValueError(LARGEST_READ)
    names = archive.namelist()
    about: dict[str, Any] = json.loads(archive.read("about.json")) if "about.json" in names else {"schema": SCHEMA}
    if int(about["schema"]) > SCHEMA:
        raise LadderError("climb.newer", path=path, theirs=about["schema"], ours=__version__)
    executable = frozenset(about.get("executable", ()))
    digests: dict[str, str] = json.loads(archive.read("digests.json"))
    for name in digests:
        check_inside(name)
    return Base(
        states={str(name): State(content=str(text), executable=name in executable) for name, text in digests.items()},
        contents={name.removeprefix("tree/"): archive.read(name) for name in names if name.startswith("tree/")},
    )


def _put(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.create_system = 3  # the same bytes on every system
    archive.writestr(entry, content)
