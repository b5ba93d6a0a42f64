"""Small trees in memory, and what a scan says of them."""

from __future__ import annotations

from collections.abc import Mapping

from generator.assess.bank import load_bank
from generator.model.scan import Act, Evidence, Report
from generator.scan.api import build, report
from generator.scan.snapshot import in_memory

TRAIN = """\
import joblib
import pandas as pd
from sklearn.linear_model import LogisticRegression

def main():
    rows = pd.read_csv("data.csv").dropna()
    model = LogisticRegression().fit(rows[["x"]], rows["y"])
    joblib.dump(model, "model.joblib")

if __name__ == "__main__":
    main()
"""


def scanned(files: Mapping[str, str | bytes]) -> Report:
    """Return the report on a tree given as path -> content."""
    return report(in_memory(files), "tree", load_bank())


def evidence(files: Mapping[str, str | bytes], capability: str) -> Evidence:
    """Return what a scan of the tree says of one capability."""
    return next(part for part in scanned(files).evidence if part.capability == capability)


def acts(files: Mapping[str, str | bytes]) -> set[tuple[Act, str, int]]:
    """Return what any live task of the tree does itself: act, file, line."""
    world = build(in_memory(files))
    return {
        (sighting.act, sighting.place.file, sighting.place.first)
        for task in world.tasks
        if not task.off
        for sighting in world.within(task, *Act)
    }
