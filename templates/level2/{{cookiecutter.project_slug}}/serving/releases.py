"""Releases on disk: one folder each, and a pointer to the one that serves, replaced in a single step."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


class ReleaseError(Exception):
    """A release that cannot be served; the message says which and why."""


class Releases:
    """The releases of one environment, below `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer = folder / "current"
        self._history = folder / "history.jsonl"

    def add(self, package: Path) -> str:
        """Copy a package in, verified, and return its release id; adding it again changes nothing."""
        release = verify(package)
        target = self.path(release)
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            unfinished = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unfinished-"))
            shutil.copytree(package, unfinished, dirs_exist_ok=True)
            unfinished.chmod(0o755)
            unfinished.rename(target)
        return verify(target)

    def point_to(self, release: str, *, why: str) -> None:
        """Let `release` serve: verified first, switched in one step, written to the history."""
        verify(self.path(release))
        previous = self.current()
        _replace(self._pointer, release)
        entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "from": previous, "to": release, "why": why}
        with self._history.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def current(self) -> str | None:
        """Return the id of the release that serves, None before the first."""
        return self._pointer.read_text(encoding="utf-8") if self._pointer.exists() else None

    def history(self) -> list[dict[str, Any]]:
        """Return every switch, oldest first."""
        if not self._history.exists():
            return []
        return [json.loads(line) for line in self._history.read_text(encoding="utf-8").splitlines()]

    def path(self, release: str) -> Path:
        """Return where `release` lies."""
        return self.folder / "releases" / release


def verify(package: Path) -> str:
    """Return the release id of a package whose files match its manifest; ReleaseError otherwise."""
    try:
        manifest: dict[str, Any] = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
        for name, key in (("model.onnx", "model"), ("data.toml", "contract")):
            if hashlib.sha256((package / name).read_bytes()).hexdigest() != manifest[key]:
                raise ReleaseError(f"{package / name} is not the file its manifest names; build the package again")
    except (OSError, ValueError, KeyError) as error:
        raise ReleaseError(f"{package} is not a complete package ({error}); run dvc repro") from None
    return str(manifest["release"])


def _replace(path: Path, text: str) -> None:
    with tempfile.NamedTemporaryFile("w", dir=path.parent, delete=False, encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).chmod(0o644)  # a server may run as somebody else
    Path(file.name).replace(path)
