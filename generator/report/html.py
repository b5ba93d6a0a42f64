"""The view as one HTML page: no network, no script, every text escaped by the template engine."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from generator.report import chart
from generator.report.view import View
from generator.text import say

HERE = Path(__file__).parent
DRAWN: dict[str, Callable[[Any], str]] = {"Radar": chart.radar, "Stairs": chart.stairs, "Lines": chart.lines}


def to_html(view: View) -> str:
    """Return the page."""
    from markupsafe import Markup

    style = Markup((HERE / "page.css").read_text(encoding="utf-8"))  # noqa: S704 - our own file
    return str(_template().render(view=view, style=style, say=say, drawn=_drawn, kind=_kind, link=_link))


def _kind(block: object) -> str:
    return type(block).__name__


def _drawn(block: Any) -> Any:  # noqa: ANN401 - one of the charts to markup
    from markupsafe import Markup

    return Markup(DRAWN[_kind(block)](block))  # noqa: S704 - pygal builds a tree, so every text in it is escaped


def _link(target: str | None) -> str | None:
    """Return `target` where it leads into the document or to the web, and nothing else (no javascript:)."""
    return target if target and target.startswith(("#", "https://", "http://")) else None


@cache
def _template() -> Any:  # noqa: ANN401 - jinja2 is imported when a page is made
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2")
