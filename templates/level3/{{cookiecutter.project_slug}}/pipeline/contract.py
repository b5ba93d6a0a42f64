"""The data contract, built from data.toml and enforced by pandera."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pandera.pandas as pa

from .config import Data


class ContractError(Exception):
    """Data that breaks the contract; the message names each column and what is wrong with it."""


def check(rows: pd.DataFrame, data: Data, *, labelled: bool) -> pd.DataFrame:
    """Return `rows` with the contract's types, or raise ContractError; `labelled` rows need time and target too."""
    missing = [name for name in _required(data, labelled=labelled) if name not in rows.columns]
    if missing:
        raise ContractError(f"missing columns: {', '.join(missing)}")
    try:
        checked = _schema(data, labelled=labelled).validate(rows, lazy=True)
    except pa.errors.SchemaErrors as errors:
        raise ContractError(_explain(errors.failure_cases)) from None
    return pd.DataFrame(checked)


def _required(data: Data, *, labelled: bool) -> tuple[str, ...]:
    times = (data.time,) if data.time else ()
    return (*data.features, data.target, *times) if labelled else data.features


def _schema(data: Data, *, labelled: bool) -> pa.DataFrameSchema:
    columns = {name: _column(float, data.bounds[name], shares=labelled) for name in data.numeric}
    columns |= {name: _column(str, data.bounds[name], shares=labelled) for name in data.categorical}
    if labelled:
        columns[data.target] = _target(data)
    if labelled and data.time:
        columns[data.time] = pa.Column(
            "datetime64[ns]", pa.Check(lambda time: time.is_monotonic_increasing, name="ordered")
        )
    return pa.DataFrameSchema(columns, strict=False, coerce=True)


def _target(data: Data) -> pa.Column:
    if not data.task.classes:
        return _column(float, data.bounds.get(data.target, {}), shares=True)
    kind = str if any(isinstance(label, str) for label in data.task.classes) else int
    return pa.Column(kind, pa.Check.isin(data.task.classes))


def _column(kind: type, bound: dict[str, Any], *, shares: bool) -> pa.Column:
    allowed = float(bound.get("missing", 0.0))
    checks = []
    if "min" in bound:
        checks.append(pa.Check.in_range(bound["min"], bound["max"]))
    if "values" in bound:
        checks.append(pa.Check.isin(bound["values"]))
    if "pattern" in bound:
        checks.append(pa.Check.str_matches(bound["pattern"]))
    if shares:  # the share of empty cells says something about a table, nothing about one row
        checks.append(
            pa.Check(lambda cells: cells.isna().mean() <= allowed, name=f"missing<={allowed}", ignore_na=False)
        )
    return pa.Column(kind, checks, nullable=allowed > 0)


def _explain(failures: pd.DataFrame) -> str:
    lines = []
    for (column, rule), cases in failures.groupby(["column", "check"], sort=True, dropna=False):
        examples = ", ".join(str(case) for case in cases["failure_case"].head(3))
        lines.append(f"{column}: {rule} fails {len(cases)} times (for example {examples})")
    return "; ".join(lines)
