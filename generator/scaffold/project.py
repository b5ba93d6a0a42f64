"""Projects on disk: write one in a single step, and read what one was made as."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
import tomllib
from collections.abc import Mapping
from pathlib import Path

from generator.errors import LadderError
from generator.model.project import Record, Tree
from generator.scaffold.git import is_there, run_git

RECORD = ".ladder/record.toml"


def digest(content: bytes) -> str:
    """Return what a file is recognized by: the SHA-256 of its content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def check_inside(path: str) -> None:
    """Raise ValueError for a path, read from a project, that could lead out of it."""
    parts = path.split("/")
    if not all(parts) or {".", ".."} & {*parts} or any(char in path for char in "\\:\0"):
        raise ValueError(repr(path))


def write_project(tree: Tree, target: Path, *, git: bool, tables: Mapping[str, Path] | None = None) -> str:
    """Write `tree` to `target` in one step and return how git took it: committed, inside, missing or off.

    Everything is written to a sibling folder and renamed last, so `target` is whole or not there at all; `tables` are
    files too large to be held in memory, copied to the given paths.
    LadderError when `target` holds anything or cannot be written.
    """
    target = usable(target)
    missing = [folder for folder in target.parents if not folder.exists()]
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        unfinished = Path(tempfile.mkdtemp(prefix=f".{target.name[:20]}.", suffix=".unfinished", dir=target.parent))
    except OSError as error:
        _take_back(missing)
        raise LadderError("scaffold.cannot-write", path=target.parent, reason=error.strerror) from error
    try:
        _write_tree(tree, unfinished)
        for path, table in (tables or {}).items():
            (unfinished / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(table, unfinished / path)
        state = _first_commit(unfinished, target) if git else "off"
        unfinished.chmod(0o755)
        if target.exists():
            target.rmdir()
        unfinished.rename(target)
    except OSError as error:
        raise LadderError("scaffold.cannot-write", path=target, reason=error.strerror or error) from error
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
        _take_back(missing)
    return state


def read_record(folder: Path) -> Record:
    """Return what the project in `folder` was made as; LadderError when it holds no readable record."""
    path = folder / RECORD
    try:
        return parse_record(path.read_bytes())
    except FileNotFoundError:
        raise LadderError("scaffold.no-record", folder=folder, path=RECORD) from None
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise LadderError("scaffold.bad-record", path=path, reason=error) from error


def parse_record(content: bytes) -> Record:
    """Return what a record says; ValueError, KeyError or TypeError when it is not one."""
    table = tomllib.loads(content.decode())
    options = {str(name): str(value) for name, value in table["options"].items()}
    return Record(level=int(table["level"]), template=str(table["template"]), options=options)


def usable(target: Path) -> Path:
    """Return `target` in full, links followed; LadderError when it holds anything or cannot be a folder."""
    try:
        target = target.expanduser().resolve()
        holds_something = target.is_dir() and any(target.iterdir())
        in_the_way = next((place for place in (target, *target.parents) if place.exists() and not place.is_dir()), None)
    except OSError as error:
        raise LadderError("scaffold.cannot-write", path=target, reason=error.strerror) from error
    except (ValueError, RuntimeError) as error:  # a NUL in the path, a loop of links, no home folder
        raise LadderError("scaffold.bad-path", path=repr(str(target))) from error
    if holds_something:
        raise LadderError("scaffold.not-empty", path=target)
    if in_the_way:
        raise LadderError("scaffold.is-a-file", path=in_the_way)
    return target


def _take_back(folders: list[Path]) -> None:
    """Remove those of `folders` that hold nothing, the deepest first."""
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.rmdir()


def _write_tree(tree: Tree, folder: Path) -> None:
    for path, file in tree.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        write_durably(place, file.content)
        if file.executable:
            place.chmod(0o755)


def _of_another_repository(target: Path) -> bool:
    """Whether a repository around `target` would take it; one that ignores it would hide it from DVC."""
    inside = run_git(target.parent, "rev-parse", "--is-inside-work-tree")
    if inside.returncode or inside.stdout.strip() != "true":
        return False
    return run_git(target.parent, "check-ignore", "-q", "--", f"./{target.name}/").returncode != 0


def _first_commit(folder: Path, target: Path) -> str:
    if not is_there():
        return "missing"
    if _of_another_repository(target):
        return "inside"
    identity = [] if run_git(folder, "config", "user.email").stdout.strip() else [
        "-c", "user.name=ladder", "-c", "user.email=ladder@localhost",
    ]  # fmt: skip
    plain = [
        "-c",
        "core.autocrlf=false",
        "-c",
        "core.hooksPath=/dev/null",
        "-c",
        "commit.gpgsign=false",
        *identity,
    ]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "chore: start from mlops-ladder"]):
        done = run_git(folder, "-c", "init.defaultBranch=main", *plain, *command)
        if done.returncode:
            raise LadderError("scaffold.git", command=" ".join(command[:1]), reason=done.stderr.strip())
    return "committed"
