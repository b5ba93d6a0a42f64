"""Bills of materials: attached to an image they sign a release, lying in the tree they only declare."""

from __future__ import annotations

import json

import pytest

from generator.model.scan import Grade, Outcome
from generator.scan.api import build
from generator.scan.snapshot import in_memory
from tests.scan.worlds import TRAIN, evidence

FLOW = "on: push\njobs:\n  one:\n    runs-on: x\n    steps:\n      - {}\n"


@pytest.mark.parametrize("step", ["run: cosign attest --type cyclonedx x", "uses: actions/attest-sbom@v2"])
def test_an_attestation_in_ci_counts(step: str) -> None:
    assert evidence({".github/workflows/a.yml": FLOW.format(step), "train.py": TRAIN}, "C49").outcome is Outcome.YES


def test_a_document_in_the_tree_only_declares() -> None:
    made = {"bom.json": json.dumps({"bomFormat": "CycloneDX", "components": []}), "train.py": TRAIN}
    found = evidence(made, "C49")
    assert (found.outcome, found.grade) == (Outcome.NO, Grade.E1)


@pytest.mark.parametrize(
    "text",
    ['{"bomFormat": "other"}', '["bomFormat"]', '{"spdxVersion": 3}', '{"bomFormat": ', "[" * 99_999 + '"bomFormat"'],
)
def test_what_only_looks_like_one_is_none(text: str) -> None:
    assert build(in_memory({"sbom.json": text})).resources == ()
