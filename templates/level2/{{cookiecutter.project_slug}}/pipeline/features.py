"""From raw columns to what the model sees; part of the model file, so training and serving cannot differ."""

from __future__ import annotations

import pandas as pd
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import OneHotEncoder

from .config import Data, as_text


def transformer(data: Data) -> ColumnTransformer:
    """Return the untrained feature step: medians for empty numbers, one column a category, unknown ones all zero."""
    return ColumnTransformer(
        [
            ("numeric", SimpleImputer(strategy="median"), list(data.numeric)),
            ("categorical", OneHotEncoder(handle_unknown="ignore"), list(data.categorical)),
        ]
    )


def inputs(rows: pd.DataFrame, data: Data) -> pd.DataFrame:
    """Return the feature columns in order, numbers as 32-bit floats as the served model computes them."""
    numbers = rows[list(data.numeric)].astype("float32")
    return numbers.join(as_text(rows[list(data.categorical)]))
