"""One look at production, and what follows from it: ``python -m monitoring.watch --environment production``.

Everything is computed anew from the prediction log and the rollout database, so that a monitor that died goes on where
it was. A broken contract quarantines a batch; drift warns or holds; only evidence from labels moves a release.
"""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pandas as pd

from delivery.environments import Environment, read_environment
from pipeline.config import Data, read_data
from rollout.controller import BLOCKING, Controller, RefusedError
from rollout.lease import ConflictError
from serving.predictions import PredictionLog
from serving.releases import ReleaseError

from . import contract, deadman, drift, judge
from .alerts import alerter
from .labels import labelled, with_inputs
from .settings import Settings, read_settings


class Watch:
    """What is seen in one environment, and the moves it leads to."""

    def __init__(self, environment: Environment, settings: Settings, data: Data) -> None:
        self.environment, self.settings, self.data = environment, settings, data
        self.controller = Controller(environment)
        self.state = self.controller.state
        self.log = PredictionLog(environment.folder)
        self._alert = alerter(environment.folder, settings.alerts.webhook)
        self.events: list[str] = []

    def contract(self) -> Data:
        """Return the contract of the champion's own package: a rollback restores it together with the model."""
        champion = self.state.pointer().champion
        own = self.environment.releases.path(champion) / "data.toml" if champion else None
        return read_data(own) if own and own.is_file() else self.data

    def look(self) -> list[str]:
        """Look once at everything; return what happened, in words."""
        self.events = []
        deadman.beat(self.environment.folder)
        self.controller.mirror()
        self.inputs()
        self.freshness()
        held = self.drift()
        rows = labelled(self.log, self.data.time or "")
        self.canary(rows, held=held)
        self.champion(rows)
        return self.events

    def inputs(self) -> None:
        """Hold the rows since the last look against the contract; a batch that breaks it is quarantined."""
        last = self.log.database.execute("SELECT COALESCE(MAX(last), 0) FROM batch").fetchone()[0]
        rows = pd.read_sql_query("SELECT * FROM prediction WHERE number > ?", self.log.database, params=(last,))
        if len(rows) < self.settings.contract.least_rows:
            return  # they wait for more; a share of three rows says nothing
        every = contract.problems(with_inputs(rows), self.contract(), self.settings.contract)
        found = contract.blocking(every, self.settings.contract)
        for problem in every:
            if problem not in found:
                self._tell("warning", f"rows {rows['number'].min()} to {rows['number'].max()}: {problem}")
        if not found and rows["refused"].notna().mean() > self.settings.contract.bad_share:
            found = [str(rows["refused"].dropna().iloc[0])]
        first, newest = int(rows["number"].min()), int(rows["number"].max())
        with self.log.database:
            self.log.database.execute(
                "INSERT INTO batch (first, last, problems) VALUES (?, ?, ?)", (first, newest, "; ".join(found))
            )
            if found:
                self.log.database.execute(
                    "UPDATE prediction SET quarantined = 1 WHERE number BETWEEN ? AND ?", (first, newest)
                )
        if found:
            incident = self.state.open_incident("contract", f"rows {first} to {newest}", {"problems": found})
            self._tell("contract", f"incident {incident.number}: rows {first} to {newest} quarantined: {found[0]}")
        else:
            self._end_contract_incident()

    def freshness(self) -> None:
        """Alert when rows or labels stop coming."""
        row = self.log.database.execute("SELECT at FROM prediction ORDER BY number DESC LIMIT 1").fetchone()
        newest = datetime.fromisoformat(row[0]) if row else None
        if contract.stale(newest, datetime.now(UTC), self.settings.contract):
            self._tell("stale", f"nothing was asked since {newest}")
        waiting = self.log.database.execute(
            "SELECT COUNT(*) FROM prediction WHERE number > (SELECT COALESCE(MAX(p.number), 0) FROM prediction p"
            " JOIN label l ON l.id = p.id) AND probability IS NOT NULL"
        ).fetchone()[0]
        if waiting > self.settings.labels.late_rows:
            self._tell("labels", f"{waiting} rows were answered since the last labelled one; quality cannot be judged")

    def drift(self) -> bool:
        """Compare live inputs and scores with the reference; return whether a promotion has to wait."""
        limits, path = self.settings.drift, Path(self.settings.drift.reference)
        rows = pd.read_sql_query(
            "SELECT inputs, champion_probability AS score, number FROM prediction WHERE quarantined = 0"
            " AND champion = ? AND champion_probability IS NOT NULL ORDER BY number DESC LIMIT ?",
            self.log.database,
            params=(self.state.pointer().champion, 2 * limits.rows),
        )
        if len(rows) < limits.rows or not path.exists():
            return False
        live = rows.head(limits.rows)
        columns = drift.drifted(pd.read_csv(path), with_inputs(live), self.data)
        earlier = rows["score"].iloc[limits.rows :]
        scores = drift.of_numbers(earlier, live["score"]) if len(earlier) == limits.rows else 0.0
        moved = {name: value for name, value in columns.items() if value > limits.warn}
        held = scores > limits.hold
        verdict = "hold" if held else "warn" if moved else "none"
        self.state.decide("drift", verdict, {"columns": columns, "scores": round(scores, 4), "rows": limits.rows})
        return held

    def canary(self, rows: pd.DataFrame, *, held: bool) -> None:
        """Judge the canary on the labelled rows it answered, beside the champion's answers to the same rows."""
        pointer = self.state.pointer()
        if pointer.canary is None:
            return
        own = rows[(rows["release"] == pointer.canary) & (rows["epoch"] == pointer.epoch)]
        asked = self.log.database.execute("SELECT COUNT(*) FROM prediction WHERE epoch = ?", (pointer.epoch,))
        judged = judge.judge_canary(own, asked.fetchone()[0], self.settings.canary)
        numbers = {"release": pointer.canary, "champion": pointer.champion, **judged.numbers}
        waits = judged.word == judge.PROMOTE and (held or self._blocked())
        verdict = judge.HOLD if waits else judged.word
        self.state.decide("canary", verdict, numbers)
        self._follow(verdict, pointer.canary, numbers)

    def champion(self, rows: pd.DataFrame) -> None:
        """Watch the champion on every labelled row since promotion; lost quality rolls back or asks to retrain."""
        pointer, limits = self.state.pointer(), self.settings.champion
        if pointer.champion is None:
            return
        found = self.state.database.execute("SELECT MAX(epoch) FROM champion WHERE id = ?", (pointer.champion,))
        own = rows[(rows["champion"] == pointer.champion) & (rows["epoch"] >= found.fetchone()[0])]
        manifest = self.environment.releases.path(pointer.champion) / "manifest.json"
        metrics = json.loads(manifest.read_text(encoding="utf-8"))["metrics"]
        promise = judge.Promise(brier=metrics["brier"], rows=metrics["n"])
        judged = judge.judge_champion(own, promise, limits)
        numbers = {"release": pointer.champion, **judged.numbers}
        self.state.decide("champion", judged.word, numbers)
        if judged.word == judge.KEPT:
            return
        if numbers["first_at_row"] < limits.bake_rows and len(set(self.state.champions())) > 1:
            self._roll_back_champion(numbers)
        else:
            self._ask_to_retrain(numbers)

    def _follow(self, verdict: str, canary: str, numbers: dict[str, Any]) -> None:
        brier = f"Brier {numbers['canary_brier']} against {numbers['champion_brier']} on {numbers['rows']} rows"
        try:
            if verdict == judge.PROMOTE:
                self.controller.promote(by="monitor", numbers=numbers)
                self._tell("promoted", f"canary {canary} is champion: {brier}")
            elif verdict != judge.HOLD:
                rejected = verdict == judge.ROLL_BACK
                self.controller.abort(by="monitor", why=verdict, numbers=numbers, reject=rejected)
                self._tell("rollback", f"canary {canary} {verdict}: {brier}, evidence {numbers['evidence_worse']}")
        except (RefusedError, ReleaseError, ConflictError) as error:
            self._tell("refused", str(error))

    def _roll_back_champion(self, numbers: dict[str, Any]) -> None:
        if any(incident.frozen for incident in self.state.incidents("champion")):
            return  # people were told when it froze
        try:
            moved = self.controller.rollback(by="monitor", why="lost quality after promotion", numbers=numbers)
            self._tell("rollback", f"champion {numbers['release']} lost quality; {moved.champion} serves again")
        except (RefusedError, ReleaseError, ConflictError) as error:
            self._tell("page", str(error))

    def _ask_to_retrain(self, numbers: dict[str, Any]) -> None:
        asked = self.state.database.execute(
            "SELECT COUNT(*) FROM decision WHERE kind = 'retraining' AND verdict = 'asked' AND numbers LIKE ?",
            (f"%{numbers['release']}%",),
        ).fetchone()[0]
        if not asked:
            self.state.decide("retraining", "asked", {"why": "lost quality", **numbers})
            text = f"Brier {numbers['newest_brier']} where {numbers['promised']} was promised"
            self._tell("quality", f"champion {numbers['release']} lost quality, retraining is asked for: {text}")

    def _end_contract_incident(self) -> None:
        least = self.settings.contract.clean_batches
        newest = self.log.database.execute(
            "SELECT problems FROM batch ORDER BY number DESC LIMIT ?", (least,)
        ).fetchall()
        if len(newest) == least and not any(row[0] for row in newest):
            for incident in self.state.incidents("contract"):
                self.state.close_incident(incident.number, "monitor", f"{least} batches kept the contract")
                self._tell("recovered", f"incident {incident.number} is over: {least} batches kept the contract")

    def _blocked(self) -> bool:
        return bool(self.state.incidents(*BLOCKING))

    def _tell(self, kind: str, text: str) -> None:
        self.events.append(f"{kind}: {text}")
        self._alert(kind, text)


def main() -> None:
    """Look once, say what happened, and tell a workflow whether retraining is asked for."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.watch")
    parser.add_argument("--environment", default="production")
    options = parser.parse_args()
    watch = Watch(read_environment(options.environment), read_settings(), read_data())
    for event in watch.look() or ["nothing to report"]:
        print(event)


if __name__ == "__main__":
    main()
