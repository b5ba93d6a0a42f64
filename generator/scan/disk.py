"""The one module of the scan that touches a disk: lists a tree and reads files, follows no link, opens no device."""

from __future__ import annotations

import hashlib
import marshal
import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from generator.errors import LadderError
from generator.scan.signs import names
from generator.scan.snapshot import LARGEST, Snapshot

MOST_FILES = 300_000
DEEPEST = 60
LEFT_OUT = frozenset(
    names(
        """.git .hg .svn node_modules .venv venv __pycache__ .tox .nox site-packages .mypy_cache .pytest_cache
        .ruff_cache .ipynb_checkpoints .eggs .terraform"""
    )
)
"""Folders that hold no work of the tree's owners."""

FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0)


GIT_STATE = (".git/HEAD", ".git/index", ".git/packed-refs", ".git/logs/HEAD")


@dataclass(slots=True)
class Listing:
    """The regular files of a tree with their inodes, what was left out and why, and a digest of all their states."""

    root: str
    files: dict[str, int] = field(default_factory=dict)
    left: list[tuple[str, str]] = field(default_factory=list)
    states: list[tuple[str, int, int, int, int]] = field(default_factory=list)

    def signature(self, edition: str) -> str:
        """Return a digest that changes when a file does, or the scan."""
        told = [self.root, edition, self.left, self.states]
        return hashlib.sha256(marshal.dumps(told, 2)).hexdigest()  # version 2 writes equal values as equal bytes


def listing(root: Path) -> Listing:
    """Return what lies in `root`; LadderError when it is no directory."""
    if not root.is_dir():
        raise LadderError("scan.no-directory", path=root)
    found = Listing(root=os.fspath(root))
    _fill(found)
    for name in GIT_STATE:
        with suppress(OSError):
            status = os.lstat(f"{found.root}/{name}")
            found.states.append((name, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino))
    return found


def snapshot(found: Listing) -> Snapshot:
    """Return the files of a listing, each read when it is asked for."""

    def load(path: str) -> bytes | None:
        return _bytes(f"{found.root}/{path}", found.files[path])

    taken = Snapshot(found.files, load)
    for path, reason in found.left:
        taken.skip(path, reason)
    return taken


def _fill(found: Listing) -> None:
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(f"{found.root}/{folder}") as entries:
                _sort(entries, folder, found, folders)
        except OSError:
            found.left.append((folder, "scan.skip-unreadable"))
        if len(found.files) > MOST_FILES:
            found.left.append((folder, "scan.skip-many"))
            return


def _sort(entries: Iterable[os.DirEntry[str]], folder: str, found: Listing, folders: list[str]) -> None:
    """Put each entry of a folder where it belongs; the first branch runs a hundred thousand times."""
    files, states = found.files, found.states
    for entry in entries:
        path = folder + entry.name
        if entry.is_file(follow_symlinks=False):
            status = entry.stat(follow_symlinks=False)
            files[path] = status.st_ino
            states.append((path, status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino))
        elif not entry.is_dir(follow_symlinks=False):
            found.left.append((path, "scan.skip-link" if entry.is_symlink() else "scan.skip-device"))
        elif folder.count("/") >= DEEPEST:
            found.left.append((path, "scan.skip-deep"))
        elif entry.name not in LEFT_OUT:
            folders.append(f"{path}/")


def _bytes(path: str, inode: int) -> bytes | None:
    """Return the content of a regular file that is still the one listed, one byte over the limit at most."""
    try:
        descriptor = os.open(path, FLAGS)
    except (OSError, ValueError):
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or (inode and status.st_ino != inode):
            return None
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            return file.read(LARGEST + 1)
    except OSError:
        return None
    finally:
        os.close(descriptor)
