"""Seconds from `ladder new` to a trained model and green tests, for each level, with a cold and a warm environment.

    python bench/first_green.py [LEVEL ...]

Cold: the environment is made from the lock (the package index's answers may be cached by the installer); warm: it is
there. Training is the level's first run; green is its own test suite.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from generator.firstrun import SHARED, activated, first_run, prepare_environment
from generator.scaffold import api


def seconds(folder: Path, level: int) -> tuple[float, float, float]:
    """Return the seconds of environment, first run and tests of a new project."""
    start = time.monotonic()
    project = api.draft(folder, level, {"name": "Flight delays"})
    api.new(project, folder)
    environment = prepare_environment(folder)
    ready = time.monotonic()
    first_run(folder, project.level.first_run)
    trained = time.monotonic()
    subprocess.run(["pytest", "-q"], cwd=folder, env=activated(environment), check=True, stdout=subprocess.DEVNULL)
    return ready - start, trained - ready, time.monotonic() - trained


def main() -> None:
    """Measure the levels named on the command line, all by default."""
    levels = [int(word) for word in sys.argv[1:]] or [0, 1, 2, 3]
    print("| level | | new + environment s | first run s | tests s | total s |\n| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as folder:
        os.environ[SHARED] = str(Path(folder, "cache"))
        for level in levels:
            for state in ("cold", "warm"):
                parts = seconds(Path(folder, f"{state}{level}"), level)
                print(
                    f"| {level} | {state} | " + " | ".join(f"{part:.0f}" for part in (*parts, sum(parts))) + " |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
