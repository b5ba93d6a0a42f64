"""Measure how often level 3 errs, with its own evidence and settings: ``python rates.py ORDER.json``.

Three streams, none of which a setting was chosen on: a synthetic one with known truth whose days share shocks that last
for days; weeks of the shipped stream in random order (a block bootstrap); and the shipped stream as it was.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

FLIPS = (0.0, 0.02, 0.05, 0.1, 0.2, 0.4)
NOISE = (0.02, 0.1, 0.2, 0.3, 0.4)
WEEK = 7
HARM = 0.02  # Brier score above the promise from which a loss counts as harmful
HEALTHY_DAYS = 30  # before a loss begins


@dataclass(frozen=True)
class Stream:
    """Probabilities, outcomes and the number of the day of each row."""

    answer: np.ndarray
    truth: np.ndarray
    day: np.ndarray

    @property
    def loss(self) -> np.ndarray:
        """The squared error of each row."""
        squared: np.ndarray = (self.answer - self.truth) ** 2
        return squared


Source = Callable[[np.random.Generator, int], Stream]


def synthetic(random: np.random.Generator, days: int, rows: int = 58) -> Stream:
    """Days share a shock, and shocks last: autoregressive of order one on the logit scale."""
    shock = np.zeros(days)
    for day in range(1, days):
        shock[day] = 0.3 * shock[day - 1] + random.normal(0, 0.55)
    answer = random.beta(2, 7, (days, rows))
    chance = 1 / (1 + np.exp(-(np.log(answer / (1 - answer)) + shock[:, None])))
    truth = (random.random((days, rows)) < chance).astype(float)
    return Stream(answer.ravel(), truth.ravel(), np.repeat(np.arange(days), rows))


def reordered(real: Stream) -> Source:
    """Weeks of `real` in random order, each as it was."""
    starts = np.flatnonzero(np.diff(real.day, prepend=-1))
    ends: np.ndarray = np.append(starts[1:], len(real.day))

    def draw(random: np.random.Generator, days: int) -> Stream:
        first = random.integers(0, len(starts) - WEEK, -(-days // WEEK))
        chosen = np.concatenate([np.arange(at, at + WEEK) for at in first])[:days]
        rows = np.concatenate([np.arange(starts[at], ends[at]) for at in chosen])
        size = ends[chosen] - starts[chosen]
        return Stream(real.answer[rows], real.truth[rows], np.repeat(np.arange(days), size))

    return draw


class Champion:
    """The detector with the project's settings, against the promise of a release."""

    def __init__(self, brier: float, measured_on: int, settings: Any) -> None:
        from monitoring import evidence

        self.evidence, self.limits = evidence, settings.champion
        self.brier, self.measured_on = brier, measured_on

    def promised(self, stream: Stream) -> float:
        """Return the limit that the release's loss is held against."""
        rows_a_day = len(stream.day) / (stream.day[-1] + 1)
        return float(
            self.evidence.promised(
                self.brier,
                self.measured_on,
                tolerance=self.limits.tolerance,
                alike=self.limits.alike,
                block_rows=rows_a_day,
            )
        )

    def alarms(self, stream: Stream) -> list[int]:
        """Return the row after which each alarm is raised; the watch starts anew after each."""
        found, start, loss, limit = [], 0, stream.loss, self.promised(stream)
        while start < len(loss):
            block = self.evidence.blocks(stream.day[start:])
            levels = self.evidence.lost_quality(loss[start:], block, promised=limit, alike=self.limits.alike)
            crossed = np.flatnonzero(levels >= 1 / self.limits.alpha)
            if not len(crossed):
                break
            start += int(np.flatnonzero(block == crossed[0])[-1]) + 1
            found.append(start)
        return found

    def theory(self, stream: Stream) -> float | None:
        """Return log(1/alpha) over the mean growth of the best bet (Lorden 1971), in rows; luck can be quicker."""
        block, limit = self.evidence.blocks(stream.day), self.promised(stream)
        bets = self.evidence.FRACTIONS / limit
        size = np.bincount(block)
        growth = np.log1p(bets * (stream.loss - limit)[:, None]) / (1 + (size[block] - 1) * self.limits.alike)[:, None]
        best = float(growth.mean(axis=0).max())
        return float(np.log(1 / self.limits.alpha) / best) if best > 0 else None


def upper(alarms: int, batches: float) -> float:
    """Return the upper 95 % limit of alarms per 1000 batches (Poisson, Garwood 1936)."""
    from scipy.stats import chi2

    return float(chi2.ppf(0.95, 2 * (alarms + 1)) / 2 / batches * 1000)


def flipped(stream: Stream, share: float, random: np.random.Generator) -> Stream:
    """Return the stream in which this share of outcomes is turned round."""
    hit = random.random(len(stream.truth)) < share
    return Stream(stream.answer, np.where(hit, 1 - stream.truth, stream.truth), stream.day)


def healthy(name: str, champion: Champion, source: Source, order: dict[str, Any]) -> dict[str, Any]:
    """Count false alarms on a long healthy stream, in its own order."""
    random, size = np.random.default_rng(order["seed"]), order["batch_rows"]
    stream = source(random, order["healthy_days"])
    found = champion.alarms(stream)
    batches, alarms = len(stream.day) / size, len(found)
    since = np.diff([0, *found])  # a champion that alarms is replaced; young ones are rolled back, others retrained
    return {
        "stream": name,
        "batches": round(batches),
        "alarms": alarms,
        "upper_per_1000": round(upper(alarms, batches), 3),
        "rollbacks": int((since < champion.limits.bake_rows).sum()),
        "rollbacks_upper_per_1000": round(upper(int((since < champion.limits.bake_rows).sum()), batches), 3),
        "brier": round(float(stream.loss.mean()), 4),
        "promised": round(champion.promised(stream), 4),
    }


def detection(name: str, champion: Champion, source: Source, share: float, order: dict[str, Any]) -> dict[str, Any]:
    """Measure how long evidence of a sudden loss takes, from its first row on, labels' delay included."""
    random, delays, early = np.random.default_rng(order["seed"]), [], 0
    size, wait, losses = order["batch_rows"], order["label_delay"], []
    for _ in range(order["runs"]):
        before, after = source(random, HEALTHY_DAYS), flipped(source(random, order["detect_days"]), share, random)
        losses.append(float(after.loss.mean()))
        joined = Stream(
            np.concatenate([before.answer, after.answer]),
            np.concatenate([before.truth, after.truth]),
            np.concatenate([before.day, after.day + HEALTHY_DAYS]),
        )
        found = champion.alarms(joined)
        early += sum(row <= len(before.day) for row in found)
        late = [row - len(before.day) for row in found if row > len(before.day)]
        delays.append(late[0] / size + wait if late else float("inf"))
    long = flipped(source(random, 400), share, random)
    excess, best = float(np.mean(losses)) - champion.promised(long), champion.theory(long)
    median = float(np.median(delays))
    return {
        "stream": name,
        "flips": share,
        "above_promise": round(excess, 4),
        "harmful": excess >= HARM,
        "runs": order["runs"],
        "found": round(float(np.mean(np.isfinite(delays))), 3),
        "in_time": round(float(np.mean(np.array(delays) <= wait + 3)), 3),
        "median_batches": round(median, 1) if np.isfinite(median) else None,
        "theory_batches": round(best / size + wait, 1) if best else None,
        "early": early,
    }


def canary(source: Source, noise: float, settings: Any, order: dict[str, Any]) -> dict[str, Any]:
    """Judge trials of a release whose probabilities are the champion's with noise added."""
    from monitoring.judge import PROMOTE, ROLL_BACK, judge_canary

    random, words, waits, limits = np.random.default_rng(order["seed"]), [], [], settings.canary
    worse: list[float] = []
    for _ in range(order["trials"]):
        stream = source(random, order["trial_days"])
        met = random.random(len(stream.day)) < limits.share
        noisy = np.clip(stream.answer + noise * random.choice([-1.0, 1.0], len(stream.answer)), 0, 1)
        worse.append(float(((noisy - stream.truth) ** 2 - stream.loss).mean()))
        rows = pd.DataFrame(
            {
                "probability": noisy[met],
                "champion_probability": stream.answer[met],
                "label": stream.truth[met],
                "day": stream.day[met],
            }
        )
        word, until = _first_word(rows, judge_canary, limits)
        words.append(word)
        if word == ROLL_BACK:
            waits.append(float((stream.day <= until).sum()) / order["batch_rows"] + order["label_delay"])
    return {
        "noise": noise,
        "worse_by": round(float(np.mean(worse)), 4),
        "trials": order["trials"],
        "in_time": round(sum(wait <= order["label_delay"] + 3 for wait in waits) / len(words), 3),
        "median_batches": round(float(np.median(waits)), 1) if waits else None,
        "rolled_back": round(words.count(ROLL_BACK) / len(words), 3),
        "promoted": round(words.count(PROMOTE) / len(words), 3),
    }


def _first_word(rows: pd.DataFrame, judge: Any, limits: Any) -> tuple[str, int]:
    """Look every second day, as a monitor would; return the first word that is not hold, and the day."""
    word, until = "hold", 0
    for until in range(2, int(rows["day"].max()) + 2, 2):
        word = str(judge(rows[rows["day"] <= until], 0, limits).word)
        if word != "hold":
            break
    return word, until


def main() -> None:
    """Measure everything and write it to the order's `result`."""
    order = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    sys.path.insert(0, str(Path.cwd()))
    from monitoring.settings import read_settings
    from pipeline.config import read_data
    from serving.model import Model

    package, data, settings = Path(order["package"]), read_data(), read_settings()
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    rows = pd.read_csv(order["stream"], parse_dates=[str(data.time)])
    day = pd.factorize(rows[data.time].dt.date)[0]
    answers = np.asarray(Model(package / "model.onnx", data).predict(rows), dtype=float)
    real = Stream(answers, rows[data.target].to_numpy(dtype=float), np.asarray(day))
    measured, weeks = manifest["metrics"], reordered(real)
    released = Champion(float(measured["brier"]), int(measured["n"]), settings)
    sample = synthetic(np.random.default_rng(0), 2000)
    made = Champion(float(sample.loss.mean()), int(measured["n"]), settings)
    result = {
        "healthy": [
            healthy("synthetic", made, synthetic, order),
            healthy("reordered", released, weeks, order),
            healthy("real", released, lambda *_: real, order),
        ],
        "detection": [
            *(detection("synthetic", made, synthetic, share, order) for share in FLIPS[1:]),
            *(detection("reordered", released, weeks, share, order) for share in FLIPS[1:]),
        ],
        "canary": [canary(weeks, noise, settings, order) for noise in NOISE],
    }
    Path(order["result"]).write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
