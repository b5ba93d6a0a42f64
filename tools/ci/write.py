"""Every provider's files at every level, from the one description."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from . import azure, github, gitlab, jenkins, page
from .description import Workflow, workflows

Files = Callable[[tuple[Workflow, ...]], dict[str, str]]
PROVIDERS: Mapping[str, Files] = {
    "github": github.files,
    "gitlab": gitlab.files,
    "azure": azure.files,
    "jenkins": jenkins.files,
}
LEVELS = (1, 2, 3)


def project_files(provider: str, level: int) -> dict[str, str]:
    """Return what `ci=provider` lays over a project at `level`: path -> text."""
    flows = workflows(level)
    return {**PROVIDERS[provider](flows), "docs/ci.md": page.text(provider, level, flows)}


def write(templates: Path, project: str) -> list[Path]:
    """Write the files of every provider and level below `templates`, remove others, and return what changed."""
    changed = []
    for level in LEVELS:
        options = templates / f"level{level}" / project / "_options" / "ci"
        wanted = {
            options / name / path: text for name in PROVIDERS for path, text in project_files(name, level).items()
        }
        for path in [path for path in options.rglob("*") if path.is_file() and path not in wanted]:
            path.unlink()
            changed.append(path)
        for path, text in wanted.items():
            if not path.is_file() or path.read_text(encoding="utf-8") != text:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(text, encoding="utf-8", newline="\n")
                changed.append(path)
    return changed
