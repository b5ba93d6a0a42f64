"""One file, three ways: git's own merge, with inline markers that editors and `git mergetool` understand."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

NAMES = ("yours", "generated", "template")


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """The merged content; `conflict` says that it holds markers, or that it is yours because it cannot be merged."""

    content: bytes
    conflict: bool


def merge(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """Return `ours` with what changed between `base` and `theirs`; line ends stay those of `ours`."""
    if any(b"\0" in content for content in (base, ours, theirs)):
        return Merged(content=ours, conflict=True)
    if b"\r\n" in ours:
        base, theirs = (_with_crlf(content) for content in (base, theirs))
    if shutil.which("git") is None:
        return Merged(content=_side_by_side(ours, theirs), conflict=True)
    return _git_merge(base, ours, theirs)


def _git_merge(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in NAMES]
        for file, content in zip(files, (ours, base, theirs), strict=True):
            file.write_bytes(content)
        labels = [word for name in NAMES for word in ("-L", name)]
        command = ["git", "merge-file", "-p", "--diff3", *labels, *map(str, files)]
        done = subprocess.run(command, capture_output=True, check=False)
    if not 0 <= done.returncode <= 127:  # above: git could not merge at all
        return Merged(content=_side_by_side(ours, theirs), conflict=True)
    return Merged(content=done.stdout, conflict=done.returncode > 0)


def _side_by_side(ours: bytes, theirs: bytes) -> bytes:
    end = b"" if ours.endswith(b"\n") else b"\n"
    return b"<<<<<<< yours\n" + ours + end + b"=======\n" + theirs + b">>>>>>> template\n"


def _with_crlf(content: bytes) -> bytes:
    return content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
