"""Every mistake in an answers file is one clear error with file, line and the nearest right key."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.assess.answersfile import EXAMPLE, dump_answers, load_answers, save_answers
from generator.assess.answersreader import parse_changes
from generator.assess.bank import load_bank
from generator.errors import LadderError, UsageError
from generator.model.assessment import Answer, Answers, Exemption, Proof, Respondent, Value

BANK = load_bank()
SCHEMAS = EXAMPLE.parent.parent / "schemas"
HEAD = 'schema: 1\nbank: "1"\n'


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + "date: soon\n", 3, "date must be a day such as"),
        (HEAD + "date: 2026-13-01\n", 3, "not valid YAML"),
        (HEAD + "date: 2026-01-31 10:00:00\n", 3, "date must be a day"),
        (HEAD + "date: 20260131\n", 3, "date must be a day"),
        (HEAD + "teem: a\n", 3, "did you mean team?"),
        (HEAD + "answers:\n  C01: {value: all, evidence: [{url: 'javascript:alert(1)'}]}\n", 4, "http://"),
        (HEAD + "answers:\n  C01: {value: all, evidence: [{path: a, sha256: abc}]}\n", 4, "64 hexadecimal"),
        (HEAD + f"answers:\n  C01: {{value: all, evidence: [{{path: a, sha256: {'1' * 64}}}]}}\n", 4, "in quotes"),
        (HEAD + f"answers:\n  C01: {{value: all, evidence: [{{note: a, sha256: {'a' * 64}}}]}}\n", 4, "beside a path"),
        (HEAD + "answers:\n  C01: {value: none, exemption: {reason: lazy, until: 2027-01-31}}\n", 4, "accepted-risk"),
        (HEAD + "answers:\n  C01: {value: none, exemption: {reason: accepted-risc}}\n", 4, "mean accepted-risk?"),
        (HEAD + "answers:\n  C01: {value: none, exemption: {reason: accepted-risk}}\n", 4, "needs its last day"),
        (HEAD + "answers:\n  C01: {value: none, exemption: {untill: 2027-01-31}}\n", 4, "did you mean until?"),
        (HEAD + "answers:\n  C01: {value: none, exemption: yes}\n", 4, "exemption must hold keys"),
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
        ("- 1\n", 1, "the file must hold keys with values, not a list"),
        ("", 1, "not nothing"),
        ("just words\n", 1, "not text"),
        ('schema: true\nbank: "1"\n', 1, "schema is True"),
        ('bank: "1"\n', 1, "schema is None"),
        ("schema: 1\n", 1, "bank is None"),
        (HEAD + "organization: 7\n", 3, "organization must be plain text"),
        (HEAD + 'organization: "a\\eb"\n', 3, "organization must be plain text"),
        (HEAD + 'organization: "a\\u202Eb"\n', 3, "organization must be plain text"),
        (HEAD + f"organization: {'x' * 2001}\n", 3, "at most 2000"),
        (HEAD + "respondent: Ann\n", 3, "respondent must hold keys"),
        (HEAD + "respondent: {name: Ann, rule: lead}\n", 3, "did you mean role?"),
        (HEAD + "profile: []\n", 3, "profile must hold keys with values, not a list"),
        (HEAD + "profile: no\n", 3, "not true or false"),
        (HEAD + "profile:\n  team_size: true\n", 4, "whole number"),
        (HEAD + "profile:\n  team_size: 2.5\n", 4, "whole number"),
        (HEAD + "profile:\n  team_size:\n", 4, "whole number"),
        (HEAD + "profile:\n  on_call: 1\n", 4, "true or false"),
        (HEAD + "profile:\n  ci: [github]\n", 4, "one of github"),
        (HEAD + "answers: 0\n", 3, "not a number"),
        (HEAD + "answers:\n  C01:\n", 4, "not nothing"),
        (HEAD + "answers:\n  C01: {}\n", 4, "value None"),
        (HEAD + "answers:\n  C01: {value: [all]}\n", 4, "value ['all']"),
        (HEAD + "answers:\n  C01:\n    value: all\n    confidence: true\n", 6, "confidence is True"),
        (HEAD + "answers:\n  C01:\n    value: all\n    confidence: -1\n", 6, "confidence is -1"),
        (HEAD + "answers:\n  C01:\n    value: all\n    evidence: src\n", 6, "must be a list"),
        (HEAD + "answers:\n  C01:\n    value: all\n    evidence:\n      - {}\n", 7, "exactly one"),
        (HEAD + "answers:\n  C01:\n    value: all\n    evidence:\n      - {path: [a]}\n", 7, "plain text"),
        (HEAD + "answers:\n  C01:\n    value: all\n    evidence:\n      - {pth: a}\n", 7, "did you mean path?"),
        (HEAD + "answers:\n  C46: {value: not-applicable, reason: ''}\n", 4, "needs a reason"),
        (HEAD + "answers:\n  1: {value: all}\n", 4, "no key 1"),
        (HEAD + "answers:\n  c01: {value: all}\n", 4, "did you mean C01?"),
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
digests = st.none() | st.text("0123456789abcdef", min_size=64, max_size=64)
days = st.dates().map(lambda day: day.isoformat())
proofs = st.one_of(
    st.builds(Proof, path=plain, sha256=digests),
    st.builds(Proof, url=st.sampled_from(["https://a.example/b?c=d#e", "http://x"]), date=days),
    st.builds(Proof, note=plain),
)
exemptions = st.builds(
    Exemption, reason=st.sampled_from(list(BANK.rules.exemptions)), until=days, note=st.none() | plain
)
an_answer = st.builds(
    Answer,
    value=st.sampled_from([value for value in Value if value is not Value.NOT_APPLICABLE]),
    confidence=st.none() | st.integers(0, 3),
    evidence=st.lists(proofs, max_size=2).map(tuple),
    reason=st.none() | plain,
    exemption=st.none() | exemptions,
)
files = st.builds(
    Answers,
    bank=st.just("1"),
    organization=st.none() | plain,
    team=st.none() | plain,
    date=st.none() | days,
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


def test_a_date_may_be_written_as_a_date(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(HEAD + "answers:\n  C01: {value: all, evidence: [{path: a, date: 2026-01-31}]}\n", encoding="utf-8")
    assert load_answers(path, BANK).answers["C01"].evidence == (Proof(path="a", date="2026-01-31"),)


@pytest.mark.parametrize(
    "words", ["two\nlines", "a\ttab", "全角\u3000空格", "no\u00a0break", "👩\u200d🔬", "a: b # c", "- x", "~"]
)
def test_words_people_type_or_paste_come_back(tmp_path: Path, words: str) -> None:
    path = tmp_path / "answers.yaml"
    answers = Answers(bank="1", organization=words, answers={"C46": Answer(value=Value.NOT_APPLICABLE, reason=words)})
    save_answers(path, answers)
    assert load_answers(path, BANK) == answers


def test_saving_keeps_who_may_read_the_file_and_where_a_link_leads(tmp_path: Path) -> None:
    real = tmp_path / "real.yaml"
    save_answers(real, Answers(bank="1"))
    plain_file = tmp_path / "plain"
    plain_file.touch()
    assert real.stat().st_mode == plain_file.stat().st_mode
    real.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(real)
    save_answers(link, Answers(bank="1", organization="Acme"))
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert load_answers(real, BANK).organization == "Acme"


def test_a_save_that_fails_half_way_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "answers.yaml"
    save_answers(path, Answers(bank="1", organization="before"))

    def no_space(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", no_space)
    with pytest.raises(LadderError, match="No space left"):
        save_answers(path, Answers(bank="1", organization="after"))
    assert load_answers(path, BANK).organization == "before"
    assert [entry.name for entry in tmp_path.iterdir()] == ["answers.yaml"]


def test_the_new_file_is_whole_before_it_takes_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "answers.yaml"
    save_answers(path, Answers(bank="1", organization="before"))
    seen: list[str | None] = []

    def look(beside: Path, target: Path) -> None:
        seen.extend((load_answers(target, BANK).organization, load_answers(beside, BANK).organization))
        raise OSError(5, "stopped here")

    monkeypatch.setattr(Path, "replace", look)
    with pytest.raises(LadderError, match="stopped here"):
        save_answers(path, Answers(bank="1", organization="after"))
    assert seen == ["before", "after"]
    assert load_answers(path, BANK).organization == "before"


KEEP_SAVING = """
import sys
from pathlib import Path
from generator.assess.answersfile import save_answers
from generator.model.assessment import Answer, Answers, Value
path = Path(sys.argv[1])
for turn in range(10**9):
    answers = {f"C{n:02}": Answer(value=Value.ALL, reason=str(turn) * 50) for n in range(1, 51)}
    save_answers(path, Answers(bank="1", organization=str(turn), answers=answers))
    print(turn, flush=True)
"""


@pytest.mark.parametrize("pause", [0.0, 0.003, 0.007, 0.011, 0.02])
def test_a_process_killed_while_saving_loses_no_saved_answer(tmp_path: Path, pause: float) -> None:
    path = tmp_path / "answers.yaml"
    with subprocess.Popen([sys.executable, "-c", KEEP_SAVING, path], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        process.stdout.readline()
        time.sleep(pause)
        process.kill()
        told = ["0", *process.stdout.read().split()]
    saved = load_answers(path, BANK)
    assert int(saved.organization or -1) >= int(told[-1])
    assert len(saved.answers) == 50


def test_the_published_schema_takes_what_the_tool_writes_and_knows_its_facts() -> None:
    schema = json.loads((SCHEMAS / "answers.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    example = yaml.safe_load(EXAMPLE.read_text(encoding="utf-8"))
    jsonschema.validate(example, schema)
    jsonschema.validate(yaml.safe_load(dump_answers(load_answers(EXAMPLE, BANK))), schema)
    facts = schema["properties"]["profile"]["properties"]
    assert list(facts) == [fact.id for fact in BANK.facts]
    assert schema["$defs"]["exemption"]["properties"]["reason"]["enum"] == list(BANK.rules.exemptions)
    for fact in BANK.facts:
        assert facts[fact.id].get("enum", []) == list(fact.choices)
        assert (facts[fact.id].get("minimum"), facts[fact.id].get("maximum")) == (fact.minimum, fact.maximum)


@pytest.mark.parametrize(
    "entry",
    [
        "{value: moste}",
        "{value: not-applicable}",
        "{valu: all}",
        "{value: all, confidence: 4}",
        "{value: all, evidence: [{url: 'ftp://x'}]}",
        "{value: all, evidence: [{path: x, sha256: abc}]}",
        "{value: none, exemption: {reason: lazy, until: 2027-01-31}}",
        "{value: none, exemption: {reason: accepted-risk}}",
    ],
)
def test_the_published_schema_refuses_what_the_tool_refuses(entry: str) -> None:
    schema = json.loads((SCHEMAS / "answers.schema.json").read_text(encoding="utf-8"))
    document = yaml.safe_load(HEAD + f"answers:\n  C46: {entry}\n")
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema)


@given(files)
def test_the_published_schema_takes_whatever_the_tool_writes(answers: Answers) -> None:
    schema = json.loads((SCHEMAS / "answers.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(yaml.safe_load(dump_answers(answers)), schema)


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_what_if_is_understood_or_refused(key: str, value: str) -> None:
    with suppress(UsageError):
        parse_changes(BANK, [f"{key}={value}"])


def test_a_what_if_is_a_fact_or_an_answer() -> None:
    facts, answers = parse_changes(
        BANK, ["team_size=9", "on_call=true", "error_cost=high", "c24=all", "C46=not-applicable"]
    )
    assert facts == {"team_size": 9, "on_call": True, "error_cost": "high"}
    assert {id_: answer.value for id_, answer in answers.items()} == {"C24": Value.ALL, "C46": Value.NOT_APPLICABLE}


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


WRITTEN = """\
# Who may change this: see the wiki.
schema: 1   # do not touch
bank: "1"
organization: Acme # "the" one

respondent:   {name: 'A. Person',   role: lead}
profile:
    team_size: 5     # since May
    # on_call is discussed on Friday
    error_cost: low
answers:
  # data first
  C02: {value: some}   # half of it

  C01:
    value: none        # exports by hand
    # Bo promised a script
    reason: |
      two # lines
      of reason
  C05: {value: all,    # all since 2025
        confidence: 3}
# the end
"""


def comments(text: str) -> list[str]:
    return sorted(word for line in text.splitlines() if (word := line.partition(" #")[2] or line.partition("# ")[2]))


def test_saving_keeps_what_a_person_wrote_and_changes_one_line_an_answer(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    before = load_answers(path, BANK)
    save_answers(path, before)
    assert path.read_text(encoding="utf-8") == WRITTEN
    save_answers(path, replace(before, answers={**before.answers, "C02": Answer(value=Value.MOST, confidence=2)}))
    expected = WRITTEN.replace("C02: {value: some}   #", "C02: {value: most, confidence: 2}   #")
    assert path.read_text(encoding="utf-8") == expected


def test_new_answers_and_facts_take_their_place_in_the_persons_layout(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text(WRITTEN, encoding="utf-8")
    before = load_answers(path, BANK)
    after = replace(
        before,
        date="2026-03-01",
        profile={**before.profile, "on_call": True},
        answers={**before.answers, "C03": Answer(value=Value.SOME), "C05": Answer(value=Value.SOME)},
    )
    save_answers(path, after)
    text = path.read_text(encoding="utf-8")
    assert load_answers(path, BANK) == after
    assert "  C02: {value: some}   # half of it\n  C03: {value: some}\n" in text
    assert "    error_cost: low\n    on_call: true\nanswers:" in text
    assert "organization: Acme # \"the\" one\ndate: '2026-03-01'\n" in text
    assert "  # all since 2025\n  C05: {value: some}\n# the end\n" in text
    assert comments(text) == comments(WRITTEN)


noted = st.text(st.characters(categories=["L", "N"], include_characters=" '\"#:{}[],&*"), max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(files, files, st.lists(noted, min_size=1, max_size=4), st.data())
def test_no_comment_is_lost_and_every_answer_is_right_whatever_changes(
    tmp_path: Path, before: Answers, after: Answers, words: list[str], data: st.DataObject
) -> None:
    lines = dump_answers(before).splitlines()
    wanted = []
    for number, word in enumerate(words):
        comment = f"# {number}{word}".rstrip()
        place = data.draw(st.integers(0, len(lines) - 1))
        if data.draw(st.booleans()):
            lines[place] += f"  {comment}"
        else:
            lines.insert(place, comment)
        wanted.append(comment)
    path = tmp_path / "answers.yaml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    save_answers(path, after)
    assert load_answers(path, BANK) == after
    text = path.read_text(encoding="utf-8")
    assert [comment for comment in wanted if comment not in text] == []


@pytest.mark.parametrize(
    "text",
    [
        "{schema: 1, bank: '1', answers: {C01: {value: all}}} # flow",
        "# bom\n---\nschema: 1\nbank: '1'\nprofile:\nanswers:\n...\n",
        "schema: 1 # crlf\r\nbank: '1'\r\nanswers:\r\n  C01: {value: all} # x\r\n",
        "schema: 1\nbank: 1\nanswers:\n  ? C01\n  : value: all # odd\n",
        "schema: 1\nbank: '1'\nanswers: {C01: {value: all}, # a\n  C03: {value: none}}",
        "answers:\n  C01: {value: none}\nschema: 1\nbank: '1'\norganization: 'it''s # no comment'",
    ],
)
def test_odd_layouts_are_saved_right_with_their_comments(tmp_path: Path, text: str) -> None:
    path = tmp_path / "answers.yaml"
    path.write_bytes(text.encode())
    before = load_answers(path, BANK)
    after = replace(
        before, profile={"on_call": False}, answers={**before.answers, "C01": Answer(value=Value.SOME), "C02": NEW}
    )
    save_answers(path, after)
    assert load_answers(path, BANK) == after
    saved = path.read_text(encoding="utf-8")
    assert all(word in saved for word in ("# flow", "# bom", "# crlf", "# x", "# odd", "# a", "# no") if word in text)


NEW = Answer(value=Value.MOST, reason="no: yes # {x}")


def test_a_file_that_is_broken_by_hand_is_still_saved(tmp_path: Path) -> None:
    path = tmp_path / "answers.yaml"
    path.write_text("schema: [1\n", encoding="utf-8")
    save_answers(path, Answers(bank="1", answers={"C02": NEW}))
    assert load_answers(path, BANK).answers == {"C02": NEW}
