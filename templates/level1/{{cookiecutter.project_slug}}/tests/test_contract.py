"""Bad data stops the run, and the message says which column and why."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from pipeline.config import Data
from pipeline.contract import ContractError, check
from pipeline.task import REGRESSION

from .conftest import outside


def test_shipped_data_keeps_its_contract(rows: pd.DataFrame, data: Data) -> None:
    assert len(check(rows, data, labelled=True)) == len(rows)


def test_value_out_of_bounds_is_refused_in_any_column(rows: pd.DataFrame, data: Data) -> None:
    for name in data.features:
        with pytest.raises(ContractError, match=re.escape(name)):
            check(rows.assign(**{name: outside(data, name)}), data, labelled=True)


def test_a_number_in_another_unit_is_refused(rows: pd.DataFrame, data: Data) -> None:
    for name in data.numeric:
        beyond = data.bounds[name]["max"] / (rows[name].max() or 1)
        if beyond > 0:
            with pytest.raises(ContractError, match=re.escape(name)):
                check(rows.assign(**{name: rows[name] * 2 * max(beyond, 1)}), data, labelled=True)


def test_too_many_empty_cells_are_refused(rows: pd.DataFrame, data: Data) -> None:
    name = next(name for name in data.features if data.bounds[name].get("missing", 0.0) < 1)
    with pytest.raises(ContractError, match=re.escape(name)):
        check(rows.assign(**{name: None}), data, labelled=True)


def test_missing_column_is_named(rows: pd.DataFrame, data: Data) -> None:
    with pytest.raises(ContractError, match=re.escape(data.features[0])):
        check(rows.drop(columns=data.features[0]), data, labelled=True)


def test_label_that_cannot_be_is_refused(rows: pd.DataFrame, data: Data) -> None:
    wrong = 10**15 if data.task.kind == REGRESSION else "no such label"
    with pytest.raises(ContractError, match=re.escape(data.target)):
        check(rows.assign(**{data.target: wrong}), data, labelled=True)


def test_rows_out_of_order_are_refused(rows: pd.DataFrame, data: Data) -> None:
    times = data.time or data.id  # rows without a time have no order to keep; given one, they must keep it
    rows = rows.assign(**{times: pd.date_range("2020-01-01", periods=len(rows), freq="min")})
    assert len(check(rows, replace(data, time=times), labelled=True)) == len(rows)
    with pytest.raises(ContractError, match="ordered"):
        check(rows.iloc[::-1], replace(data, time=times), labelled=True)
