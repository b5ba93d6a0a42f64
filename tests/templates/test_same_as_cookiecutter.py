"""Law 1: what we render is what cookiecutter writes: paths, bytes and mode bits, outside .ladder/."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.errors import LadderError
from generator.model.project import File, Tree
from generator.scaffold.names import check_slug, check_title
from generator.scaffold.render import IGNORED, render

ROOT = Path(__file__).parents[2]
NAMES = ["Flight delays", "It's Zürich & Co. 100%", "名前 #1 <b>", "raw endraw"]


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The templates as a clean clone has them."""
    copy = tmp_path_factory.mktemp("clean") / "templates"
    shutil.copytree(ROOT / "templates", copy, ignore=shutil.ignore_patterns(*IGNORED))
    return copy


def cookiecut(template: Path, options: dict[str, str], folder: Path) -> Tree:
    from cookiecutter.main import cookiecutter

    made = Path(cookiecutter(str(template), no_input=True, extra_context=options, output_dir=str(folder)))
    return {
        path.relative_to(made).as_posix(): File(content=path.read_bytes(), executable=bool(path.stat().st_mode & 0o100))
        for path in sorted(made.rglob("*"))
        if path.is_file() and not IGNORED & set(path.parts)
    }


def comparable(tree: Tree) -> Tree:
    return {path: file for path, file in tree.items() if not path.startswith(".ladder/")}


@pytest.mark.parametrize("level", [0, 1, 2, 3])
@pytest.mark.parametrize("name", NAMES)
def test_render_is_what_cookiecutter_writes(level: int, name: str, templates: Path, tmp_path: Path) -> None:
    options = {"project_name": name, "project_slug": "a-project", "description": name}
    ours = comparable(render(level, options))
    theirs = comparable(cookiecut(templates / f"level{level}", options, tmp_path))
    assert sorted(ours) == sorted(theirs)
    assert [path for path in ours if ours[path] != theirs[path]] == []


@pytest.mark.parametrize("ci", ["gitlab", "azure", "jenkins"])
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_render_is_what_cookiecutter_writes_for_every_option(
    level: int, ci: str, templates: Path, tmp_path: Path
) -> None:
    options = {"project_name": "Plain", "project_slug": "a-project", "description": "Plain", "ci": ci}
    ours = comparable(render(level, options))
    theirs = comparable(cookiecut(templates / f"level{level}", options, tmp_path))
    assert sorted(ours) == sorted(theirs)
    assert [path for path in ours if ours[path] != theirs[path]] == []


def accepted(title: str) -> bool:
    try:
        return check_title("name", title) == title
    except LadderError:
        return False


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(min_size=1, max_size=30).filter(accepted), slug=st.from_regex(r"[a-z][a-z0-9]{1,9}", fullmatch=True)
)
def test_any_name_we_accept_is_one_cookiecutter_writes_the_same(
    name: str, slug: str, templates: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    try:
        check_slug(slug)
    except LadderError:
        return
    options = {"project_name": name, "project_slug": slug, "description": name}
    theirs = cookiecut(templates / "level0", options, tmp_path_factory.mktemp("cut"))
    assert comparable(render(0, options)) == comparable(theirs)


@pytest.mark.parametrize("title", ['say "hi"', "back\\slash", "{% x %}", "a{b", "line\nbreak", " ", "x" * 121])
def test_cookiecutter_refuses_the_names_we_refuse(title: str, templates: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "cookiecutter", str(templates / "level0"), "--no-input", "-o", str(tmp_path)]
    done = subprocess.run(
        [*command, f"project_name={title}", "project_slug=fine"], capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert list(tmp_path.iterdir()) == []


def test_cookiecutter_asks_which_level(templates: Path, tmp_path: Path) -> None:
    from cookiecutter.main import cookiecutter

    made = Path(cookiecutter(str(templates), no_input=True, output_dir=str(tmp_path)))
    assert (made / "RUNBOOK.md").is_file()


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel of this checkout was installed; pip compiles templates there as it does anywhere."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", str(folder), str(ROOT)]
    subprocess.run(build, check=True)
    wheel, site = next(folder.glob("*.whl")), folder / "site"
    install = [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--target", str(site), str(wheel)]
    subprocess.run(install, check=True)
    assert list(site.rglob("__pycache__")), "pip compiled nothing, so this test would show less than it says"
    return site


RENDER_THERE = """
import generator, json, sys
from generator.scaffold.render import render
assert generator.__file__.startswith(sys.argv[1]), generator.__file__
tree = render(int(sys.argv[2]), json.loads(sys.argv[3]))
print(json.dumps({path: [file.content.hex(), file.executable] for path, file in tree.items()}))
"""


@pytest.mark.generated
@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_an_installed_wheel_renders_what_cookiecutter_makes_of_its_templates(
    level: int, installed: Path, tmp_path: Path
) -> None:
    options = {"project_name": "It's Zürich & Co. 100%", "project_slug": "a-project", "description": "名前 #1 <b>"}
    command = [sys.executable, "-c", RENDER_THERE, str(installed), str(level), json.dumps(options)]
    env = {"PYTHONPATH": str(installed), "PATH": ""}
    done = subprocess.run(command, env=env, cwd=tmp_path, capture_output=True, text=True, check=True)
    printed = json.loads(done.stdout)
    ours = {path: File(content=bytes.fromhex(text), executable=mode) for path, (text, mode) in printed.items()}
    theirs = cookiecut(installed / "generator/_templates" / f"level{level}", options, tmp_path)
    assert comparable(ours) == comparable(theirs)
