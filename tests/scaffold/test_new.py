"""Writing a project: whole or not at all, never over anything, under any name a person may give."""

from __future__ import annotations

import os
import subprocess
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.cli import main
from generator.errors import LadderError
from generator.scaffold import api, project
from generator.scaffold.names import check_slug, check_title, slug_of
from generator.scaffold.project import read_record

LEVELS = [0, 1, 2, 3]
AWKWARD = ["It's here", "Zürich & Co.", "a" * 60, "100% sure?", "x-1 #2 <b>", "名前 abc", "None", "import"]


@pytest.mark.parametrize("level", LEVELS)
def test_a_project_says_what_it_was_made_as(tmp_path: Path, level: int) -> None:
    target = tmp_path / "flight-delays"
    assert main(["new", str(target), "--level", str(level), "--no-git"]) == 0
    record = read_record(target)
    assert record.level == level
    assert record.options["project_name"] == "Flight delays"
    assert record.options["project_slug"] == "flight-delays"


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_name_gives_sound_files(tmp_path: Path, name: str) -> None:
    target = tmp_path / "project"
    settings = {"name": name, "slug": "awkward"}
    api.new(api.draft(target, 1, settings), target, git=False)
    assert tomllib.loads((target / "project.toml").read_text(encoding="utf-8"))["project"]["name"] == name
    tomllib.loads((target / "pyproject.toml").read_text(encoding="utf-8"))
    assert (target / "README.md").read_text(encoding="utf-8").startswith(f"# {name}\n")


@pytest.mark.parametrize(
    "name", ['say "hi"', "back\\slash", "{{7*7}}", "{% raw %}", "line\nbreak", "nul\0", "", "   ", "x" * 200]
)
def test_a_name_that_would_break_files_is_refused(tmp_path: Path, name: str) -> None:
    target = tmp_path / "project"
    with pytest.raises(LadderError, match="name"):
        api.draft(target, 1, {"name": name})
    assert not target.exists()


@pytest.mark.parametrize(
    "slug", ["../up", "/abs", "a/b", "con", "nul", "lpt1", "A", "1st", "-a", "a-", "a--b", "é", "", "a" * 80]
)
def test_a_slug_that_tools_stumble_over_is_refused(slug: str) -> None:
    with pytest.raises(LadderError):
        check_slug(slug)


@given(st.text(max_size=80))
def test_any_title_is_refused_or_gives_a_slug_or_a_reason(title: str) -> None:
    try:
        accepted = check_title("name", title)
        slug = slug_of(accepted)
    except LadderError:
        return
    assert check_slug(slug) == slug


def test_nothing_is_ever_written_over(tmp_path: Path) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "thesis.txt").write_text("years of work", encoding="utf-8")
    assert main(["new", str(target), "--level", "1"]) == 1
    assert [entry.name for entry in target.iterdir()] == ["thesis.txt"]
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    assert main(["new", str(file), "--level", "1"]) == 1
    assert file.read_text(encoding="utf-8") == "x"


def test_an_empty_folder_and_missing_parents_are_fine(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for target in (tmp_path / "empty", tmp_path / "a" / "b" / "deep"):
        assert main(["new", str(target), "--level", "0", "--no-git"]) == 0
        assert (target / "README.md").is_file()


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "project"), "--level", "2", "--dry-run"]) == 0
    assert "delivery/gate.py" in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = 0

    def full_disk(descriptor: int) -> None:
        nonlocal written
        written += 1
        if written > 5:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr("generator.scaffold.project.os.fsync", full_disk)
    assert main(["new", str(tmp_path / "project"), "--level", "1"]) == 1
    assert list(tmp_path.iterdir()) == []


def killed(moment: str, number: int, target: Path) -> bool:
    """Write a project in a process that dies at the given call of `moment`; return whether it came to that."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == -9
    left = number
    owner, name = MOMENTS[moment]
    real = getattr(owner, name)

    def last_call(*arguments: object, **named: object) -> object:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), 9)
        return real(*arguments, **named)

    setattr(owner, name, last_call)
    try:
        api.new(api.draft(target, 0, {}), target, git=moment == "git")
    finally:
        os._exit(0)


MOMENTS = {"write": (os, "fsync"), "git": (project, "run_git"), "rename": (Path, "rename")}


@pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 is POSIX")
@pytest.mark.parametrize("moment", list(MOMENTS))
def test_kill_9_at_any_moment_leaves_no_half_written_project(tmp_path: Path, moment: str) -> None:
    target = tmp_path / "project"
    number = 0
    while killed(moment, number + 1, target):
        number += 1
        assert not target.exists(), f"{moment} {number}"
    assert number >= {"write": 20, "git": 3, "rename": 1}[moment]
    assert (target / "README.md").is_file()


def test_folders_made_on_the_way_are_taken_back_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full_disk(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("generator.scaffold.project.os.fsync", full_disk)
    assert main(["new", str(tmp_path / "a" / "b" / "project"), "--level", "1"]) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_a_path_that_can_take_no_project_is_an_expected_error(tmp_path: Path, dry: list[str]) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    (tmp_path / "loop").symlink_to(tmp_path / "loop")
    for place in ("file", "file/below", "loop", "loop/below", "n" * 300):
        assert main(["new", str(tmp_path / place), "--level", "0", "--name", "Fine", *dry]) == 1, place
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["file", "loop"]


@pytest.mark.parametrize(("folder", "slug"), [("p", "project-p"), ("7up", "project-7up"), ("Über uns", "uber-uns")])
def test_a_short_or_odd_folder_name_still_gives_a_slug(tmp_path: Path, folder: str, slug: str) -> None:
    assert main(["new", str(tmp_path / folder), "--level", "0", "--no-git"]) == 0
    assert read_record(tmp_path / folder).options["project_slug"] == slug


def test_without_git_the_project_is_made_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("generator.scaffold.project.shutil.which", lambda name: None)
    assert main(["new", str(tmp_path / "project"), "--level", "0"]) == 0
    assert "git is not installed" in capsys.readouterr().out
    assert (tmp_path / "project" / "README.md").is_file()


def test_in_a_terminal_the_level_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.console.is_terminal", lambda: True)
    monkeypatch.setattr("generator.assess.prompts.choose", lambda prompt, choices: choices[1][1])
    assert main(["new", str(tmp_path / "project"), "--no-git"]) == 0
    assert read_record(tmp_path / "project").level == 1


def test_what_is_said_outweighs_the_assessment(tmp_path: Path) -> None:
    from generator.assess.answersfile import EXAMPLE

    target = tmp_path / "project"
    assert main(["new", str(target), "--answers", str(EXAMPLE), "--level", "0", "--no-git"]) == 0
    assert read_record(target).level == 0


def test_a_project_begins_with_one_commit_and_a_clean_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    target = tmp_path / "project"
    assert main(["new", str(target), "--level", "1"]) == 0
    git = ["git", "-C", str(target)]
    log = subprocess.run([*git, "log", "--oneline"], capture_output=True, text=True, check=True).stdout
    assert len(log.splitlines()) == 1
    assert subprocess.run([*git, "status", "--porcelain"], capture_output=True, text=True, check=True).stdout == ""
    tracked = subprocess.run([*git, "ls-files"], capture_output=True, text=True, check=True).stdout.splitlines()
    assert "data/source/flights.csv" in tracked
    assert ".ladder/base.zip" in tracked


def test_inside_another_repository_no_repository_is_made(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert main(["new", str(tmp_path / "project"), "--level", "0"]) == 0
    assert not (tmp_path / "project" / ".git").exists()


def test_a_folder_that_a_repository_around_it_ignores_gets_one_of_its_own(tmp_path: Path) -> None:
    """DVC refuses a dvc.yaml that git ignores, and the climb would see no history."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    (tmp_path / ".gitignore").write_text("made-*/\n", encoding="utf-8")
    assert main(["new", str(tmp_path / "made-here"), "--level", "0"]) == 0
    assert (tmp_path / "made-here" / ".git").is_dir()


def test_level_and_options_come_from_the_assessment(tmp_path: Path) -> None:
    from generator.assess.answersfile import EXAMPLE

    target = tmp_path / "project"
    assert main(["new", str(target), "--answers", str(EXAMPLE), "--no-git"]) == 0
    record = read_record(target)
    assert (record.level, record.options["ci"]) == (1, "github")


def test_wrong_options_are_refused_with_the_list(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = str(tmp_path / "project")
    assert main(["new", target, "--level", "1", "--set", "ci=bamboo"]) == 1
    assert "github" in capsys.readouterr().err
    assert main(["new", target, "--level", "1", "--set", "colour=red"]) == 1
    assert main(["new", target, "--level", "7"]) == 1
    assert main(["new", target, "--level", "1", "--set", "nothing"]) == 2
    assert main(["new", target]) == 2
    assert list(tmp_path.iterdir()) == []
