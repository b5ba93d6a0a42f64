"""The dead-man's switch, which watches the monitor: ``python -m monitoring.deadman --environment production``.

Each look leaves its time; when none did for too long, this alerts and exits with 1. Run it from another scheduler than
the monitor's. The server's /metrics carries the same time, and the rule MonitorIsDead reads it.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from delivery.environments import read_environment

from .alerts import alerter
from .settings import read_settings

FILE = "monitor.beat"


def beat(folder: Path) -> None:
    """Leave the time of a look; a disk that takes none is what the switch is there to notice."""
    try:
        (folder / FILE).write_text(f"{time.time():.3f}\n", encoding="utf-8")
    except OSError:
        return


def last_look(folder: Path) -> float:
    """Return when the monitor last looked, in seconds since 1970; 0 when it never did."""
    try:
        return float((folder / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return 0.0


def silent(folder: Path, hours: float) -> str | None:
    """Return what to tell people when the monitor was silent for more than `hours`, None while it was not."""
    age = time.time() - last_look(folder)
    if abs(age) <= hours * 3600:  # a beat from the future is a clock that jumped: alive, unless it is far off
        return None
    since = f"for {age / 3600:.1f} hours" if last_look(folder) else "ever"
    return f"the monitor did not look at production {since}; nothing would roll back by itself, start it again"


def main() -> None:
    """Alert and exit with 1 when the monitor is silent."""
    parser = argparse.ArgumentParser(prog="python -m monitoring.deadman")
    parser.add_argument("--environment", default="production")
    parser.add_argument("--hours", type=float, default=2.0, help="of silence until an alert")
    options = parser.parse_args()
    folder = read_environment(options.environment).folder
    text = silent(folder, options.hours)
    if text:
        alerter(folder, read_settings().alerts.webhook)("monitor", text)
        raise SystemExit(text)
    print("the monitor is alive")


if __name__ == "__main__":
    main()
