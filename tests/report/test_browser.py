"""The page in a real browser: nothing in it runs, nothing is fetched, and everybody can read it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from generator import text
from generator.documents import document
from tests.report.world import hostile, plain

pytestmark = pytest.mark.needs_browser

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
WIDTHS = (375, 768, 1280)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed: no page was looked at")
    if CHROMIUM is None:
        pytest.skip("there is no Chromium here: no page was looked at")
    with sync_api.sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    made = {}
    for language in text.languages():
        text.use_language(language)
        for name, paths in (("plain", [plain(folder)]), ("hostile", hostile(folder))):
            path = folder / f"{name}-{language}.html"
            path.write_bytes(document(paths, "html"))
            made[f"{name}-{language}"] = path
    text.use_language("en")
    return made


def opened(browser: Any, path: Path, **how: Any) -> tuple[Any, list[str]]:
    """Return the page and the list in which everything it asked for or complained about collects."""
    page = browser.new_context(bypass_csp=True, **how).new_page()
    heard: list[str] = []
    page.on("request", lambda request: heard.append(request.url) if not request.url.startswith("file:") else None)
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.add_init_script("window.pwned = () => { window.ran = true }")
    page.goto(path.as_uri())
    return page, heard


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", text.languages())
def test_axe_finds_nothing_to_complain_about(browser: Any, pages: Any, language: str, scheme: str) -> None:
    import axe_playwright_python

    axe = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text(encoding="utf-8")
    for name in ("plain", "hostile"):
        page, _ = opened(browser, pages[f"{name}-{language}"], color_scheme=scheme)
        page.evaluate(axe)
        found = page.evaluate("axe.run()")
        assert len(found["passes"]) > 20
        assert [(one["id"], one["nodes"][0]["html"][:200]) for one in found["violations"]] == []
        assert page.evaluate("document.documentElement.lang") == language
        page.context.close()


def test_nothing_runs_and_nothing_is_fetched_even_without_the_policy(browser: Any, pages: Any) -> None:
    page, heard = opened(browser, pages["hostile-en"])
    assert page.evaluate("window.ran") is None
    assert page.evaluate("document.querySelectorAll('script, img, iframe, object, [onerror], [onclick]').length") == 0
    assert "<script>pwned()" in page.inner_text("h1")
    assert heard == []
    page.context.close()


@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_never_scrolls_sideways(browser: Any, pages: Any, width: int) -> None:
    for path in pages.values():
        page, _ = opened(browser, path, viewport={"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path.name
        page.context.close()


def test_the_keyboard_reaches_the_content_first_and_then_every_table(browser: Any, pages: Any) -> None:
    page, _ = opened(browser, pages["plain-en"])
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#content"
    assert page.evaluate("[...document.querySelectorAll('.wide')].every(part => part.tabIndex === 0)")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")
    page.context.close()


def test_every_link_inside_the_page_leads_somewhere(browser: Any, pages: Any) -> None:
    page, _ = opened(browser, pages["hostile-zh-CN"])
    targets = "[...document.querySelectorAll('a[href^=\"#\"]')].map(link => link.hash.slice(1))"
    lost = f"{targets}.filter(id => !document.getElementById(id)).length"
    assert page.evaluate("document.querySelectorAll('a[href^=\"#\"]').length") > 60
    assert page.evaluate(lost) == 0
    page.context.close()


def test_the_printed_page_is_on_white_whatever_the_screen_is(browser: Any, pages: Any) -> None:
    page, _ = opened(browser, pages["plain-en"], color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    assert page.evaluate(background) != "rgb(255, 255, 255)"
    page.emulate_media(media="print")
    assert page.evaluate(background) == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.querySelector('nav')).display") == "none"
    page.context.close()
