"""What a row of a request may hold: the contract of data.toml, compiled once for each release.

The pipeline checks whole tables with pandera. A request is a few rows, for which a table's set-up costs a hundred times
the check itself. tests/test_rows.py holds the two to the same verdict.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from pydantic import AfterValidator, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from pydantic_core import ErrorDetails, PydanticCustomError

from pipeline.config import Data

SHOWN = 5  # faults named in one answer


class RowError(Exception):
    """Rows the model was never meant to see; the message names each row, column and fault."""


class RowCheck:
    """The contract of one release, for the rows of a request."""

    def __init__(self, data: Data) -> None:
        self._numeric, self._categorical = data.numeric, data.categorical
        columns: dict[str, Any] = {
            f"column_{place}": (_kind(data.bounds[name], number=name in data.numeric), Field(alias=name))
            for place, name in enumerate(data.features)
        }
        config = ConfigDict(coerce_numbers_to_str=True, allow_inf_nan=False)
        self._row = create_model("Row", __config__=config, **columns)
        self._rows = TypeAdapter(list[self._row])  # type: ignore[name-defined]

    def columns(self, rows: list[dict[str, Any]]) -> dict[str, np.ndarray]:
        """Return the model's inputs, one array of shape (rows, 1) a feature; RowError names what is wrong."""
        try:
            checked = self._rows.validate_python(rows)
        except ValidationError as error:
            raise RowError(_explain(error.errors(include_url=False))) from None
        cells = zip(*(vars(row).values() for row in checked), strict=True)
        table = dict(zip((*self._numeric, *self._categorical), cells, strict=True))
        numbers = {name: np.array(table[name], dtype=np.float32)[:, None] for name in self._numeric}
        texts = {
            name: np.array([cell or "" for cell in table[name]], dtype=object)[:, None] for name in self._categorical
        }
        return numbers | texts

    def schema(self) -> dict[str, Any]:
        """Return the JSON schema of a row, for the API's description."""
        schema: dict[str, Any] = self._row.model_json_schema(by_alias=True)
        return schema


def _kind(bound: dict[str, Any], *, number: bool) -> Any:
    kind: Any = Annotated[float, Field(ge=bound.get("min"), le=bound.get("max"))] if number else _text(bound)
    return kind | None if float(bound.get("missing", 0)) > 0 else kind


def _text(bound: dict[str, Any]) -> Any:
    shown = {keyword: bound[key] for key, keyword in (("values", "enum"), ("pattern", "pattern")) if key in bound}
    return Annotated[str, AfterValidator(_allowed(bound)), Field(json_schema_extra=shown)]


def _allowed(bound: dict[str, Any]) -> Callable[[str], str]:
    values = frozenset(bound["values"]) if "values" in bound else None
    pattern = re.compile(bound["pattern"]) if "pattern" in bound else None

    def check(text: str) -> str:
        if values is not None and text not in values:
            raise PydanticCustomError("value", "is not one of {known}", {"known": ", ".join(sorted(values))})
        if pattern and not pattern.match(text):
            raise PydanticCustomError("pattern", "does not match {pattern}", {"pattern": pattern.pattern})
        return text

    return check


def _explain(errors: list[ErrorDetails]) -> str:
    faults = [_fault(error) for error in errors[:SHOWN]]
    more = [f"and {len(errors) - SHOWN} more"] if len(errors) > SHOWN else []
    return "; ".join(faults + more)


def _fault(error: ErrorDetails) -> str:
    row, *column = error["loc"]
    where = f"rows[{row}]" + "".join(f" {name}" for name in column[:1])
    if error["type"] == "missing":
        return f"{where} is missing; send null for a value that is not known"
    return f"{where}: {error['msg']} (got {str(error['input'])[:40]!r})"
