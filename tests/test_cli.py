"""The command line: exit codes, and help that is quick because it loads nothing."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from generator.assess.answersfile import EXAMPLE
from generator.cli import COMMANDS, main

SCHEMAS = Path(__file__).parent.parent / "generator" / "schemas"


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_has_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main([command, "--help"])
    assert stop.value.code == 0
    assert command in capsys.readouterr().out


def test_help_loads_no_heavy_library() -> None:
    code = "import sys; from generator.cli import main; main([]); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.splitlines()[-1].strip("[]").replace("'", "").split(", "))
    assert not loaded & {"rich", "questionary", "prompt_toolkit", "jinja2", "jsonschema", "cookiecutter"}


def test_json_keeps_its_schema(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(EXAMPLE), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    jsonschema.validate(document, json.loads((SCHEMAS / "score.schema.json").read_text(encoding="utf-8")))
    assert document["level"] == 0
    assert document["target"]["level"] == 1


def test_below_the_threshold_is_exit_4(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(EXAMPLE), "--fail-under", "1"]) == 4
    assert main(["score", str(EXAMPLE), "--fail-under", "0"]) == 0
    assert "below 1" in capsys.readouterr().err


def test_expected_errors_are_exit_1_and_wrong_usage_is_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", "no-such-file.yaml"]) == 1
    assert main(["score", str(EXAMPLE), "--explain", "C99"]) == 2
    assert "C99" in capsys.readouterr().err


def test_a_bug_is_exit_3_with_a_log_file(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("generator.api.judged", lambda *_: 1 / 0)
    assert main(["score", str(EXAMPLE)]) == 3
    log = Path(capsys.readouterr().err.split("written down in ")[1].split(";")[0])
    assert "ZeroDivisionError" in log.read_text(encoding="utf-8")
    log.unlink()


@pytest.mark.parametrize("topic", ["C24", "level", "target", "interval", "gate2", "data-management", "versioning"])
def test_every_number_can_be_explained(topic: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(EXAMPLE), "--explain", topic]) == 0
    assert capsys.readouterr().out.strip()


def test_what_if_changes_the_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(EXAMPLE), "--json", "--what-if", "team_size=9", "--what-if", "C03=all"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["target"]["level"] == 2
    assert document["gates"]["1"]["failed_keys"] == [["C11"]]


def test_the_result_fits_80_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["score", str(EXAMPLE)]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) < 80
