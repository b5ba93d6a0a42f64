"""What the project is told: project.toml, data.toml and params.yaml, read and checked in one place."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from .task import Task

if TYPE_CHECKING:
    import pandas as pd  # the server reads its settings without it

RAW = Path("data/raw/data.csv")
PREPARED = Path("data/prepared")
MODEL = Path("models/model.onnx")
EVALUATION = Path("metrics/evaluation.json")
PACKAGE = Path("build/package")


@dataclass(frozen=True, kw_only=True)
class Data:
    """The data's description, from data.toml; `bounds` says per column what a cell may hold.

    `time` is None where rows have no order, `baseline_by` where the baseline is one for all rows.
    """

    source: Path
    id: str
    target: str
    time: str | None
    numeric: tuple[str, ...]
    categorical: tuple[str, ...]
    groups: tuple[str, ...]
    task: Task
    baseline_by: str | None
    bounds: dict[str, dict[str, Any]]

    @property
    def features(self) -> tuple[str, ...]:
        """The columns a model sees, in the order it sees them."""
        return self.numeric + self.categorical


def read_data(path: Path = Path("data.toml")) -> Data:
    """Return the data's description; a column without bounds is an error, for nothing would guard it."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    columns = table["columns"]
    unguarded = {*columns["numeric"], *columns["categorical"]} - table["bounds"].keys()
    if unguarded:
        raise SystemExit(f"{path}: no [bounds] for {', '.join(sorted(unguarded))}; add a line for each")
    return Data(
        source=Path(table["source"]["path"]),
        id=columns["id"],
        target=columns["target"],
        time=columns.get("time"),
        numeric=tuple(columns["numeric"]),
        categorical=tuple(columns["categorical"]),
        groups=tuple(columns["groups"]),
        task=Task(kind=table["task"]["kind"], classes=tuple(table["task"].get("classes", ()))),
        baseline_by=table["baseline"].get("by"),
        bounds=table["bounds"],
    )


def read_rows(path: Path, data: Data, *, most: int | None = None) -> pd.DataFrame:
    """Return a CSV's rows, categories as the text that is written there; only an empty cell is missing."""
    import pandas as pd

    times = [data.time] if data.time else False
    rows: pd.DataFrame = pd.read_csv(path, parse_dates=times, nrows=most, **_as_written(data))
    return rows


def read_parts(path: Path, data: Data, rows: int) -> Iterator[pd.DataFrame]:
    """Yield a CSV's rows, so many at a time, as read_rows returns them but for their time, which may be missing."""
    import pandas as pd

    with pd.read_csv(path, chunksize=rows, **_as_written(data)) as parts:
        yield from parts


def _as_written(data: Data) -> dict[str, Any]:
    kinds: dict[str, type] = dict.fromkeys(data.categorical, str)
    if any(isinstance(label, str) for label in data.task.classes):
        kinds[data.target] = str
    return {"dtype": kinds, "keep_default_na": False, "na_values": [""]}


def as_text(cells: pd.DataFrame) -> pd.DataFrame:
    """Return categories as the model sees them, in training and in serving: a missing one is the empty text."""
    return cells.astype(object).where(cells.notna(), "").astype(str)


def read_params(path: Path = Path("params.yaml")) -> dict[str, dict[str, Any]]:
    """Return the parameters of all stages."""
    params: dict[str, dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return params


def project_slug(path: Path = Path("project.toml")) -> str:
    """Return the name that tools know this project by."""
    slug: str = tomllib.loads(path.read_text(encoding="utf-8"))["project"]["slug"]
    return slug


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
