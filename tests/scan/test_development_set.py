"""The labelled development set keeps its rules: counts, split by hash, labels that follow from the keys they name."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

SET = yaml.safe_load((Path(__file__).parent / "development_set.yaml").read_text(encoding="utf-8"))
RULES = yaml.safe_load((Path(__file__).parents[2] / "generator/bank/rules.yaml").read_text(encoding="utf-8"))
REPOSITORIES: list[dict[str, Any]] = SET["repositories"]
KINDS = {"ml-project", "library", "template", "course", "monorepo", "not-ml"}


def names(repository: dict[str, Any]) -> str:
    return str(repository["name"])


def test_the_set_holds_at_least_forty_repositories_and_every_kind() -> None:
    assert len(REPOSITORIES) >= 40
    assert {repository["kind"] for repository in REPOSITORIES} == KINDS
    assert len({repository["name"].lower() for repository in REPOSITORIES}) == len(REPOSITORIES)


@pytest.mark.parametrize("repository", REPOSITORIES, ids=names)
def test_each_label_names_a_commit_a_known_kind_and_its_reason(repository: dict[str, Any]) -> None:
    assert re.fullmatch(r"[0-9a-f]{40}", repository["commit"])
    assert repository["kind"] in KINDS
    assert repository["confidence"] in {"high", "medium", "low"}
    assert len(repository["reason"].split()) >= 6


@pytest.mark.parametrize("repository", REPOSITORIES, ids=names)
def test_the_split_follows_from_the_name_alone(repository: dict[str, Any]) -> None:
    even = hashlib.sha256(repository["name"].encode()).digest()[0] % 2 == 0
    assert repository["split"] == ("tune" if even else "held-out")


@pytest.mark.parametrize("repository", REPOSITORIES, ids=names)
def test_gates_and_level_follow_from_the_keys_and_our_rules(repository: dict[str, Any]) -> None:
    if repository["kind"] != "ml-project":
        assert repository["level"] is None
        assert repository["gates"] is None
        return
    seen = set(repository["keys"])
    passed = {gate["level"]: all(seen & set(group) for group in gate["keys"]) for gate in RULES["gates"]}
    assert repository["gates"] == passed
    climbed = [n for n in (1, 2, 3) if all(passed[m] for m in range(1, n + 1))]
    assert repository["level"] == max(climbed, default=0)
