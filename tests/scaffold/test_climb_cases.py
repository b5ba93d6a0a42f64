"""The hard cases that updating a project from its template has been known to get wrong, one test each.

The list is copier's and cruft's trackers (issues cruft#44, #47, #49, copier#613, #1833, #2386) and copier's own tests.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from generator.cli import main
from generator.scaffold.merge import merge

from .projects import Contents, commit, contents, git, small_project, small_templates

LINES = "one\ntwo\nthree\nfour\nfive\nsix\nseven\n"
CHANGED = LINES.replace("six", "6")
BINARY = b"\x89PNG\0\1\2"
posix = pytest.mark.skipif(sys.platform == "win32", reason="links and modes are POSIX")


class Scene:
    """A project of small templates, between two levels of them."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, lower: Contents, higher: Contents) -> None:
        small_templates(folder / "templates", monkeypatch, lower, higher)
        self.folder = small_project(folder, git=True)

    def write(self, path: str, content: bytes | str) -> None:
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, path: str) -> str:
        return (self.folder / path).read_bytes().decode()

    def climb(self) -> int:
        """Commit what the owner did, and climb."""
        if git(self.folder, "status", "--porcelain"):
            commit(self.folder)
        return main(["upgrade", str(self.folder), "--to", "1"])

    def __contains__(self, path: str) -> bool:
        return os.path.lexists(self.folder / path)


Make = Callable[[Contents, Contents], Scene]


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Return what makes a project at the first of two levels of the contents given."""
    return lambda lower, higher: Scene(tmp_path, monkeypatch, lower, higher)


@pytest.fixture(autouse=True)
def no_rejects(tmp_path: Path) -> Iterator[None]:
    """No case may leave a .rej, an .orig, or a file of the climb's own."""
    yield
    left = [path.name for path in tmp_path.rglob("*") if path.suffix in (".rej", ".orig", ".climbing")]
    assert left == []
    assert not (tmp_path / "project/.ladder/climb").exists()


def test_a_file_the_owner_deleted_stays_deleted_and_that_is_said(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"a.md": LINES, "b.md": LINES, "c.md": "c"}, {"a.md": CHANGED, "b.md": LINES})
    for name in ("a.md", "b.md", "c.md"):
        (made.folder / name).unlink()
    assert made.climb() == 0
    assert not {"a.md", "b.md", "c.md"} & {*contents(made.folder)}
    printed = capsys.readouterr().out
    assert "a.md  (you deleted" in printed
    assert "b.md" not in printed


def test_both_added_the_same_file(scene: Make) -> None:
    made = scene({}, {"new.md": LINES})
    made.write("new.md", LINES)
    assert made.climb() == 0
    assert made.read("new.md") == LINES


def test_both_added_a_file_and_the_contents_differ(scene: Make, capsys: pytest.CaptureFixture[str]) -> None:
    made = scene({}, {"new.md": LINES})
    made.write("new.md", "ours\n")
    assert made.climb() == 1
    text = made.read("new.md")
    assert text.startswith("<<<<<<< yours\nours\n|||||||")
    assert LINES in text
    assert "you and the template both added it" in capsys.readouterr().out
    assert git(made.folder, "status", "--porcelain").splitlines()[0] in ("AA new.md", " M .ladder/base.zip")
    assert "AA new.md" in git(made.folder, "status", "--porcelain").splitlines()


def test_an_ignored_file_in_the_way_is_merged_not_overwritten(scene: Make) -> None:
    made = scene({".gitignore": "/local/\n"}, {".gitignore": "/local/\n", "local/settings.toml": "a = 1\n"})
    made.write("local/settings.toml", "secret = 2\n")
    assert made.climb() == 1
    text = made.read("local/settings.toml")
    assert "secret = 2" in text
    assert "a = 1" in text
    assert text.count("<<<<<<< yours") == 1
    assert git(made.folder, "ls-files", "local") == ""


def test_an_ignored_file_of_the_template_is_updated_all_the_same(scene: Make) -> None:
    made = scene({".gitignore": "*.local\n", "a.local": "1\n"}, {".gitignore": "*.local\n", "a.local": "2\n"})
    assert made.climb() == 0
    assert made.read("a.local") == "2\n"


def test_a_binary_file_both_changed_stays_the_owners_and_git_has_the_other(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"logo.bin": BINARY}, {"logo.bin": BINARY + b"\0theirs", "other.md": "new\n"})
    made.write("logo.bin", BINARY + b"\0ours")
    assert made.climb() == 1
    assert (made.folder / "logo.bin").read_bytes() == BINARY + b"\0ours"
    printed = capsys.readouterr()
    assert "not text" in printed.out
    assert "logo.bin" in printed.err
    assert "is at level" not in printed.out
    assert made.read("other.md") == "new\n"
    git(made.folder, "checkout", "--theirs", "logo.bin")
    assert (made.folder / "logo.bin").read_bytes() == BINARY + b"\0theirs"


def test_a_binary_file_the_owner_left_is_replaced(scene: Make) -> None:
    made = scene({"logo.bin": BINARY}, {"logo.bin": BINARY + b"\0theirs"})
    assert made.climb() == 0
    assert (made.folder / "logo.bin").read_bytes() == BINARY + b"\0theirs"


def test_a_file_too_large_to_be_in_the_base_stays_the_owners(scene: Make) -> None:
    made = scene({"data.csv": "1,2\n" * 40_000}, {"data.csv": "1,2\n" * 40_001})
    made.write("data.csv", "our own data\n")
    assert made.climb() == 1
    assert made.read("data.csv") == "our own data\n"


@posix
def test_a_mode_the_owner_set_survives_a_change_of_the_template(scene: Make) -> None:
    made = scene({"run.sh": LINES, "gone.sh": LINES, "secret.md": LINES}, {"run.sh": CHANGED, "secret.md": CHANGED})
    (made.folder / "run.sh").chmod(0o755)
    (made.folder / "gone.sh").chmod(0o755)
    (made.folder / "secret.md").chmod(0o600)
    assert made.climb() == 0
    assert made.read("run.sh") == CHANGED
    assert (made.folder / "run.sh").stat().st_mode & 0o777 == 0o755
    assert (made.folder / "secret.md").stat().st_mode & 0o777 == 0o600
    assert made.read("gone.sh") == LINES  # a changed mode is an edit


@posix
def test_a_mode_the_template_sets_comes_with_the_owners_edit_kept(scene: Make) -> None:
    made = scene({"run.sh": LINES, "plain.sh": LINES}, {"*run.sh": LINES, "*plain.sh": LINES})
    made.write("run.sh", LINES + "ours\n")
    assert made.climb() == 0
    assert made.read("run.sh") == LINES + "ours\n"
    assert [(made.folder / name).stat().st_mode & 0o777 for name in ("run.sh", "plain.sh")] == [0o755, 0o755]


@posix
@pytest.mark.parametrize("target", ["inside.txt", "../outside.txt", "nowhere", "/etc/hostname"])
def test_a_link_the_owner_made_of_a_file_is_never_written_through(
    scene: Make, target: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene(
        {"a.md": LINES, "left.md": LINES, "gone.md": LINES}, {"a.md": CHANGED, "left.md": LINES, "new.md": LINES}
    )
    outside = made.folder.parent / "outside.txt"
    for place in (made.folder / "inside.txt", outside):
        place.write_text("not to be touched\n", encoding="utf-8")
    for name in ("a.md", "left.md", "gone.md"):
        (made.folder / name).unlink()
        (made.folder / name).symlink_to(target)
    assert made.climb() == 1
    assert [str((made.folder / name).readlink()) for name in ("a.md", "left.md", "gone.md")] == [target] * 3
    assert outside.read_text(encoding="utf-8") == "not to be touched\n"
    assert made.read("inside.txt") == "not to be touched\n"
    assert made.read("new.md") == LINES  # all else is done
    printed = capsys.readouterr()
    assert "a.md" in printed.err
    assert "left.md" not in printed.out + printed.err


@posix
@pytest.mark.parametrize("outside", [True, False])
def test_nothing_is_added_behind_a_link(scene: Make, outside: bool, capsys: pytest.CaptureFixture[str]) -> None:
    made = scene({"a.md": LINES}, {"a.md": CHANGED, "delivery/gate.py": "x = 1\n"})
    target = made.folder.parent / "shared" if outside else made.folder / "ours"
    target.mkdir()
    (target / "keep.txt").write_text("ours\n", encoding="utf-8")
    (made.folder / "delivery").symlink_to(target)
    before = contents(made.folder)
    assert made.climb() == 1
    assert "delivery/gate.py" in capsys.readouterr().err
    assert contents(made.folder) == before
    assert [path.name for path in target.iterdir()] == ["keep.txt"]


def test_a_project_checked_out_with_windows_line_ends_climbs_and_keeps_them(scene: Make) -> None:
    made = scene({"a.md": LINES, "b.md": LINES, "gone.md": LINES}, {"a.md": CHANGED, "b.md": CHANGED})
    git(made.folder, "config", "core.autocrlf", "true")
    for name in ("a.md", "b.md", "gone.md"):
        (made.folder / name).unlink()
    git(made.folder, "checkout", "-q", "--", ".")
    assert "\r\n" in made.read("a.md")
    made.write("b.md", made.read("b.md").replace("one", "ours"))
    assert made.climb() == 0
    assert made.read("a.md") == CHANGED.replace("\n", "\r\n")
    assert made.read("b.md") == CHANGED.replace("one", "ours").replace("\n", "\r\n")
    assert "gone.md" not in made


def test_one_line_with_another_end_is_an_edit_like_any_other() -> None:
    base, ours, theirs = b"a\nb\nc\nd\n", b"a\r\nb\nc\nd\n", b"a\nb\nc\nD\n"
    assert merge(base, ours, theirs).content == b"a\r\nb\nc\nD\n"


def test_a_file_the_owner_renamed_is_left_and_its_old_place_is_not_filled(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"a.md": LINES}, {"a.md": CHANGED})
    git(made.folder, "mv", "a.md", "ours.md")
    assert made.climb() == 0
    assert made.read("ours.md") == LINES
    assert "a.md" not in made
    assert "deleted or moved" in capsys.readouterr().out


def test_a_folder_the_owner_moved_is_left_and_new_files_come_to_the_templates_place(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"lib/a.py": LINES, "lib/b.py": LINES}, {"lib/a.py": CHANGED, "lib/b.py": LINES, "lib/c.py": "c\n"})
    (made.folder / "src").mkdir()
    git(made.folder, "mv", "lib", "src/lib")
    assert made.climb() == 0
    assert made.read("src/lib/a.py") == made.read("src/lib/b.py") == LINES
    assert made.read("lib/c.py") == "c\n"
    assert "lib/a.py" not in made
    assert "lib/a.py  (you deleted or moved it" in capsys.readouterr().out


def test_a_folder_the_template_moves_moves_and_edited_files_stay(scene: Make) -> None:
    made = scene({"lib/a.py": LINES, "lib/b.py": LINES}, {"src/a.py": LINES, "src/b.py": CHANGED})
    made.write("lib/b.py", LINES + "ours\n")
    assert made.climb() == 0
    assert made.read("src/a.py") == LINES
    assert made.read("src/b.py") == CHANGED
    assert made.read("lib/b.py") == LINES + "ours\n"
    assert "lib/a.py" not in made


def test_the_template_makes_a_folder_of_a_file(scene: Make) -> None:
    made = scene({"tools": "text\n"}, {"tools/run.py": "x = 1\n"})
    assert made.climb() == 0
    assert made.read("tools/run.py") == "x = 1\n"


def test_the_template_makes_a_folder_of_a_file_the_owner_edited(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"tools": "text\n"}, {"tools/run.py": "x = 1\n"})
    made.write("tools", "text\nours\n")
    assert made.climb() == 1
    assert "tools/run.py" in capsys.readouterr().err
    assert made.read("tools") == "text\nours\n"


def test_the_template_makes_a_file_of_a_folder(scene: Make) -> None:
    made = scene({"tools/run.py": "x = 1\n", "tools/deep/more.py": "x = 1\n"}, {"tools": "text\n"})
    assert made.climb() == 0
    assert made.read("tools") == "text\n"


def test_the_template_makes_a_file_of_a_folder_with_work_in_it(scene: Make, capsys: pytest.CaptureFixture[str]) -> None:
    made = scene({"tools/run.py": "x = 1\n"}, {"tools": "text\n"})
    made.write("tools/ours.py", "ours = 1\n")
    assert made.climb() == 1
    assert "tools" in capsys.readouterr().err
    assert made.read("tools/ours.py") == "ours = 1\n"
    assert made.read("tools/run.py") == "x = 1\n"


def test_the_owner_made_a_folder_of_a_file(scene: Make, capsys: pytest.CaptureFixture[str]) -> None:
    made = scene({"tools": "text\n"}, {"tools": "other\n"})
    (made.folder / "tools").unlink()
    made.write("tools/ours.py", "ours = 1\n")
    assert made.climb() == 0
    assert made.read("tools/ours.py") == "ours = 1\n"
    assert "you deleted or moved it" in capsys.readouterr().out


def test_the_owner_made_a_file_of_a_folder(scene: Make, capsys: pytest.CaptureFixture[str]) -> None:
    made = scene({"tools/run.py": "1\n"}, {"tools/run.py": "2\n"})
    (made.folder / "tools/run.py").unlink()
    (made.folder / "tools").rmdir()
    made.write("tools", "ours\n")
    assert made.climb() == 0
    assert made.read("tools") == "ours\n"
    assert "you deleted or moved it" in capsys.readouterr().out


def submodule(made: Scene, place: str, **files: str) -> None:
    other = made.folder.parent / "other"
    other.mkdir()
    git(other, "init", "-q")
    for name, content in files.items():
        (other / f"{name}.py").write_text(content, encoding="utf-8")
    commit(other)
    git(made.folder, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", "-f", str(other), place)


def test_a_submodule_beside_the_templates_files_is_no_matter(scene: Make) -> None:
    made = scene({"a.md": LINES}, {"a.md": CHANGED})
    submodule(made, "vendor/theirs", x="x = 1\n")
    assert made.climb() == 0
    assert made.read("a.md") == CHANGED
    assert made.read("vendor/theirs/x.py") == "x = 1\n"


def test_nothing_is_written_into_a_submodule(scene: Make, capsys: pytest.CaptureFixture[str]) -> None:
    made = scene({"lib/x.py": "x = 1\n"}, {"lib/x.py": "x = 2\n", "lib/new.py": "new = 1\n"})
    git(made.folder, "rm", "-rq", "lib")
    submodule(made, "lib", x="x = 1\n")
    commit(made.folder)
    before = contents(made.folder)
    assert made.climb() == 1
    assert "lib/new.py" in capsys.readouterr().err
    assert contents(made.folder) == before
    assert git(made.folder / "lib", "status", "--porcelain") == ""


def test_work_inside_a_submodule_that_is_not_committed_stops_the_climb(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"a.md": LINES}, {"a.md": CHANGED})
    submodule(made, "vendor/theirs", x="x = 1\n")
    commit(made.folder)
    made.write("vendor/theirs/x.py", "x = 2\n")
    assert main(["upgrade", str(made.folder), "--to", "1"]) == 1
    assert "vendor/theirs" in capsys.readouterr().err
    assert made.read("a.md") == LINES


ODD = ["名前 und Größe.txt", "a\nb.txt", "tab\there", ' "quoted" ', "-rf", "*.md", "x" * 200, "{{ name }}", "e\u0301"]


@posix
@pytest.mark.parametrize("name", [*ODD, b"\xff\xfe".decode("utf-8", "surrogateescape")])
def test_files_with_any_name_survive_and_are_named_in_one_line(
    scene: Make, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"a.md": LINES}, {"a.md": CHANGED, "new/b.md": "b\n"})
    made.write(f"new/{name}", "ours\n")
    made.write(name, "ours\n")
    assert main(["upgrade", str(made.folder), "--to", "1"]) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert made.climb() == 0
    assert made.read(f"new/{name}") == made.read(name) == "ours\n"
    assert made.read("a.md") == CHANGED


def test_a_name_changed_in_its_letters_case_stays_as_the_owner_has_it(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"README.md": LINES}, {"README.md": CHANGED})
    git(made.folder, "mv", "README.md", "Readme.md")
    code = made.climb()
    assert made.read("Readme.md") in (LINES, CHANGED)  # the second where README.md is the same file
    assert code == 0
    assert len([path for path in contents(made.folder) if path.lower() == "readme.md"]) == 1


def test_a_file_is_not_added_beside_one_that_differs_in_letters_case_only(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({}, {"Dockerfile": "FROM x\n", "Docs/a.md": "a\n"})
    made.write("dockerfile", "FROM ours\n")
    made.write("docs/b.md", "b\n")
    before = contents(made.folder)
    assert made.climb() == 1
    assert "Dockerfile" in capsys.readouterr().err
    assert contents(made.folder) == before


@posix
def test_the_template_changes_a_name_in_its_letters_case(scene: Make) -> None:
    made = scene({"README.md": LINES}, {"Readme.md": LINES})
    assert made.climb() == 0
    assert [path for path in contents(made.folder) if path.lower() == "readme.md"] == ["Readme.md"]


def as_nobody(folder: Path, command: list[str]) -> tuple[int, str]:
    """Run a command as a user who may not read everything; return its exit code and what it said."""
    said = folder.parent / "said"
    main([*command, "--dry-run"])  # brings in, while that is allowed, all that the command needs
    for place in (folder, *folder.rglob("*"), *folder.parents[:3]):
        if place in folder.parents:
            place.chmod(0o755)
        else:
            os.chown(place, 65534, 65534)
    pid = os.fork()
    if not pid:
        os.seteuid(65534)
        sys.stderr = io.StringIO()
        code = main(command)
        os.seteuid(0)
        said.write_text(sys.stderr.getvalue(), encoding="utf-8")
        os._exit(code)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return code, said.read_text(encoding="utf-8")


@posix
@pytest.mark.parametrize(("changed", "code"), [(True, 1), (False, 0)])
def test_a_file_that_cannot_be_read_is_named_or_left(
    scene: Make, changed: bool, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = scene({"a.md": LINES, "b.md": LINES}, {"a.md": CHANGED if changed else LINES, "b.md": CHANGED})
    before = {path: content for path, content in contents(made.folder).items() if not path.startswith(".ladder")}
    (made.folder / "a.md").chmod(0o000)
    monkeypatch.setattr("generator.scaffold.git.is_there", lambda: False)
    command = ["upgrade", str(made.folder), "--to", "1"]
    if os.geteuid() == 0:
        done, said = as_nobody(made.folder, command)
    else:
        done, said = main(command), "a.md"
    assert (made.folder / "a.md").stat().st_mode & 0o777 == 0
    (made.folder / "a.md").chmod(0o644)
    after = {path: content for path, content in contents(made.folder).items() if not path.startswith(".ladder")}
    assert done == code
    assert ("a.md" in said) == changed
    assert after == (before if changed else {**before, "b.md": CHANGED.encode()})


@posix
def test_a_pipe_in_a_files_place_is_never_opened(scene: Make, capsys: pytest.CaptureFixture[str]) -> None:
    made = scene({"a.md": LINES}, {"a.md": CHANGED})
    commit_first = made.folder / "a.md"
    git(made.folder, "rm", "-q", "a.md")
    git(made.folder, "commit", "-q", "-m", "feat: a pipe")
    os.mkfifo(commit_first)
    assert made.climb() == 1
    assert "no file" in capsys.readouterr().out


def test_the_marks_are_gits_own_and_mergetool_goes_through_them(scene: Make) -> None:
    """copier#1833: the marks were there, and `git mergetool` found nothing to merge."""
    made = scene({"a.md": LINES}, {"a.md": LINES.replace("three", "3")})
    made.write("a.md", LINES.replace("three", "drei"))
    assert made.climb() == 1
    wanted = "<<<<<<< yours\ndrei\n||||||| generated\nthree\n=======\n3\n>>>>>>> template\n"
    assert wanted in made.read("a.md")
    assert "UU a.md" in git(made.folder, "status", "--porcelain").splitlines()
    tool = 'mergetool.ours.cmd=cat "$LOCAL" "$BASE" "$REMOTE" > "$MERGED"'
    git(made.folder, "-c", "merge.tool=ours", "-c", tool, "-c", "mergetool.ours.trustExitCode=true",
        "-c", "mergetool.keepBackup=false", "mergetool", "--no-prompt")  # fmt: skip
    assert made.read("a.md") == LINES.replace("three", "drei") + LINES + LINES.replace("three", "3")


def test_a_conflict_cannot_be_committed_unseen(scene: Make) -> None:
    """cruft#44 and #47: a success was claimed with changes lost."""
    made = scene({"a.md": LINES}, {"a.md": LINES.replace("three", "3")})
    made.write("a.md", LINES.replace("three", "drei"))
    assert made.climb() == 1
    done = subprocess.run(["git", "commit", "-m", "x"], cwd=made.folder, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "unmerged" in done.stderr + done.stdout
    assert main(["upgrade", str(made.folder), "--to", "1"]) in (0, 1)
    assert made.read("a.md").count("<<<<<<< yours") == 1


def test_conflicts_in_a_project_inside_a_bigger_repository_are_marked_there(scene: Make) -> None:
    made = scene({"a.md": LINES, "b.md": LINES}, {"a.md": LINES.replace("three", "3"), "b.md": CHANGED})
    root = made.folder.parent
    subprocess.run(["rm", "-rf", str(made.folder / ".git")], check=True)
    git(root, "init", "-q")
    made.write("a.md", LINES.replace("three", "drei"))
    git(root, "add", "project")
    git(root, "commit", "-q", "-m", "feat: everything")
    (root / "elsewhere.txt").write_text("not committed, and not the project's matter\n", encoding="utf-8")
    assert main(["upgrade", str(made.folder), "--to", "1"]) == 1
    assert "UU project/a.md" in git(root, "status", "--porcelain").splitlines()
    assert made.read("b.md") == CHANGED


def test_a_lock_is_taken_whole_and_that_is_said(scene: Make, capsys: pytest.CaptureFixture[str]) -> None:
    made = scene({"a.lock": LINES}, {"a.lock": CHANGED})
    made.write("a.lock", LINES.replace("one", "ours"))
    assert made.climb() == 0
    assert made.read("a.lock") == CHANGED
    assert "taken whole" in capsys.readouterr().out


def test_a_repository_git_cannot_read_is_an_error_not_a_clean_tree(
    scene: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    made = scene({"a.md": LINES}, {"a.md": CHANGED})
    (made.folder / ".git/config").write_text("[broken", encoding="utf-8")
    assert main(["upgrade", str(made.folder), "--to", "1"]) == 1
    assert "config" in capsys.readouterr().err
    assert made.read("a.md") == LINES


def test_only_line_ends_or_only_the_last_newline(scene: Make) -> None:
    made = scene({"a.md": LINES, "b.md": LINES}, {"a.md": LINES.rstrip("\n"), "b.md": CHANGED})
    made.write("b.md", LINES.rstrip("\n"))
    code = made.climb()
    assert made.read("a.md") == LINES.rstrip("\n")
    assert "6" in made.read("b.md")
    assert code == (1 if "<<<<<<<" in made.read("b.md") else 0)
