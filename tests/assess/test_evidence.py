"""Evidence is looked at where it is named, never outside, and what is not there is said."""

from __future__ import annotations

import hashlib
import os
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.evidence import look, look_at, proof_of
from generator.assess.score import score_ballots
from generator.errors import LadderError
from generator.model.assessment import Answer, Answers, Ballot, Proof, Value
from generator.model.evidence import Seen, Standing

BANK = load_bank()
WORDS = b"print('training')\n"
DIGEST = hashlib.sha256(WORDS).hexdigest()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    (folder / "src").mkdir(parents=True)
    (folder / "src/train.py").write_bytes(WORDS)
    (tmp_path / "secret").write_text("outside", encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("proof", "seen"),
    [
        (Proof(path="src/train.py"), Seen.PRESENT),
        (Proof(path="src"), Seen.PRESENT),
        (Proof(path="src/../src/train.py"), Seen.PRESENT),
        (Proof(path="src/train.py", sha256=DIGEST), Seen.MATCHES),
        (Proof(path="src/train.py", sha256="0" * 64), Seen.CHANGED),
        (Proof(path="src", sha256=DIGEST), Seen.UNREADABLE),
        (Proof(path="src/tarin.py"), Seen.MISSING),
        (Proof(path="src/tarin.py", sha256=DIGEST), Seen.MISSING),
        (Proof(path="../secret"), Seen.OUTSIDE),
        (Proof(path="../secret", sha256=DIGEST), Seen.OUTSIDE),
        (Proof(path="../not-there"), Seen.OUTSIDE),
        (Proof(path=str(Path(os.sep).resolve())), Seen.OUTSIDE),
        (Proof(path="x" * 2000), Seen.UNREADABLE),
        (Proof(url="https://a.example"), Seen.NOT_CHECKED),
        (Proof(note="ask Bo"), Seen.NOT_CHECKED),
    ],
    ids=str,
)
def test_what_looking_gives(root: Path, proof: Proof, seen: Seen) -> None:
    assert look_at(proof, [root]) is seen


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_that_leads_out_is_not_followed_and_a_loop_ends(root: Path) -> None:
    (root / "out").symlink_to(root.parent / "secret")
    (root / "loop").symlink_to(root / "loop")
    assert look_at(Proof(path="out"), [root]) is Seen.OUTSIDE
    assert look_at(Proof(path="loop"), [root]) in (Seen.UNREADABLE, Seen.MISSING)


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes in the file system there")
def test_a_pipe_is_never_waited_on(root: Path) -> None:
    os.mkfifo(root / "pipe")
    assert look_at(Proof(path="pipe", sha256=DIGEST), [root]) is Seen.UNREADABLE


def test_a_file_in_any_of_the_repositories_counts(root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert look_at(Proof(path="src/train.py", sha256=DIGEST), [other, root]) is Seen.MATCHES
    (other / "src").mkdir()
    (other / "src/train.py").write_text("changed", encoding="utf-8")
    assert look_at(Proof(path="src/train.py", sha256=DIGEST), [other, root]) is Seen.MATCHES


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(max_size=60))
def test_no_name_whatever_brings_looking_down(root: Path, name: str) -> None:
    assert look_at(Proof(path=name), [root]) in Seen


def result_for(root: Path, *proofs: Proof, value: Value = Value.ALL) -> tuple[Standing, list[str], int]:
    table = {c.id: Answer(value=Value.ALL, evidence=(Proof(note="shown"),)) for c in BANK.at(1)}
    answers = Answers(bank="1", answers={**table, "C04": Answer(value=value, evidence=proofs)})
    result = score_ballots(BANK, [Ballot(label="a", answers=answers, checks=look(answers, [root]))])
    standing = next(one.standing for one in result.support if one.capability == "C04")
    assert result.level == (1 if value is Value.ALL else 0)
    return standing, [finding.kind for finding in result.findings], result.evidenced_level


def test_what_an_answer_rests_on_is_its_best_proof(root: Path) -> None:
    here, gone, note = Proof(path="src"), Proof(path="gone"), Proof(note="ask Bo")
    assert result_for(root, here) == (Standing.VERIFIED, [], 1)
    assert result_for(root, note) == (Standing.NAMED, [], 1)
    assert result_for(root, Proof(path="../secret")) == (Standing.NAMED, ["evidence-outside"], 1)
    assert result_for(root, gone) == (Standing.BROKEN, ["evidence-missing"], 0)
    assert result_for(root, Proof(path="src/train.py", sha256="0" * 64)) == (Standing.BROKEN, ["evidence-changed"], 0)
    assert result_for(root, gone, here) == (Standing.VERIFIED, ["evidence-missing"], 1)
    assert result_for(root) == (Standing.CLAIM, [], 0)


def test_an_answer_that_claims_nothing_needs_nothing(root: Path) -> None:
    assert result_for(root, value=Value.NONE) == (Standing.NOT_NEEDED, [], 0)


@pytest.mark.parametrize(
    ("typed", "proof"),
    [
        ("src/train.py", Proof(path="src/train.py", sha256=DIGEST)),
        (" src/./train.py ", Proof(path="src/train.py", sha256=DIGEST)),
        ("src", Proof(path="src")),
        ("https://a.example/run", Proof(url="https://a.example/run")),
        ("ask Bo", Proof(note="ask Bo")),
        ("Bo", Proof(note="Bo")),
        ("note: gone/train.py", Proof(note="gone/train.py")),
        ("see train.py and the wiki", Proof(note="see train.py and the wiki")),
    ],
)
def test_what_is_typed_becomes_the_right_kind_of_proof(root: Path, typed: str, proof: Proof) -> None:
    assert proof_of(typed, [root]) == proof


def test_a_whole_path_is_noted_from_the_folder_it_lies_in(root: Path) -> None:
    assert proof_of(str(root / "src/train.py"), [root]).path == "src/train.py"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("src/tarin.py", "evidence.typed-missing"),
        ("tarin.py", "evidence.typed-missing"),
        ("../secret", "evidence.typed-outside"),
        ("javascript://x", "evidence.typed-address"),
        ("http://a b", "evidence.typed-address"),
    ],
)
def test_what_is_no_evidence_is_said_while_typing(root: Path, typed: str, key: str) -> None:
    with pytest.raises(LadderError) as error:
        proof_of(typed, [root])
    assert error.value.key == key


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40).filter(str.strip))
def test_whatever_is_typed_is_a_proof_or_refused(root: Path, typed: str) -> None:
    with suppress(LadderError):
        assert look_at(proof_of(typed, [root]), [root]) in (Seen.MATCHES, Seen.PRESENT, Seen.NOT_CHECKED)
