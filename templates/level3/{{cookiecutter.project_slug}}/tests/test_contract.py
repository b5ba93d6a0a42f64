"""Bad data stops the run, and the message says which column and why."""

from __future__ import annotations

import pandas as pd
import pytest

from pipeline.config import Data
from pipeline.contract import ContractError, check


def test_shipped_data_keeps_its_contract(rows: pd.DataFrame, data: Data) -> None:
    assert len(check(rows, data, labelled=True)) == len(rows)


@pytest.mark.parametrize("factor", [1000, -1])
def test_value_out_of_bounds_is_refused(rows: pd.DataFrame, data: Data, factor: int) -> None:
    name = next(name for name in data.numeric if rows[name].max() > 1)
    with pytest.raises(ContractError, match=name):
        check(rows.assign(**{name: rows[name] * factor - 100}), data, labelled=True)


def test_unknown_category_is_refused(rows: pd.DataFrame, data: Data) -> None:
    name = data.categorical[0]
    with pytest.raises(ContractError, match=name):
        check(rows.assign(**{name: "no such value!"}), data, labelled=True)


def test_too_many_empty_cells_are_refused(rows: pd.DataFrame, data: Data) -> None:
    name = data.numeric[-1]
    with pytest.raises(ContractError, match=name):
        check(rows.assign(**{name: None}), data, labelled=True)


def test_missing_column_is_named(rows: pd.DataFrame, data: Data) -> None:
    with pytest.raises(ContractError, match=data.features[0]):
        check(rows.drop(columns=data.features[0]), data, labelled=True)


def test_label_other_than_0_and_1_is_refused(rows: pd.DataFrame, data: Data) -> None:
    with pytest.raises(ContractError, match=data.target):
        check(rows.assign(**{data.target: 2}), data, labelled=True)


def test_rows_out_of_order_are_refused(rows: pd.DataFrame, data: Data) -> None:
    with pytest.raises(ContractError, match="ordered"):
        check(rows.iloc[::-1], data, labelled=True)
