"""The climb beside `copier update` and `cruft update`: the same templates, the same edits, the same machine.

    python bench/climb.py [--json FILE] [--env FOLDER] [--runs N] [--only WORD]

Of two versions of a project (a level and the next one, with a few files more for the cases that the levels do not have)
three templates are made: ours, a copier template and a cookiecutter template, the last two in git repositories of their
own with a tag for each version. Each case makes the project with each tool, edits it, commits, updates it, and judges
the bytes that are then there by one oracle for all. copier and cruft are installed into an environment of their own.

Verdicts: `correct`; `correct (conflict)`, where both sides changed the same lines and both are in the file between
marks; `correct (refused)`, where something must be moved by hand and nothing was touched; `lost edit`, an edit is in no
file any more; `wrote outside` the project; `.rej`; `needless conflict`; `wrong`, what should be there is not; `refused`
where it could have been done; `crashed` with a traceback. An exclamation mark: and the tool said that all went well.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from generator.scaffold.levels import PROJECT  # noqa: E402
from generator.scaffold.merge import merge  # noqa: E402
from generator.scaffold.render import render  # noqa: E402

Tree = dict[str, tuple[bytes, bool]]
MARKS = b"<<<<<<<"
TOOLS = ("ladder", "copier", "cruft")
OWN = (".ladder/", ".copier-answers.yml", ".cruft.json", ".git/")
LINES = b"".join(b"line %d\n" % number for number in range(1, 13))
CHANGED = LINES.replace(b"line 11\n", b"line eleven\n")
ADDED = b"".join(b"a new line %d\n" % number for number in range(1, 13))
BINARY = b"\x89PNG\r\n\x1a\n\0\0"
LAUNCH = """
import sys
from pathlib import Path
sys.path.insert(0, {root!r})
from generator.scaffold import levels, render
levels.templates = render.templates = lambda: Path({templates!r})
from generator.cli import main
sys.exit(main(sys.argv[1:]))
"""


@dataclass
class World:
    """Where everything of one pair of versions lies."""

    folder: Path
    env: Path
    old: Tree
    new: Tree
    home: Path

    def variables(self) -> dict[str, str]:
        """Return an environment without anybody's configuration, the tools first on the path."""
        keep = {key: value for key, value in os.environ.items() if not key.startswith(("GIT_", "COPIER"))}
        who = {f"GIT_{role}_{part}": f"owner{'@localhost' * (part == 'EMAIL')}"
               for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}  # fmt: skip
        path = os.pathsep.join([str(self.env / ("Scripts" if os.name == "nt" else "bin")), keep.get("PATH", "")])
        return {**keep, **who, "HOME": str(self.home), "PATH": path, "GIT_CONFIG_NOSYSTEM": "1", "NO_COLOR": "1"}

    def run(self, folder: Path, *command: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run a command in `folder`."""
        return subprocess.run(command, cwd=folder, env=self.variables(), capture_output=True, encoding="utf-8",
                              errors="replace", check=check, stdin=subprocess.DEVNULL)  # fmt: skip

    def commit(self, folder: Path, message: str) -> None:
        """Commit everything in `folder`, which becomes a repository if it is none."""
        if not (folder / ".git").exists():
            self.run(folder, "git", "init", "-q", "-b", "main")
        self.run(folder, "git", "add", "-A")
        self.run(folder, "git", "commit", "-q", "--allow-empty", "-m", message)


def lay(tree: Tree, folder: Path) -> None:
    """Write a tree, after everything there but the repository is gone."""
    folder.mkdir(parents=True, exist_ok=True)
    for place in folder.iterdir():
        if place.name != ".git":
            shutil.rmtree(place) if place.is_dir() and not place.is_symlink() else place.unlink()
    for path, (content, executable) in tree.items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
        place.chmod(0o755 if executable else 0o644)


def prepare(world: World) -> None:
    """Make the three templates, and with each tool the project at the old version as a repository of one commit."""
    _ladder_template(world)
    for version, tree in (("v1", world.old), ("v2", world.new)):
        copier, cruft = world.folder / "copier-template", world.folder / "cruft-template"
        lay({f"template/{path}": entry for path, entry in tree.items()}, copier)
        (copier / "copier.yml").write_text("_subdirectory: template\n", encoding="utf-8")
        (copier / "template/{{_copier_conf.answers_file}}.jinja").write_text("{{ _copier_answers|to_nice_yaml -}}\n")
        lay({f"{{{{cookiecutter.slug}}}}/{path}": entry for path, entry in tree.items()}, cruft)
        settings = {"slug": "project", "_copy_without_render": ["*"]}
        (cruft / "cookiecutter.json").write_text(json.dumps(settings), encoding="utf-8")
        for repository in (copier, cruft):
            world.commit(repository, version)
            world.run(repository, "git", "tag", version)
    for tool in TOOLS:
        place = world.folder / f"{tool}-project"
        place.mkdir()
        _create(world, tool, place)
        if not (place / "project/.git").exists():
            world.commit(place / "project", "start")


def _ladder_template(world: World) -> None:
    root = world.folder / "ladder-templates"
    levels = ""
    for number, tree in enumerate((world.old, world.new)):
        lay(tree, root / f"level{number}" / PROJECT)
        options = "".join(f'{name} = "p"\n' for name in ("project_name", "project_slug", "description"))
        record = f'level = {number}\ntemplate = "1"\n\n[options]\n{options}'
        place = root / f"level{number}" / PROJECT / ".ladder/record.toml"
        place.parent.mkdir()
        place.write_text(record, encoding="utf-8")
        settings = {"project_name": "p", "project_slug": "p", "description": "d", "_template_version": "1",
                    "_copy_without_render": ["*"]}  # fmt: skip
        (root / f"level{number}" / "cookiecutter.json").write_text(json.dumps(settings), encoding="utf-8")
        levels += f'[level{number}]\nname = "n"\nsummary = "s"\ncannot = "c"\nfirst_run = []\n'
    (root / "levels.toml").write_text(levels, encoding="utf-8")
    launcher = LAUNCH.format(root=str(ROOT), templates=str(root))
    (world.folder / "ladder.py").write_text(launcher, encoding="utf-8")


def _create(world: World, tool: str, place: Path) -> None:
    if tool == "ladder":
        world.run(
            place, sys.executable, str(world.folder / "ladder.py"), "new", "project", "--level", "0", "--name", "p"
        )
    elif tool == "copier":
        template = str(world.folder / "copier-template")
        world.run(place, "copier", "copy", "--quiet", "--defaults", "--vcs-ref", "v1", template, "project")
    else:
        world.run(place, "cruft", "create", "--no-input", "--checkout", "v1", str(world.folder / "cruft-template"))


def update(world: World, tool: str, folder: Path) -> tuple[subprocess.CompletedProcess[str], float]:
    """Bring the project to the new version; return what the tool said and the CPU seconds it and its children took."""
    commands = {
        "ladder": [sys.executable, str(world.folder / "ladder.py"), "upgrade", ".", "--to", "1"],
        "copier": ["copier", "update", "--defaults", "--vcs-ref", "v2"],
        "cruft": ["cruft", "update", "--skip-apply-ask", "--checkout", "v2"],
    }
    before = os.times()
    done = world.run(folder, *commands[tool], check=False)
    after = os.times()
    return done, after.children_user + after.children_system - before.children_user - before.children_system


Edit = Callable[["Scene"], None]
Expected = Mapping[str, object]


@dataclass
class Scene:
    """One project in one case: what its owner does, and what has to be there afterwards."""

    world: World
    folder: Path
    tokens: list[bytes] = field(default_factory=list)
    outside: dict[Path, bytes] = field(default_factory=dict)
    expected: dict[str, object] = field(default_factory=dict)
    may_refuse: bool = False
    no_commit: bool = False

    def write(self, path: str, content: bytes) -> None:
        """Write a file of the owner's; nothing of it may be lost."""
        place = self.folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)

    def say(self, word: str) -> bytes:
        """Return a line of the owner's that must be found again."""
        line = f"# ours: {word} 4711\n".encode()
        self.tokens.append(line.rstrip())
        return line

    def old(self, path: str) -> bytes:
        """Return the content of a file as generated."""
        return self.world.old[path][0]

    def new(self, path: str) -> bytes:
        """Return the content of a file in the new version."""
        return self.world.new[path][0]


@dataclass(frozen=True)
class Both:
    """Both contents have to be in the file, between marks."""

    ours: bytes
    theirs: bytes


@dataclass(frozen=True)
class Link:
    """A link to that place has to be there."""

    target: str


def _nothing(scene: Scene) -> None:
    pass


def _line_outside(scene: Scene) -> None:
    for path in {"README.md", "pyproject.toml", "extra/text.md"} & {*scene.world.old}:
        first, rest = scene.old(path).split(b"\n", 1)
        ours = first + b"\n" + scene.say(path) + rest
        scene.write(path, ours)
        merged = merge(scene.old(path), ours, scene.new(path))
        scene.expected[path] = Both(scene.tokens[-1], b"") if merged.conflict else merged.content


def _same_line(scene: Scene) -> None:
    ours = LINES.replace(b"line 11\n", scene.say("line eleven"))
    scene.write("extra/text.md", ours)
    scene.expected["extra/text.md"] = Both(scene.tokens[-1], b"line eleven")


def _deleted_changed(scene: Scene) -> None:
    (scene.folder / "extra/text.md").unlink()
    scene.expected["extra/text.md"] = None


def _deleted_left(scene: Scene) -> None:
    (scene.folder / "extra/left.md").unlink()
    scene.expected["extra/left.md"] = None


def _edited_removed(scene: Scene) -> None:
    ours = scene.old("extra/gone.md") + scene.say("still needed")
    scene.write("extra/gone.md", ours)
    scene.expected["extra/gone.md"] = ours


def _added_same(scene: Scene) -> None:
    scene.write("extra/added.md", ADDED)
    scene.expected["extra/added.md"] = ADDED


def _added_other(scene: Scene) -> None:
    ours = scene.say("our own file")
    scene.write("extra/added.md", ours)
    scene.expected["extra/added.md"] = Both(scene.tokens[-1], b"a new line 7")


def _ignored(scene: Scene) -> None:
    exclude = scene.folder / ".git/info/exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text("/extra/added.md\n", encoding="utf-8")
    _added_other(scene)


def _binary(scene: Scene) -> None:
    ours = BINARY + b"\0" + scene.say("binary")
    scene.write("extra/logo.bin", ours)
    scene.expected["extra/logo.bin"] = ours


def _owner_mode(scene: Scene) -> None:
    (scene.folder / "extra/text.md").chmod(0o755)
    scene.expected["extra/text.md"] = (CHANGED, True)


def _template_mode(scene: Scene) -> None:
    ours = scene.old("extra/run.sh") + scene.say("in a script")
    scene.write("extra/run.sh", ours)
    scene.expected["extra/run.sh"] = (ours, True)


def _link(scene: Scene) -> None:
    target = scene.folder.parent / "outside.txt"
    scene.outside[target] = LINES
    target.write_bytes(LINES)
    (scene.folder / "extra/text.md").unlink()
    (scene.folder / "extra/text.md").symlink_to("../../outside.txt")
    scene.expected["extra/text.md"] = Link("../../outside.txt")


def _linked_folder(scene: Scene) -> None:
    target = scene.folder.parent / "shared"
    target.mkdir()
    (target / "theirs.md").write_bytes(b"not the project's\n")
    scene.outside = {target / "theirs.md": b"not the project's\n", target / "a.md": b"", target / "b.md": b""}
    (scene.folder / "extra/fresh").symlink_to("../../shared")
    scene.expected |= {"extra/fresh": Link("../../shared"), "extra/fresh/a.md": ..., "extra/fresh/b.md": ...}
    scene.may_refuse = True


def _crlf(scene: Scene) -> None:
    scene.world.run(scene.folder, "git", "config", "core.autocrlf", "true")
    first, rest = LINES.split(b"\n", 1)
    scene.write("extra/text.md", (first + b"\n" + scene.say("on Windows") + rest).replace(b"\n", b"\r\n"))
    merged = merge(LINES, (scene.folder / "extra/text.md").read_bytes(), CHANGED).content
    scene.expected["extra/text.md"] = merged
    scene.tokens[:] = [scene.tokens[0]]


def _renamed(scene: Scene) -> None:
    (scene.folder / "extra/text.md").rename(scene.folder / "extra/ours.md")
    scene.expected |= {"extra/text.md": None, "extra/ours.md": (LINES, CHANGED)}


def _moved_folder(scene: Scene) -> None:
    (scene.folder / "extra/box").rename(scene.folder / "crate")
    scene.expected |= {"extra/box/a.md": None, "extra/box/b.md": None, "crate/b.md": scene.old("extra/box/b.md")}
    scene.expected["crate/a.md"] = (scene.old("extra/box/a.md"), scene.new("extra/box/a.md"))


def _folder_for_file(scene: Scene) -> None:
    (scene.folder / "extra/text.md").unlink()
    scene.write("extra/text.md/ours.md", scene.say("a folder now"))
    scene.expected |= {"extra/text.md": ..., "extra/text.md/ours.md": scene.tokens[-1] + b"\n"}


def _edited_turned_folder(scene: Scene) -> None:
    ours = scene.old("extra/turns") + scene.say("in a file that becomes a folder")
    scene.write("extra/turns", ours)
    scene.expected |= {"extra/turns": ours, "extra/turns/a.md": ...}
    scene.may_refuse = True


def _work_in_turned_folder(scene: Scene) -> None:
    ours = scene.say("in a folder that becomes a file")
    scene.write("extra/shrinks/ours.md", ours)
    scene.expected |= {"extra/shrinks": ..., "extra/shrinks/ours.md": ours}
    scene.may_refuse = True


def _names(scene: Scene) -> None:
    for name in ("名前 und Größe.txt", "a\nb.txt", ' "q" ', "-rf"):
        scene.write(name, scene.say("a name"))
        scene.expected[name] = scene.tokens[-1] + b"\n"
    _line_outside(scene)


def _uncommitted(scene: Scene) -> None:
    scene.no_commit = scene.may_refuse = True
    scene.write("extra/text.md", LINES + scene.say("not committed"))
    scene.expected["extra/text.md"] = CHANGED + scene.tokens[-1] + b"\n"


def _shallow(scene: Scene) -> None:
    _line_outside(scene)
    scene.world.commit(scene.folder, "ours")
    copy = scene.folder.with_name("shallow")
    scene.world.run(scene.folder.parent, "git", "clone", "-q", "--depth", "1", scene.folder.as_uri(), str(copy))
    shutil.rmtree(scene.folder)
    copy.rename(scene.folder)


def _no_repository(scene: Scene) -> None:
    _line_outside(scene)
    shutil.rmtree(scene.folder / ".git")
    scene.no_commit = True


def _subfolder(scene: Scene) -> None:
    _line_outside(scene)
    shutil.rmtree(scene.folder / ".git")
    (scene.folder.parent / "elsewhere.txt").write_bytes(b"another part\n")
    scene.world.commit(scene.folder.parent, "everything")
    scene.no_commit = True


def _template_gone(scene: Scene) -> None:
    _line_outside(scene)
    for tool in ("copier", "cruft"):
        (scene.world.folder / f"{tool}-template").rename(scene.world.folder / f"{tool}-gone")


def _template_back(world: World) -> None:
    for tool in ("copier", "cruft"):
        if (world.folder / f"{tool}-gone").exists():
            (world.folder / f"{tool}-gone").rename(world.folder / f"{tool}-template")


CASES: dict[str, Edit] = {
    "nothing edited": _nothing,
    "lines added outside what changes": _line_outside,
    "both changed one line": _same_line,
    "deleted by the owner, changed by the template": _deleted_changed,
    "deleted by the owner, left by the template": _deleted_left,
    "edited by the owner, removed by the template": _edited_removed,
    "both added the same file": _added_same,
    "both added a file, contents differ": _added_other,
    "an ignored file in the way of a new one": _ignored,
    "binary, both changed it": _binary,
    "owner: chmod +x; template: other lines": _owner_mode,
    "owner: other lines; template: chmod +x": _template_mode,
    "owner made a link to outside of it": _link,
    "owner has a link where a folder is added": _linked_folder,
    "Windows line ends (core.autocrlf)": _crlf,
    "owner renamed it, template changed it": _renamed,
    "owner moved its folder, template changed it": _moved_folder,
    "owner made a folder of a file": _folder_for_file,
    "unicode, newline, quote and dash in names": _names,
    "not committed": _uncommitted,
    "a clone of depth 1": _shallow,
    "no git repository": _no_repository,
    "inside a bigger repository": _subfolder,
    "the template's repository is gone": _template_gone,
}


def own_lines(name: str) -> bytes:
    """Return lines that no other file has: a tool that looks for renames must not be led astray by the bench."""
    return b"".join(f"{name}, line {number}\n".encode() for number in range(1, 13))


TURNING: dict[str, Edit] = {
    "template: a file becomes a folder, a folder a file": _nothing,
    "the same, and the owner edited that file": _edited_turned_folder,
    "the same, and the owner has work in that folder": _work_in_turned_folder,
}

EXTRA_OLD = {"text.md": LINES, "logo.bin": BINARY, "box/a.md": own_lines("box a"),
             **{name: own_lines(name) for name in ("left.md", "gone.md", "run.sh", "box/b.md")}}  # fmt: skip
EXTRA_NEW = {"text.md": CHANGED, "logo.bin": BINARY + b"\0new", "added.md": ADDED,
             "box/a.md": own_lines("box a").replace(b"line 11\n", b"line eleven\n"),
             **{name: own_lines(name) for name in ("left.md", "run.sh", "box/b.md", "fresh/a.md", "fresh/b.md")},
             }  # fmt: skip
TURN_OLD = {"turns": own_lines("turns"), "shrinks/a.md": own_lines("shrinks")}
TURN_NEW = {"turns/a.md": own_lines("turns a"), "shrinks": own_lines("shrinks b")}


def versions(level: int, *, turning: bool = False) -> tuple[Tree, Tree]:
    """Return a level and the next one, each with the files that the cases need.

    A folder that becomes a file, and the other way round, are apart: copier stops at the first whatever was edited.
    """
    trees = []
    for number, extra in ((level, TURN_OLD if turning else EXTRA_OLD), (level + 1, TURN_NEW if turning else EXTRA_NEW)):
        tree = {path: (file.content, file.executable) for path, file in render(number, {}).items()
                if not path.startswith(".ladder/")}  # fmt: skip
        tree |= {f"extra/{path}": (content, False) for path, content in extra.items()}
        trees.append(tree)
    if not turning:
        trees[1]["extra/run.sh"] = (own_lines("run.sh"), True)
    return trees[0], trees[1]


def found_in(folder: Path) -> dict[str, tuple[bytes, bool]]:
    """Return every file of a project; a link has what it points to as its content."""
    found = {}
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name != ".git"]
        for name in (*names, *(name for name in folders if Path(root, name).is_symlink())):
            path = Path(root, name)
            link = path.is_symlink()
            content = b"-> " + os.fsencode(path.readlink()) if link else path.read_bytes()
            found[path.relative_to(folder).as_posix()] = content, not link and bool(path.stat().st_mode & 0o100)
    return found


def judge(scene: Scene, done: subprocess.CompletedProcess[str], before: Mapping[str, tuple[bytes, bool]]) -> str:
    """Return the verdict on what is there now."""
    after = found_in(scene.folder)
    said = done.stdout + done.stderr
    boast = "!" if done.returncode == 0 else ""
    for place, content in scene.outside.items():
        if (place.read_bytes() if place.exists() else b"") != content:
            return "wrote outside" + boast
    if any(token not in b"\0".join(content for content, _ in after.values()) for token in scene.tokens):
        return "lost edit" + boast
    if any(path.endswith((".rej", ".orig")) for path in after):
        return ".rej" + boast
    if _without_own(after) == _without_own(before) and done.returncode:
        return "crashed" if "Traceback" in said else "correct (refused)" if scene.may_refuse else "refused"
    return _judge_tree(scene, after, said, boast)


def _judge_tree(scene: Scene, after: Mapping[str, tuple[bytes, bool]], said: str, boast: str) -> str:
    wrong, conflict = _compare(scene, after)
    if boast and scene.may_refuse:  # what has no place was left out, and success was claimed
        wrong += [path for path, want in scene.expected.items() if want is ... and path not in after]
    if not wrong:
        return "correct (conflict)" if conflict else "correct"
    if "Traceback" in said:
        return "crashed half-way"
    needless = any(MARKS in after[path][0] for path in wrong if path in after)
    return ("needless conflict" if needless else f"wrong ({wrong[0]})") + boast


def _without_own(tree: Mapping[str, tuple[bytes, bool]]) -> dict[str, tuple[bytes, bool]]:
    return {path: entry for path, entry in tree.items() if not path.startswith(OWN)}


def _compare(scene: Scene, after: Mapping[str, tuple[bytes, bool]]) -> tuple[list[str], bool]:
    """Return the paths that are not what they should be, and whether a conflict was expected."""
    wanted: dict[str, object] = {**scene.world.new, **scene.expected}
    wanted |= {path: None for path in scene.world.old if path not in wanted}
    conflict = False
    wrong = []
    for path, want in wanted.items():
        content, executable = after.get(path, (None, False))
        if isinstance(want, Both):
            conflict = True
            fits = content is not None and all(part in content for part in (want.ours, want.theirs, MARKS))
        elif isinstance(want, Link):
            fits = content == b"-> " + want.target.encode()
        elif isinstance(want, tuple) and isinstance(want[1], bool):
            fits = (_plain(content, scene), executable) == want or (content, executable) == want
        elif isinstance(want, tuple):
            fits = content in want
        else:
            fits = want is ... or content == want or (content is not None and _plain(content, scene) == want)
        if not fits:
            wrong.append(path)
    return wrong, conflict


def _plain(content: bytes | None, scene: Scene) -> bytes | None:
    """Return the content as git compares it; the checkout of that case has Windows line ends."""
    crlf = b"on Windows" in b"".join(scene.tokens)
    return content.replace(b"\r\n", b"\n") if content and crlf else content


def play(world: World, tool: str, case: str) -> tuple[str, float, str]:
    """Return the verdict on one case, the CPU seconds of the update, and what the tool said last."""
    place = Path(tempfile.mkdtemp(dir=world.folder))
    folder = Path(shutil.copytree(world.folder / f"{tool}-project/project", place / "project", symlinks=True))
    scene = Scene(world, folder)
    (CASES | TURNING)[case](scene)
    if not scene.no_commit:
        world.commit(folder, "ours")
    before = found_in(folder)
    try:
        done, seconds = update(world, tool, folder)
    finally:
        _template_back(world)
    verdict = judge(scene, done, before)
    shutil.rmtree(place)
    return verdict, seconds, (done.stderr or done.stdout).strip()[-300:]


def install(env: Path, work: Path) -> tuple[Path, dict[str, str]]:
    """Make the environment of the two others, unless it is there; return it and their versions."""
    binaries = env / ("Scripts" if os.name == "nt" else "bin")
    if not (binaries / "copier").exists() or not (binaries / "cruft").exists():
        venv.create(env, with_pip=True)
        subprocess.run([binaries / "python", "-m", "pip", "install", "-q", "copier", "cruft"], check=True, cwd=work)
    code = "from importlib.metadata import version as v; print(v('copier'), v('cruft'), v('cookiecutter'))"
    versions_ = subprocess.run(
        [binaries / "python", "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    return env, dict(zip(("copier", "cruft", "cookiecutter"), versions_, strict=True))


def measure(worlds: Mapping[str, World], runs: int) -> dict[str, dict[str, list[float]]]:
    """Return the CPU seconds of each tool for each pair of levels, in turn; the first round is not counted."""
    taken: dict[str, dict[str, list[float]]] = {pair: {tool: [] for tool in TOOLS} for pair in worlds}
    for number in range(runs + 1):
        for pair, world in worlds.items():
            for tool in TOOLS:
                _, seconds, _ = play(world, tool, "lines added outside what changes")
                if number:
                    taken[pair][tool].append(seconds)
    return taken


def main() -> None:
    """Play every case with every tool, measure, print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the results as JSON too")
    parser.add_argument("--env", type=Path, metavar="FOLDER", help="keep the environment of copier and cruft there")
    parser.add_argument("--runs", type=int, default=5, help="timed rounds after one that is not counted")
    parser.add_argument("--only", default="", metavar="WORD", help="only the cases with this word in their name")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name).resolve()
        env, known = install((options.env or work / "env").absolute(), work)
        worlds = {}
        for level in (0, 1, 2):
            folder = work / f"pair{level}"
            folder.mkdir()
            worlds[f"{level} to {level + 1}"] = world = World(folder, env, *versions(level), home=work)
            prepare(world)
        turning = World(work / "turning", env, *versions(1, turning=True), home=work)
        turning.folder.mkdir()
        prepare(turning)
        results: dict[str, dict[str, dict[str, object]]] = {
            case: {} for case in CASES | TURNING if options.only in case
        }
        print(f"| case (level 1 to 2) | {' | '.join(TOOLS)} |\n| --- |{' --- |' * len(TOOLS)}")
        for case in results:
            world = worlds["1 to 2"] if case in CASES else turning
            for tool in TOOLS:
                results[case][tool] = dict(zip(("verdict", "cpu", "said"), play(world, tool, case), strict=True))
            print(f"| {case} | {' | '.join(str(results[case][tool]['verdict']) for tool in TOOLS)} |", flush=True)
        right = {
            tool: sum(str(row[tool]["verdict"]).startswith("correct") for row in results.values()) for tool in TOOLS
        }
        print(f"| **correct of {len(results)}** | {' | '.join(str(right[tool]) for tool in TOOLS)} |")
        taken = measure(worlds, options.runs) if options.runs else {}
        print("\n| CPU s, median (min to max) | " + " | ".join(TOOLS) + f" |\n| --- |{' --- |' * len(TOOLS)}")
        for pair, row in taken.items():
            cells = [
                f"{statistics.median(row[tool]):.2f} ({min(row[tool]):.2f} to {max(row[tool]):.2f})" for tool in TOOLS
            ]
            print(f"| level {pair} | {' | '.join(cells)} |")
        print(f"\ncopier {known['copier']}, cruft {known['cruft']} (cookiecutter {known['cookiecutter']})")
        if options.json:
            document = {"schema": 1, "tools": known, "cases": results, "correct": right, "cpu_seconds": taken}
            options.json.write_text(json.dumps(document, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
