"""One file, three ways: git's own merge, with inline markers that editors and `git mergetool` understand."""

from __future__ import annotations

import contextlib
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from generator.scaffold import git
from generator.scaffold.diff3 import merge_lines

NAMES = ("yours", "generated", "template")


@dataclass(frozen=True, kw_only=True, slots=True)
class Merged:
    """The merged content; `conflict` says that it holds markers."""

    content: bytes
    conflict: bool


def is_text(content: bytes) -> bool:
    """Return whether `content` can be merged line by line, by the rule git has: no NUL in it."""
    return b"\0" not in content


def has_crlf(content: bytes) -> bool:
    """Return whether most lines of `content` end as on Windows."""
    return 2 * content.count(b"\r\n") > content.count(b"\n")


def with_ends(content: bytes, like: bytes) -> bytes:
    """Return `content` with the line ends that most lines of `like` have; what is not text stays as it is."""
    if not is_text(content) or has_crlf(content) == has_crlf(like):
        return content
    plain = content.replace(b"\r\n", b"\n")
    return plain.replace(b"\n", b"\r\n") if has_crlf(like) else plain


def merge(base: bytes, ours: bytes, theirs: bytes) -> Merged:
    """Return `ours` with what changed between `base` and `theirs`, all of them text; line ends stay those of `ours`."""
    base, theirs = with_ends(base, ours), with_ends(theirs, ours)
    if git.is_there():
        with contextlib.suppress(OSError):  # nowhere to lay the three files
            if merged := _git_merge(base, ours, theirs):
                return merged
    content, conflict = merge_lines(base, ours, theirs, NAMES)
    return Merged(content=content, conflict=conflict)


def _git_merge(base: bytes, ours: bytes, theirs: bytes) -> Merged | None:
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, name) for name in NAMES]
        for file, content in zip(files, (ours, base, theirs), strict=True):
            file.write_bytes(content)
        labels = [word for name in NAMES for word in ("-L", name)]
        command = ["git", "merge-file", "-p", "--diff3", *labels, *map(str, files)]
        done = subprocess.run(command, capture_output=True, check=False)
    if not 0 <= done.returncode <= 127:  # above: git could not merge at all
        return None
    return Merged(content=done.stdout, conflict=done.returncode > 0)
