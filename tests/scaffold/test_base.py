"""The base of a climb survives what happens to repositories: squashes, shallow clones, renames, no git."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import main
from generator.errors import LadderError
from generator.model.project import File
from generator.scaffold import api, base
from generator.scaffold.base import BASE, pack_base, read_base
from generator.scaffold.plan import State
from generator.scaffold.project import RECORD, digest, read_record
from generator.scaffold.render import render

from .projects import commit, contents, expected, git


def put(folder: Path, content: bytes) -> Path:
    (folder / BASE).parent.mkdir(parents=True, exist_ok=True)
    (folder / BASE).write_bytes(content)
    return folder


def test_the_same_tree_gives_the_same_bytes_and_large_files_are_digests(tmp_path: Path) -> None:
    tree = {
        "a.py": File(content=b"x = 1\n"),
        "run": File(content=b"", executable=True),
        "data.csv": File(content=b"1" * 200_000),
    }
    assert pack_base(tree) == pack_base(dict(reversed(tree.items())))
    read = read_base(put(tmp_path, pack_base(tree)))
    assert read.states == {
        path: State(content=digest(file.content), executable=file.executable) for path, file in tree.items()
    }
    assert read.contents == {"a.py": b"x = 1\n", "run": b""}


def archive(**files: object) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as made:
        for name, content in files.items():
            made.writestr(f"{name}.json", json.dumps(content))
    return buffer.getvalue()


BROKEN = {
    "cut short": pack_base({"a": File(content=b"a")})[:40],
    "no archive": b"hello",
    "empty": b"",
    "without digests": archive(about={"schema": 1}),
    "digests that are no table": archive(digests=[1, 2]),
    "a path that leads out": archive(digests={"../outside": "0"}),
    "a path from the root": archive(digests={"/etc/passwd": "0"}),
    "a path of another drive": archive(digests={"C:\\x": "0"}),
    "about of another shape": archive(digests={}, about=[]),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_a_broken_base_is_one_clear_error(kind: str, tmp_path: Path) -> None:
    with pytest.raises(LadderError, match=r"base\.zip"):
        read_base(put(tmp_path, BROKEN[kind]))


def test_a_base_of_the_first_ladder_is_read(tmp_path: Path) -> None:
    read = read_base(put(tmp_path, archive(digests={"a": "0"})))
    assert read.states == {"a": State(content="0")}


Life = Callable[[Path, Path], Path]


def squashed(project: Path, folder: Path) -> Path:
    """The climb to level 1 came in as one squashed commit, its branch is gone."""
    git(project, "checkout", "-q", "-b", "climb")
    assert main(["upgrade", str(project), "--to", "1"]) == 0
    commit(project, "chore: climb")
    (project / "ours.py").write_text("x = 1\n", encoding="utf-8")
    commit(project, "feat: ours")
    git(project, "checkout", "-q", "main")
    git(project, "merge", "-q", "--squash", "climb")
    commit(project, "feat: everything at once")
    git(project, "branch", "-q", "-D", "climb")
    git(project, "reflog", "expire", "--expire=now", "--all")
    git(project, "gc", "-q", "--prune=now")
    return project


def shallow(project: Path, folder: Path) -> Path:
    """A clone of the last commit alone."""
    assert main(["upgrade", str(project), "--to", "1"]) == 0
    commit(project, "chore: climb")
    (project / "ours.py").write_text("x = 1\n", encoding="utf-8")
    commit(project, "feat: ours")
    git(folder, "clone", "-q", "--depth", "1", project.as_uri(), "shallow")
    assert git(folder / "shallow", "rev-list", "--count", "HEAD").strip() == "1"
    return folder / "shallow"


def renamed(project: Path, folder: Path) -> Path:
    """The default branch has another name, the folder too."""
    assert main(["upgrade", str(project), "--to", "1"]) == 0
    (project / "ours.py").write_text("x = 1\n", encoding="utf-8")
    commit(project, "chore: climb")
    git(project, "branch", "-m", "main", "trunk")
    return project.rename(folder / "elsewhere")


def history_gone(project: Path, folder: Path) -> Path:
    """The repository was begun anew, as a template repository of a code host does."""
    assert main(["upgrade", str(project), "--to", "1"]) == 0
    (project / "ours.py").write_text("x = 1\n", encoding="utf-8")
    subprocess.run(["rm", "-rf", str(project / ".git")], check=True)
    git(project, "init", "-q")
    commit(project, "feat: begin anew")
    return project


def no_repository(project: Path, folder: Path) -> Path:
    """Somebody sent the folder without its repository."""
    history_gone(project, folder)
    subprocess.run(["rm", "-rf", str(project / ".git")], check=True)
    return project


@pytest.mark.parametrize("life", [squashed, shallow, renamed, history_gone, no_repository])
def test_a_climb_after(life: Life, tmp_path: Path) -> None:
    target = tmp_path / "project"
    api.new(api.draft(target, 0, {}), target)
    project = life(target, tmp_path)
    line = "# our own line\n"
    with (project / "pyproject.toml").open("a", encoding="utf-8") as stream:
        stream.write(line)
    if (project / ".git").exists():
        commit(project, "feat: a line of ours")
    assert main(["upgrade", str(project), "--to", "2"]) == 0
    found = contents(project)
    assert found.pop("ours.py") == b"x = 1\n"
    assert found.pop("pyproject.toml") == expected(2)["pyproject.toml"] + line.encode()
    assert found == {path: content for path, content in expected(2).items() if path != "pyproject.toml"}


def test_no_git_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    api.new(api.draft(project, 1, {}), project, git=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    readme = project / "README.md"
    title, rest = readme.read_text(encoding="utf-8").split("\n", 1)
    readme.write_text(f"{title}\n\nOur own first words.\n{rest}", encoding="utf-8")
    assert main(["upgrade", str(project), "--to", "2"]) == 0
    text = readme.read_text(encoding="utf-8")
    assert "Our own first words." in text
    assert "MLOps level 2" in text
    assert "<<<<<<<" not in text


def test_no_network(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("the network was asked")

    project = tmp_path / "project"
    api.new(api.draft(project, 1, {}), project)
    monkeypatch.setattr("socket.socket.connect", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    assert main(["upgrade", str(project), "--to", "3"]) == 0
    assert {**contents(project)} == expected(3)


def edit_record(project: Path, old: str, new: str) -> None:
    record = project / RECORD
    text = record.read_text(encoding="utf-8")
    assert old in text
    record.write_text(text.replace(old, new), encoding="utf-8")


NEWER = {
    "templates of a later version": ('template = "1"', 'template = "1.2"'),
    "an option this ladder does not know": ('ci = "github"', 'ci = "github"\nteleport = "yes"'),
    "a level this ladder does not know": ("level = 1", "level = 9"),
}


@pytest.mark.parametrize("kind", NEWER)
def test_an_older_ladder_leaves_a_newer_project_alone(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = tmp_path / "project"
    api.new(api.draft(project, 1, {}), project, git=False)
    edit_record(project, *NEWER[kind])
    before = contents(project)
    for command in (["upgrade", str(project), "--to", "2"], ["update", str(project)]):
        assert main(command) == 1
        assert "newer" in capsys.readouterr().err
    assert contents(project) == before


def test_a_base_of_a_later_schema_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "project"
    monkeypatch.setattr(base, "SCHEMA", 2)
    api.new(api.draft(project, 1, {}), project, git=False)
    monkeypatch.undo()
    before = contents(project)
    assert main(["upgrade", str(project), "--to", "2"]) == 1
    assert contents(project) == before


def test_a_newer_ladder_takes_an_older_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The templates have moved on since: a file changed, one is gone, one is new. Nothing of the old ones is needed."""
    project = tmp_path / "project"
    api.new(api.draft(project, 1, {}), project, git=False)
    later = {path: file for path, file in render(1, options_of(project)).items() if path != "docs/level1.md"}
    later["pipeline/train.py"] = File(content=later["pipeline/train.py"].content + b"\nNEW = 1\n")
    later["docs/later.md"] = File(content=b"later\n")
    monkeypatch.setattr("generator.scaffold.climb.render", lambda number, options: later)
    params = project / "params.yaml"
    params.write_bytes(params.read_bytes() + b"# ours\n")
    assert main(["update", str(project)]) == 0
    found = contents(project)
    assert found["pipeline/train.py"].endswith(b"NEW = 1\n")
    assert found["docs/later.md"] == b"later\n"
    assert "docs/level1.md" not in found
    assert found["params.yaml"].endswith(b"# ours\n")


def options_of(project: Path) -> dict[str, str]:
    return dict(read_record(project).options)


def test_what_others_wrote_into_the_record_stays(tmp_path: Path) -> None:
    project = tmp_path / "project"
    api.new(api.draft(project, 1, {}), project, git=False)
    with (project / RECORD).open("a", encoding="utf-8") as stream:
        stream.write('\n[theirs]\nkey = "value"\n')
    assert main(["upgrade", str(project), "--to", "3"]) == 0
    text = (project / RECORD).read_text(encoding="utf-8")
    assert text.endswith('\n[theirs]\nkey = "value"\n')
    assert "level = 3" in text
