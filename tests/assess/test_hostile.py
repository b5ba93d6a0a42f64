"""Files from strangers: one clear line with file and place, in bounded time, or a right reading."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from generator.assess.answersfile import EXAMPLE, load_answers
from generator.assess.bank import load_bank
from generator.cli import main
from generator.errors import LadderError
from generator.model.assessment import Answers, Value
from generator.yamlfile import LARGEST

BANK = load_bank()
GOOD = EXAMPLE.read_bytes()
HEAD = 'schema: 1\nbank: "1"\n'
CALM = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=250)


def read_or_refused(folder: Path, content: bytes) -> str:
    """Return the refusal, empty for a file that was read; fails for anything but one clear line."""
    path = folder / "answers.yaml"
    path.write_bytes(content)
    try:
        answers = load_answers(path, BANK)
    except LadderError as error:
        said = str(error)
        assert said.startswith(str(path)), said
        assert said.isprintable(), said
        assert len(said) < len(str(path)) + 700, said
        return said
    assert isinstance(answers, Answers)
    assert set(answers.answers) <= {capability.id for capability in BANK.capabilities}
    return ""


@CALM
@given(
    st.lists(
        st.tuples(
            st.floats(0, 1), st.sampled_from(["set", "cut", "insert", "double"]), st.binary(min_size=1, max_size=6)
        ),
        min_size=1,
        max_size=4,
    )
)
def test_a_good_file_with_bytes_changed(tmp_path: Path, changes: list[tuple[float, str, bytes]]) -> None:
    content = GOOD
    for where, how, what in changes:
        place = int(where * len(content))
        before, after = content[:place], content[place:]
        content = {
            "set": before + what + after[len(what) :],
            "cut": before + after[len(what) * 3 :],
            "insert": before + what + after,
            "double": before + after[:40] + after,
        }[how]
    read_or_refused(tmp_path, content)


@pytest.mark.parametrize("start", range(5))
def test_a_good_file_cut_short_anywhere(tmp_path: Path, start: int) -> None:
    for end in range(start, len(GOOD), 11):
        read_or_refused(tmp_path, GOOD[:end])


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates(),
    st.text(max_size=12),
    st.binary(max_size=4),
    st.sampled_from(["all", "C01", "value", "1", "schema", "2026-13-45", "not-applicable"]),
)
keys = st.one_of(
    st.sampled_from(
        ["schema", "bank", "organization", "date", "respondent", "profile", "answers", "C01", "C46", "value"]
    ),
    scalars,
)
documents = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4), max_leaves=12
)


@CALM
@given(documents)
def test_any_yaml_at_all(tmp_path: Path, document: Any) -> None:
    read_or_refused(tmp_path, yaml.dump(document, allow_unicode=True).encode("utf-8", "surrogatepass"))


entries = st.fixed_dictionaries(
    {"value": st.sampled_from([*[value.value for value in Value], "moste", None, 1])},
    optional={
        "confidence": scalars | st.integers(0, 3),
        "reason": scalars,
        "evidence": documents
        | st.lists(st.dictionaries(st.sampled_from(["path", "url", "note", "sha256", "dat"]), scalars)),
        "exemption": st.dictionaries(
            st.sampled_from(["reason", "until", "note"]), scalars | st.sampled_from(["accepted-risk", "2027-01-31"])
        ),
        "valeu": scalars,
    },
)
grammar = st.fixed_dictionaries(
    {"schema": st.sampled_from([1, 1, 1, 2, True]), "bank": st.sampled_from(["1", "1", 1, "2", None])},
    optional={
        "organization": scalars,
        "team": scalars,
        "date": scalars,
        "respondent": st.dictionaries(st.sampled_from(["name", "role", "age"]), scalars) | scalars,
        "profile": st.dictionaries(st.sampled_from([*[fact.id for fact in BANK.facts], "team_sise"]), scalars)
        | scalars,
        "answers": st.dictionaries(st.sampled_from(["C01", "C04", "C46", "C51", "c01"]), entries | scalars, max_size=4),
    },
)


@CALM
@given(grammar)
@example({"schema": 1, "bank": "1", "answers": {"C01": {"value": "all", "evidence": [{"path": "a\u2028b"}]}}})
def test_files_of_nearly_the_right_shape(tmp_path: Path, document: dict[str, Any]) -> None:
    said = read_or_refused(tmp_path, yaml.dump(document, sort_keys=False, allow_unicode=True).encode())
    if said:
        assert re.match(r".*answers\.yaml:\d+: ", said)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (HEAD.encode("utf-16"), "UTF-8"),
        ("organization: Müller".encode("latin-1"), "UTF-8"),
        (b"\x1f\x8b\x08\x00" + bytes(range(256)), "UTF-8"),
        (b"\x7fELF\x01\x01\x00\x00", "no text holds"),
        (b"PK\x03\x04\x14\x00", "no text holds"),
        (b"a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\n", "aliases"),
        (b"a: &a {a: *a}\n", "aliases"),
        ((HEAD + "profile: {<<: {team_size: 3}, <<: {team_size: 4}}\n").encode(), "twice"),
        (b"[" * 100_000, "nested"),
        (b"- " * 100_000, "nested"),
        (b"a: " + b"{a: " * 40, "nested"),
        (b"? " * 1000, "nested"),
        (b"x" * (LARGEST + 1), "larger than"),
        (b"- a\n" * 150_000, "parts"),
        (b"[" + b"a," * 200_000 + b"]", "parts"),
        ((HEAD + "organization: !!python/object/apply:os.system [ls]\n").encode(), "not valid YAML"),
        ((HEAD + "organization: !!binary aGVsbG8=\n").encode(), "plain text"),
        ((HEAD + "answers: !!set {C01}\n").encode(), "must hold keys"),
        ((HEAD + f"profile: {{team_size: {'9' * 5000}}}\n").encode(), ":3:"),
        ((HEAD + f"profile: {{team_size: {'9' * 4000}}}\n").encode(), "whole number"),
        ((HEAD + "profile: {team_size: .inf}\n").encode(), "whole number"),
        ((HEAD + '"org\\e[31m": x\n').encode(), "\\x1b[31m"),
        ((HEAD + f"{'k' * 1000}: x\n").encode(), "..."),
        ((HEAD + f"? {'k' * 900_000}\n: x\n").encode(), "..."),
        ((HEAD + 'organization: "a\\u202eb"\n').encode(), "plain text"),
        ((HEAD + "date: 2026-02-30\n").encode(), ":3:"),
        ((HEAD + "answers:\n\tC01: {value: all}\n").encode(), ":4:"),
        ((HEAD + "---\nschema: 1\n").encode(), "not valid YAML"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_trick_is_one_clear_line_in_bounded_time(tmp_path: Path, content: bytes, key: str) -> None:
    before = time.process_time()
    said = read_or_refused(tmp_path, content)
    assert key in said
    assert time.process_time() - before < 4


def test_a_refusal_names_the_nearest_right_key_on_one_line_of_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(HEAD + "answers:\n  C01: {value: all, evidense: []}\n", encoding="utf-8")
    assert main(["score", str(path)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    [line] = captured.err.splitlines()
    assert line.endswith("a.yaml:4: there is no key evidense here; did you mean evidence?")


@pytest.mark.parametrize("name", ["/dev/null", "/dev/zero"])
def test_a_device_is_no_answers_file(name: str) -> None:
    if not Path(name).exists():
        pytest.skip("no such device here")
    with pytest.raises(LadderError, match="check the path"):
        load_answers(Path(name), BANK)
