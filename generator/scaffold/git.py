"""Git, as far as a project needs it: what is not committed, and files in conflict as git itself marks them.

The repository may be the project's own or a bigger one around it; paths are the project's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from generator.errors import LadderError

NOT_LISTED = ".ladder/climb/"


def run_git(folder: Path, *arguments: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    """Run git in `folder`, untouched by the caller's GIT_ variables, with `text` as its input."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return subprocess.run(
        ["git", "-c", "core.quotePath=false", *arguments],
        cwd=folder,
        env={**environment, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        input=text,
        stdin=subprocess.DEVNULL if text is None else None,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )


def is_there() -> bool:
    """Return whether git can be called."""
    return shutil.which("git") is not None


def uncommitted(folder: Path) -> list[str]:
    """Return the paths below `folder` that git has not committed; none where there is no repository or no git.

    LadderError when there is a repository that git cannot read. What a stopped climb prepared is not listed.
    """
    if not is_there():
        return []
    done = run_git(folder, "status", "--porcelain", "-z", "--untracked-files=normal", "--", ".")
    if done.returncode:
        if not any((place / ".git").exists() for place in (folder.resolve(), *folder.resolve().parents)):
            return []
        raise LadderError("climb.git", folder=folder, reason=done.stderr.strip())
    entries = [entry for entry in done.stdout.split("\0") if entry]
    return [entry[3:] for entry in entries if NOT_LISTED not in entry and len(entry) > 3]


def mark_conflicts(folder: Path, conflicts: Mapping[str, tuple[Path | None, Path]]) -> None:
    """Put the base's and the template's version of each path beside the owner's into git's index, as a merge does.

    Then `git status` names the path, `git mergetool` has its three sides, and a commit waits for `git add`. Paths git
    does not follow are left alone; so is everything where there is no git: the marks in the files are there anyway.
    """
    if not conflicts or not is_there():
        return
    listed = run_git(folder, "ls-files", "--stage", "--full-name", "-z", "--", *conflicts).stdout
    prefix = run_git(folder, "rev-parse", "--show-prefix").stdout.strip("\n")
    lines: list[str] = []
    for entry in filter(None, listed.split("\0")):
        head, _, name = entry.partition("\t")
        mode, sha, stage = head.split()
        if stage == "0" and mode != "160000":
            lines += _stages(folder, prefix, (name, mode, sha), conflicts[name.removeprefix(prefix)])
    if lines:
        run_git(folder, "update-index", "--index-info", text="".join(f"{line}\n" for line in lines))


def unmark(folder: Path, paths: Sequence[str]) -> None:
    """Take the marks of `mark_conflicts` back."""
    if paths and is_there():
        run_git(folder, "reset", "-q", "--", *paths)


def _stages(folder: Path, prefix: str, ours: tuple[str, str, str], sides: tuple[Path | None, Path]) -> Iterator[str]:
    name, mode, sha = ours
    yield f"0 {'0' * len(sha)}\t{name}"
    yield f"{mode} {sha} 2\t{name}"
    for stage, side in zip((1, 3), sides, strict=True):
        if side:
            path = f"--path={name.removeprefix(prefix)}"  # whose attributes say how line ends are kept
            written = run_git(folder, "hash-object", "-w", path, "--", str(side.resolve())).stdout.strip()
            yield f"100644 {written} {stage}\t{name}"
