"""How fast the scan reads a repository of a hundred thousand files, beside `git ls-files` and reading the same bytes.

    python -m bench.scan [--files 100000] [--keep DIR]

Both are measured in one run on the same tree, in processes of their own, by processor seconds (user and system), wall
time and peak memory: a loaded machine stretches the wall time of both alike.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

BASELINE = """
import subprocess, sys
root = sys.argv[1]
names = subprocess.run(["git", "-C", root, "ls-files", "-z"], capture_output=True, check=True).stdout.split(b"\\0")
total = 0
for name in filter(None, names):
    with open(root.encode() + b"/" + name, "rb") as file:
        total += len(file.read())
print(total)
"""
SOURCE = '''"""Module {n}: ordinary code that imports ordinary things."""

import json
import os
from pathlib import Path


class Thing{n}:
    """A thing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def names(self) -> list[str]:
        """Return the names in the folder."""
        return sorted(os.listdir(self.folder))

    def load(self, name: str) -> dict[str, object]:
        """Return what a file holds."""
        return json.loads((self.folder / name).read_text())
'''
TRAINING = """import mlflow
import pandas as pd
from sklearn.linear_model import LogisticRegression

rows = pd.read_csv("data.csv").dropna()
with mlflow.start_run():
    model = LogisticRegression().fit(rows[["x"]], rows["y"])
    mlflow.log_metric("accuracy", model.score(rows[["x"]], rows["y"]))
"""
WORKFLOW = (
    "on: push\njobs:\n  test:\n    runs-on: x\n    steps:\n      - run: pytest\n      - run: python train{n}.py\n"
)

PYTHON, TEXT = ("module{n}.py", SOURCE), ("note{n}.md", "# Note {n}\n" + "Words and words. " * 60)
DATA, SETTINGS = ("data{n}.csv", "a,b,c\n" + "1,2,3\n" * 150), ("config{n}.yaml", "name: thing{n}\nvalues: [1, 2, 3]\n")
KINDS = [PYTHON, PYTHON, PYTHON, TEXT, TEXT, TEXT, DATA, DATA, SETTINGS, ("asset{n}.json", '{"a": 1}\n' * 20)]


def main() -> None:
    """Make the tree, measure both, print a table and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="make the tree here, or use the one that is there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = options.keep or Path(scratch, "tree")
        if not root.exists():
            make(root, options.files)
        environment = os.environ | {"XDG_CACHE_HOME": scratch}
        rows = {
            "git ls-files + read": measure([sys.executable, "-c", BASELINE, str(root)], environment),
            "scan, cold": measure([sys.executable, "-m", "generator", "scan", "--json", str(root)], environment),
            "scan, warm": measure([sys.executable, "-m", "generator", "scan", "--json", str(root)], environment),
        }
    for name, row in rows.items():
        print(f"{name:<20} {row['wall']:6.2f} s wall {row['cpu']:6.2f} s cpu {row['memory']:6.0f} MB")
    print(json.dumps({"ratio_cpu": rows["scan, cold"]["cpu"] / rows["git ls-files + read"]["cpu"]}))


def make(root: Path, files: int) -> None:
    """Write a tree like a large monorepo: a third Python, the rest text, data, YAML and a few workflows."""
    for n in range(files):
        folder = root / f"part{n % 300}" / f"unit{n % 7}"
        folder.mkdir(parents=True, exist_ok=True)
        name, content = KINDS[n % 10] if n % 1000 != 9 else ("train{n}.py", TRAINING)
        (folder / name.replace("{n}", str(n))).write_text(content.replace("{n}", str(n)))
    (root / ".github/workflows").mkdir(parents=True, exist_ok=True)
    for n in range(9, 20_000, 1000):
        (root / f".github/workflows/w{n}.yml").write_text(WORKFLOW.replace("{n}", str(n)))
    for command in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", "-C", str(root), *command], check=True)


def measure(command: list[str], environment: dict[str, str]) -> dict[str, float]:
    """Return wall seconds, processor seconds and peak megabytes of a command."""
    start = time.perf_counter()
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    if os.waitstatus_to_exitcode(status):
        raise SystemExit(f"{command} failed")
    return {"wall": wall, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / 1024}


if __name__ == "__main__":
    main()
