"""The same ONNX file behind BentoML; it checks nothing but the shape of the request."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import bentoml
import numpy as np
import onnxruntime

PACKAGE = Path(os.environ["PACKAGE"])


@bentoml.service(workers=1, traffic={"timeout": 30})
class Predictor:
    """Rows in, probabilities out."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(PACKAGE / "model.onnx"), options)
        self.columns = tomllib.loads((PACKAGE / "data.toml").read_text(encoding="utf-8"))["columns"]

    @bentoml.api
    def predict(self, rows: list[dict[str, Any]]) -> list[float]:
        """Return the probability of each row."""
        feed = {name: np.array([[row[name]] for row in rows], dtype=np.float32) for name in self.columns["numeric"]}
        feed |= {name: np.array([[row[name]] for row in rows], dtype=object) for name in self.columns["categorical"]}
        return [float(p) for p in self.session.run(None, feed)[1][:, 1]]
