"""Generated projects for the tests of the climb, and what git makes of them."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from generator.scaffold import api, levels
from generator.scaffold.base import with_base
from generator.scaffold.project import write_project
from generator.scaffold.render import render

OPTIONS = {"project_name": "Project", "project_slug": "project"}
IDENTITY = ("-c", "user.name=Owner", "-c", "user.email=owner@localhost", "-c", "commit.gpgsign=false")


def generate(folder: Path, level: int, *, git: bool = False) -> Path:
    """Make a project at `level` in `folder`/project."""
    target = folder / "project"
    api.new(api.draft(target, level, {}), target, git=git)
    return target


def contents(folder: Path) -> dict[str, bytes]:
    """Return every file of a project with its bytes, git's own left out; a link has what it points to as its bytes."""
    found = {}
    for root, folders, names in os.walk(folder):
        if ".git" in folders:
            folders.remove(".git")
        links = [name for name in folders if Path(root, name).is_symlink()]
        for name in (*names, *links):
            path = Path(root, name)
            if path.name != ".git":
                link = path.is_symlink()
                found[path.relative_to(folder).as_posix()] = os.fsencode(path.readlink()) if link else path.read_bytes()
    return found


def modes(folder: Path) -> dict[str, int]:
    """Return the mode of every file of a project."""
    return {path: (folder / path).lstat().st_mode & 0o7777 for path in contents(folder)}


def expected(level: int) -> dict[str, bytes]:
    """Return the files of an unedited project at `level`."""
    return {path: file.content for path, file in with_base(render(level, OPTIONS)).items()}


def git(folder: Path, *arguments: str) -> str:
    """Run git and return what it printed."""
    done = subprocess.run(
        ["git", *IDENTITY, *arguments], cwd=folder, capture_output=True, check=False, encoding="utf-8", errors="replace"
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def commit(folder: Path, message: str = "feat: our own work") -> None:
    """Commit everything."""
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


RECORD_TEMPLATE = """level = {level}
template = "{{{{ cookiecutter._template_version }}}}"

[options]
project_name = "{{{{ cookiecutter.project_name }}}}"
ci = "{{{{ cookiecutter.ci }}}}"
"""
VARIABLES = {
    "project_name": "A name",
    "ci": ["one", "two"],
    "_template_version": "1",
    "_copy_without_render": ["*/plain/*", "*.bin"],
}
LEVELS = """[level{number}]
name = "n"
summary = "s"
cannot = "c"
first_run = []
[level{number}.options]
ci = ["one", "two"]
"""

Contents = Mapping[str, bytes | str]


def small_templates(root: Path, monkeypatch: pytest.MonkeyPatch, *levels_contents: Contents) -> None:
    """Put templates of these contents in the place of the shipped ones; a name that begins with * is executable."""
    for number, files in enumerate(levels_contents):
        folder = root / f"level{number}"
        record = RECORD_TEMPLATE.format(level=number)
        for name, content in {**files, ".ladder/record.toml": record}.items():
            place = folder / levels.PROJECT / name.removeprefix("*")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content.encode() if isinstance(content, str) else content)
            place.chmod(0o755 if name.startswith("*") else 0o644)
        (folder / "cookiecutter.json").write_text(json.dumps(VARIABLES), encoding="utf-8")
    text = "".join(LEVELS.format(number=number) for number in range(len(levels_contents)))
    (root / "levels.toml").write_text(text, encoding="utf-8")
    monkeypatch.setattr("generator.scaffold.levels.templates", lambda: root)
    monkeypatch.setattr("generator.scaffold.render.templates", lambda: root)
    monkeypatch.setattr("generator.scaffold.levels.read_levels", levels.read_levels.__wrapped__)


def small_project(folder: Path, *, git: bool = False) -> Path:
    """Make a project of level 0 of the small templates."""
    target = folder / "project"
    write_project(with_base(render(0, {})), target, git=git)
    return target
