"""Put everything a server needs in one folder, and register it: model, data contract, manifest with its lineage."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pandas as pd

from .config import EVALUATION, MODEL, PACKAGE, PREPARED, RAW, Data, read_data, read_params, read_rows, sha256


def manifest(params: dict[str, Any], metrics: dict[str, Any]) -> dict[str, Any]:
    """Return what the package is made of; `release` is a digest of all the rest."""
    content: dict[str, Any] = {
        "model": sha256(MODEL),
        "contract": sha256(Path("data.toml")),
        "data": sha256(RAW),
        "environment": sha256(Path("requirements.lock")),
        "code": commit(),
        "params": params,
        "metrics": metrics,
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return {"release": digest[:12], **content}


def commit() -> str:
    """Return the commit the code is at, with `+changes` where the tree differs from it."""
    try:
        head = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True).stdout.strip()
        edits = subprocess.run(
            ["git", "status", "--porcelain", "--", "pipeline", "serving"], capture_output=True, text=True, check=True
        )
    except (OSError, subprocess.CalledProcessError):
        return "unknown: not a git repository"
    return f"{head}+changes" if edits.stdout.strip() else head


def example(data: Data) -> pd.DataFrame:
    """Return a few holdout rows as a caller would send them, time as text."""
    rows = read_rows(PREPARED / "holdout.csv", data, most=5)
    return rows.astype({data.time: str}) if data.time else rows


def build(folder: Path) -> dict[str, Any]:
    """Write the package to `folder` and return its manifest."""
    content = manifest(read_params(), json.loads(EVALUATION.read_text(encoding="utf-8")))
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(MODEL, folder / "model.onnx")
    shutil.copyfile("data.toml", folder / "data.toml")
    example(read_data()).to_json(folder / "example.json", orient="records", indent=2)
    (folder / "manifest.json").write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return content


if __name__ == "__main__":
    from . import tracking  # MLflow takes a second to import; only this stage pays

    data, built = read_data(), build(PACKAGE)
    version = tracking.register(MODEL, built, example(data), data)
    print(f"release {built['release']} is in {PACKAGE} and in the registry as version {version}")
