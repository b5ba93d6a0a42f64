"""The one module of the scan that touches a disk: lists a tree and reads files, follows no link, opens no device."""

from __future__ import annotations

import os
import stat
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


def snapshot(root: Path) -> Snapshot:
    """Return the files of `root`; LadderError when it is no directory."""
    if not root.is_dir():
        raise LadderError("scan.no-directory", path=root)
    files: dict[str, int] = {}
    left = _list(os.fspath(root), files)

    def load(path: str) -> bytes | None:
        return _bytes(os.path.join(root, path), files[path])  # noqa: PTH118 - a hundred thousand joins

    taken = Snapshot(files, load)
    for path, reason in left:
        taken.skip(path, reason)
    return taken


def _list(root: str, files: dict[str, int]) -> list[tuple[str, str]]:
    """Fill `files` with path -> inode of every regular file; return what was left out, and why."""
    left: list[tuple[str, str]] = []
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(f"{root}/{folder}") as entries:
                for entry in entries:
                    reason = _sorted(entry, folder, files, folders)
                    if reason:
                        left.append((f"{folder}{entry.name}", reason))
        except OSError:
            left.append((folder, "scan.skip-unreadable"))
        if len(files) > MOST_FILES:
            return [*left, (folder, "scan.skip-many")]
    return left


def _sorted(entry: os.DirEntry[str], folder: str, files: dict[str, int], folders: list[str]) -> str:
    """Put an entry where it belongs; return why it is left out, or nothing."""
    path = f"{folder}{entry.name}"
    if entry.is_file(follow_symlinks=False):
        files[path] = entry.inode()
    elif not entry.is_dir(follow_symlinks=False):
        return "scan.skip-link" if entry.is_symlink() else "scan.skip-device"
    elif folder.count("/") >= DEEPEST:
        return "scan.skip-deep"
    elif entry.name not in LEFT_OUT:
        folders.append(f"{path}/")
    return ""


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
