"""Copy files that a level owns up to the levels that must hold the same bytes.

    python tools/sync.py

A file belongs to the lowest level that introduces or changes it (templates/levels.toml, `changed` and `removed`).
"""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

TEMPLATES = Path(__file__).parent.parent / "templates"
PROJECT = "{{cookiecutter.project_slug}}"
OWN = ".ladder/record.toml"
CACHES = frozenset(["__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache"])


def main() -> None:
    """Copy upward, level by level, and say what was copied."""
    levels = tomllib.loads((TEMPLATES / "levels.toml").read_text(encoding="utf-8"))
    for number in range(1, len(levels)):
        own = {*levels[f"level{number}"].get("changed", {}), *levels[f"level{number}"].get("removed", {}), OWN}
        copy_up(TEMPLATES / f"level{number - 1}" / PROJECT, TEMPLATES / f"level{number}" / PROJECT, own)


def copy_up(lower: Path, higher: Path, own: set[str]) -> None:
    """Copy every file of `lower` that `higher` does not call its own."""
    for source in sorted(path for path in lower.rglob("*") if path.is_file() and not CACHES & set(path.parts)):
        name = source.relative_to(lower).as_posix()
        target = higher / name
        if re.sub(r"^_options/[^/]+/[^/]+/", "", name) in own:
            continue
        if not target.exists() or target.read_bytes() != source.read_bytes():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, target)
            print(target.relative_to(TEMPLATES))


if __name__ == "__main__":
    main()
