"""A model file, loaded: rows in, answers out. The pipeline judges with it and the server answers with it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import onnxruntime

from pipeline.config import Data, as_text
from pipeline.task import BINARY, REGRESSION

if TYPE_CHECKING:
    import pandas as pd  # the server answers without it


class Model:
    """An ONNX model; loading executes no code of the file's author."""

    def __init__(self, path: Path, data: Data) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one request is small; threads would cost more than they give
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._data = data
        # the converter writes a column's name its own way (no spaces), but keeps the order
        self._inputs = dict(zip(data.features, (each.name for each in self._session.get_inputs()), strict=True))

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the value or the event's probability of each row, or one probability a class: (rows, classes)."""
        columns = {name: rows[[name]].to_numpy(dtype=np.float32) for name in self._data.numeric}
        columns |= {name: as_text(rows[[name]]).to_numpy(dtype=object) for name in self._data.categorical}
        return self.run(columns)

    def run(self, columns: dict[str, np.ndarray]) -> np.ndarray:
        """Return the same from arrays of shape (rows, 1), one a feature."""
        feed = {self._inputs[name]: cells for name, cells in columns.items()}
        answers = np.asarray(self._session.run(None, feed)[-1])
        if self._data.task.kind == REGRESSION:
            return answers[:, 0]
        answers = answers.clip(0.0, 1.0)  # a forest's mean in 32 bits may be a rounding error above 1
        return answers[:, 1] if self._data.task.kind == BINARY else answers
