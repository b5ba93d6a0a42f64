"""History is read from real repositories, bounded, and nothing a repository configures is run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from generator.scan import gitlog
from generator.scan.gitlog import read_history

WHO = {"GIT_AUTHOR_NAME": "Ana", "GIT_AUTHOR_EMAIL": "ana@x.org", "GIT_COMMITTER_NAME": "Ana",
       "GIT_COMMITTER_EMAIL": "ana@x.org", "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}  # fmt: skip


def git(root: Path, *words: str, **more: str) -> None:
    done = subprocess.run(["git", *words], cwd=root, env=os.environ | WHO | more, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def write(root: Path, name: str, content: str, message: str, day: int = 1) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")
    git(root, "add", "-A")
    when = f"2026-01-{day:02d}T12:00:00+00:00"
    git(root, "commit", "-q", "-m", message, GIT_AUTHOR_DATE=when, GIT_COMMITTER_DATE=when)


def sign(root: Path) -> None:
    """Give the newest commit a signature, so that showing it runs the configured program."""
    command = ["git", "cat-file", "commit", "HEAD"]
    body = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    head, _, message = body.partition("\n\n")
    signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n aGVsbG8=\n -----END PGP SIGNATURE-----"
    made = subprocess.run(
        ["git", "hash-object", "-t", "commit", "-w", "--stdin"],
        cwd=root, input=f"{head}\n{signature}\n\n{message}", capture_output=True, text=True, check=True,
    ).stdout.strip()  # fmt: skip
    git(root, "update-ref", "HEAD", made)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "it"
    root.mkdir()
    git(root, "init", "-q", "-b", "main")
    write(root, "dvc.lock", "1", "first", 1)
    write(root, "src/a b.py", "x = 1\n", "a name with a space", 2)
    git(root, "tag", "v1.0.0")
    return root


def test_commits_paths_dates_and_tags_are_read_newest_first(repository: Path) -> None:
    history = read_history(repository)
    assert history is not None
    assert [commit.subject for commit in history.commits] == ["a name with a space", "first"]
    assert [commit.paths for commit in history.commits] == [("src/a b.py",), ("dvc.lock",)]
    assert history.commits[0].made - history.commits[1].made == 86_400
    assert [tag.name for tag in history.tags] == ["v1.0.0"]
    assert (history.shallow, history.cut) == (False, False)


def test_a_folder_without_a_repository_and_one_inside_another_have_no_history(repository: Path) -> None:
    assert read_history(repository.parent) is None
    assert read_history(repository / "src") is None


def test_a_broken_repository_has_no_history(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git/HEAD").write_text("ref: refs/heads/../../../etc\n")
    assert read_history(tmp_path) is None


def test_an_empty_repository_has_an_empty_history(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    history = read_history(tmp_path)
    assert history is not None
    assert (history.commits, history.tags) == ((), ())


def test_a_shallow_clone_is_said(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", repository.as_uri(), "copy")
    history = read_history(tmp_path / "copy")
    assert history is not None
    assert history.shallow
    assert len(history.commits) == 1


def test_reading_stops_at_the_bound_and_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gitlog, "MOST_COMMITS", 1)
    history = read_history(repository)
    assert history is not None
    assert [commit.subject for commit in history.commits] == ["a name with a space"]
    assert history.cut


def test_output_without_end_is_cut_at_a_whole_commit(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(30):
        write(repository, f"wide/{'n' * 200}{number}", "x", f"wide {number}", 3)
    monkeypatch.setattr(gitlog, "MOST_BYTES", 4_000)
    history = read_history(repository)
    assert history is not None
    assert history.cut
    assert 0 < len(history.commits) < 20
    assert all(commit.paths == (f"wide/{'n' * 200}{commit.subject[5:]}",) for commit in history.commits)


@pytest.mark.skipif(sys.platform == "win32", reason="such names cannot exist there")
def test_names_and_subjects_with_newlines_and_escapes_stay_apart(repository: Path) -> None:
    write(repository, "line\nbreak\x1b[31m\x1e", "x", "a\x1esubject\x1b[2J\x1f", 4)
    history = read_history(repository)
    assert history is not None
    assert history.commits[0].paths == ("line\nbreak\x1b[31m\x1e",)
    assert history.commits[0].subject == "a\x1esubject\x1b[2J\x1f"
    assert len(history.commits) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="the traps are shell scripts")
def test_nothing_that_the_repository_configures_is_run(repository: Path, tmp_path: Path) -> None:
    trap, sprung = tmp_path / "trap", tmp_path / "sprung"
    trap.write_text(f'#!/bin/sh\necho "$0 $*" >> {sprung}\ncat 2>/dev/null\n')
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.pager", "pager.log", "diff.external", "diff.evil.textconv", "diff.evil.command",
                "filter.evil.smudge", "filter.evil.clean", "gpg.program", "core.sshCommand", "core.askPass",
                "core.alternateRefsCommand", "core.editor", "credential.helper"):  # fmt: skip
        git(repository, "config", key, str(trap))
    sign(repository)
    git(repository, "config", "log.showSignature", "true")
    git(repository, "config", "alias.log", f"!{trap}")
    git(repository, "config", "core.hooksPath", str(tmp_path))
    (repository / ".git/info/attributes").write_text("* diff=evil filter=evil\n")
    for hook in ("post-index-change", "fsmonitor-watchman", "reference-transaction"):
        (tmp_path / hook).write_text(trap.read_text())
        (tmp_path / hook).chmod(0o755)
    history = read_history(repository)
    assert history is not None
    assert len(history.commits) == 2
    assert not sprung.exists(), sprung.read_text()
    git(repository, "-c", "core.fsmonitor=false", "log")
    assert sprung.exists(), "the trap would not have sprung for a careless reader either"


@pytest.mark.skipif(sys.platform == "win32", reason="the trap is a shell command")
def test_missing_objects_of_a_partial_clone_are_not_fetched(repository: Path, tmp_path: Path) -> None:
    sprung = tmp_path / "sprung"
    for key, value in {
        "remote.origin.url": f"ext::sh -c touch% {sprung}",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "extensions.partialClone": "origin",
        "core.repositoryformatversion": "1",
        "protocol.ext.allow": "always",
    }.items():
        git(repository, "config", key, value)
    tree = subprocess.run(
        ["git", "rev-parse", "HEAD~1^{tree}"], cwd=repository, capture_output=True, text=True, check=True
    ).stdout.strip()
    (repository / ".git/objects" / tree[:2] / tree[2:]).unlink()
    read_history(repository)
    assert not sprung.exists()
