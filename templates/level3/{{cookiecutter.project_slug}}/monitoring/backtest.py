"""Hold the contract's rules against ordered history before they may block: ``python -m monitoring.backtest``.

A rule that looks sound on shuffled rows can break on a run of clear days. History is cut into batches in its own order;
a column whose rules break in more than `false_batches` of them has to stand in `warn_only` of config/monitoring.toml.
"""

from __future__ import annotations

from collections import Counter

import pandas as pd

from pipeline.acquire import acquire
from pipeline.config import Data, read_data

from . import contract
from .settings import Contract, read_settings


def broken(history: pd.DataFrame, data: Data, limits: Contract) -> dict[str, float]:
    """Return for each column that ever breaks a rule the share of history's batches in which it does."""
    starts = range(0, len(history) - limits.history_rows + 1, limits.history_rows)
    counted: Counter[str] = Counter()
    for start in starts:
        batch = history.iloc[start : start + limits.history_rows]
        counted.update({contract.of_column(one) for one in contract.problems(batch, data, limits)})
    return {name: count / len(starts) for name, count in counted.most_common()}


def not_fit_to_block(shares: dict[str, float], limits: Contract) -> list[str]:
    """Return the columns whose rules would quarantine sound batches too often."""
    return [name for name, share in shares.items() if share > limits.false_batches and name not in limits.warn_only]


def main() -> None:
    """Say what history broke; exit with 1 while a rule may block that should not."""
    data, limits = read_data(), read_settings().contract
    shares = broken(acquire(data), data, limits)
    for name, share in shares.items():
        print(f"{name}: {share:.1%} of history's batches break it")
    unfit = not_fit_to_block(shares, limits)
    if unfit:
        raise SystemExit(f"add {', '.join(unfit)} to warn_only in config/monitoring.toml, or widen their bounds")
    print("every rule that may quarantine a batch kept quiet on history")


if __name__ == "__main__":
    main()
