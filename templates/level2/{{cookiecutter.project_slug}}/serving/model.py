"""A model file, loaded: rows in, answers out. The pipeline judges with it and the server answers with it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import pandas as pd

from pipeline.config import Data, as_text
from pipeline.task import BINARY, REGRESSION


class Model:
    """An ONNX model; loading executes no code of the file's author."""

    def __init__(self, path: Path, data: Data) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # one request is small; threads would cost more than they give
        self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._data = data

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the value or the event's probability of each row, or one probability a class: (rows, classes)."""
        feed = {name: rows[[name]].to_numpy(dtype=np.float32) for name in self._data.numeric}
        feed |= {name: as_text(rows[[name]]).to_numpy(dtype=object) for name in self._data.categorical}
        answers = np.asarray(self._session.run(None, feed)[-1])
        if self._data.task.kind == REGRESSION:
            return answers[:, 0]
        return answers[:, 1] if self._data.task.kind == BINARY else answers
