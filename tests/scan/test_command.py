"""`ladder scan` as it is called: text, JSON by its schema, thresholds, answers beside, an unchanged tree."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from generator.cli import main
from generator.scan import api, store
from tests.scan.worlds import TRAIN

SCHEMA = Path(api.__file__).parents[1] / "schemas" / "scan.schema.json"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree/train.py").write_text(TRAIN)
    return tmp_path / "tree"


def test_json_keeps_to_the_shipped_schema(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import jsonschema

    assert main(["scan", "--json", str(tree)]) == 0
    written = json.loads(capsys.readouterr().out)
    jsonschema.validate(written, json.loads(SCHEMA.read_text(encoding="utf-8")))
    assert (written["kind"], written["level"], written["files"]) == ("project", 0, 1)
    found = {part["capability"]: part for part in written["evidence"]}
    assert found["C05"]["where"] == [{"file": "train.py", "lines": [7, 7]}]


def test_the_screen_is_no_wider_than_a_terminal(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", "--all", str(tree)]) == 0
    shown = capsys.readouterr().out
    assert max(map(len, shown.splitlines())) <= 80
    assert "train.py:7" in shown


@pytest.mark.parametrize(("wanted", "code"), [("0", 0), ("1", 4)])
def test_a_level_below_the_wanted_one_exits_with_4(tree: Path, wanted: str, code: int) -> None:
    assert main(["scan", "--fail-under", wanted, str(tree)]) == code


def test_no_level_is_below_every_wanted_one(tree: Path) -> None:
    (tree / "train.py").write_text("x = 1\n")
    assert main(["scan", "--fail-under", "0", str(tree)]) == 4


def test_what_is_no_directory_is_one_clear_error(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["scan", str(tree / "train.py")]) == 1
    assert "train.py is not a directory" in capsys.readouterr().err


def test_answers_stand_beside_the_tree(tree: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    answers = tmp_path / "answers.yaml"
    given = "  C09: {value: all}\n  C19: {value: all, reason: elsewhere}\n  C05: {value: none}\n"
    answers.write_text(f'schema: 1\nbank: "1"\nanswers:\n{given}')
    assert main(["scan", "--answers", str(answers), str(tree)]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    assert "C09 Experiments are tracked: answered all, counts as some." in shown
    assert "answered all, and kept by its reason: elsewhere." in shown
    assert "C05 Training is a command, not a notebook: answered none, and the tree shows it." in shown


def test_an_unchanged_tree_is_not_read_again_and_a_changed_one_is(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = api.scan([tree])
    with monkeypatch.context() as patch:
        patch.setattr(api, "report", None)  # reading would fail
        assert api.scan([tree]) == first
    (tree / "train.py").write_text(TRAIN.replace("fit", "predict"))
    assert api.scan([tree]).kind is not first.kind


def test_another_edition_of_the_scan_reads_again(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    api.scan([tree])
    monkeypatch.setattr(store, "edition", lambda: "another")
    monkeypatch.setattr(api, "report", None)
    with pytest.raises(TypeError):
        api.scan([tree])


def test_a_broken_cache_is_as_none(tree: Path, tmp_path: Path) -> None:
    first = api.scan([tree])
    for kept in (tmp_path / "cache").rglob("*.json"):
        kept.write_text('{"roots": 1}')
    assert api.scan([tree]) == first
