"""The wizard where nobody can answer: it says so, and `start` goes its way with what it is given."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from generator.assess.answersfile import EXAMPLE


def ladder(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "generator", *arguments]
    return subprocess.run(
        command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, encoding="utf-8"
    )


def test_assess_says_in_one_line_how_to_go_on_without_a_terminal(tmp_path: Path) -> None:
    done = ladder(tmp_path, "assess", "--answers", "mine.yaml")
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) == 1
    assert "mine.yaml" in done.stderr
    assert not list(tmp_path.iterdir())


def test_start_takes_the_example_and_the_next_free_name_and_says_both(tmp_path: Path) -> None:
    for name in ("ladder-project", "ladder-project-2"):
        done = ladder(tmp_path, "start", "--no-run")
        assert done.returncode == 0, done.stderr
        assert "example organization" in done.stderr
        assert name in done.stdout
        assert (tmp_path / name / "dvc.yaml").is_file()


def test_start_takes_given_answers_and_a_given_level(tmp_path: Path) -> None:
    shutil.copy(EXAMPLE, tmp_path / "mine.yaml")
    done = ladder(tmp_path, "start", "here", "--answers", "mine.yaml", "--level", "0", "--no-run")
    assert done.returncode == 0, done.stderr
    assert "mine.yaml" in done.stderr
    assert (tmp_path / "here" / "RUNBOOK.md").is_file()
    assert not (tmp_path / "here" / "dvc.yaml").exists()


def test_start_refuses_a_level_that_is_not_before_anything_else(tmp_path: Path) -> None:
    done = ladder(tmp_path, "start", "--level", "9", "--no-run")
    assert done.returncode == 1
    assert "9" in done.stderr
    assert done.stdout == ""
    assert not list(tmp_path.iterdir())


def test_start_with_answers_that_are_not_there_writes_nothing(tmp_path: Path) -> None:
    done = ladder(tmp_path, "start", "--answers", "gone.yaml", "--no-run")
    assert done.returncode == 1
    assert "gone.yaml" in done.stderr
    assert not list(tmp_path.iterdir())
