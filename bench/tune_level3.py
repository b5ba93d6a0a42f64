"""Reproduce how level 3's evidence settings were chosen, on weeks of May to August that no test stream holds.

    python bench/tune_level3.py PROJECT        (a level-3 project, with the Python of its environment)

A model is trained until April; its promise is what it measured on May to August. For each `alike` and `tolerance` the
table says how many false alarms 3500 reordered days raise, and how soon a fifth of the outcomes turned round is found.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

TOOL = Path(__file__).resolve().parent.parent
UNTIL = "2013-05-01"


def main(project: Path) -> None:
    """Print the table."""
    os.chdir(project)
    sys.path[:0] = [str(project)]
    sys.path.append(str(TOOL))
    from monitoring.evidence import correlation
    from monitoring.settings import read_settings
    from pipeline.acquire import acquire
    from pipeline.config import read_data, read_params
    from pipeline.features import inputs
    from pipeline.train import train

    from generator.replay.inside.rates import Champion, Stream, detection, healthy, reordered

    data, settings = read_data(), read_settings()
    rows = acquire(data)
    early, late = rows[rows[data.time] < UNTIL], rows[rows[data.time] >= UNTIL]
    model = train(early, data, read_params()["train"])
    answers = model.predict_proba(inputs(late, data))[:, 1]
    day = pd.factorize(late[data.time].dt.date)[0]
    stream = Stream(answers, late[data.target].to_numpy(dtype=float), np.asarray(day))
    print(f"Brier {stream.loss.mean():.4f}, alike {correlation(stream.loss, stream.day):.3f}")
    order = {"seed": 1, "batch_rows": 100, "label_delay": 3, "healthy_days": 3500, "runs": 30, "detect_days": 90}
    for alike in (0.0, 0.04, 0.08, 0.12):
        for tolerance in (0.0, 0.01, 0.02, 0.04):
            limits = replace(settings.champion, alike=alike, tolerance=tolerance)
            champion = Champion(float(stream.loss.mean()), len(late), replace(settings, champion=limits))
            calm = healthy("tune", champion, reordered(stream), order)
            loss = detection("tune", champion, reordered(stream), 0.2, order)
            print(f"alike {alike} tolerance {tolerance}: {calm['alarms']} false, found {loss['found']:.0%}, "
                  f"median {loss['median_batches']} batches")  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
