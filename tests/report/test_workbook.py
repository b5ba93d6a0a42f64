"""The workbook counts again: its formulas, run by a spreadsheet program, come to what we come to."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from generator.assess.answersfile import load_answers
from generator.assess.score import score
from generator.documents import document
from generator.model.assessment import Answer, Answers, Result, Value
from tests.report.world import BANK, plain

pytestmark = pytest.mark.needs_office

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
FIRST = 4
"""The row of the first answer on the sheet of answers."""
LEVEL_1 = {c.id: Value.ALL for c in BANK.at(1)}
LEVEL_2 = LEVEL_1 | {c.id: Value.MOST if c.id in BANK.rules.keys(2) else Value.ALL for c in BANK.at(2)}
CASES = {
    "as-given": {},
    "nothing": {c.id: Value.NONE for c in BANK.capabilities},
    "level-1": {c.id: Value.NONE for c in BANK.capabilities} | LEVEL_1,
    "one-key-short": {c.id: Value.ALL for c in BANK.capabilities} | {"C34": Value.SOME},
    "one-of-two-keys": {c.id: Value.NONE for c in BANK.capabilities} | LEVEL_2 | {"C24": Value.NONE},
    "just-below": {c.id: Value.NONE for c in BANK.capabilities} | LEVEL_2 | {c.id: Value.SOME for c in BANK.at(2)},
    "everything": {c.id: Value.ALL for c in BANK.capabilities},
    "half-excluded": LEVEL_2 | {c.id: Value.NOT_APPLICABLE for c in BANK.at(2) if c.id not in BANK.rules.keys(2)},
}


def ours(given: Answers, changed: dict[str, Value]) -> Result:
    answers = {id_: Answer(value=value, reason="of the test") for id_, value in changed.items()}
    return score(BANK, Answers(bank=BANK.version, answers={**given.answers, **answers}))


def test_the_formulas_come_to_our_level_gates_and_dimensions(tmp_path: Path) -> None:
    if OFFICE is None:
        pytest.skip("there is no LibreOffice here: no formula was counted")
    path = plain(tmp_path)
    content = document([path], "xlsx")
    for name, changed in CASES.items():
        book = openpyxl.load_workbook(io.BytesIO(content))
        for row, capability in enumerate(BANK.capabilities, FIRST):
            if capability.id in changed:
                book["Answers"].cell(row=row, column=6).value = changed[capability.id].value
        book.save(tmp_path / f"{name}.xlsx")
    profile = f"-env:UserInstallation={(tmp_path / 'office').as_uri()}"
    files = [str(tmp_path / f"{name}.xlsx") for name in CASES]
    command = [OFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "counted"), *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    given = load_answers(path, BANK)
    for name, changed in CASES.items():
        sheet = openpyxl.load_workbook(tmp_path / "counted" / f"{name}.xlsx", data_only=True)["Result"]
        expected = ours(given, changed)
        assert sheet["B1"].value == expected.level, name
        for row, gate in enumerate(expected.gates, 5):
            counted = [sheet.cell(row=row, column=column).value for column in (2, 3, 4, 9)]
            assert counted == [len(gate.failed_keys), gate.points, gate.maximum, int(gate.passed)], (name, gate.level)
        for row, profile_ in enumerate(expected.dimensions, 11):
            assert (sheet.cell(row=row, column=2).value or 0) == pytest.approx(profile_.score or 0), (name, profile_.id)


def test_a_program_that_does_not_count_shows_our_numbers(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(document([plain(tmp_path)], "xlsx")), data_only=True)["Result"]
    assert (sheet["B1"].value, sheet["B2"].value, sheet["I5"].value) == (1, 1, 1)
