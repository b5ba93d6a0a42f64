"""`ladder replay` on the command line; the seasons themselves run in the group `generated`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from generator.cli import main
from generator.errors import LadderError
from generator.replay.plan import Season
from generator.replay.run import play, read_log
from tests.replay.test_page import SCHEMA


@pytest.mark.parametrize("levels", ["4", "", "a,1", "0,,1"])
def test_levels_that_are_none_are_wrong_usage(levels: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--levels", levels]) == 2
    assert "--levels" in capsys.readouterr().err


def test_season_that_stops_names_its_level_and_its_output(tmp_path: Path) -> None:
    project = tmp_path / "empty"
    project.mkdir()
    season = Season(level=0, seed=7, reaction="day", batches=1, incidents=())
    variables = {"PATH": str(Path(sys.executable).parent)}
    with pytest.raises(LadderError, match="level 0") as caught:
        play(season, project, tmp_path / "none.csv", variables, lambda *_: None)
    assert Path(str(caught.value.fields["path"])).is_file()


def test_half_written_line_of_a_log_does_not_count_yet(tmp_path: Path) -> None:
    path = tmp_path / "season.jsonl"
    path.write_text('{"batch": 1, "deed": "batch"}\n{"batch": 2, "de', encoding="utf-8")
    assert [deed["batch"] for deed in read_log(path)] == [1]


@pytest.mark.generated
def test_quick_replay_plays_every_level_and_level_3_serves_least_of_the_bad_release(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "generator", "replay", "--quick", "-o", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    result = json.loads((tmp_path / "out/result.json").read_text(encoding="utf-8"))
    jsonschema.validate(result, SCHEMA)
    assert [level["level"] for level in result["levels"]] == [0, 1, 2, 3]
    bad = [
        next(one["excess"]["median"] for one in level["incidents"] if one["kind"] == "bad release")
        for level in result["levels"]
    ]
    assert bad[3] < min(bad[:3])
    assert result["levels"][3]["human_steps"]["median"] < result["levels"][0]["human_steps"]["median"]
    assert (tmp_path / "out/index.html").read_text(encoding="utf-8").count("<svg") == 4
