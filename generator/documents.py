"""Documents of results: reads answers, decides and returns the bytes of one format."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from generator import __version__, api
from generator.assess.bank import load_bank
from generator.assess.crosswalk import crosswalk
from generator.assess.portfolio import read_portfolio
from generator.errors import LadderError
from generator.model.history import Portfolio
from generator.report.compose import to_view
from generator.report.json import to_json
from generator.report.past import to_past
from generator.report.past_json import past_json
from generator.report.view import View

TEXTS = ("html", "md", "json")
FORMATS = (*TEXTS, "pdf", "xlsx")


def document(paths: Sequence[Path], form: str, repos: Sequence[Path] = ()) -> bytes:
    """Return the document of the answers in `paths` as `form` (one of FORMATS).

    Several files of one team and day are its respondents; several days or teams, a folder or a saved result make a
    portfolio. LadderError when the format needs a library of the extra `report` that is not installed.
    """
    portfolio = _portfolio(paths)
    if portfolio is not None:
        return _json(past_json(portfolio)) if form == "json" else _written(form, _past(portfolio))
    bank, _, result = api.assess_panel(paths, repos=repos)
    other = crosswalk(bank, result.values)
    return (
        _json(to_json(result, other)) if form == "json" else _written(form, to_view(bank, result, other, __version__))
    )


def _portfolio(paths: Sequence[Path]) -> Portfolio | None:
    """Return what many files come to; None where they are the respondents of one team on one day."""
    if len(paths) == 1 and not paths[0].is_dir() and paths[0].suffix != ".json":
        return None
    portfolio = read_portfolio(paths, load_bank())
    if not portfolio.trends and portfolio.unread:
        raise LadderError("report.nothing-readable", count=len(portfolio.unread), problem=portfolio.unread[0].problem)
    points = [point for trend in portfolio.trends for point in trend.points]
    alone = len(points) == 1 and not portfolio.unread and points[0].source == "answers" and points[0].level is not None
    return None if alone and not any(path.is_dir() for path in paths) else portfolio


def _past(portfolio: Portfolio) -> View:
    return to_past(load_bank(), portfolio, __version__)


def _json(value: dict[str, Any]) -> bytes:
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def _written(form: str, view: View) -> bytes:
    try:
        return _writer(form)(view)
    except ModuleNotFoundError as error:
        raise LadderError("report.extra", format=form, library=(error.name or "").partition(".")[0]) from error


def _writer(form: str) -> Callable[[View], bytes]:
    if form == "pdf":
        from generator.report.pdf import to_pdf

        return to_pdf
    if form == "xlsx":
        from generator.report.xlsx import to_xlsx

        return to_xlsx
    return _text_writer(form)


def _text_writer(form: str) -> Callable[[View], bytes]:
    if form == "md":
        from generator.report.markdown import to_markdown as write
    else:
        from generator.report.html import to_html as write

    def encoded(view: View) -> bytes:
        text: Any = write(view)
        return bytes(text.encode())

    return encoded
