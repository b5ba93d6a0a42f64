"""A tree made to harm: nothing is run, followed, swallowed whole or waited for, and what was skipped is said."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.model.scan import Outcome, Report
from generator.scan import disk
from generator.scan.api import report, scan
from generator.scan.say import to_json, to_screen
from generator.scan.signs import names
from tests.scan.worlds import TRAIN, scanned

CI = (
    ".github/workflows/a.yml",
    ".gitlab-ci.yml",
    "azure-pipelines.yml",
    "dvc.yaml",
    "MLproject",
    "compose.yaml",
    "k.yaml",
)
FILES = CI + names(
    """Jenkinsfile Makefile Snakefile Dockerfile a.sh a.py a.ipynb a.tf requirements.txt pyproject.toml environment.yml
    README.md .github/actions/x/action.yml conf/base/catalog.yml src/pipeline.py dags/d.py"""
)


@pytest.fixture(autouse=True)
def own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


def reasons(found: Report) -> set[tuple[str, str]]:
    return {(skip.path, skip.reason) for skip in found.skipped}


def whole(found: Report) -> None:
    """No reader and no probe failed, and both forms of the report can be written."""
    assert [skip.path for skip in found.skipped if skip.reason == "scan.skip-reader"] == []
    assert [part.capability for part in found.evidence if part.outcome is Outcome.ERROR] == []
    assert len(found.evidence) == 50
    json.dumps(to_json(found))
    to_screen(load_bank(), found, everything=True)


def test_nothing_of_the_tree_is_run_or_imported(tmp_path: Path) -> None:
    trap = tmp_path / "trap"
    write = f"open({str(trap)!r}, 'w').write('run')\n"
    tree = tmp_path / "tree"
    (tree / ".git/hooks").mkdir(parents=True)
    (tree / ".git/config").write_text(f"[core]\n\tfsmonitor = touch {trap}\n\tpager = touch {trap}\n")
    for hook in ("post-checkout", "post-index-change", "pre-commit"):
        (tree / ".git/hooks" / hook).write_text(f"#!/bin/sh\ntouch {trap}\n")
        (tree / ".git/hooks" / hook).chmod(0o755)
    for module in ("setup.py", "conftest.py", "sitecustomize.py", "train.py", "yaml.py", "generator.py"):
        (tree / module).write_text("import sklearn\n" + write)
    (tree / "dvc.yaml").write_text(
        f"stages:\n  a:\n    cmd: touch {trap}\n  b: !!python/object/apply:os.system ['touch {trap}']\n"
    )
    (tree / "Makefile").write_text(f"X := $(shell touch {trap})\nall:\n\t$(X)\n")
    whole(scan([tree]))
    assert not trap.exists()
    assert "sitecustomize" not in sys.modules or str(tree) not in str(sys.modules["sitecustomize"].__file__)


@pytest.mark.skipif(os.name == "nt", reason="links and pipes as Linux and macOS have them")
def test_links_pipes_and_huge_files_are_left_alone_and_said(tmp_path: Path) -> None:
    outside = tmp_path / "secret"
    outside.mkdir()
    (outside / "train.py").write_text(TRAIN)
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "loop").symlink_to(tree)
    (tree / "escape").symlink_to(outside)
    (tree / "escape.py").symlink_to(outside / "train.py")
    (tree / "dangling").symlink_to("/nowhere")
    os.mkfifo(tree / "Jenkinsfile")
    with (tree / "huge.py").open("wb") as file:
        file.write(b"import sklearn\n")
        file.truncate(10 * 1024**3)
    started = time.process_time()
    found = scan([tree])
    assert time.process_time() - started < 5
    expected = {(name, "scan.skip-link") for name in ("loop", "escape", "escape.py", "dangling")}
    assert expected | {("Jenkinsfile", "scan.skip-device"), ("huge.py", "scan.skip-large")} <= reasons(found)
    assert (found.files, found.level) == (1, None)


@pytest.mark.skipif(os.name == "nt", reason="links as Linux and macOS have them")
def test_a_file_that_becomes_a_link_after_it_was_listed_is_not_followed(tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tmp_path / "secret.py").write_text(TRAIN)
    (tree / "a.py").write_text("x = 1\n")
    listing = disk.listing(tree)
    (tree / "a.py").unlink()
    (tree / "a.py").symlink_to(tmp_path / "secret.py")
    assert disk.snapshot(listing).text("a.py") == ""


def test_names_cannot_reach_the_terminal(tmp_path: Path) -> None:
    names = ["a\nb.py", "\x1b[31mred.py", "\u202egnp.py", "\u200bhidden.py", "né.py"]
    for name in names:
        (tmp_path / name).write_text(TRAIN)
    shown = to_screen(load_bank(), scan([tmp_path]), everything=True)
    assert not any(letter in shown for letter in "\x1b\u202e\u200b")
    assert "\\x1b[31mred.py" in shown
    assert "né.py" in shown


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names that are no UTF-8 as Linux has them")
def test_a_name_that_is_no_text_is_read_and_written(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(str(tmp_path)) + b"/\xff\xfe.py")).write_text(TRAIN)
    whole(scan([tmp_path]))


def test_an_invalid_encoding_hides_nothing_else() -> None:
    found = scanned(
        {"a.py": b"# \xff\xfe\n" + TRAIN.encode(), "b.yml": b"\xff\xfe\x00a", ".gitlab-ci.yml": b"\x80: [\x81]"}
    )
    whole(found)
    assert next(part for part in found.evidence if part.capability == "C04").outcome is Outcome.YES


LETTERS = "abcdefghijklmnopqrstuvwxyz"
BOMB = "a: &a [x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n" for old, new in zip(LETTERS, LETTERS[1:], strict=False)
)
WIDE = {
    "yaml-deep": ("dvc.yaml", "[" * 50_000, "scan.skip-deep"),
    "yaml-bomb": ("dvc.yaml", BOMB, "scan.skip-bomb"),
    "yaml-itself": ("dvc.yaml", "a: &a [*a]", "scan.skip-bomb"),
    "yaml-wide": ("dvc.yaml", "a: [" + "1," * 200_000 + "]", "scan.skip-large"),
    "python-deep": ("a.py", "import sklearn\n" + "(" * 50_000, "scan.skip-deep"),
    "python-minus": ("a.py", "import sklearn\n" + "-" * 100_000 + "1", "scan.skip-deep"),
    "python-chain": ("a.py", "import sklearn\nx = a" + ".b" * 100_000, "scan.skip-python"),
    "python-calls": ("a.py", "import sklearn\nx = a" + "()" * 100_000, "scan.skip-python"),
    "python-elif": ("a.py", "import sklearn\nif a: pass\n" + "elif a: pass\n" * 20_000, "scan.skip-python"),
    "notebook-deep": ("a.ipynb", '{"sklearn":' + "[" * 100_000, "scan.skip-deep"),
    "make-rules": ("Makefile", "a:\n" * 100_000, "scan.skip-many"),
}


@pytest.mark.parametrize(("path", "text", "reason"), WIDE.values(), ids=WIDE)
def test_what_is_deep_wide_or_endless_is_given_up_in_time(path: str, text: str, reason: str) -> None:
    started = time.process_time()
    found = scanned({path: text, "train.py": TRAIN})
    assert time.process_time() - started < 5
    assert reason in {why for _, why in reasons(found)}
    whole(found)


NEWLINES = "\n" * 300_000
ENDLESS = {
    "shell-errors": ("a.sh", "<" * 60_000),
    "shell-open": ("a.sh", "$(" * 30_000),
    "jenkins-comment": ("Jenkinsfile", "/*" * 90_000 + " node"),
    "jenkins-escape": ("Jenkinsfile", "node '" + "\\'" * 90_000),
    "jenkins-stage": ("Jenkinsfile", "stage('a'){" * 18_000),
    "make-spaces": ("Makefile", "a" + " " * 900_000),
    "snake-lines": ("Snakefile", "\n" * 900_000),
    "notebook-lines": (
        "a.ipynb",
        json.dumps({"cells": [{"cell_type": "code", "source": "import sklearn" + NEWLINES}]}),
    ),
    "terraform-open": ("a.tf", 'resource "a" "b" {\n x = "' + "${" * 20_000),
    "action-tree": ("a/action.yml", "runs:\n  steps:\n" + "  - uses: ./a\n" * 3_000),
}


@pytest.mark.parametrize(("path", "text"), ENDLESS.values(), ids=ENDLESS)
def test_what_would_take_a_parser_for_ever_does_not(path: str, text: str) -> None:
    flow = "on: push\njobs:\n  a:\n    steps:\n" + "      - uses: ./a\n" * 500
    started = time.process_time()
    whole(scanned({path: text, ".github/workflows/a.yml": flow}))
    assert time.process_time() - started < 5


def test_templates_that_call_each_other_a_thousandfold_end() -> None:
    files = {"azure-pipelines.yml": "trigger: [x]\nsteps:\n- template: t0.yml\n"}
    for n in range(8):
        files[f"t{n}.yml"] = "steps:\n" + f"- template: t{n + 1}.yml\n" * 200
    started = time.process_time()
    whole(scanned(files))
    assert time.process_time() - started < 5


def test_more_files_than_are_read_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MOST_FILES", 20)
    for number in range(5):
        folder = tmp_path / f"{number}"
        folder.mkdir()
        for name in range(10):
            (folder / f"{name}.py").touch()
    found = scan([tmp_path])
    assert found.files <= 30
    assert "scan.skip-many" in {reason for _, reason in reasons(found)}


WORDS = names(
    """on push jobs steps run uses ./a if false needs script extends .a rules when never include local trigger stages
    template cmd foreach do environment name matrix strategy permissions services command apiVersion kind schedule cron
    with workflow_run workflows deployment deps outs params metrics entry_points healthcheck groups alert expr"""
)
SCALARS = st.one_of(st.sampled_from(WORDS), st.none(), st.booleans(), st.integers(), st.text(max_size=8))
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(WORDS), inner, max_size=5)
)
SEEDS = [
    TRAIN,
    "on: push\njobs:\n  a:\n    strategy: {matrix: {x: [1]}}\n    steps:\n      - run: |\n          pytest || true\n",
    "pipeline { stages { stage('a') { when { expression { false } } steps { sh '''x''' } } } }",
    "rule a:\n    input: 'x'\n    shell: 'python a.py'\nall: a\n\t-@python $(X) \\\n\ty\n",
    'FROM a\nRUN x \\\n  # c\n y\nCMD ["a", "b"]\nHEALTHCHECK CMD x\n',
    'resource "aws_cloudwatch_event_rule" "r" {\n schedule_expression = "x"\n is_enabled = false\n}\n',
    '{"cells": [{"cell_type": "code", "source": ["import sklearn\\n", "!x"]}]}',
    "[project]\nname = 'x'\ndependencies = ['mlflow>=2']\n[project.scripts]\nx = 'a:main'\n",
    "---\nlicense: mit\n---\n# Model details\n",
]
INSERTED = st.sampled_from([*names("' \" { } [ ( $( ${{ }} << ` \\ é &a *a !x"), "\0", "\n", "\t", "\ud7ff"])


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(CI), TREES, min_size=1, max_size=3))
def test_any_yaml_in_any_place_is_read_or_skipped(trees: dict[str, object]) -> None:
    import yaml

    whole(scanned({path: yaml.safe_dump(tree, allow_unicode=True) for path, tree in trees.items()}))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_any_broken_file_is_read_or_skipped(data: st.DataObject) -> None:
    files = {}
    for path in data.draw(st.lists(st.sampled_from(FILES), min_size=1, max_size=3, unique=True)):
        text = data.draw(st.sampled_from(SEEDS))
        for _ in range(data.draw(st.integers(0, 4))):
            at = data.draw(st.integers(0, len(text)))
            text = text[:at] + data.draw(INSERTED) + text[at + data.draw(st.integers(0, 5)) :]
        files[path] = text.encode("utf-8", "surrogatepass")
    whole(scanned(files))


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.sampled_from(FILES), st.binary(max_size=400), min_size=1, max_size=4))
def test_any_bytes_are_read_or_skipped(files: dict[str, bytes]) -> None:
    whole(scanned(files))


def test_the_same_tree_gives_the_same_report_whatever_the_order_of_its_files() -> None:
    files = {"b/train.py": TRAIN, "a/train.py": TRAIN, "Makefile": "a:\n\tpython a/train.py\nb:\n\tpython b/train.py\n"}
    assert scanned(files) == scanned(dict(reversed(files.items())))
    assert report is not None
