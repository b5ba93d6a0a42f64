"""`ladder report`: one result in five formats and two languages, written whole or not at all."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import openpyxl
import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from generator import text
from generator.cli import main
from generator.documents import FORMATS, document
from generator.report.markdown import escaped
from tests.report.world import BANK, FORMULA, HOSTILE, hostile, plain

SCHEMA = json.loads((text.LOCALE.parent / "schemas" / "score.schema.json").read_text(encoding="utf-8"))
BEGINNINGS = {"html": b"<!doctype html>", "md": b"# ", "json": b"{", "pdf": b"%PDF-", "xlsx": b"PK\x03\x04"}
MARKDOWN = MarkdownIt("commonmark").enable("table").enable("strikethrough")


def run(*arguments: object) -> int:
    return main(["report", *map(str, arguments)])


@pytest.mark.parametrize("language", text.languages())
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_in_every_language_comes_whole_from_one_command(
    form: str, language: str, tmp_path: Path, capsys: Any
) -> None:
    path = tmp_path / f"out.{form}"
    assert run(plain(tmp_path), "-o", path, "--lang", language) == 0
    text.use_language("en")
    assert path.read_bytes().startswith(BEGINNINGS[form])
    assert str(path) in capsys.readouterr().out
    assert [file.name for file in tmp_path.iterdir() if "saving" in file.name] == []


@pytest.mark.parametrize("several", [False, True])
def test_json_keeps_its_schema(several: bool, tmp_path: Path) -> None:
    paths = hostile(tmp_path) if several else [plain(tmp_path)]
    jsonschema.validate(json.loads(document(paths, "json")), SCHEMA)


def test_the_three_readable_formats_hold_the_same_sections_and_capabilities(tmp_path: Path) -> None:
    paths = hostile(tmp_path)
    page, mark = (document(paths, form).decode() for form in ("html", "md"))
    printed = "\n".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(document(paths, "pdf"))).pages)
    titles = re.findall(r"<h2[^>]*>([^<]+)</h2>", page)
    assert len(titles) == 11
    for title in titles:
        assert f"\n## {title}\n" in mark
        assert title in printed
    for capability in BANK.capabilities:
        for shown in (page, mark, printed):
            assert capability.id in shown


def test_chinese_reaches_the_pdf_as_text_with_title_and_outline(tmp_path: Path) -> None:
    text.use_language("zh-CN")
    reader = pypdf.PdfReader(io.BytesIO(document([plain(tmp_path)], "pdf")))
    text.use_language("en")
    assert "需要达到" in reader.pages[0].extract_text()
    assert reader.metadata.title == "MLOps 成熟度: Acme"
    assert [entry.title for entry in reader.outline][:2] == ["摘要", "为什么需要这一级"]


def test_a_file_that_is_there_is_replaced_only_when_asked(tmp_path: Path, capsys: Any) -> None:
    answers, path = plain(tmp_path), tmp_path / "out.md"
    path.write_text("mine", encoding="utf-8")
    assert run(answers, "-o", path) == 1
    assert "--force" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == "mine"
    assert run(answers, "-o", path, "--force") == 0
    assert path.read_bytes().startswith(b"# ")


def test_an_answers_file_is_never_replaced_by_its_document(tmp_path: Path, capsys: Any) -> None:
    answers = plain(tmp_path)
    before = answers.read_bytes()
    assert run(answers, "-o", answers, "--format", "md", "--force") == 2
    assert "is one of the answers files" in capsys.readouterr().err
    assert answers.read_bytes() == before


def test_wrong_wishes_are_told_what_would_be_right(tmp_path: Path, capsys: Any) -> None:
    answers = plain(tmp_path)
    for arguments, told in (
        (["-o", tmp_path / "out.docx"], "html, md, json, pdf or xlsx"),
        (["-o", "-", "--format", "pdf"], "pdf is not text"),
    ):
        assert run(answers, *arguments) == 2
        assert told in capsys.readouterr().err
    assert run(answers, "-o", answers / "below-a-file.md") == 1
    assert "cannot write" in capsys.readouterr().err
    assert run(answers, "-o", "-", "--format", "md") == 0
    assert capsys.readouterr().out.startswith("# MLOps maturity: Acme\n")


@pytest.mark.parametrize(("form", "library"), [("pdf", "reportlab"), ("xlsx", "xlsxwriter")])
def test_a_missing_library_is_named_with_its_extra(
    form: str, library: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == library]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, library, None)
    assert run(plain(tmp_path), "-o", tmp_path / f"out.{form}") == 1
    said = capsys.readouterr().err
    assert library in said
    assert "pip install 'mlops-ladder[report]'" in said
    assert not (tmp_path / f"out.{form}").exists()


def test_help_and_other_commands_do_not_pay_for_documents() -> None:
    heavy = "{'pygal', 'jinja2', 'reportlab', 'xlsxwriter', 'generator.documents'}"
    code = f"import sys; from generator.cli import main; main([]); print(sorted({heavy} & set(sys.modules)))"
    outcome = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert outcome.stdout.splitlines()[-1] == "[]"


def test_no_markup_of_a_person_reaches_the_page(tmp_path: Path) -> None:
    page = document(hostile(tmp_path), "html").decode()
    assert "&lt;script&gt;pwned()" in page
    assert re.findall(r"<(?:script|img|i|b>)[^>]*", page.replace("<b>", "")) == []
    assert "{{ 7*7 }}" in page
    assert re.findall(r'href="(?!#|https?:)[^"]*', page) == []


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60) | st.just(HOSTILE))
def test_markdown_shows_every_text_letter_by_letter(words: str) -> None:
    tokens = MARKDOWN.parse(f"| a |\n| --- |\n| x{escaped(words)} |\n")
    cell = tokens[[token.type for token in tokens].index("td_open") + 1]
    kinds = {token.type for token in cell.children or ()}
    assert kinds <= {"text", "text_special"}
    assert "".join(token.content for token in cell.children or ()) == "x" + " ".join(words.split())


def test_markdown_of_hostile_answers_keeps_every_table_in_shape(tmp_path: Path) -> None:
    tokens = MARKDOWN.parse(document(hostile(tmp_path), "md").decode())
    inner = [token for block in tokens for token in block.children or ()]
    assert {token.type for token in (*tokens, *inner)} & {"html_block", "html_inline", "image", "code_inline"} == set()
    assert {token.attrGet("href").partition(":")[0] for token in inner if token.type == "link_open"} == {"https"}
    widths: list[set[int]] = []
    for token in tokens:
        if token.type == "table_open":
            widths.append(set())
        if token.type == "tr_open":
            row = 0
        if token.type in ("th_open", "td_open"):
            row += 1
        if token.type == "tr_close":
            widths[-1].add(row)
    assert all(len(width) == 1 for width in widths)


def test_nothing_a_person_typed_is_a_formula_of_the_workbook(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(document(hostile(tmp_path), "xlsx")))
    formulas = [cell for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "f"]
    assert {cell.parent.title for cell in formulas} == {"Answers", "Result"}
    assert [cell for cell in formulas if "HYPERLINK" in str(cell.value)] == []
    texts = [cell.value for sheet in book for line in sheet.iter_rows() for cell in line if cell.data_type == "s"]
    assert any(FORMULA in value for value in texts)


def test_the_workbook_can_be_filtered_and_offers_the_answers_there_are(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(document([plain(tmp_path)], "xlsx")))
    sheet = book["Answers"]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B4", "A3:J53")
    [choices] = sheet.data_validations.dataValidation
    assert str(choices.sqref) == "F4:F53"
    assert choices.formula1 == '"none,some,most,all,unknown,not-applicable"'
