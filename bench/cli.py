"""CPU seconds of the tool's commands, and of `ladder new` beside plain cookiecutter on the same tree, in turn.

    python bench/cli.py [RUNS]

Whole processes, user and system time of the process and its children, median (minimum to maximum).
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
EXAMPLE = str(ROOT / "generator" / "bank" / "example.yaml")


def cpu_seconds(command: list[str], folder: Path) -> float:
    """Return the CPU seconds that a command and its children take."""
    before = os.times()
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    after = os.times()
    return (after.children_user - before.children_user) + (after.children_system - before.children_system)


def main() -> None:
    """Measure in turn, so that a machine that slows down slows everything down."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    new, cookiecutter = "ladder new --level 3 --no-git", "cookiecutter templates/level3"
    commands = {
        "ladder --help": ["ladder", "--help"],
        "ladder score": ["ladder", "score", EXAMPLE],
        new: ["ladder", "new", "out", "--level", "3", "--no-git"],
        cookiecutter: ["cookiecutter", str(ROOT / "templates" / "level3"), "--no-input", "-o", "out"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        for run in range(runs + 1):
            for name, command in commands.items():
                shutil.rmtree(Path(folder, "out"), ignore_errors=True)
                seconds = cpu_seconds(command, Path(folder))
                if run:  # the first round warms the caches
                    taken[name].append(seconds)
    print("| command | CPU s, median | min to max |\n| --- | --- | --- |")
    for name, values in taken.items():
        print(f"| `{name}` | {statistics.median(values):.3f} | {min(values):.3f} to {max(values):.3f} |")
    ratio = statistics.median(a / b for a, b in zip(taken[new], taken[cookiecutter], strict=True))
    print(f"\nladder new / cookiecutter, pair by pair: {ratio:.2f}")


if __name__ == "__main__":
    main()
