"""Watch production: after each batch look at contract, labels, scores and evidence, and do what the rules say.

What may act: a broken contract keeps the batch out and alarms; labels roll back a canary or the champion. Drift and
missing labels only warn and hold: data that moved is no proof that the model is wrong.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from pipeline.config import Data
from rollout.controller import Controller
from rollout.state import Refused

from .alerts import Alerts
from .contract import breaches
from .drift import psi
from .evidence import CanaryTest, ChampionAlarm, null_loss
from .log import PredictionLog

SETTINGS = Path("config/monitoring.toml")


def read_settings(path: Path = SETTINGS) -> dict[str, dict[str, Any]]:
    """Return the settings of monitoring."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


class Monitor:
    """Watches one environment; what it saw and did is in the audit log, the alerts and the incidents."""

    def __init__(self, controller: Controller, log: PredictionLog, alerts: Alerts, settings: dict[str, Any]) -> None:
        self.controller = controller
        self.log = log
        self._alerts = alerts
        self._settings = settings
        self._batches = 0
        self._labels_seen_at = 0
        self._place = 0
        self._watched: str | None = None
        self._alarm: ChampionAlarm | None = None
        self._canary: tuple[str, CanaryTest] | None = None
        self._reference = np.array([])
        self.retraining_asked = False

    def accept(self, batch: pd.DataFrame, data: Data) -> bool:
        """Return whether a batch may be predicted and learned from; a broken one is alarmed and kept out."""
        self._batches += 1
        limits = self._settings["contract"]
        found = breaches(batch, data, missing_slack=limits["missing_slack"])
        worst = max((breach.rows for breach in found), default=0)
        if worst <= limits["broken_share"] * len(batch):
            return True
        self.log.exclude(batch[data.id], found[0].what)
        what = "; ".join(breach.what for breach in found)[:300]
        incident = self.controller.open_incident("contract", what)
        self.controller.state.record("batch kept out", {"rows": len(batch), "what": what, "incident": incident})
        self._alerts.send("contract", what, rows=worst, incident=incident)
        return False

    def recovered(self) -> None:
        """Close the contract incident after a good batch."""
        for id_, kind, _ in self.controller.open_incidents():
            if kind == "contract":
                self.controller.close_incident(id_, by="monitor: the next batch kept its contract")

    def labels(self, labels: Iterable[tuple[object, int]]) -> list[str]:
        """Take in labels that arrived, judge canary and champion by them, and return what was done."""
        if self.log.add_labels(labels):
            self._labels_seen_at = self._batches
        elif self._batches - self._labels_seen_at > self._settings["labels"]["late_batches"]:
            self._alerts.send("labels", f"no labels for {self._batches - self._labels_seen_at} batches; holding")
            return ["labels are late: nothing is decided"]
        rows = self.log.labelled(self._place)
        if rows.empty:
            return []
        self._place = int(rows["seq"].iloc[-1])
        return [*self._judge_canary(rows), *self._judge_champion(rows)]

    def scores(self, probabilities: np.ndarray) -> float:
        """Compare the scores with the first ones of this champion and warn when they moved; return the index."""
        self._follow()
        if len(self._reference) < 500:
            self._reference = np.append(self._reference, probabilities)
            return 0.0
        value = psi(self._reference, probabilities)
        if value > self._settings["drift"]["psi"]:
            self._alerts.send(
                "drift", f"scores moved (PSI {value:.2f}); look at them, nothing is done", psi=round(value, 3)
            )
        return value

    def _follow(self) -> None:
        champion = self.controller.state.serving().champion
        if champion != self._watched:
            self._watched, self._alarm, self._reference = champion, None, np.array([])

    def _judge_canary(self, rows: pd.DataFrame) -> list[str]:
        serving = self.controller.state.serving()
        if serving.canary is None:
            self._canary = None
            return []
        if self._canary is None or self._canary[0] != serving.canary:
            limits = self._settings["canary"]
            self._canary = serving.canary, CanaryTest(alpha=limits["alpha"], tolerance=limits["tolerance"])
        test = self._canary[1]
        both = rows[rows["canary"].notna()]
        test.add(_loss(both["canary"], both["label"]), _loss(both["champion"], both["label"]))
        numbers = test.numbers
        if test.verdict == "worse":
            self.controller.abort_canary(numbers, quarantine=True)
            self._alerts.send("rollback", f"canary {serving.canary} is worse; the champion answers all rows", **numbers)
            return [f"canary {serving.canary} rolled back"]
        if test.verdict == "as good":
            self.controller.promote_canary(numbers)
            return [f"canary {serving.canary} promoted"]
        if test.rows > self._settings["canary"]["most_rows"]:
            self.controller.abort_canary(numbers, quarantine=False)
            return [f"canary {serving.canary} ended without a verdict"]
        return []

    def _judge_champion(self, rows: pd.DataFrame) -> list[str]:
        self._follow()
        champion = self._watched
        if champion is None:
            return []
        if self._alarm is None:
            self._alarm = self._new_alarm(champion)
        own = rows[rows["release"] == champion]
        if not self._alarm.add(_loss(own["champion"], own["label"])):
            return []
        numbers = self._alarm.numbers
        self._alarm = None
        return self._act(champion, numbers)

    def _act(self, champion: str, numbers: dict[str, float]) -> list[str]:
        incident = self.controller.open_incident("quality", f"release {champion} loses more than it may")
        self._alerts.send("quality", f"champion {champion} loses more than it may", incident=incident, **numbers)
        self.retraining_asked = True
        try:
            back = self.controller.roll_back(incident, numbers)
        except Refused as refused:
            self.controller.state.record("frozen", {"incident": incident, "why": str(refused)})
            self._alerts.send("page", str(refused), incident=incident)
            return [f"quality alarm on {champion}; {refused}"]
        self.controller.close_incident(incident, by="monitor: rolled back")
        return [f"champion {champion} rolled back to {back}"]

    def _new_alarm(self, release: str) -> ChampionAlarm:
        limits = self._settings["champion"]
        manifest = (self.controller.releases.path(release) / "manifest.json").read_text(encoding="utf-8")
        metrics = json.loads(manifest)["metrics"]
        null = null_loss(metrics["brier"], metrics["n"], limits["tolerance"])
        return ChampionAlarm(alpha=limits["alpha"], null=null)


def _loss(probability: pd.Series, label: pd.Series) -> np.ndarray:
    return ((probability - label) ** 2).to_numpy(dtype=float)
