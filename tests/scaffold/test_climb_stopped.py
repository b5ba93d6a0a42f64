"""A climb stopped at any write, by kill -9, a full disk or a read-only one, leaves the old or the new project."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from generator import console
from generator.cli import main
from generator.errors import LadderError
from generator.scaffold import journal
from generator.scaffold.climb import Climb, apply_climb, decide_climb

from .projects import commit, contents, generate, git, modes, small_project, small_templates

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="kill -9 and fork are POSIX")

LINES = "one\ntwo\nthree\nfour\nfive\n"
LOWER = {
    "README.md": LINES,
    "both.md": LINES,
    "same.md": LINES,
    "run.sh": "echo\n",
    "thing": "a file\n",
    "old/c.py": "c = 1\n",
    "old/d.bin": b"\0\1",
    "box/inner.py": "x = 1\n",
}
HIGHER = {
    "README.md": LINES.replace("five", "5"),
    "both.md": LINES.replace("three", "3"),
    "same.md": LINES.replace("one", "1"),
    "*run.sh": "echo\n",
    "thing/x.py": "x = 1\n",
    "new/deep/e.py": "e = 1\n",
    "box": "a file now\n",
}


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    """A killed process leaves to the system what it has written: waiting for the disk would only cost time here."""
    monkeypatch.setattr("os.fsync", lambda descriptor: None)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small project with edits, one of which clashes, and every kind of step before it."""
    small_templates(tmp_path / "templates", monkeypatch, LOWER, HIGHER)
    made = small_project(tmp_path, git=True)
    (made / "README.md").write_text(LINES.replace("one", "ours"), encoding="utf-8")
    (made / "both.md").write_text(LINES.replace("three", "drei"), encoding="utf-8")
    (made / "same.md").chmod(0o640)
    (made / "ours").mkdir()
    (made / "ours/names.txt").write_text("ours\n", encoding="utf-8")
    commit(made)
    return made


@pytest.fixture
def bare(project: Path) -> Path:
    """The same without a repository."""
    shutil.rmtree(project / ".git")
    return project


State = tuple[dict[str, bytes], dict[str, int]]


def state(folder: Path) -> State:
    return contents(folder), modes(folder)


def copy(folder: Path, name: str) -> Path:
    target = folder.with_name(name)
    shutil.rmtree(target, ignore_errors=True)
    return Path(shutil.copytree(folder, target, symlinks=True))


Seam = Callable[[str, int | None], None]


@dataclass
class Counter:
    """Calls `act` at the chosen write, counted over everything that changes a disk."""

    number: int
    act: Seam
    seen: int = 0
    names: list[str] = field(default_factory=list)

    def __call__(self, name: str, descriptor: int | None = None) -> None:
        self.seen += 1
        self.names.append(name)
        if self.seen >= self.number:
            self.act(name, descriptor)


CHANGES = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod", "os.link", "os.symlink", "os.truncate"}


def watch(counter: Counter, folder: Path) -> None:
    """See every change below `folder` that Python makes from here on; for a child process: it cannot be undone."""
    sync = os.fsync

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if (writes or event in CHANGES) and str(arguments[0]).startswith(str(folder)):
            counter(event)

    def fsync(descriptor: int) -> None:
        counter("fsync", descriptor)
        sync(descriptor)

    os.fsync = fsync
    sys.addaudithook(hook)


def kill(name: str, descriptor: int | None) -> None:
    """Die; of the file that was being written only a half is there."""
    if name == "fsync" and descriptor is not None and not stat.S_ISDIR(os.fstat(descriptor).st_mode):
        os.ftruncate(descriptor, os.fstat(descriptor).st_size // 2)
    os.kill(os.getpid(), 9)


def run(number: int, act: Seam, folder: Path, said: Path, work: Callable[[], int]) -> int:
    """Do `work` in a child that meets `act` at its write `number`; return its exit code, -9 when it was killed."""
    pid = os.fork()
    if pid:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    code = 99
    try:
        with said.open("wb") as stream:
            os.dup2(stream.fileno(), 2)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        sys.stdout, sys.stderr = (open(number, "w", encoding="utf-8", closefd=False) for number in (1, 2))  # noqa: SIM115
        watch(Counter(number, act), folder)
        code = work()
    finally:
        sys.stderr.flush()
        os._exit(code)


def ladder(*command: str | Path) -> Callable[[], int]:
    return lambda: main([*map(str, command)])


def applied(climb: Climb, folder: Path) -> Callable[[], int]:
    """What the command does once it has decided; deciding writes nothing, and a fork has it already."""

    def work() -> int:
        try:
            apply_climb(replace(climb, folder=folder))
        except LadderError as error:
            console.tell(str(error))
            return 1
        return 0

    return work


def new_state(project: Path) -> State:
    done = copy(project, "done")
    assert main(["upgrade", str(done), "--to", "1"]) == 1  # both.md is a conflict
    return state(done)


def test_kill_9_at_every_write_leaves_the_old_or_the_new_project(
    bare: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new, climb = state(bare), new_state(bare), decide_climb(bare, level=1)
    assert old != new
    ends = {"old": 0, "open": 0, "new": 0}
    for number in range(1, 1000):
        victim = copy(bare, "victim")
        if run(number, kill, victim, tmp_path / "said", applied(climb, victim)) != -9:
            break
        ends[_judge(victim, old, new, capsys)] += 1
    assert ends["old"] > 20
    assert ends["open"] > 20
    assert ends["new"] > 3


def test_kill_9_of_the_whole_command_in_a_repository(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = state(project), new_state(project)
    ends = set()
    for number in (1, 2, 3, 60, 85, 95, 120):
        victim = copy(project, "victim")
        if run(number, kill, victim, tmp_path / "said", ladder("upgrade", victim, "--to", "1")) == -9:
            ends.add(_judge(victim, old, new, capsys))
    assert {"old", "open"} <= ends


def _judge(victim: Path, old: State, new: State, capsys: pytest.CaptureFixture[str]) -> str:
    """Look at a project whose climb was killed as its owner would, both ways; return what it was."""
    in_git = (victim / ".git").exists()
    other = copy(victim, "other")
    if journal.is_open(victim):
        assert main(["upgrade", str(victim), "--to", "1"]) == 1
        assert "--continue" in capsys.readouterr().err
        assert main(["upgrade", str(victim), "--continue"]) == 0
        assert main(["upgrade", str(other), "--abort"]) == 0
        assert (state(victim), state(other)) == (new, old)
        if in_git:
            assert git(victim, "diff", "--name-only", "--diff-filter=U").split() == ["both.md"]
            assert git(other, "status", "--porcelain") == ""
        return "open"
    found = {path: content for path, content in contents(victim).items() if not path.startswith(journal.FOLDER)}
    which = "old" if found == old[0] else "new"
    assert found == (old if which == "old" else new)[0]
    assert main(["upgrade", str(other), "--abort"]) == (0 if journal.is_left(victim) else 1)
    printed = capsys.readouterr()
    assert f"level {int(which == 'new')}" in printed.out + printed.err
    assert state(other) == (old if which == "old" else new)
    if which == "old" and in_git:
        assert main(["upgrade", str(victim), "--to", "1"]) == 1
        assert "both.md" in capsys.readouterr().err
        assert state(victim) == new
    return which


@pytest.mark.parametrize(
    ("begun", "second", "end"), [("--continue", "--abort", "old"), ("--abort", "--continue", "new")]
)
def test_kill_9_while_finishing_or_taking_back_can_be_turned_round(
    bare: Path, tmp_path: Path, begun: str, second: str, end: str
) -> None:
    want = {"old": state(bare), "new": new_state(bare)}[end]
    journal.prepare(bare, decide_climb(bare, level=1).move)
    if begun == "--abort":
        journal._bring(bare, journal._read(bare), "after")
    open_at = 0
    for number in range(1, 1000, 2):
        victim = copy(bare, "victim")
        if run(number, kill, victim, tmp_path / "said", ladder("upgrade", victim, begun)) != -9:
            break
        if journal.is_open(victim):
            open_at += 1
            assert main(["upgrade", str(victim), second]) == 0
            assert state(victim) == want
    assert open_at > 8


def full(name: str, descriptor: int | None) -> None:
    """No space: nothing can be made longer, but names can be changed and removed."""
    if name in ("open", "fsync", "os.mkdir"):
        raise OSError(28, os.strerror(28))


def read_only(name: str, descriptor: int | None) -> None:
    """The disk went read-only: nothing works."""
    raise OSError(30, os.strerror(30))


@pytest.mark.parametrize("trouble", [full, read_only])
def test_a_full_or_read_only_disk_at_any_write_is_said_and_can_be_mended(
    trouble: Seam, bare: Path, tmp_path: Path
) -> None:
    old, new, climb = state(bare), new_state(bare), decide_climb(bare, level=1)
    said = tmp_path / "said"
    ends = {"old": 0, "open": 0}
    for number in range(1, 1000, 4):
        victim = copy(bare, "victim")
        code = run(number, trouble, victim, said, applied(climb, victim))
        if code == 0:
            found = {path: content for path, content in contents(victim).items() if not path.startswith(journal.FOLDER)}
            assert found == new[0]
            break
        text = said.read_text(encoding="utf-8")
        assert os.strerror(28 if trouble is full else 30) in text
        if journal.is_open(victim):
            assert "half-way" in text
            other = copy(victim, "other")
            assert main(["upgrade", str(victim), "--continue"]) == 0
            assert main(["upgrade", str(other), "--abort"]) == 0
            assert (state(victim), state(other)) == (new, old)
            ends["open"] += 1
        else:
            assert "nothing was changed" in text
            found = {path: content for path, content in contents(victim).items() if not path.startswith(journal.FOLDER)}
            assert found == old[0]
            ends["old"] += 1
    assert min(ends.values()) > 5


def test_a_full_temporary_folder_does_not_stop_a_merge(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    new = new_state(bare)

    def no_space(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tempfile.TemporaryDirectory", no_space)
    assert main(["upgrade", str(bare), "--to", "1"]) == 1
    assert state(bare) == new


def test_what_an_older_ladder_left_behind_is_not_taken_for_uncommitted_work(project: Path) -> None:
    left = project / journal.FOLDER / "after/README.md"
    left.parent.mkdir(parents=True)
    left.write_text("half", encoding="utf-8")
    assert git(project, "status", "--porcelain") != ""
    assert main(["upgrade", str(project), "--to", "1"]) == 1  # both.md is a conflict
    assert (project / "thing/x.py").is_file()
    assert not (project / journal.FOLDER).exists()


def test_work_done_after_a_climb_was_stopped_is_not_overwritten(project: Path, tmp_path: Path) -> None:
    climb = decide_climb(project, level=1)
    journal.prepare(project, climb.move)
    (project / "README.md").write_text("our new words\n", encoding="utf-8")
    for end in ("--continue", "--abort"):
        assert main(["upgrade", str(project), end]) == 1
        assert (project / "README.md").read_text(encoding="utf-8") == "our new words\n"


def test_a_file_saved_between_the_plan_and_the_climb_stops_it(project: Path) -> None:
    climb = decide_climb(project, level=1)
    (project / "README.md").write_text("our new words\n", encoding="utf-8")
    commit(project)
    before = contents(project)
    with pytest.raises(LadderError, match=r"README\.md"):
        apply_climb(climb)
    assert contents(project) == before


def test_a_dry_run_or_another_climb_is_refused_while_one_is_open(project: Path) -> None:
    journal.prepare(project, decide_climb(project, level=1).move)
    for command in (["upgrade", "--to", "1", "--dry-run"], ["update"], ["set", "ci=two"]):
        assert main([command[0], str(project), *command[1:]]) == 1


@pytest.mark.parametrize(
    "journal_text", ["", "{", "[]", '{"entries": {"../x": {}}, "folders": [], "conflicts": {}}', '{"entries": 3}']
)
def test_a_journal_that_cannot_be_one_is_one_clear_error(
    journal_text: str, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / journal.FOLDER).mkdir()
    (project / journal.FOLDER / "journal.json").write_text(journal_text, encoding="utf-8")
    before = contents(project)
    assert main(["upgrade", str(project), "--abort"]) == 1
    assert "journal.json" in capsys.readouterr().err
    assert contents(project) == before


def test_an_open_climb_does_not_reach_through_a_link(project: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "c.py").write_bytes(b"c = 1\n")
    journal.prepare(project, decide_climb(project, level=1).move)
    shutil.rmtree(project / "old")
    (project / "old").symlink_to(outside)
    assert main(["upgrade", str(project), "--continue"]) == 1
    assert contents(outside) == {"c.py": b"c = 1\n"}


@pytest.mark.parametrize("part", [".ladder/climb", ".ladder"])
def test_a_link_in_the_place_of_what_is_prepared_empties_nothing_outside(part: str, bare: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "climb").mkdir(parents=True)
    for place in (outside / "precious.txt", outside / "climb/precious.txt"):
        place.write_text("not the project's\n", encoding="utf-8")
    if part == ".ladder":
        shutil.copytree(bare / part, outside, dirs_exist_ok=True)
        shutil.rmtree(bare / part)
    (bare / part).symlink_to(outside)
    before = contents(outside)
    for command in (["--to", "1"], ["--abort"], ["--continue"]):
        assert main(["upgrade", str(bare), *command]) == 1
    assert contents(outside) == before


@pytest.mark.generated
def test_kill_9_at_every_write_of_a_real_climb(tmp_path: Path) -> None:
    source = generate(tmp_path, 0)
    done = copy(source, "done")
    climb = decide_climb(source, level=1)
    assert main(["upgrade", str(done), "--to", "1"]) == 0
    old, new, opened = state(source), state(done), 0
    for number in range(1, 10_000):
        victim = copy(source, "victim")
        if run(number, kill, victim, tmp_path / "said", applied(climb, victim)) != -9:
            break
        if journal.is_open(victim):
            opened += 1
            other = copy(victim, "other")
            assert main(["upgrade", str(victim), "--continue"]) == 0
            assert main(["upgrade", str(other), "--abort"]) == 0
            assert (state(victim), state(other)) == (new, old)
        else:
            found = {p: c for p, c in contents(victim).items() if not p.startswith(journal.FOLDER)}
            assert found in (old[0], new[0])
    assert opened > 100
