"""Predict a file with the model in production/: ``python scripts/predict.py INPUT OUTPUT``, run by hand."""

from __future__ import annotations

import argparse
import tomllib
from pathlib import Path

import joblib
import pandas as pd

PRODUCTION = Path("production/model.joblib")


def main() -> None:
    """Write the id (or the place) of each row of INPUT and the answer to it."""
    parser = argparse.ArgumentParser(prog="python scripts/predict.py")
    parser.add_argument("input", type=Path, help="CSV with the columns of data.toml")
    parser.add_argument("output", type=Path, help="CSV to write")
    parser.add_argument("--model", type=Path, default=PRODUCTION)
    options = parser.parse_args()
    if not options.model.exists():
        raise SystemExit(f"{options.model} is not there; RUNBOOK.md says how a model gets into production")
    described = tomllib.loads(Path("data.toml").read_text(encoding="utf-8"))
    columns, classes = described["columns"], described["task"].get("classes", [])
    rows = pd.read_csv(
        options.input, dtype=dict.fromkeys(columns["categorical"], str), keep_default_na=False, na_values=[""]
    )
    missing = {*columns["numeric"], *columns["categorical"]} - set(rows.columns)
    if missing:
        raise SystemExit(f"{options.input} lacks the columns {', '.join(sorted(missing))}")
    model = joblib.load(options.model)  # runs code from the file: load only files of your own
    answers = pd.DataFrame({columns["id"]: rows.get(columns["id"], pd.Series(rows.index))})
    if not classes:
        answers["value"] = model.predict(rows)
    elif len(classes) == 2:
        answers["probability"] = model.predict_proba(rows)[:, 1].round(6)
    else:
        probabilities = model.predict_proba(rows).round(6)
        for place, column in zip(model.classes_, probabilities.T, strict=True):
            answers[f"probability of {classes[place]}"] = column
    answers.to_csv(options.output, index=False, lineterminator="\n")
    print(f"{options.output}: {len(answers)} predictions")


if __name__ == "__main__":
    main()
