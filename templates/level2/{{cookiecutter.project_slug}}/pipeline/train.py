"""Train the model and write it as ONNX: a file that any language can serve and that runs no code when loaded."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.pipeline import Pipeline, make_pipeline

from .config import MODEL, PREPARED, Data, read_data, read_params, read_rows
from .features import inputs, transformer
from .task import REGRESSION


def train(rows: pd.DataFrame, data: Data, params: dict[str, Any]) -> Pipeline:
    """Return a model fitted on `rows`; the same rows and parameters give the same model."""
    family = RandomForestRegressor if data.task.kind == REGRESSION else RandomForestClassifier
    forest = family(
        n_estimators=params["trees"],
        max_depth=params["depth"],
        min_samples_leaf=params["min_rows_per_leaf"],
        random_state=params["seed"],
        n_jobs=-1,
    )
    model = make_pipeline(transformer(data), forest)
    model.fit(inputs(rows, data), _wanted(rows, data))
    return model


def _wanted(rows: pd.DataFrame, data: Data) -> np.ndarray:
    if data.task.kind == REGRESSION:
        return data.task.truth(rows[data.target])
    codes = data.task.codes(rows[data.target])
    unseen = [str(label) for place, label in enumerate(data.task.classes) if place not in codes]
    if unseen:
        raise SystemExit(f"no training row is {', '.join(unseen)}: move the split in params.yaml")
    return codes


def export(model: Pipeline, data: Data) -> bytes:
    """Return the model as ONNX: one input of shape (rows, 1) a column, one answer of a row each class or value."""
    kinds: list[tuple[str, object]] = [(name, FloatTensorType([None, 1])) for name in data.numeric]
    kinds += [(name, StringTensorType([None, 1])) for name in data.categorical]
    options = None if data.task.kind == REGRESSION else {"zipmap": False}
    graph = to_onnx(model, initial_types=kinds, options=options, target_opset=18)
    operators = sorted(graph.opset_import, key=lambda entry: entry.domain)
    del graph.opset_import[:]
    graph.opset_import.extend(operators)  # the converter's order changes from run to run; the file must not
    content: bytes = graph.SerializeToString()
    return content


if __name__ == "__main__":
    data = read_data()
    rows = read_rows(PREPARED / "train.csv", data)
    MODEL.parent.mkdir(exist_ok=True)
    MODEL.write_bytes(export(train(rows, data, read_params()["train"]), data))
