"""The figures of `bench/agreement.py` are what their names say, and a tree is written as it was committed."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

BENCH = Path(__file__).parents[2] / "bench/agreement.py"


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("agreement", BENCH)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["agreement"] = module
    spec.loader.exec_module(module)
    return module


agreement = loaded()


def pair(level: int | None, said: int | None, keys: str = "", seen: str = "", kind: str = "project") -> Any:
    return agreement.Pair(
        name="o/n", split="tune", kind=(kind, "project" if said is not None else "not-ml"), level=(level, said),
        by_keys=said, keys=(frozenset(keys.split()), frozenset(seen.split())),
    )  # fmt: skip


def test_kappa_is_one_in_full_agreement_and_nought_by_chance() -> None:
    assert agreement.weighted_kappa([(0, 0), (1, 1), (2, 2)]) == 1
    assert agreement.weighted_kappa([(0, 0), (0, 1), (1, 0), (1, 1)]) == 0
    assert agreement.weighted_kappa([(1, 1), (1, 1)]) is None
    assert agreement.weighted_kappa([]) is None


def test_kappa_weighs_far_disagreement_more_and_matches_a_table_worked_by_hand() -> None:
    # labels 0 0 1 2 said 0 1 1 0: squared distances 0+1+0+4 = 5; by chance (2*2 + 1*2 + 4*2 + 1*2) / 4 = 4
    assert agreement.weighted_kappa([(0, 0), (0, 1), (1, 1), (2, 0)]) == 1 - 5 / 4
    near = agreement.weighted_kappa([(0, 1), (1, 1), (2, 2), (3, 3)])
    far = agreement.weighted_kappa([(0, 3), (1, 1), (2, 2), (3, 3)])
    assert near > far


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=40))
def test_kappa_is_symmetric_and_never_above_one(pairs: list[tuple[int, int]]) -> None:
    kappa = agreement.weighted_kappa(pairs)
    assert kappa == agreement.weighted_kappa([(b, a) for a, b in pairs])
    assert kappa is None or kappa <= 1


def test_precision_and_recall_keep_their_counts() -> None:
    found = agreement.rate([(True, True), (True, False), (False, True), (False, False), (True, True)])
    assert (found.n, found.labelled, found.said, found.right) == (5, 3, 3, 2)
    assert (found.precision, found.recall) == (0.667, 0.667)
    assert agreement.rate([(False, False)]).precision is None


def test_a_gate_needs_each_of_its_groups() -> None:
    assert agreement.level_by_keys(frozenset(["C03", "C04", "C11"])) == 1
    assert agreement.level_by_keys(frozenset(["C03", "C04"])) == 0
    assert agreement.level_by_keys(frozenset(["C03", "C04", "C11", "C19", "C28", "C27", "C25", "C34"])) == 2
    assert agreement.level_by_keys(frozenset(["C19", "C28", "C27", "C25", "C34"])) == 0


def test_what_the_scan_takes_for_no_project_agrees_with_no_level_and_passes_no_gate() -> None:
    half = agreement.summary([pair(1, None, "C03 C04 C11", "C03 C04 C11"), pair(0, 0)])
    assert half["level_agrees"] == 0.5
    assert half["gates"][1]["said"] == 0
    assert half["level_kappa_n"] == 1


@pytest.mark.skipif(sys.platform == "win32", reason="links and such names need a POSIX file system")
def test_a_tree_is_written_from_objects_without_links_filters_or_attributes(tmp_path: Path) -> None:
    root, out = tmp_path / "it", tmp_path / "out"
    root.mkdir()

    def git(*words: str) -> str:
        who = ["-c", "user.name=a", "-c", "user.email=a@x", "-c", "filter.evil.clean=cat", "-c", "core.quotepath=off"]
        done = subprocess.run(["git", *who, *words], cwd=root, check=True, capture_output=True, text=True)
        return done.stdout.strip()

    git("init", "-q")
    (root / "a b").mkdir()
    (root / "a b/ü.txt").write_text("text\n", encoding="utf-8")
    (root / "big.bin").write_bytes(b"x" * 1_500_000)
    (root / ".gitattributes").write_text("*.txt export-ignore filter=evil\n")
    (root / "link").symlink_to("/etc/passwd")
    git("add", "-A")
    git("commit", "-qm", "one")
    assert agreement.write_tree(root / ".git", git("rev-parse", "HEAD"), out)
    assert (out / "a b/ü.txt").read_text(encoding="utf-8") == "text\n"
    assert (out / "big.bin").stat().st_size == agreement.LARGEST
    assert not (out / "link").exists()
    assert not agreement.write_tree(root / ".git", "0" * 40, out)


def test_a_tree_is_compared_with_its_label_by_the_scan_itself(tmp_path: Path) -> None:
    from tests.scan.worlds import TRAIN

    (tmp_path / "train.py").write_text(TRAIN, encoding="utf-8")
    entry = {"name": "o/n", "split": "tune", "kind": "ml-project", "level": 1, "keys": ["C03", "C04"]}
    found = agreement.compare(entry, tmp_path)
    assert (found.kind, found.level, found.by_keys) == (("project", "project"), (1, 0), 0)
    assert "C04" in found.keys[0] & found.keys[1]
