"""Stop the run when the data breaks its contract."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from .config import RAW, Data, read_data, read_rows
from .contract import ContractError, check

REPORT = Path("metrics/contract.json")


def validate(rows: pd.DataFrame, data: Data) -> dict[str, object]:
    """Return what was checked; raises ContractError when something does not hold."""
    checked = check(rows, data, labelled=True)
    times = {"from": str(checked[data.time].min()), "until": str(checked[data.time].max())} if data.time else {}
    return {
        "rows": len(checked),
        **times,
        "target": data.task.summary(checked[data.target]),
        "missing_share": {name: round(float(checked[name].isna().mean()), 4) for name in data.features},
    }


if __name__ == "__main__":
    data = read_data()
    try:
        report = validate(read_rows(RAW, data), data)
    except ContractError as error:
        raise SystemExit(f"{RAW} breaks the contract in data.toml: {error}") from None
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
