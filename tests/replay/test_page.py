"""The document keeps its schema, and the page shows all of it and nothing from outside."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import generator
from generator import text
from generator.replay.document import document
from generator.replay.page import page
from generator.replay.score import score
from tests.replay.seasons import SEASON, log

SCHEMA = json.loads((Path(generator.__file__).parent / "schemas/replay.schema.json").read_text(encoding="utf-8"))
RATES: dict[str, Any] = {
    "healthy": [
        {
            "stream": "real",
            "batches": 70,
            "alarms": 1,
            "upper_per_1000": 67.8,
            "rollbacks": 0,
            "rollbacks_upper_per_1000": 42.8,
            "brier": 0.2,
            "promised": 0.21,
        }
    ],
    "detection": [
        {
            "stream": "synthetic",
            "flips": 0.2,
            "above_promise": 0.03,
            "harmful": True,
            "runs": 20,
            "found": 0.5,
            "in_time": 0.1,
            "median_batches": None,
            "theory_batches": 12.5,
            "early": 0,
        }
    ],
    "canary": [
        {
            "noise": 0.3,
            "worse_by": 0.09,
            "trials": 20,
            "in_time": 0.9,
            "median_batches": 5.5,
            "rolled_back": 0.95,
            "promoted": 0.05,
        }
    ],
}


@pytest.fixture
def result() -> dict[str, Any]:
    return document([score(SEASON, log())], [log()], RATES, "day")


def test_document_keeps_its_schema_with_and_without_rates(result: dict[str, Any]) -> None:
    jsonschema.validate(result, SCHEMA)
    jsonschema.validate({**result, "rates": None}, SCHEMA)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**result, "surprise": 1}, SCHEMA)


def test_page_needs_nothing_else_and_escapes_what_projects_say(result: dict[str, Any]) -> None:
    shown = page(result)
    assert not re.search(r"(src|href)\s*=|@import|url\(", shown)
    assert "<bad>" not in shown
    assert "canary &lt;bad&gt; rolled back" in shown
    assert shown.count("<svg") == 1
    assert shown.count('class="shade"') == len(SEASON.incidents)


def test_page_draws_a_bar_a_batch_as_high_as_its_loss(result: dict[str, Any]) -> None:
    heights = [float(one) for one in re.findall(r'class="bar"[^>]*height="([\d.]+)"', page(result))]
    assert len(heights) == SEASON.batches
    assert heights.index(max(heights)) in (9, 10)
    assert heights[0] == 0.0


def test_page_names_what_never_happened_and_every_rate(result: dict[str, Any]) -> None:
    shown = page(result)
    for told in (text.say("replay.never"), "67.8", "12.5", "95%"):
        assert told in shown


def test_page_without_rates_has_no_section_for_them(result: dict[str, Any]) -> None:
    assert text.say("replay.section-rates") not in page({**result, "rates": None})
