"""Check that a package is what it says it is."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from serving.releases import ReleaseError, verify


def verify_package(package: Path) -> str:
    """Return the release id after checking every file against the manifest and the manifest against the id."""
    release = verify(package)
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    content = {key: value for key, value in manifest.items() if key != "release"}
    if hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12] != release:
        raise ReleaseError(f"{package / 'manifest.json'} was changed after release {release} was built; build it again")
    return release
