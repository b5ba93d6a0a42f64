"""`ladder score` of several respondents, with evidence and exemptions, as people and scripts call it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from generator.assess.answersfile import EXAMPLE, save_answers
from generator.assess.bank import load_bank
from generator.cli import main
from generator.model.assessment import Answer, Answers, Exemption, Proof, Respondent, Value

BANK = load_bank()
SCHEMA = json.loads((EXAMPLE.parent.parent / "schemas" / "score.schema.json").read_text(encoding="utf-8"))
NONE, SOME, MOST, ALL, UNKNOWN, AWAY = Value
NOTE = (Proof(note="seen"),)


def a_file(folder: Path, name: str, value: Value, role: str, evidence: tuple[Proof, ...] = (), **facts: Any) -> Path:
    path = folder / f"{name}.yaml"
    answers = {c.id: Answer(value=value, evidence=evidence) for c in BANK.at(1)}
    save_answers(
        path,
        Answers(
            bank="1",
            organization="Acme",
            team="Ads",
            date="2026-03-01",
            respondent=Respondent(name=name.title(), role=role),
            profile=facts,
            answers=answers,
        ),
    )
    return path


@pytest.fixture
def panel(tmp_path: Path) -> list[Path]:
    return [
        a_file(tmp_path, "eve", ALL, "manager", regulated=True),
        a_file(tmp_path, "max", SOME, "engineer", NOTE, regulated=False),
        a_file(tmp_path, "ann", MOST, "engineer"),
    ]


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path, code: int = 0) -> str:
    assert main(["score", *map(str, arguments)]) == code
    captured = capsys.readouterr()
    return captured.out if code in (0, 4) else captured.err


def test_several_files_are_several_respondents(panel: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, *panel)
    assert out.startswith("Acme, Ads stands at level 0")
    assert "Respondents (3)" in out
    assert "Eve, manager: level 1 alone, 12 answers, 0 evidenced" in out
    assert "Disputed: 12." in out
    words = BANK.capability("C01").answers
    flat = " ".join(out.split())
    assert f"some (Max): {words[SOME]}" in flat
    assert f"all (Eve): {words[ALL]}" in flat
    assert "regulated: false (Max); true (Eve)" in out
    assert "engineer: some .. most; manager: all" in flat
    assert max(map(len, out.splitlines())) < 80


def test_every_order_of_the_files_prints_the_same(panel: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    for form in ([], ["--json"]):
        assert run(capsys, *panel, *form) == run(capsys, *panel[::-1], *form)


def test_the_json_of_a_panel_keeps_the_schema_and_names_everything(
    panel: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(run(capsys, *panel, "--json", "--what-if", "team_size=9"))
    jsonschema.validate(document, SCHEMA)
    assert (document["level"], document["interval"], document["team"]) == (0, [0, 3], "Ads")
    assert [voice["label"] for voice in document["panel"]["respondents"]] == ["Ann", "Eve", "Max"]
    assert document["panel"]["alpha"]["units"] == 12
    assert len(document["disputed"]) == 12
    assert document["disputed"][0]["low_by"] == ["Max"]
    assert document["panel"]["conflicts"][0]["fact"] == "regulated"
    assert document["what_if"] == {"changes": ["team_size=9"], "level": 0, "target": 3}
    assert document["evidence"]["claims"] == 24
    assert document["evidence"]["evidenced"] == 12


def test_a_capability_of_a_panel_can_be_taken_apart(panel: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert "answer: some" in run(capsys, *panel, "--explain", "C01")
    assert "in doubt" in run(capsys, *panel, "--explain", "interval")
    assert "counts: level 3, regulation" in run(capsys, *panel, "--explain", "target")


def test_a_file_named_twice_and_files_of_two_organizations_are_refused(
    panel: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "named twice" in run(capsys, panel[0], panel[0], code=2)
    (tmp_path / "sub").mkdir()
    assert "named twice" in run(capsys, panel[0], tmp_path / "sub" / ".." / panel[0].name, code=2)
    other = tmp_path / "other.yaml"
    save_answers(other, Answers(bank="1", organization="Bolt"))
    said = run(capsys, panel[0], other, code=1)
    assert "Acme" in said
    assert "Bolt" in said
    save_answers(other, Answers(bank="1", organization="Acme", team="Search"))
    assert "different teams" in run(capsys, panel[0], other, code=1)


def test_two_people_of_one_name_stay_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
    files = [a_file(tmp_path / folder, "bo", ALL, "lead") for folder in ("a", "b")]
    document = json.loads(run(capsys, *files, "--json"))
    labels = [voice["label"] for voice in document["panel"]["respondents"]]
    assert len(set(labels)) == 2
    assert all(label.startswith("Bo (") for label in labels)


def test_evidence_that_is_not_there_is_said_at_once_and_found_below_a_repo(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = hashlib.sha256(b"x").hexdigest()
    proofs = (Proof(path="train.py", sha256=digest),)
    folder, repo = tmp_path / "answers", tmp_path / "repo"
    folder.mkdir()
    repo.mkdir()
    path = a_file(folder, "eve", ALL, "manager", proofs)
    out = run(capsys, path)
    assert "C01: its evidence train.py is not there" in out
    assert "Evidence is shown for 0 of 12 claims; counting only these: level 0" in out
    (repo / "train.py").write_bytes(b"y")
    assert "train.py is not the file whose sha256" in run(capsys, path, "--repo", repo)
    (repo / "train.py").write_bytes(b"x")
    assert "Evidence is shown for all 12 claims" in run(capsys, path, "--repo", repo)
    document = json.loads(run(capsys, path, "--json", "--repo", repo))
    assert document["evidence"]["answers"][0]["standing"] == "verified"
    assert document["findings"] == []


def test_an_exemption_is_shown_beside_its_gap_and_an_expired_one_is_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.yaml"
    table = {c.id: Answer(value=ALL, evidence=NOTE) for c in BANK.at(1)}
    for until, said in (
        ("9999-12-31", "C04 until 9999-12-31: the risk is known"),
        ("2020-01-31", "C04: its exemption ended"),
    ):
        exemption = Exemption(reason="accepted-risk", until=until, note="see the register")
        save_answers(path, Answers(bank="1", answers={**table, "C04": Answer(value=NONE, exemption=exemption)}))
        out = " ".join(run(capsys, path).split())
        assert said in out
        assert "stands at level 0" in out
        assert ("it would be level 1" in out) is (until > "2026")


def test_a_what_if_says_what_it_moves(panel: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, panel[2], "--what-if", "regulated=true", "--what-if", "C05=all")
    assert out.startswith("What if: regulated=true, C05=all\nlevel 0 -> 0, needed 0 -> 3\n")


def test_fail_under_looks_at_the_level_of_all_together(panel: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    run(capsys, panel[0], "--fail-under", "1")
    run(capsys, *panel, "--fail-under", "1", code=4)


def test_other_scales_are_said_with_both_versions_and_the_warning(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, EXAMPLE)
    assert "Elsewhere (not an equivalence)" in out
    assert "2016 version" in out
    assert "2017 version" in out
    said = run(capsys, EXAMPLE, "--explain", "ml-test-score")
    assert "Mon5 is not asked" in said
    assert "NIPS" in said
    assert "Big Data" in said
