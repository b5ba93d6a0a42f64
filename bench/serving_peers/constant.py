"""Our own server with a constant in the model's place: what everything around the model costs."""

from __future__ import annotations

import numpy as np
from serving.__main__ import main
from serving.model import Model


def constant(_: Model, columns: dict[str, np.ndarray]) -> np.ndarray:
    """Return the same probability for each row."""
    return np.full(len(next(iter(columns.values()))), 0.25)


Model.run = constant

if __name__ == "__main__":
    main()
