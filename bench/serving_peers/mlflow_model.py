"""The same ONNX file as an MLflow model: its own ONNX flavour takes no model with one input a column."""

from __future__ import annotations

import mlflow
import numpy as np
import onnxruntime
import pandas as pd


class Predictor(mlflow.pyfunc.PythonModel):  # type: ignore[misc]
    """A table in, probabilities out."""

    def load_context(self, context: mlflow.pyfunc.PythonModelContext) -> None:
        """Load the model file."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(context.artifacts["model"], options)
        self.text = {one.name for one in self.session.get_inputs() if "string" in one.type}

    def predict(self, context: object, model_input: pd.DataFrame) -> np.ndarray:  # noqa: ARG002
        """Return the probability of each row."""
        feed = {
            name: model_input[[name]].to_numpy(dtype=object if name in self.text else np.float32)
            for name in model_input.columns
        }
        return np.asarray(self.session.run(None, feed)[1][:, 1])


mlflow.models.set_model(Predictor())
