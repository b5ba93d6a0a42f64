"""What is watched and what follows, from config/monitoring.toml; a name it does not know is an error at start."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

PATH = Path("config/monitoring.toml")


@dataclass(frozen=True, kw_only=True)
class Contract:
    """Limits of one batch of live rows."""

    bad_share: float
    least_rows: int
    stale_hours: float
    clean_batches: int
    warn_only: list[str]
    false_batches: float
    history_rows: int


@dataclass(frozen=True, kw_only=True)
class Canary:
    """How a canary is judged."""

    share: float
    alpha: float
    tolerance: float
    margin: float
    alike: float
    least_rows: int
    most_rows: int
    most_rows_asked: int


@dataclass(frozen=True, kw_only=True)
class Champion:
    """How a champion is watched."""

    alpha: float
    tolerance: float
    alike: float
    bake_rows: int


@dataclass(frozen=True, kw_only=True)
class Labels:
    """When labels count as missing."""

    late_rows: int


@dataclass(frozen=True, kw_only=True)
class Drift:
    """When inputs or scores count as different."""

    reference: str
    rows: int
    warn: float
    hold: float


@dataclass(frozen=True, kw_only=True)
class Retraining:
    """What a retraining reads, and how often it may run."""

    window_rows: int
    holdout_rows: int
    cool_down_rows: int
    schedule_days: int


@dataclass(frozen=True, kw_only=True)
class Alerts:
    """Where alerts go besides the file."""

    webhook: str


@dataclass(frozen=True, kw_only=True)
class Settings:
    """All of config/monitoring.toml."""

    contract: Contract
    canary: Canary
    champion: Champion
    labels: Labels
    drift: Drift
    retraining: Retraining
    alerts: Alerts


SECTIONS: dict[str, Any] = {
    "contract": Contract,
    "canary": Canary,
    "champion": Champion,
    "labels": Labels,
    "drift": Drift,
    "retraining": Retraining,
    "alerts": Alerts,
}


def read_settings(path: Path = PATH) -> Settings:
    """Return the settings; a missing, unknown or misspelt name stops the program."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for name, section in SECTIONS.items():
        wrong = {field.name for field in fields(section)} ^ table.get(name, {}).keys()
        if wrong:
            raise SystemExit(f"{path}: [{name}] lacks or does not know {', '.join(sorted(wrong))}")
    unknown = table.keys() - SECTIONS.keys()
    if unknown:
        raise SystemExit(f"{path}: no section is called {', '.join(sorted(unknown))}")
    return Settings(**{name: section(**table[name]) for name, section in SECTIONS.items()})
