"""The hooks cookiecutter runs hold names to the rules our own validator holds them to."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from generator.errors import LadderError
from generator.scaffold.names import DEVICES, check_slug, check_title

HOOK = (Path(__file__).parents[2] / "templates/level0/hooks/pre_gen_project.py").read_text(encoding="utf-8")


def hook_accepts(title: str = "Fine", slug: str = "fine", description: str = "Fine") -> bool:
    source = HOOK
    for name, text in (("project_name", title), ("project_slug", slug), ("description", description)):
        source = source.replace(f"{{{{ cookiecutter.{name} }}}}", text)
    try:
        exec(compile(source, "pre_gen_project.py", "exec"), {})
    except (SystemExit, SyntaxError, ValueError):
        return False
    return True


def accepted(check: object, *arguments: str) -> bool:
    try:
        check(*arguments)  # type: ignore[operator]
    except LadderError:
        return False
    return True


@given(st.text(max_size=130))
@example("x" * 121)
@example("\ufeff")
@example("a{b")
def test_hook_and_validator_agree_on_titles(text: str) -> None:
    title = unicodedata.normalize("NFC", text).strip()
    assert hook_accepts(title=title) == accepted(check_title, "name", title)
    assert hook_accepts(description=title) == accepted(check_title, "description", title)


@given(st.text("ab1-_A.é/", max_size=8) | st.from_regex(r"[a-z0-9-]{1,62}", fullmatch=True))
@example("a" * 61)
@example("com1")
def test_hook_and_validator_agree_on_slugs(slug: str) -> None:
    assert hook_accepts(slug=slug) == accepted(check_slug, slug)


@pytest.mark.parametrize("slug", sorted(DEVICES))
def test_neither_takes_the_name_of_a_device(slug: str) -> None:
    assert not hook_accepts(slug=slug)
    assert not accepted(check_slug, slug)
