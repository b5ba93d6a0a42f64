"""The model card of a release, with the fields of Mitchell et al., "Model Cards for Model Reporting" (2019).

``python -m governance.card --environment production RELEASE`` prints it. What a machine knows comes from the manifest;
what only people know stands in config/card.toml, and a release is not approved while any of it is empty.
"""

from __future__ import annotations

import argparse
import json
import tomllib
from pathlib import Path

from delivery.environments import CONFIG, read_environment

HUMAN = ("owner", "intended_use", "out_of_scope", "people_affected", "limitations", "ethical_considerations", "advice")


class CardError(Exception):
    """A card that is not complete; the message names what is missing."""


def human_sections(path: Path = CONFIG / "card.toml") -> dict[str, str]:
    """Return what people wrote; an unknown section is an error."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    unknown = table.keys() - set(HUMAN)
    if unknown:
        raise CardError(f"{path}: no section is called {', '.join(sorted(unknown))}; there are {', '.join(HUMAN)}")
    return {name: str(table.get(name, "")).strip() for name in HUMAN}


def require_complete(package: Path, path: Path = CONFIG / "card.toml") -> None:
    """Return when a card can be written for `package`; CardError names what is missing."""
    empty = [name for name, text in human_sections(path).items() if not text or text.upper().startswith("TODO")]
    if empty:
        raise CardError(f"{path}: {', '.join(empty)} must be written by people before a release is approved")
    if not (package / "manifest.json").is_file():
        raise CardError(f"{package} is not a package; run python -m rollout.controller propose")


def render(package: Path, path: Path = CONFIG / "card.toml") -> str:
    """Return the card of a package as Markdown."""
    manifest = json.loads((package / "manifest.json").read_text(encoding="utf-8"))
    data = tomllib.loads((package / "data.toml").read_text(encoding="utf-8"))
    human, metrics = human_sections(path), manifest["metrics"]
    facts = {key: manifest[key] for key in ("release", "model", "code", "data", "environment")}
    lines = [f"# Model card of release {manifest['release']}", "", "## Model details", ""]
    lines += [f"- {key}: `{value}`" for key, value in facts.items()] + [f"- owner: {human['owner']}"]
    lines += [f"- parameters: `{json.dumps(manifest['params'])}`"]
    lines += ["", "## Intended use", "", human["intended_use"], "", f"Out of scope: {human['out_of_scope']}"]
    lines += [
        "",
        "## Factors",
        "",
        f"Groups reported: {', '.join(data['columns']['groups'])}. {human['people_affected']}",
    ]
    lines += ["", "## Metrics and quantitative analysis", "", "| measure | model | baseline |", "| --- | --- | --- |"]
    names = ("brier", "log_loss", "auc", "precision", "recall")
    lines += [f"| {name} | {metrics[name]} | {metrics['baseline'][name]} |" for name in names]
    lines += ["", f"On {metrics['n']} later rows; the baseline is the {metrics['baseline']['rule']}.", ""]
    lines += ["| group | rows | observed | predicted | Brier |", "| --- | --- | --- | --- | --- |"]
    for column, values in metrics["groups"].items():
        for value, row in values.items():
            cells = f"{row['rows']} | {row['observed']} | {row['predicted']} | {row['brier']}"
            lines.append(f"| {column} = {value} | {cells} |")
    source = data["source"]
    lines += ["", "## Evaluation and training data", "", f"{source['origin']}, licence {source['licence']}; split by"]
    lines += [f"time at {manifest['params']['split']['train_until']}, later rows evaluate."]
    for title in ("limitations", "ethical_considerations", "advice"):
        lines += ["", f"## {title.replace('_', ' ').capitalize()}", "", human[title]]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Print the card of a release."""
    parser = argparse.ArgumentParser(prog="python -m governance.card")
    parser.add_argument("release")
    parser.add_argument("--environment", default="production")
    options = parser.parse_args()
    package = read_environment(options.environment).releases.path(options.release)
    try:
        require_complete(package)
    except CardError as error:
        raise SystemExit(str(error)) from None
    print(render(package), end="")


if __name__ == "__main__":
    main()
