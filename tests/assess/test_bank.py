"""The packaged bank is sound, and a spoilt copy of it is refused with file and line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from generator import text
from generator.assess.bank import PACKAGED, STRUCTURE, load_bank
from generator.assess.bankcheck import validate_bank
from generator.cli import main
from generator.yamlfile import read

CAPABILITY_KEYS = sorted(yaml.safe_load((PACKAGED / "capabilities.yaml").read_text(encoding="utf-8"))[0])


@pytest.fixture(scope="module")
def custom(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("custom")
    for name in STRUCTURE:
        shutil.copy(PACKAGED / f"{name}.yaml", folder)
    shutil.copytree(text.LOCALE / "en" / "bank", folder / "en")
    return folder


def complaints(folder: Path, file: str, spoil: Callable[[Any], object], place: tuple[str | int, ...]) -> list[str]:
    """Return what is said at the line of `place` once `spoil` changed `file`; the file is put back."""
    path = folder / file
    before = path.read_bytes()
    try:
        value = yaml.safe_load(before)
        spoil(value)
        path.write_text(yaml.safe_dump(value, sort_keys=False, allow_unicode=True), encoding="utf-8")
        start = f"{path}:{read(path).line(place)}:"
        return [line for line in validate_bank(folder) if line.startswith(start)]
    finally:
        path.write_bytes(before)


def test_the_packaged_bank_and_its_copy_are_sound(custom: Path) -> None:
    assert validate_bank(PACKAGED) == []
    assert validate_bank(custom) == []
    assert load_bank(custom) == load_bank()


def test_capabilities_stand_as_published() -> None:
    bank = load_bank()
    assert [capability.id for capability in bank.capabilities] == [f"C{n:02}" for n in range(1, 51)]
    assert [len(bank.at(level)) for level in (1, 2, 3)] == [12, 20, 18]
    assert [gate.keys for gate in bank.rules.gates] == [
        (("C03",), ("C04",), ("C11",)),
        (("C19",), ("C28",), ("C27",), ("C24", "C25"), ("C34",)),
        (("C38", "C39"), ("C40", "C41"), ("C44",), ("C48",)),
    ]


def test_no_two_answers_share_their_words() -> None:
    said = [words for capability in load_bank().capabilities for words in capability.answers.values()]
    assert len(said) == len(set(said))


def test_loading_the_packaged_bank_does_not_pay_for_jsonschema() -> None:
    code = "import sys; from generator.assess.bank import load_bank; load_bank(); print('jsonschema' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout.strip() == "False"


@settings(max_examples=12, deadline=None)
@given(index=st.integers(0, 49), key=st.sampled_from(CAPABILITY_KEYS), what=st.sampled_from(["drop", "rename", "type"]))
def test_a_spoilt_capability_is_refused_at_its_line(custom: Path, index: int, key: str, what: str) -> None:
    def spoil(entries: Any) -> None:
        old = entries[index].pop(key)
        if what == "rename":
            entries[index][key + "x"] = old
        if what == "type":
            entries[index][key] = {"wrong": 1}

    place = {"drop": (index,), "rename": (index, key + "x"), "type": (index, key)}[what]
    assert complaints(custom, "capabilities.yaml", spoil, place)


@pytest.mark.parametrize(
    ("file", "spoil", "place"),
    [
        ("capabilities.yaml", lambda v: v[0]["prerequisites"].append("C02"), (0, "prerequisites")),
        ("capabilities.yaml", lambda v: v[1].update(id="C01"), (1, "id")),
        ("rules.yaml", lambda v: v["gates"][0]["keys"].append(["C99"]), ("gates", 0, "keys", 3)),
        ("rules.yaml", lambda v: v["gates"][0]["keys"].append(["C38"]), ("gates", 0, "keys", 3)),
        ("targets.yaml", lambda v: v["rules"][0]["when"][0].update(fact="mood"), ("rules", 0, "when", 0, "fact")),
        ("targets.yaml", lambda v: v["rules"][0]["when"][0].update(value="x"), ("rules", 0, "when", 0, "value")),
        ("targets.yaml", lambda v: v["rules"][0].update(dimensions=["moon"]), ("rules", 0, "dimensions")),
        ("en/data-management.yaml", lambda v: v["C01"]["answers"].pop("most"), ("C01",)),
        ("en/data-management.yaml", lambda v: v["C01"].update(title=3), ("C01",)),
        ("en/data-management.yaml", lambda v: v.update(C77={}), ("C77",)),
        ("en/names.yaml", lambda v: v["dimensions"].pop("data-management"), ("dimensions",)),
        ("en/profile.yaml", lambda v: v["error_cost"]["labels"].pop("low"), ("error_cost",)),
        ("en/targets.yaml", lambda v: v["caps"].clear(), ("caps",)),
    ],
)
def test_what_refers_to_nothing_is_refused_at_its_line(custom: Path, file: str, spoil: Any, place: Any) -> None:
    assert complaints(custom, file, spoil, place)


def test_a_prerequisite_of_a_higher_level_is_refused(custom: Path) -> None:
    said = complaints(custom, "capabilities.yaml", lambda v: v[0]["prerequisites"].append("C38"), (0, "prerequisites"))
    assert any("C38, which belongs to a higher level" in line for line in said)


def test_the_nearest_right_key_is_named(custom: Path) -> None:
    [line] = complaints(custom, "capabilities.yaml", lambda v: v[0].update(efort="low"), (0, "efort"))
    assert "effort" in line


def test_the_bank_fits_eighty_columns_and_prints_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bank"]) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80
    assert main(["bank", "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)["capabilities"]) == 50
