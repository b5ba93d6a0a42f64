"""The check of a request and the contract of a table come to the same verdict, on good rows and on bad ones."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from pipeline.config import Data, as_text
from pipeline.contract import ContractError, check
from serving.rows import SHOWN, RowCheck, RowError

from .conftest import outside

ODD: list[Any] = [None, "", "x", "12", 12, -1e9, 1e9, 1e400, float("nan"), True, [1], {"a": 1}, "nan", "A\nB"]


@pytest.fixture(scope="module")
def row(rows: pd.DataFrame, data: Data) -> dict[str, Any]:
    return {name: rows[name].dropna().iloc[0] for name in data.features}  # no row need be complete


def accepted(row: dict[str, Any], data: Data) -> pd.DataFrame | None:
    try:
        return check(pd.DataFrame([row]), data, labelled=False)
    except ContractError:
        return None


def columns(row: dict[str, Any], data: Data) -> dict[str, np.ndarray] | None:
    try:
        return RowCheck(data).columns([row])
    except RowError:
        return None


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_whatever_a_request_may_hold_the_contract_allows_with_the_same_value(
    odd: object, row: dict[str, Any], data: Data
) -> None:
    for name in data.features:
        changed = {**row, name: odd}
        ours, theirs = columns(changed, data), accepted(changed, data)
        if ours is not None:
            assert theirs is not None, name
            told = theirs[[name]] if name in data.numeric else as_text(theirs[[name]])
            expected = told.to_numpy(dtype=np.float32 if name in data.numeric else object)
            np.testing.assert_array_equal(ours[name], expected)


def test_rows_of_the_shipped_data_are_all_let_through(rows: pd.DataFrame, data: Data) -> None:
    some = rows[list(data.features)].sample(min(200, len(rows)), random_state=1).astype(object)
    taken = RowCheck(data).columns(some.where(some.notna(), None).to_dict(orient="records"))
    for name in data.numeric:
        np.testing.assert_array_equal(taken[name][:, 0], some[name].to_numpy(dtype=np.float32))
    for name in data.categorical:
        assert taken[name][:, 0].tolist() == as_text(some[[name]])[name].tolist()


def test_every_bound_is_held_on_both_sides(row: dict[str, Any], data: Data) -> None:
    for name in (name for name in data.numeric if {"min", "max"} <= data.bounds[name].keys()):
        low, high = data.bounds[name]["min"], data.bounds[name]["max"]
        for value, allowed in [(low, True), (high, True), (low - 1, False), (high + 1, False)]:
            assert (columns({**row, name: value}, data) is not None) is allowed, (name, value)


def test_faults_are_named_by_row_and_column_and_only_the_first_ones(row: dict[str, Any], data: Data) -> None:
    name = data.features[0]
    with pytest.raises(RowError) as fault:
        RowCheck(data).columns([row, *({**row, name: outside(data, name)} for _ in range(SHOWN + 3))])
    assert f"rows[1] {name}: " in str(fault.value)
    assert "and 3 more" in str(fault.value)


def test_the_schema_names_every_feature_with_its_bounds(data: Data) -> None:
    described = RowCheck(data).schema()
    assert set(described["properties"]) == set(described["required"]) == set(data.features)
    for name in (name for name in data.numeric if "max" in data.bounds[name] and not data.bounds[name].get("missing")):
        assert described["properties"][name]["maximum"] == data.bounds[name]["max"]
