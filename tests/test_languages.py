"""Two languages, word for word, and a third one that is only a folder."""

from __future__ import annotations

import os
import re
import shutil
import string
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from generator import columns, text
from generator.assess.answersfile import EXAMPLE
from generator.assess.bank import STRUCTURE, load_bank
from generator.assess.bankcheck import validate_bank
from generator.cli import main

LANGUAGES = [name for name in text.languages() if name != text.DEFAULT_LANGUAGE]
FILES = sorted(path.relative_to(text.LOCALE / "en") for path in (text.LOCALE / "en").rglob("*.yaml"))
HAN = re.compile("[\u4e00-\u9fff]")
SAME_IN_CHINESE = {
    "profile.ci.labels": {"github", "gitlab", "azure", "jenkins"},
    "profile.framework.labels": {"scikit-learn", "pytorch", "tensorflow", "xgboost"},
    "model-development.C05": {"example"},
    "start": {"level"},
    "cli": {"error"},
    "report": {"nothing", "band", "conflict", "done", "moved-up", "moved-down", "moved-none", "past-text-line"}
    | {"role-view"},
    "score": {"comma", "semicolon", "step"},
}
"""Names, a command, and fields with nothing but marks between them."""


@pytest.fixture(autouse=True)
def _english_afterwards() -> Iterator[None]:
    yield
    text.use_language(text.DEFAULT_LANGUAGE)


def leaves(path: Path) -> dict[str, str]:
    """Return every sentence of a file by its dotted place."""

    def walk(place: str, value: Any) -> Iterator[tuple[str, str]]:
        for key, inner in value.items():
            if isinstance(inner, dict):
                yield from walk(f"{place}.{key}", inner)
            else:
                yield f"{place}.{key}", inner

    return dict(walk(path.stem, yaml.safe_load(path.read_text(encoding="utf-8"))))


def fields(sentence: str) -> list[str]:
    named = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
    return sorted(named + re.findall(r"%\((\w+)\)", sentence))


def speak(*arguments: str, language: str = "zh-CN", **more: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "80", "LADDER_LANG": language, **more}
    command = [sys.executable, "-m", "generator", *arguments]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=environment, check=False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_language_lacks_a_file_or_has_one_too_many(language: str) -> None:
    there = sorted(path.relative_to(text.LOCALE / language) for path in (text.LOCALE / language).rglob("*.yaml"))
    assert there == FILES


@pytest.mark.parametrize("file", FILES, ids=str)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_there_with_the_same_fields(language: str, file: Path) -> None:
    english, other = leaves(text.LOCALE / "en" / file), leaves(text.LOCALE / language / file)
    assert sorted(other) == sorted(english)
    spoken = "messages" in file.parts
    assert [key for key in english if spoken and fields(english[key]) != fields(other[key])] == []
    assert [key for key, value in other.items() if not isinstance(value, str) or not value.strip()] == []


@pytest.mark.parametrize("file", FILES, ids=str)
def test_nothing_is_left_in_english_by_mistake(file: Path) -> None:
    same = {f"{place}.{key}" for place, keys in SAME_IN_CHINESE.items() for key in keys}
    chinese = leaves(text.LOCALE / "zh-CN" / file)
    assert sorted(key for key, value in chinese.items() if not HAN.search(value) and key not in same) == []
    assert {key for key in same if key in chinese and HAN.search(chinese[key])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_bank_is_sound_in_every_language_and_of_one_structure(language: str, tmp_path: Path) -> None:
    for name in STRUCTURE:
        shutil.copy(EXAMPLE.parent / f"{name}.yaml", tmp_path)
    shutil.copytree(text.LOCALE / language / "bank", tmp_path / language)
    english = load_bank()
    text.use_language(language)
    assert validate_bank(tmp_path) == []
    bank = load_bank()
    assert [c.id for c in bank.capabilities] == [c.id for c in english.capabilities]
    said = [words for capability in bank.capabilities for words in capability.answers.values()]
    assert len(said) == len(set(said)) == 200


def test_a_third_language_is_one_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    shutil.copytree(text.LOCALE, tmp_path / "locale")
    folder = tmp_path / "locale" / "eo"
    shutil.copytree(tmp_path / "locale" / "en" / "bank", folder / "bank")
    (folder / "messages").mkdir()
    (folder / "messages" / "score.yaml").write_text("gates: Pordegoj\n", encoding="utf-8")
    monkeypatch.setattr(text, "LOCALE", tmp_path / "locale")
    assert text.languages() == ("en", "eo", "zh-CN")
    assert main(["score", str(EXAMPLE), "--lang", "eo"]) == 0
    said = capsys.readouterr().out
    assert "\nPordegoj\n" in said
    assert "\nNext steps\n" in said, "what the language lacks is said in the default one"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "en"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh-CN"),
        ({"LANG": "zh_CN"}, "zh-CN"),
        ({"LC_ALL": "zh_CN.GB18030@pinyin", "LANG": "en_US.UTF-8"}, "zh-CN"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "en_US.UTF-8"}, "zh-CN"),
        ({"LADDER_LANG": "en", "LC_ALL": "zh_CN.UTF-8"}, "en"),
        ({"LADDER_LANG": "zh-CN", "LANG": "en_US.UTF-8"}, "zh-CN"),
    ],
)
def test_the_language_comes_from_the_wish_then_from_the_locale(environment: dict[str, str], language: str) -> None:
    assert text.preferred_language(environment) == language


def test_a_wish_for_a_language_that_is_not_there_is_wrong_usage() -> None:
    outcome = speak("--help", language="tlh")
    assert (outcome.returncode, outcome.stderr) == (2, "ladder: LADDER_LANG is tlh; it can be en, zh-CN\n")


def test_the_option_beats_the_environment_even_for_help_and_mistakes() -> None:
    assert "Where do we stand" in speak("--help", "--lang", "en").stdout
    assert "用法：ladder score" in speak("score", "--lang=zh-CN", "--help", language="en").stdout
    assert "错误：缺少以下参数" in speak("--lang", "zh-CN", "score", language="en").stderr
    assert "invalid choice" in speak("score", "--lang", "tlh", "x", language="en").stderr


def test_help_and_mistakes_hold_no_english_sentence_in_chinese() -> None:
    for command in ("assess", "score", "new", "check", "upgrade", "diff", "bank"):
        for line in speak(command, "--help").stdout.splitlines():
            words = re.sub(r"\[.*|\(.*\)|（.*）|--?[\w-]+( [A-Z][\w=]*)?|\{.*\}", "", line)
            assert HAN.search(line) or len(words.split()) < 3, line
    outcome = speak("score", "nothing-there.yaml")
    assert (outcome.returncode, outcome.stderr) == (1, "ladder：nothing-there.yaml 不存在；请检查路径\n")


def test_the_result_in_chinese_is_as_wide_as_the_screen_at_most() -> None:
    for arguments in (["score", str(EXAMPLE)], ["score", str(EXAMPLE), "--explain", "C24"], ["bank"]):
        lines = speak(*arguments).stdout.splitlines()
        assert any(map(HAN.search, lines))
        assert [line for line in lines if columns.width(line) > 80] == []


TEXTS = st.text(st.sampled_from("模型训练，。；）ab c-9é "), max_size=200)


@given(TEXTS, st.integers(12, 60))
def test_wrapped_lines_keep_every_character_and_the_width(sentence: str, cells: int) -> None:
    lines = columns.wrap(sentence, cells, "> ", "    ")
    assert max(map(columns.width, lines), default=0) <= cells
    assert "".join("".join(lines).split()).replace(">", "") == "".join(sentence.split())


def test_a_line_of_chinese_does_not_begin_with_a_comma() -> None:
    for cells in range(12, 40):
        lines = columns.wrap("模型，训练，数据，特征，部署，监控，回滚，审批。" * 3, cells)
        assert [line for line in lines if line[0] in columns.CLOSING] == []


def test_columns_are_padded_by_cells_not_by_characters() -> None:
    assert [columns.width(columns.pad(name, 10)) for name in ("数据管理", "Data", "数据 data")] == [10, 10, 10]


def test_a_long_word_that_fits_no_line_is_cut_rather_than_lost() -> None:
    assert columns.wrap("见 " + "a" * 30, 12, "", "  ") == ["见", "  aaaaaaaaaa", "  aaaaaaaaaa", "  aaaaaaaaaa"]


@pytest.mark.terminal
@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminals on Windows")
@pytest.mark.parametrize("cells", [80, 40])
def test_the_wizard_in_chinese_breaks_its_lines_where_the_screen_ends(cells: int, tmp_path: Path) -> None:
    from tests.terminal import Terminal

    text.use_language("zh-CN")
    bank = load_bank()
    with Terminal(tmp_path, "assess", columns=cells, lines=50, LADDER_LANG="zh-CN") as wizard:
        for number, typed in enumerate(("3\r", "12\r", "5\r", "\r", "\r", "\r", "30\r", "\r"), 1):
            wizard.printed(f"第 {number} 题", "请输入数字" if len(typed) > 1 else "你的回答")
            wizard.send(typed)
        wizard.printed("第 9 题", "（退出：所有回答均已保存）")
        shown = wizard.text
    capability = bank.capability("C01")
    for words in (capability.question, *capability.answers.values()):
        for part in columns.wrap(words, cells - (1 if words == capability.question else 6)):
            assert part in shown
    assert columns.width(max(shown.splitlines(), key=columns.width)) <= cells


def shape(readme: str) -> dict[str, list[str]]:
    """Return what a translation of a README keeps: its code, its commands, its links and its table rows."""
    page = (Path(__file__).parent.parent / readme).read_text(encoding="utf-8")
    links = set(re.findall(r"\]\(([^)]+)\)", page)) - {"README.md", "README.zh-CN.md"}
    return {
        "blocks": re.findall(r"^```bash\n.*?^```", page, re.MULTILINE | re.DOTALL),
        "commands": re.findall(r"^\| `(ladder \w+)", page, re.MULTILINE),
        "links": sorted(links),
        "levels": re.findall(r"^\| (\d) ", page, re.MULTILINE),
        "headings": re.findall(r"^#+(?= )", page, re.MULTILINE),
    }


def test_the_chinese_readme_keeps_code_commands_and_links_of_the_english_one() -> None:
    assert shape("README.zh-CN.md") == shape("README.md")
