"""Predict a table: ``python -m serving.batch rows.csv predictions.csv [--environment local]``.

Rows are read, checked and answered some thousand at a time; the output appears whole or not at all.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import pandas as pd

from pipeline.config import read_parts
from pipeline.contract import ContractError, check

from .loaded import Loaded, load
from .releases import ReleaseError, Releases

AT_ONCE = 10_000


def predict(loaded: Loaded, rows: Path, to: Path) -> int:
    """Write one prediction for each row of the table `rows` and return how many; ContractError names the bad ones."""
    unfinished, count = to.with_name(f".{to.name}.unfinished"), 0
    try:
        for part in read_parts(rows, loaded.data, AT_ONCE):
            answers = loaded.model.predict(check(part, loaded.data, labelled=False))
            told = pd.json_normalize(loaded.data.task.told(answers, loaded.threshold)).assign(model=loaded.release)
            if loaded.data.id in part:
                told.insert(0, loaded.data.id, part[loaded.data.id].to_numpy())
            told.to_csv(unfinished, mode="a" if count else "w", header=not count, index=False)
            count += len(part)
        if count:
            unfinished.replace(to)
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def main() -> None:
    """Predict a table with the release that serves; exit with 1 and the reason when that cannot be."""
    parser = argparse.ArgumentParser(prog="python -m serving.batch")
    parser.add_argument("rows", type=Path, help="a CSV with the feature columns of data.toml")
    parser.add_argument("to", type=Path, help="where the predictions go")
    parser.add_argument("--environment", default="local")
    options = parser.parse_args()
    releases = Releases(Path("deploy") / options.environment)
    release = releases.current()
    if release is None:
        raise SystemExit("no release is deployed; run python -m pipeline.deploy")
    try:
        count = predict(load(releases, release), options.rows, options.to)
    except (ContractError, ReleaseError, OSError, ValueError) as error:
        raise SystemExit(f"{options.rows}: {error}") from None
    print(f"{options.to}: {count} predictions by release {release}")


if __name__ == "__main__":
    main()
