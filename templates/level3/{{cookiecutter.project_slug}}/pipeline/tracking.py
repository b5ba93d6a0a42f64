"""Runs and model versions in MLflow: what was trained, from which code, data, parameters and environment."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

os.environ.setdefault("MLFLOW_DISABLE_TELEMETRY", "true")

import mlflow
import onnx
import pandas as pd
from mlflow.models import infer_signature

from .config import Data, project_slug
from .features import inputs

STORE = os.environ.get("MLFLOW_TRACKING_URI", "sqlite:///mlflow.db")
CANDIDATE = "candidate"
CHAMPION = "champion"


def register(model: Path, manifest: dict[str, Any], example: pd.DataFrame, data: Data) -> str:
    """Log a run with its lineage, register the model under the alias `candidate`, and return the version."""
    mlflow.set_tracking_uri(STORE)
    mlflow.set_experiment(project_slug())
    lineage = {key: str(manifest[key]) for key in ("release", "code", "data", "environment")}
    with mlflow.start_run(tags=lineage):
        mlflow.log_params(
            {f"{stage}.{key}": value for stage, part in manifest["params"].items() for key, value in part.items()}
        )
        mlflow.log_metrics({key: value for key, value in manifest["metrics"].items() if isinstance(value, float)})
        logged = mlflow.onnx.log_model(
            onnx.load(str(model)),
            name="model",
            registered_model_name=project_slug(),
            signature=infer_signature(inputs(example, data)),
            pip_requirements=["onnxruntime"],
        )
    version = str(logged.registered_model_version)
    client = mlflow.MlflowClient()
    for key, value in lineage.items():
        client.set_model_version_tag(project_slug(), version, key, value)
    client.set_registered_model_alias(project_slug(), CANDIDATE, version)
    return version


def promote(release: str) -> str | None:
    """Give the alias `champion` to the version registered for `release`; None when the registry does not know it."""
    client = mlflow.MlflowClient(tracking_uri=STORE)
    for version in client.search_model_versions(f"name = '{project_slug()}'"):
        if version.tags.get("release") == release:
            client.set_registered_model_alias(project_slug(), CHAMPION, version.version)
            return str(version.version)
    return None
