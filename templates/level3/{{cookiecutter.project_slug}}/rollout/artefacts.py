"""Packages on disk that survive a crash: written whole, flushed to the disk, and holding nothing unexpected."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from delivery.integrity import verify_package
from serving.releases import ReleaseError, Releases

FILES = frozenset(["model.onnx", "data.toml", "manifest.json", "example.json"])
SIGNATURE = "model.sig"


def require_sound(package: Path) -> str:
    """Return the release id of a package that is whole and holds no file but its own; ReleaseError otherwise."""
    release = verify_package(package)
    extra = sorted(path.name for path in package.iterdir() if path.name not in FILES | {SIGNATURE})
    if extra:
        raise ReleaseError(f"{package} holds {', '.join(extra)}, which no manifest names; build the package again")
    return release


def keep(releases: Releases, package: Path) -> str:
    """Copy a package in, flushed to the disk before it gets its name; return its release id."""
    release = require_sound(package)
    target = releases.path(release)
    if target.exists():
        return require_sound(target)
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unfinished-"))
    try:
        shutil.copytree(package, unfinished, dirs_exist_ok=True)
        unfinished.chmod(0o755)
        for path in [*unfinished.iterdir(), unfinished]:
            _flush(path)
        unfinished.rename(target)
        _flush(target.parent)
    except OSError as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise ReleaseError(f"release {release} could not be stored ({error}); the champion serves on") from None
    return require_sound(target)


def collect(releases: Releases) -> int:
    """Remove what a killed copy left; return how many there were. Only the holder of the lease may call it."""
    left = list((releases.folder / "releases").glob(".unfinished-*"))
    for folder in left:
        shutil.rmtree(folder, ignore_errors=True)
    return len(left)


def _flush(path: Path) -> None:
    if os.name == "nt":  # directories cannot be opened there; NTFS journals renames
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
