"""Many files to one document: what changed, what does not compare, and how an organization's results lie."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pytest

from generator import text
from generator.cli import main
from generator.documents import FORMATS, document
from tests.report.world import hostile, plain, portfolio

SCHEMA = json.loads((text.LOCALE.parent / "schemas" / "portfolio.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("form", FORMATS)
def test_a_folder_comes_as_a_document_in_every_format(form: str, tmp_path: Path) -> None:
    assert len(document([portfolio(tmp_path)], form)) > 2000


def test_json_of_a_portfolio_keeps_its_schema(tmp_path: Path) -> None:
    value = json.loads(document([portfolio(tmp_path)], "json"))
    jsonschema.validate(value, SCHEMA)
    assert [one["team"] for one in value["standings"]] == ["Air | <b>", "Ground", "航线"]


def test_a_change_of_scoring_is_marked_and_breaks_the_line(tmp_path: Path) -> None:
    mark = document([portfolio(tmp_path)], "md").decode()
    assert "scoring changed from 0 to" in mark
    assert "no comparison across this line" in mark
    page = document([tmp_path / "portfolio"], "html").decode()
    pieces = set(re.findall(r'class="series (serie-\d)', page))
    assert pieces == {"serie-0", "serie-1", "serie-2"}, "two pieces of the level, one line of what is needed"


def test_teams_stand_side_by_side_with_a_spread_and_no_mean(tmp_path: Path) -> None:
    mark = document([portfolio(tmp_path)], "md").decode()
    assert "| 3 | 0 / 1 / 2 / 0 | 1 / 2 / 0 |" in mark
    assert "| Acme, Ground | 2026-11-24 | 2 | 2 to 3 | 2 | 0 | +1 |" in mark
    assert "mean" not in mark.replace("There is no mean", "")


def test_what_cannot_be_read_is_named_and_the_rest_is_there(tmp_path: Path) -> None:
    mark = document([portfolio(tmp_path)], "md").decode()
    assert "## Left out" in mark
    assert "broken.yaml:" in mark


def test_a_portfolio_of_broken_files_only_is_one_clear_error(tmp_path: Path, capsys: Any) -> None:
    for name in "ab":
        (tmp_path / f"{name}.yaml").write_text("schema: [", encoding="utf-8")
    assert main(["report", str(tmp_path / "a.yaml"), str(tmp_path / "b.yaml"), "-o", str(tmp_path / "x.md")]) == 1
    assert "none of the 2 files can be read" in capsys.readouterr().err


def test_files_of_one_team_and_day_are_its_respondents_not_a_portfolio(tmp_path: Path) -> None:
    assert "## Respondents and agreement" in document(hostile(tmp_path), "md").decode()
    other = document([plain(tmp_path), *hostile(tmp_path)], "md").decode()
    assert "## Teams side by side" in other


def test_a_workbook_of_a_portfolio_has_a_sheet_for_the_teams(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(document([portfolio(tmp_path)], "xlsx")))
    assert "Teams side by side" in book.sheetnames
    assert "Answers" not in book.sheetnames
