"""`ladder score` as people and scripts call it: what is printed, where, and with which exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from generator.assess.answersfile import EXAMPLE, save_answers
from generator.assess.bank import load_bank
from generator.cli import main
from generator.model.assessment import Answer, Answers, Value

BANK = load_bank()
SCHEMA = json.loads((EXAMPLE.parent.parent / "schemas" / "score.schema.json").read_text(encoding="utf-8"))
QUIET = {"models_in_production": 1, "releases_per_year": 4, "team_size": 2, "error_cost": "medium", "on_call": True}


def a_file(folder: Path, *, all_up_to: int = 0, **profile: Any) -> Path:
    path = folder / "answers.yaml"
    done = {c.id: Answer(value=Value.ALL) for c in BANK.capabilities if c.level <= all_up_to}
    save_answers(path, Answers(bank="1", organization="Acme", profile=profile, answers=done))
    return path


def shown(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    assert main(["score", *map(str, arguments)]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_headline_is_the_level_and_score_exits_0_at_any(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], level: int
) -> None:
    out = shown(capsys, a_file(tmp_path, all_up_to=level))
    assert out.startswith(f"Acme stands at level {level}:")
    assert f"Needed: level {level}" not in out


def test_at_target_reads_as_success_also_at_level_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, a_file(tmp_path, all_up_to=1, **QUIET))
    assert "At target: level 1" in out
    assert "errors are noticed" in out


def test_the_interval_is_shown_where_something_is_open(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "between 1 and 3" in shown(capsys, a_file(tmp_path, all_up_to=1))
    assert "between" not in shown(capsys, a_file(tmp_path, all_up_to=3)).split("Gates")[0]


def test_the_screen_says_what_is_asked_besides_a_level(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, a_file(tmp_path, all_up_to=1, **{**QUIET, "releases_per_year": 12}))
    assert "At target: level 1" in out
    assert "not there yet: C14" in out
    assert "C40" in out


def test_a_cap_is_said_with_its_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = shown(capsys, a_file(tmp_path, **{**QUIET, "on_call": False, "regulated": True}))
    assert "capped at 2" in out
    assert "nobody on call" in " ".join(out.split())


def test_too_much_that_does_not_apply_is_said_to_be_not_assessable(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    away = Answer(value=Value.NOT_APPLICABLE, reason="we have none")
    keys = BANK.rules.keys(1)
    answers = {c.id: Answer(value=Value.ALL) if c.id in keys else away for c in BANK.at(1)}
    path = tmp_path / "answers.yaml"
    save_answers(path, Answers(bank="1", answers=answers))
    assert "not assessable" in shown(capsys, path)


@pytest.mark.parametrize("topic", ["C24", "C03", "level", "interval", "target", "gate2", "model-deployment", "google"])
def test_screen_and_explanation_fit_80_columns(capsys: pytest.CaptureFixture[str], topic: str) -> None:
    assert max(map(len, shown(capsys, EXAMPLE, "--explain", topic).splitlines())) < 80
    assert max(map(len, shown(capsys, EXAMPLE, "--what-if", "regulated=true").splitlines())) < 80


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_the_json_keeps_its_schema_and_agrees_with_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], level: int
) -> None:
    document = json.loads(shown(capsys, a_file(tmp_path, all_up_to=level, **QUIET), "--json"))
    jsonschema.validate(document, SCHEMA)
    assert document["level"] == level
    assert [gate["passed"] for gate in document["gates"].values()] == [n <= level for n in (1, 2, 3)]
    assert document["disputed"] == []
    assert {"google", "microsoft", "ml_test_score", "note"} < set(document["crosswalk"])
    assert "Not an equivalence" in document["crosswalk"]["note"]
    assert {gap["level"] for gap in document["gaps"]} == set(range(level + 1, 4))


def test_a_dimension_without_demands_has_a_null_level(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(shown(capsys, EXAMPLE, "--json"))
    assert document["dimensions"]["monitoring-optimization"]["level"] is None
    assert document["dimensions"]["data-management"]["level"] == 0


def test_what_if_is_announced_and_changes_nothing_on_disk(capsys: pytest.CaptureFixture[str]) -> None:
    before = EXAMPLE.read_bytes()
    out = shown(capsys, EXAMPLE, "--what-if", "team_size=9", "--what-if", "c03=all")
    assert out.startswith("What if: team_size=9, c03=all")
    assert "Needed: level 2" in out
    assert EXAMPLE.read_bytes() == before


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("team_sise=9", "did you mean team_size?"),
        ("C24=moste", "did you mean most?"),
        ("C99=all", "there is no key C99"),
        ("team_size=[", "whole number"),
        ("error_cost=huge", "low, medium, high"),
        ("C04=not-applicable", "key capability"),
        ("team_size", "fact=value"),
    ],
)
def test_a_wrong_what_if_is_wrong_usage_in_one_line(capsys: pytest.CaptureFixture[str], change: str, said: str) -> None:
    assert main(["score", str(EXAMPLE), "--what-if", change]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert len(captured.err.splitlines()) == 1
    assert captured.out == ""


def test_a_broken_file_is_one_line_on_stderr_with_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text('schema: 1\nbank: "1"\nanswers:\n  C01: {value: moste}\n', encoding="utf-8")
    assert main(["score", str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "answers.yaml:4: " in captured.err
    assert len(captured.err.splitlines()) == 1


def test_json_and_explain_exclude_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", str(EXAMPLE), "--json", "--explain", "level"])
    assert stop.value.code == 2


@pytest.mark.parametrize(("threshold", "code"), [("0", 0), ("1", 0), ("2", 4), ("3", 4)])
def test_fail_under_compares_with_the_level_and_still_prints(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], threshold: str, code: int
) -> None:
    assert main(["score", str(a_file(tmp_path, all_up_to=1)), "--json", "--fail-under", threshold]) == code
    assert json.loads(capsys.readouterr().out)["level"] == 1


def test_a_threshold_that_is_no_level_is_wrong_usage(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["score", str(EXAMPLE), "--fail-under", "7"])
    assert stop.value.code == 2


def test_scoring_loads_nothing_heavy() -> None:
    code = f"import sys; from generator.cli import main; main(['score', {str(EXAMPLE)!r}]); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].strip("[]").replace("'", "").split(", "))
    assert not loaded & {"rich", "questionary", "prompt_toolkit", "jinja2", "jsonschema", "cookiecutter"}
