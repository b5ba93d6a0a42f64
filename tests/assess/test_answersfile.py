"""Every mistake in an answers file is one clear error with file, line and the nearest right key."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.assess.answersfile import EXAMPLE, dump_answers, load_answers, save_answers
from generator.assess.bank import load_bank
from generator.errors import LadderError
from generator.model.assessment import Answer, Answers, Proof, Respondent, Value

BANK = load_bank()
HEAD = 'schema: 1\nbank: "1"\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('schema: 2\nbank: "1"\n', 1, "schema is 2"),
        ('schema: 1\nbank: "9"\n', 2, "bank is '9'"),
        (HEAD + "organisation: Acme\n", 3, "did you mean organization?"),
        (HEAD + "profile:\n  team_sise: 3\n", 4, "did you mean team_size?"),
        (HEAD + "profile:\n  team_size: many\n", 4, "whole number"),
        (HEAD + "profile:\n  team_size: -1\n", 4, "from 1"),
        (HEAD + "profile:\n  on_call: maybe\n", 4, "true or false"),
        (HEAD + "profile:\n  error_cost: huge\n", 4, "low, medium, high"),
        (HEAD + "answers:\n  C01: {value: some}\n  C99: {value: all}\n", 5, "C99"),
        (HEAD + "answers:\n  C01: {value: moste}\n", 4, "did you mean most?"),
        (HEAD + "answers:\n  C01: {valu: most}\n", 4, "did you mean value?"),
        (HEAD + "answers:\n  C01: most\n", 4, "C01 must hold keys"),
        (HEAD + "answers:\n  C01: {value: all, confidence: 7}\n", 4, "confidence is 7"),
        (HEAD + "answers:\n  C46: {value: not-applicable}\n", 4, "needs a reason"),
        (HEAD + "answers:\n  C04: {value: not-applicable, reason: x}\n", 4, "key capability"),
        (HEAD + "answers:\n  C01: {value: all, evidence: [{path: a, url: b}]}\n", 4, "exactly one"),
        (HEAD + "answers:\n  C01: {value: all}\n  C01: {value: none}\n", 5, "twice"),
        (HEAD + "answers: [\n", 4, "not valid YAML"),
        (HEAD + "answers: &a\n  C01: {value: all}\nprofile: *a\n", 5, "aliases"),
        ("- 1\n", 1, "must hold keys"),
    ],
)
def test_a_mistake_names_its_line_and_the_mend(tmp_path: Path, text: str, line: int, said: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(LadderError) as error:
        load_answers(path, BANK)
    assert f"answers.yaml:{line}:" in str(error.value)
    assert said in str(error.value)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00binary", b"\x00" * 100, b"a: [" * 2000, b"{" * 50_000, b""])
def test_what_is_no_answers_file_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answers.yaml"
    path.write_bytes(content)
    with pytest.raises(LadderError, match=r"answers\.yaml"):
        load_answers(path, BANK)


def test_missing_file_and_folder_are_named(tmp_path: Path) -> None:
    for path in (tmp_path / "nothing.yaml", tmp_path):
        with pytest.raises(LadderError, match=path.name):
            load_answers(path, BANK)


def test_the_bundled_example_is_at_level_0_and_needs_level_1() -> None:
    from generator.api import assess

    _, _, result = assess(EXAMPLE)
    assert (result.level, result.target.level) == (0, 1)


plain = st.text(st.characters(categories=["L", "N", "P"], include_characters=" "), min_size=1, max_size=30).filter(
    str.strip
)
proofs = st.one_of(st.builds(Proof, path=plain), st.builds(Proof, url=plain), st.builds(Proof, note=plain))
an_answer = st.builds(
    Answer,
    value=st.sampled_from([value for value in Value if value is not Value.NOT_APPLICABLE]),
    confidence=st.none() | st.integers(0, 3),
    evidence=st.lists(proofs, max_size=2).map(tuple),
    reason=st.none() | plain,
)
files = st.builds(
    Answers,
    bank=st.just("1"),
    organization=st.none() | plain,
    respondent=st.builds(Respondent, name=st.none() | plain, role=st.none() | plain),
    profile=st.fixed_dictionaries({}, optional={"team_size": st.integers(1, 99), "on_call": st.booleans()}),
    answers=st.dictionaries(st.sampled_from([c.id for c in BANK.capabilities]), an_answer, max_size=5),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files)
def test_what_is_saved_is_read_back(tmp_path: Path, answers: Answers) -> None:
    path = tmp_path / "answers.yaml"
    save_answers(path, answers)
    assert load_answers(path, BANK) == answers
    assert [entry.name for entry in tmp_path.iterdir()] == ["answers.yaml"]


def test_one_changed_answer_changes_one_line() -> None:
    table = {capability.id: Answer(value=Value.SOME) for capability in BANK.capabilities}
    before = dump_answers(Answers(bank="1", answers=table)).splitlines()
    after = dump_answers(Answers(bank="1", answers={**table, "C20": Answer(value=Value.ALL)})).splitlines()
    assert sum(a != b for a, b in zip(before, after, strict=True)) == 1


def test_an_unwritable_place_is_said_and_the_old_file_stays(tmp_path: Path) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("x", encoding="utf-8")
    with pytest.raises(LadderError, match="cannot save"):
        save_answers(blocker / "answers.yaml", Answers(bank="1"))
    assert blocker.read_text(encoding="utf-8") == "x"
