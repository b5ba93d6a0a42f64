"""Rules are held against ordered history before they may block."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from monitoring.backtest import broken, not_fit_to_block
from monitoring.contract import blocking
from monitoring.settings import read_settings
from pipeline.config import Data

from ..conftest import PROJECT

LIMITS = read_settings(PROJECT / "config/monitoring.toml").contract


def test_shipped_rules_keep_quiet_on_the_shipped_history(rows: pd.DataFrame, data: Data) -> None:
    assert not_fit_to_block(broken(rows, data, LIMITS), LIMITS) == []


def test_rule_that_only_ordered_history_breaks_may_not_block(rows: pd.DataFrame, data: Data) -> None:
    name = data.numeric[0]
    run = rows.copy()
    run.loc[: len(run) // 10, name] = data.bounds[name]["max"] + 1  # a tenth of the rows, all in a row
    shares = broken(run, data, LIMITS)
    assert np.isclose(shares[name], 0.1, atol=0.02)
    assert name in not_fit_to_block(shares, LIMITS)
    warned = replace(LIMITS, warn_only=[name])
    assert not_fit_to_block(shares, warned) == not_fit_to_block(broken(rows, data, LIMITS), LIMITS)
    assert blocking([f"{name}: 9 rows are out of bounds", "other: empty"], warned) == ["other: empty"]
