"""The wizard in a real terminal, as a person sees it."""

from __future__ import annotations

import hashlib
import re
import signal
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("no pseudo-terminals on Windows", allow_module_level=True)

from generator.assess.answersfile import load_answers
from generator.assess.bank import load_bank
from generator.model.assessment import Answers, Proof, Value
from tests.terminal import Terminal

pytestmark = pytest.mark.terminal

BANK = load_bank()
FILE = "ladder-answers.yaml"
COLOUR = re.compile(rb"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")
DOWN, UP, END = "\x1b[B", "\x1b[A", "\x03"
FACTS = ["3", "12", "5", "", "", "", "30", ""]


def saved(folder: Path) -> Answers:
    return load_answers(folder / FILE, BANK)


def answered(folder: Path) -> None:
    facts = "{models_in_production: 1, releases_per_year: 4, team_size: 2, on_call: false, error_cost: low,"
    facts += " change_rate: months, label_delay_days: 1, regulated: false}"
    ids = [c.id for c in BANK.capabilities]
    lines = "".join(f"  {id_}: {{value: none}}\n" for id_ in ids)
    (folder / FILE).write_text(f'schema: 1\nbank: "1"\nprofile: {facts}\nanswers:\n{lines}', encoding="utf-8")


def test_a_team_at_level_0_is_through_in_26_questions_and_told_the_next_command(tmp_path: Path) -> None:
    with Terminal(tmp_path, "assess") as wizard:
        wizard.wait("Answers are saved in")
        number = 0
        while True:
            number += 1
            wizard._until(lambda n=number: wizard.is_asking(n) or "see the result" in wizard.text, f"question {number}")
            if "see the result" in wizard.text:
                break
            wizard.answer(number)
        assert number - 1 <= 26
        wizard.send("\r")
        assert wizard.end() == 0
        assert "now at level 0" in wizard.text
        assert "\nNext: ladder new my-project --answers ladder-answers.yaml\n" in wizard.text
    answers = saved(tmp_path)
    assert len(answers.profile) == 8
    assert answers.date is not None  # so that a later assessment makes a trend
    assert {a.value for a in answers.answers.values()} == {Value.NONE}


def test_a_killed_sitting_loses_nothing_and_goes_on_with_the_next_question(tmp_path: Path) -> None:
    with Terminal(tmp_path, "assess") as wizard:
        for number in range(1, 11):
            wizard.answer(number)
        wizard.question(11)
        wizard.child.kill(signal.SIGKILL)
        wizard.end()
    before = saved(tmp_path)
    assert len(before.profile) + len(before.answers) == 10
    with Terminal(tmp_path, "assess") as wizard:
        wizard.wait("holds 10 answers")
        wizard.answer(11)
        wizard.question(12)
    after = saved(tmp_path)
    assert before.profile == after.profile
    assert before.answers.items() < after.answers.items()


def test_ctrl_c_is_exit_130_and_names_the_saved_file(tmp_path: Path) -> None:
    with Terminal(tmp_path, "assess") as wizard:
        wizard.answer(1)
        wizard.question(2)
        wizard.send(END)
        assert wizard.end() == 130
        assert f"all answers so far are in {FILE}" in wizard.text
    assert saved(tmp_path).profile == {"models_in_production": 12}


def test_back_changes_the_answer_before_even_one_of_an_earlier_sitting(tmp_path: Path) -> None:
    with Terminal(tmp_path, "assess") as wizard:
        wizard.answer(1)
        wizard.answer(2)
        wizard.question(3)
        wizard.send("q\r")
        assert wizard.end() == 1
    with Terminal(tmp_path, "assess") as wizard:
        wizard.question(3)
        wizard.send("b\r")
        wizard.question(2)
        wizard.send("b\r")
        wizard.question(1)
        wizard.send("b\r")
        wizard.wait("this is the first question")
        wizard.question(1)
        assert "Enter keeps 12" in wizard.below("of about")
        wizard.send("7\r")
        wizard.question(3)
        wizard.send("b\r")
        wizard.question(2)
        wizard.send("\r")
        wizard.question(3)
    assert saved(tmp_path).profile == {"models_in_production": 7, "releases_per_year": 12}


def test_help_explains_and_asks_again_and_unknown_and_reasons_are_taken(tmp_path: Path) -> None:
    with Terminal(tmp_path, "assess") as wizard:
        for number in range(1, 9):
            wizard.answer(number)
        wizard.question(9)
        wizard.send(DOWN * 6 + "\r")
        wizard.wait("Why:", "Example:", "What to do:", "Sources:")
        wizard._until(lambda: "(quit:" in wizard.below("Sources:"), "the question again")
        wizard.send(DOWN * 4 + "\r")
        wizard.question(10)
        wizard.send(DOWN * 5 + "\r")
        wizard.wait("why does it not apply?")
        wizard.send("no raw data\r")
        wizard.question(11)
        wizard.send(UP * 2 + "\r")
        wizard.question(10)
        wizard.send(DOWN * 5 + "\r")
        wizard.wait("all answers so far are in")
        assert wizard.end() == 1
    first, second = saved(tmp_path).answers.values()
    assert first.value is Value.UNKNOWN
    assert (second.value, second.reason) == (Value.NOT_APPLICABLE, "no raw data")


def test_evidence_and_confidence_can_be_attached(tmp_path: Path) -> None:
    with Terminal(tmp_path, "assess") as wizard:
        for number in range(1, 9):
            wizard.answer(number)
        wizard.question(9)
        wizard.send(DOWN * 7 + "\r")
        wizard.wait("evidence: a path")
        wizard.send("https://example.org/run/7\r")
        wizard.wait("how sure")
        wizard.send("3\r")
        wizard._until(lambda: "(quit:" in wizard.below("how sure"), "the question again")
        wizard.send("\r")
        wizard.question(10)
    (answer,) = saved(tmp_path).answers.values()
    assert (answer.confidence, answer.evidence[0].url) == (3, "https://example.org/run/7")


def test_a_file_that_is_not_there_is_said_at_once_and_one_that_is_gets_its_digest(tmp_path: Path) -> None:
    (tmp_path / "train.py").write_bytes(b"x")
    with Terminal(tmp_path, "assess") as wizard:
        for number in range(1, 9):
            wizard.answer(number)
        wizard.question(9)
        wizard.send(DOWN * 7 + "\r")
        wizard.wait("evidence: a path")
        wizard.send("tarin.py\r")
        wizard.wait("there is no tarin.py")
        wizard.send("\x7f" * 8 + "train.py\r")
        wizard.wait("how sure")
        wizard.send("\r")
        wizard.wait("noted as evidence: train.py")
        wizard._until(lambda: "(quit:" in wizard.below("noted as"), "the question again")
        wizard.send(DOWN * 3 + "\r")
        wizard.question(10)
    (answer,) = saved(tmp_path).answers.values()
    assert answer.evidence == (Proof(path="train.py", sha256=hashlib.sha256(b"x").hexdigest()),)


def test_a_finished_assessment_can_be_changed(tmp_path: Path) -> None:
    answered(tmp_path)
    with Terminal(tmp_path, "assess") as wizard:
        wizard.wait("see the result", "(quit:")
        wizard.send(DOWN + "\r")
        wizard.wait("which one", "12. ")
        wizard.send(DOWN * 8 + "\r")
        wizard.question(9)
        wizard.send(DOWN * 3 + "\r")
        wizard._until(lambda: "(quit:" in wizard.below("see the result"), "the end again")
    assert saved(tmp_path).answers["C01"].value is Value.ALL


@pytest.mark.parametrize("no_color", [True, False])
def test_no_color_means_no_colour(tmp_path: Path, no_color: bool) -> None:
    with Terminal(tmp_path, "assess", **({"NO_COLOR": "1"} if no_color else {})) as wizard:
        for number in range(1, 5):
            wizard.answer(number)
        wizard.question(5)
        assert bool(COLOUR.search(wizard.raw)) is not no_color


def test_a_dumb_terminal_is_asked_by_number_without_one_escape(tmp_path: Path) -> None:
    with Terminal(tmp_path, "assess", TERM="dumb") as wizard:
        for typed in ("3", "12", "5", "99", "1", "1", "1", "30", "1"):
            wizard.wait(": ") if typed == "3" else None
            wizard.send(f"{typed}\n")
        wizard.wait("question 9 of", "your answer, a number:")
        wizard.send("2\n")
        wizard.wait("question 10 of")
        assert "a number from 1 to 5" in wizard.raw.decode()
        assert b"\x1b" not in wizard.raw
        wizard.send("\x04")
        assert wizard.end() == 1
    answers = saved(tmp_path)
    assert (answers.profile["on_call"], answers.answers["C01"].value) == (True, Value.SOME)


@pytest.mark.parametrize(("columns", "lines"), [(60, 24), (40, 12)])
def test_a_small_screen_is_enough(tmp_path: Path, columns: int, lines: int) -> None:
    with Terminal(tmp_path, "assess", columns=columns, lines=lines) as wizard:
        for number, typed in enumerate(("3\r", "12\r", "5\r", "\r", "\r", "\r", "30\r", "\r", "\r"), 1):
            wizard.printed(f"question {number} of", "a number (" if len(typed) > 1 else "your answer")
            wizard.send(typed)
        wizard.printed("question 10 of")
    assert "C01" in saved(tmp_path).answers


def test_a_regulated_team_at_level_0_is_offered_the_next_level_now_and_the_needed_one_later(tmp_path: Path) -> None:
    answered(tmp_path)
    text = (tmp_path / FILE).read_text(encoding="utf-8").replace("regulated: false", "regulated: true")
    text = text.replace("on_call: false", "on_call: true")
    (tmp_path / FILE).write_text(text, encoding="utf-8")
    with Terminal(tmp_path, "start", "--no-run", lines=60) as wizard:
        wizard.wait("see the result", "(quit:")
        wizard.send("\r")
        wizard.wait("a project at which level?", "1  ML pipeline automation (recommended now)")
        wizard.wait("3  advanced MLOps (needed in the end)", "ladder upgrade DIR --to 2")
        wizard.send("\r")
        wizard.wait("into which new directory?")
        wizard.send("\r")
        assert wizard.end() == 0
    readme = (tmp_path / "ladder-project" / "README.md").read_text(encoding="utf-8")
    assert "level 1" in readme.lower()


def test_start_asks_level_and_directory_and_writes_the_project(tmp_path: Path) -> None:
    answered(tmp_path)
    (tmp_path / "ladder-project").mkdir()
    with Terminal(tmp_path, "start", "--no-run") as wizard:
        wizard.wait("see the result", "(quit:")
        wizard.send("\r")
        wizard.wait("a project at which level?", "(recommended now)")
        wizard.send(UP * 3 + DOWN + "\r")
        wizard.wait("into which new directory?", "ladder-project-2")
        wizard.send("\r")
        assert wizard.end() == 0
        assert "ladder-project-2" in wizard.text
    assert (tmp_path / "ladder-project-2" / "README.md").is_file()
