"""The same ONNX file behind MLServer; it checks nothing but the shape of the request."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import onnxruntime
from mlserver import MLModel
from mlserver.codecs import NumpyCodec, StringCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Predictor(MLModel):
    """Columns in by the V2 inference protocol, probabilities out."""

    async def load(self) -> bool:
        """Load the model file."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(str(Path(os.environ["PACKAGE"]) / "model.onnx"), options)
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        """Return the probability of each row."""
        feed = {}
        for one in payload.inputs:
            if one.datatype == "BYTES":
                feed[one.name] = np.array(StringCodec.decode_input(one), dtype=object)[:, None]
            else:
                feed[one.name] = NumpyCodec.decode_input(one).astype(np.float32)[:, None]
        probabilities = self.session.run(None, feed)[1][:, 1]
        return InferenceResponse(model_name=self.name, outputs=[NumpyCodec.encode_output("probability", probabilities)])
