"""The model card of a release: what was measured, and what people said of it (Mitchell et al. 2019).

``python -m governance.card PACKAGE`` writes `model-card.md` into the package's folder.
"""

from __future__ import annotations

import json
import sys
import tomllib
from pathlib import Path
from typing import Any

from pipeline.config import PACKAGE

HUMAN = Path("governance/card.toml")
SECTIONS = {
    "owner": "Owner",
    "intended_use": "Intended use",
    "out_of_scope": "Out of scope",
    "limitations": "Limitations",
    "ethical_considerations": "Ethical considerations",
}


def unfilled(said: dict[str, str]) -> list[str]:
    """Return the human sections that say nothing yet."""
    return [name for name in SECTIONS if not str(said.get(name, "")).strip()]


def read_human(path: Path = HUMAN) -> dict[str, str]:
    """Return the human sections."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def write_card(package: Path, said: dict[str, str]) -> str:
    """Return the card of a package as Markdown."""
    manifest: dict[str, Any] = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    metrics = manifest["metrics"]
    lines = [f"# Model card: release {manifest['release']}", ""]
    lines += [f"- {name}: `{manifest[name]}`" for name in ("code", "data", "environment", "model")]
    for name, title in SECTIONS.items():
        lines += ["", f"## {title}", "", said.get(name) or "*not filled in*"]
    lines += ["", "## Measured on later rows", "", "| | model | baseline |", "| --- | --- | --- |"]
    for name in ("brier", "log_loss", "auc", "precision", "recall"):
        lines.append(f"| {name} | {metrics[name]} | {metrics['baseline'][name]} |")
    lines += ["", f"{metrics['n']} rows; baseline: {metrics['baseline']['rule']}.", "", "## By group", ""]
    lines += ["| group | rows | observed | predicted | brier |", "| --- | --- | --- | --- | --- |"]
    for column, values in metrics["groups"].items():
        for value, seen in values.items():
            numbers = " | ".join(str(seen[name]) for name in ("rows", "observed", "predicted", "brier"))
            lines.append(f"| {column} {value} | {numbers} |")
    lines += ["", "## Parameters", "", "```json", json.dumps(manifest["params"], indent=2), "```", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE
    path = folder.with_name("model-card.md")
    path.write_text(write_card(folder, read_human()), encoding="utf-8")
    print(f"{path}; to be filled in by people in {HUMAN}: {', '.join(unfilled(read_human())) or 'nothing'}")
