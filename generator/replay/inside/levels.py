"""What each level does, by its own code: train and release, answer, go back, look. Runs inside a generated project."""

from __future__ import annotations

import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

STAGES = ("acquire", "validate", "prepare", "train", "evaluate", "package")
RUN = """
import runpy, sys
for command in sys.argv[1:]:
    sys.argv = command.split()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
"""
HOLDOUT_ROWS = 1000


class Project:
    """What all levels share: where things lie, the columns, the history, and the log of what happened."""

    def __init__(self, order: dict[str, Any]) -> None:
        described = tomllib.loads(Path("data.toml").read_text(encoding="utf-8"))
        columns = described["columns"]
        self.order, self.id, self.target, self.time = order, columns["id"], columns["target"], columns["time"]
        self.numeric, self.categorical = columns["numeric"], columns["categorical"]
        self.bounds = described["bounds"]
        self.history = pd.read_csv(described["source"]["path"], parse_dates=[self.time])
        self.source = Path(described["source"]["path"])
        self.batch, self.human_steps, self.number = 0, 0, 0
        self.served, self.previous, self.born = "", "", -10_000.0
        self.promises: dict[str, float] = {}

    @property
    def promise(self) -> float:
        """What the evaluation of the release that serves measured."""
        return self.promises.get(self.served, 1.0)

    def tell(self, deed: str, **more: Any) -> None:
        """Append a deed to the log."""
        with Path(self.order["log"]).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"batch": self.batch, "deed": deed, **more}) + "\n")

    def person(self, steps: int, deed: str, **more: Any) -> None:
        """Count what a person had to do."""
        self.human_steps += steps
        self.tell(deed, by="person", steps=steps, **more)

    def workspace(self, rows: pd.DataFrame) -> Path:
        """Copy the project, with `rows` as its source and the newest of them as holdout."""
        self.number += 1
        folder = Path(f"build/replay/work{self.number}").absolute()
        skip = shutil.ignore_patterns("__pycache__", "build", ".git", "deploy", "stream", "docs", ".venv")
        shutil.copytree(".", folder, ignore=skip, dirs_exist_ok=True)
        rows.to_csv(folder / self.source, index=False, lineterminator="\n")
        if (folder / "params.yaml").exists():
            until = rows[self.time].iloc[-HOLDOUT_ROWS].isoformat()
            text = (folder / "params.yaml").read_text(encoding="utf-8")
            changed = re.sub(r'train_until: "[^"]*"', f'train_until: "{until}"', text)
            (folder / "params.yaml").write_text(changed, encoding="utf-8")
        return folder

    def run(self, folder: Path, *commands: str) -> bool:
        """Run modules of the project one after the other; return whether all got through."""
        registry = Path("build/replay/mlflow.db").absolute().as_posix()
        variables = os.environ | {
            "MLFLOW_TRACKING_URI": f"sqlite:///{registry}",
            "DEPLOY_ROOT": str(Path("build/replay/deploy").absolute()),
        }
        program = [*commands] if commands[0].endswith(".py") else ["-W", "ignore", "-c", RUN, *commands]
        done = subprocess.run(
            [sys.executable, *program], cwd=folder, env=variables, capture_output=True, text=True, check=False
        )
        if done.returncode:
            self.tell("refused", why=(done.stderr.strip() or done.stdout.strip()).splitlines()[-1:])
        return done.returncode == 0


class Level0(Project):
    """Scripts run by hand, a model file copied to where it is used."""

    def train(self, rows: pd.DataFrame, name: str) -> bool:
        """Train on `rows` by the runbook and copy the model file to production."""
        folder = self.workspace(rows)
        if not self.run(folder, "scripts/train.py"):
            return False
        kept = Path(f"build/replay/{name}.joblib")
        shutil.copyfile(folder / "models/model.joblib", kept)
        self._serve(name)
        report = json.loads((folder / "metrics/evaluation.json").read_text(encoding="utf-8"))
        self.promises[name] = float(report["brier"])
        return True

    def _serve(self, name: str) -> None:
        self.previous, self.served = self.served, name
        Path("production").mkdir(exist_ok=True)
        shutil.copyfile(f"build/replay/{name}.joblib", "production/model.joblib")

    def back(self) -> bool:
        """Copy the file before this one back, where somebody kept it."""
        if not self.previous:
            return False
        self._serve(self.previous)
        self.previous = ""
        return True

    def answer(self, rows: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
        """Predict a file by hand; no number where nothing was answered."""
        given, asked = Path("build/replay/asked.csv"), Path("build/replay/answers.csv")
        rows.drop(columns=self.target).to_csv(given, index=False)
        before, sys.argv = sys.argv, ["predict.py", str(given), str(asked)]
        try:
            runpy.run_path("scripts/predict.py", run_name="__main__")
        except SystemExit as refused:
            self.tell("refused", why=[str(refused)])
            return np.full(len(rows), np.nan), [""] * len(rows)
        finally:
            sys.argv = before
        return pd.read_csv(asked)["probability"].to_numpy(dtype=float), [self.served] * len(rows)

    def look(self, labelled: pd.DataFrame) -> None:
        """Nothing watches by itself."""


class Level1(Level0):
    """One command runs the pipeline; another deploys; a server answers."""

    environment = "local"

    def __init__(self, order: dict[str, Any]) -> None:
        super().__init__(order)
        self.client: Any = None
        self.packages: dict[str, Path] = {}

    def folder(self) -> Path:
        """Return where this level's releases lie."""
        return Path("deploy") / self.environment

    def train(self, rows: pd.DataFrame, name: str) -> bool:
        """Run the pipeline on `rows` and release its package the way this level does."""
        folder = self.workspace(rows)
        if not self.run(folder, *(f"pipeline.{stage}" for stage in STAGES)):
            return False
        if not self.release(folder, name):
            return False
        manifest = json.loads((folder / "build/package/manifest.json").read_text(encoding="utf-8"))
        self.packages[name] = folder / "build/package"
        self.previous, self.served = self.served, name
        self.promises[name] = float(manifest["metrics"]["brier"])
        return True

    def release(self, folder: Path, name: str) -> bool:
        """Deploy the package at once."""
        from pipeline.deploy import deploy

        self.tell("deployed", release=deploy(self.environment, folder / "build/package"), name=name)
        return True

    def back(self) -> bool:
        """Deploy the package before this one again."""
        if not self.previous:
            return False
        from pipeline.deploy import deploy

        deploy(self.environment, self.packages[self.previous])
        self.served, self.previous = self.previous, ""
        return True

    def answer(self, rows: pd.DataFrame) -> tuple[np.ndarray, list[str]]:
        """Ask the project's own service."""
        response = self.service().post("/predict", json={"rows": self.body(rows)})
        if response.status_code != 200:
            return np.full(len(rows), np.nan), [""] * len(rows)
        told = response.json()
        numbers = np.array([one["probability"] for one in told["predictions"]], dtype=float)
        return numbers, [one.get("model", told["model"]) for one in told["predictions"]]

    def service(self) -> Any:
        """Return a client of the project's own service, started once."""
        if self.client is None:
            from fastapi.testclient import TestClient
            from serving.app import create_app

            self.client = TestClient(create_app(self.folder()))
        return self.client

    def body(self, rows: pd.DataFrame) -> list[dict[str, Any]]:
        """Return rows as a caller sends them, without what is to be predicted."""
        table = rows.drop(columns=self.target).to_json(orient="records", date_format="iso")
        body: list[dict[str, Any]] = json.loads(table)
        return body


class Level2(Level1):
    """A gate compares with the champion, staging comes before production, one command goes back."""

    environment = "production"

    def folder(self) -> Path:
        """Return where this level's releases lie."""
        return Path(os.environ["DEPLOY_ROOT"]) / self.environment

    def release(self, folder: Path, name: str) -> bool:
        """Pass the gate, staging, then production."""
        first = () if self.served else ("--first-release",)
        return (
            self.run(folder, " ".join(["delivery.gate", *first]))
            and self.run(folder, "delivery.deploy --environment staging")
            and self.run(folder, "delivery.promote --environment production")
        )

    def back(self) -> bool:
        """Go back in one command."""
        if not self.previous:
            return False
        self.previous, self.served = "", self.previous
        return self.run(Path.cwd(), "delivery.rollback --environment production --reason suspicious")


class Level3(Level2):
    """Canary, evidence, rollback and retraining by the project itself."""

    def __init__(self, order: dict[str, Any]) -> None:
        super().__init__(order)
        from delivery.environments import read_environment
        from monitoring.settings import read_settings
        from monitoring.watch import Watch
        from pipeline.config import read_data

        self.settings = read_settings()
        self.watch = Watch(read_environment("production"), self.settings, read_data())

    def service(self) -> Any:
        """Return a client of the project's own service, started once."""
        if self.client is None:
            from fastapi.testclient import TestClient
            from serving.live import create_app

            self.client = TestClient(create_app(self.folder()))
        return self.client

    def release(self, folder: Path, name: str) -> bool:
        """Pass the gate, be approved by somebody else, and start as canary."""
        first = () if self.served else ("--first-release",)
        if not self.run(folder, " ".join(["delivery.gate", *first])):
            return False
        decision = json.loads((folder / "build/decision.json").read_text(encoding="utf-8"))
        controller = self.watch.controller
        release = controller.propose(folder / "build/package", decision, author="author")
        controller.approve(release, "reviewer")
        controller.start(release, self.settings.canary.share, by="author")
        self.tell("on trial" if first == () else "deployed", release=release, name=name)
        return True

    def look(self, labelled: pd.DataFrame) -> None:
        """Take the labels, let the monitor look, and retrain where evidence asked for it."""
        from monitoring.labels import take
        from monitoring.retrain import retrain
        from rollout.controller import RefusedError

        take(self.watch.log, zip(labelled[self.id].astype(str), labelled[self.target].astype(int), strict=True))
        for event in self.watch.look():
            kind, _, text = event.partition(": ")
            self.tell(kind, by="monitor", text=text)
        try:
            self.tell(
                "retrained", by="monitor", text=retrain(self.watch.environment, self.settings, self.watch.data, "asked")
            )
        except RefusedError:
            return


class Reference:
    """The first release of a level, kept aside to say what an undisturbed world would have cost."""

    def __init__(self, project: Level0) -> None:
        self.answer: Any
        if isinstance(project, Level1):
            from pipeline.config import read_data
            from serving.model import Model

            self.answer = Model(project.packages["first"] / "model.onnx", read_data()).predict
        else:
            import joblib

            model = joblib.load("production/model.joblib")
            self.answer = lambda rows: model.predict_proba(rows)[:, 1]

    def predict(self, rows: pd.DataFrame) -> list[float]:
        """Return its probabilities."""
        return [float(one) for one in self.answer(rows)]


LEVELS = (Level0, Level1, Level2, Level3)
