"""Projects on disk: write one in a single step, read what one was made as, keep the base a later climb needs.

The base of a three-way merge is the tree as it was generated. It lies in the project, in `.ladder/base.zip`: that
survives squash merges, shallow clones, no git at all and a newer ladder, where a template's old revision does not.
Files too large to be merged line by line (data, locks) are kept there as a digest only.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import shutil
import subprocess
import tempfile
import tomllib
import zipfile
from pathlib import Path

from generator.errors import LadderError
from generator.model.project import File, Record, Tree

RECORD = ".ladder/record.toml"
BASE = ".ladder/base.zip"
LARGEST_IN_BASE = 100_000
EPOCH = (1980, 1, 1, 0, 0, 0)


def with_base(tree: Tree) -> Tree:
    """Return `tree` and its own pristine copy; the same tree gives the same bytes."""
    return dict(sorted({**tree, BASE: File(content=pack_base(tree))}.items()))


def digest(content: bytes) -> str:
    """Return what a file is recognized by: the SHA-256 of its content, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def write_durably(path: Path, content: bytes) -> None:
    """Write a file and wait until the disk has it."""
    with path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def pack_base(tree: Tree) -> bytes:
    """Return the pristine copy of `tree`: small files whole, the digest of every file."""
    digests = {path: digest(file.content) for path, file in tree.items()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(zipfile.ZipInfo("digests.json", EPOCH), json.dumps(digests, indent=0, sort_keys=True))
        for path, file in sorted(tree.items()):
            if len(file.content) <= LARGEST_IN_BASE:
                entry = zipfile.ZipInfo(f"tree/{path}", EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = (0o755 if file.executable else 0o644) << 16
                archive.writestr(entry, file.content)
    return buffer.getvalue()


def write_project(tree: Tree, target: Path, *, git: bool) -> str:
    """Write `tree` to `target` in one step and return how git took it: committed, inside, missing or off.

    Everything is written to a sibling folder and renamed last, so `target` is whole or not there at all.
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
        state = _first_commit(unfinished, target.parent) if git else "off"
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
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return Record(level=int(table["level"]), template=str(table["template"]), options=dict(table["options"]))
    except FileNotFoundError:
        raise LadderError("scaffold.no-record", folder=folder, path=RECORD) from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise LadderError("scaffold.bad-record", path=path, reason=error) from error


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


def _first_commit(folder: Path, parent: Path) -> str:
    if shutil.which("git") is None:
        return "missing"
    inside = _git(parent, "rev-parse", "--is-inside-work-tree")
    if inside.returncode == 0 and inside.stdout.strip() == "true":
        return "inside"
    identity = [] if _git(folder, "config", "user.email").stdout.strip() else [
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
        done = _git(folder, "-c", "init.defaultBranch=main", *plain, *command)
        if done.returncode:
            raise LadderError("scaffold.git", command=" ".join(command[:1]), reason=done.stderr.strip())
    return "committed"


def _git(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return subprocess.run(["git", *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False)


def read_base(folder: Path) -> tuple[dict[str, str], dict[str, bytes]]:
    """Return the pristine copy in `folder`: the digest of every generated file, and the content of those kept whole."""
    path = folder / BASE
    try:
        with zipfile.ZipFile(path) as archive:
            digests: dict[str, str] = json.loads(archive.read("digests.json"))
            names = [name for name in archive.namelist() if name.startswith("tree/")]
            return digests, {name.removeprefix("tree/"): archive.read(name) for name in names}
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        raise LadderError("scaffold.bad-base", path=path, reason=error) from error


def uncommitted(folder: Path) -> list[str]:
    """Return what git says is not committed in `folder`; nothing where there is no repository."""
    if shutil.which("git") is None:
        return []
    done = _git(folder, "status", "--porcelain", "--", ".")
    return done.stdout.splitlines() if done.returncode == 0 else []
