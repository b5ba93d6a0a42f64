"""The renderer on a small template of its own: what is rendered, copied, laid over and left out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from generator.model.project import File
from generator.scaffold.levels import PROJECT
from generator.scaffold.render import render

VARIABLES = {
    "project_name": "A name",
    "project_slug": "{{ cookiecutter.project_name.lower().replace(' ', '-') }}",
    "ci": ["one", "two"],
    "_copy_without_render": ["*.yml", "*.bin", "*/docs/*"],
}


@pytest.fixture
def template(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("generator.scaffold.render.templates", lambda: tmp_path)
    root = tmp_path / "level0" / PROJECT
    root.mkdir(parents=True)
    (tmp_path / "level0" / "cookiecutter.json").write_text(json.dumps(VARIABLES), encoding="utf-8")
    return root


def put(root: Path, path: str, content: bytes) -> Path:
    place = root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    return place


def test_text_is_rendered_and_its_last_newline_kept(template: Path) -> None:
    put(template, "README.md", b"# {{ cookiecutter.project_name }} ({{ cookiecutter.project_slug }})\n")
    put(template, "bare.txt", b"no newline")
    tree = render(0, {"project_name": "My flights"})
    assert tree["README.md"].content == b"# My flights (my-flights)\n"
    assert tree["bare.txt"].content == b"no newline"


def test_what_is_verbatim_keeps_every_byte_also_below_options(template: Path) -> None:
    for path in ("a.yml", "x/y.bin", "docs/page.md", "_options/ci/one/.w/ci.yml"):
        put(template, path, b"${{ github.sha }} \xff\r\n{% raw")
    assert {file.content for file in render(0, {}).values()} == {b"${{ github.sha }} \xff\r\n{% raw"}


def test_the_chosen_option_is_laid_over_and_the_others_are_dropped(template: Path) -> None:
    put(template, "same.txt", b"base")
    put(template, "_options/ci/one/same.txt", b"one")
    put(template, "_options/ci/two/deep/er.txt", b"two")
    assert {path: file.content for path, file in render(0, {}).items()} == {"same.txt": b"one"}
    chosen = {path: file.content for path, file in render(0, {"ci": "two"}).items()}
    assert chosen == {"same.txt": b"base", "deep/er.txt": b"two"}


def test_mode_bits_are_kept_and_caches_left_out(template: Path) -> None:
    put(template, "run.sh", b"#!").chmod(0o755)
    put(template, "pipeline/__pycache__/a.pyc", b"\x00")
    assert render(0, {}) == {"run.sh": File(content=b"#!", executable=True)}


def test_an_unknown_variable_stops_the_rendering(template: Path) -> None:
    put(template, "README.md", b"{{ cookiecutter.nobody_set_this }}")
    with pytest.raises(UndefinedError):
        render(0, {})
