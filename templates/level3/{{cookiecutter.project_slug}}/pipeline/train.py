"""Train the model and write it as ONNX: a file that any language can serve and that runs no code when loaded."""

from __future__ import annotations

from typing import Any

import pandas as pd
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from sklearn.ensemble import RandomForestClassifier
from sklearn.pipeline import Pipeline, make_pipeline

from .config import MODEL, PREPARED, Data, read_data, read_params
from .features import inputs, transformer


def train(rows: pd.DataFrame, data: Data, params: dict[str, Any]) -> Pipeline:
    """Return a model fitted on `rows`; the same rows and parameters give the same model."""
    forest = RandomForestClassifier(
        n_estimators=params["trees"],
        max_depth=params["depth"],
        min_samples_leaf=params["min_rows_per_leaf"],
        random_state=params["seed"],
        n_jobs=-1,
    )
    model = make_pipeline(transformer(data), forest)
    model.fit(inputs(rows, data), rows[data.target])
    return model


def export(model: Pipeline, data: Data) -> bytes:
    """Return the model as ONNX: one input of shape (rows, 1) a column, probabilities of shape (rows, 2)."""
    kinds: list[tuple[str, object]] = [(name, FloatTensorType([None, 1])) for name in data.numeric]
    kinds += [(name, StringTensorType([None, 1])) for name in data.categorical]
    graph = to_onnx(model, initial_types=kinds, options={"zipmap": False}, target_opset=18)
    operators = sorted(graph.opset_import, key=lambda entry: entry.domain)
    del graph.opset_import[:]
    graph.opset_import.extend(operators)  # the converter's order changes from run to run; the file must not
    content: bytes = graph.SerializeToString()
    return content


if __name__ == "__main__":
    data = read_data()
    rows = pd.read_csv(PREPARED / "train.csv")
    MODEL.parent.mkdir(exist_ok=True)
    MODEL.write_bytes(export(train(rows, data, read_params()["train"]), data))
