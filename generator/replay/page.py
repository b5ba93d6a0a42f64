"""A replay as one HTML page that needs nothing else: a table, a timeline a level, the error rates."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Any

from generator.replay.draw import timeline
from generator.text import language, say

STYLE = """
:root { color-scheme: light dark; --ink: #1c1c1e; --paper: #fff; --line: #d4d4d8; --soft: #71717a; --bad: #b42318;
  --shade: #fde68a66; --project: #1d4ed8; --person: #b45309 }
@media (prefers-color-scheme: dark) { :root { --ink: #ececf0; --paper: #17171a; --line: #3f3f46; --soft: #a1a1aa;
  --bad: #f97066; --shade: #854d0e66; --project: #93b4ff; --person: #fdba74 } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
  max-width: 72rem; padding: 0 1rem }
h1 { line-height: 1.2 } .note { color: var(--soft); max-width: 46rem }
.wide { overflow-x: auto } table { border-collapse: collapse; font-variant-numeric: tabular-nums;
  margin: .5rem 0 1.5rem }
th, td { text-align: left; padding: .35rem .9rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
th { font-weight: 600; color: var(--soft); font-size: .85rem }
figure { margin: 0 0 1.5rem } svg { width: 100%; min-width: 40rem; height: auto; display: block }
svg text { fill: var(--soft); font-size: 12px } .bar { fill: var(--bad) } .axis { stroke: var(--line) }
.shade { fill: var(--shade) } .project { fill: var(--project) } .person { fill: var(--person) }
"""


HEALTHY = (
    "batches",
    "alarms",
    "upper_per_1000",
    "rollbacks",
    "rollbacks_upper_per_1000",
    "brier",
    "promised",
)
"""What is shown of a healthy stream, in this order."""


def page(result: dict[str, Any]) -> str:
    """Return the page."""
    batches = max((season["batches"] for season in result["seasons"]), default=0)
    lead = say(
        "replay.lead",
        batches=batches,
        rows=result["batch_rows"],
        delay=result["label_delay"],
        reaction=result["reaction"],
    )
    parts = [
        f"<h1>{_text('title')}</h1><p class='note'>{escape(lead)}</p>",
        f"<h2>{_text('section-table')}</h2>",
        _summary(result["levels"]),
        *(_level(level) for level in result["levels"]),
        f"<h2>{_text('section-timeline')}</h2><p class='note'>{_text('timeline-note')}</p>",
        *(_figure(season) for season in _first_of_each(result["seasons"])),
        _rates(result["rates"]) if result["rates"] else "",
        f"<p class='note'>{escape(say('replay.streams', **result['streams']))}</p>",
        f"<p class='note'>{_text('limits')}</p>",
    ]
    return (
        f'<!doctype html>\n<html lang="{escape(language())}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text('title')}</title><style>{STYLE}</style></head><body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )


def rows_of(level: dict[str, Any]) -> list[list[str]]:
    """Return the table's rows of one level: an incident each."""
    return [
        [
            say(f"replay.kind-{one['kind'].replace(' ', '-')}"),
            _batches(one["noticed"]),
            _batches(one["recovered"]),
            spread(one["excess"]),
        ]
        for one in level["incidents"]
    ]


def totals_of(level: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the totals of one level with their names."""
    lead = spread(level["lead_seconds"])
    return [
        (say("replay.head-excess"), spread(level["excess"])),
        (say("replay.head-steps"), spread(level["human_steps"])),
        (say("replay.head-false"), str(level["false_rollbacks"])),
        (say("replay.head-unanswered"), spread(level["unanswered"])),
        (say("replay.head-lead"), say("replay.unit-seconds", count=lead)),
    ]


def spread(value: dict[str, float | None]) -> str:
    """Return a median, with its interval where there is one."""
    median, low, high = (_number(value[key]) for key in ("median", "low", "high"))
    return median if low == median == high else say("replay.between", median=median, low=low, high=high)


def _number(value: float | None) -> str:
    return say("replay.never") if value is None else f"{value:g}"


def _batches(value: dict[str, float | None]) -> str:
    told = spread(value)
    return told if value["median"] is None else say("replay.unit-batches", count=told)


def _text(key: str) -> str:
    return escape(say(f"replay.{key}"))


def _summary(levels: Sequence[dict[str, Any]]) -> str:
    totals = [totals_of(level) for level in levels]
    heads = [say("replay.head-level"), *(name for name, _ in totals[0])] if totals else []
    rows = [[str(level["level"]), *(value for _, value in own)] for level, own in zip(levels, totals, strict=True)]
    return _table(heads, rows)


def _level(level: dict[str, Any]) -> str:
    heads = [f"{say('replay.head-level')} {level['level']}", *_heads("noticed", "recovered", "excess")]
    return _table(heads, rows_of(level)) if level["incidents"] else ""


def _figure(season: dict[str, Any]) -> str:
    title = f"{say('replay.head-level')} {season['level']}"
    alt = say("replay.timeline-alt", level=season["level"])
    caption = f"<figcaption><strong>{escape(title)}</strong></figcaption>"
    return f"<figure>{caption}<div class='wide'>{timeline(season, alt)}</div></figure>"


def _first_of_each(seasons: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[int, dict[str, Any]] = {}
    for season in seasons:
        found.setdefault(season["level"], season)
    return [found[level] for level in sorted(found)]


def _rates(rates: dict[str, Any]) -> str:
    parts = [
        f"<h2>{_text('section-rates')}</h2><h3>{_text('rates-healthy')}</h3>",
        _table(
            _heads("stream", "batches", "alarms", "upper", "rollbacks", "upper", "brier", "promised"),
            [[say(f"replay.stream-{one['stream']}"), *(str(one[key]) for key in HEALTHY)] for one in rates["healthy"]],
        ),
        f"<h3>{_text('rates-detection')}</h3>",
        _table(
            _heads("stream", "flips", "above", "harmful", "in-time", "found", "median", "theory"),
            [_detection(one) for one in rates["detection"]],
        ),
        f"<h3>{_text('rates-canary')}</h3>",
        _table(
            _heads("noise", "worse", "back", "promoted", "in-time", "median"),
            [_trial(one) for one in rates["canary"]],
        ),
    ]
    return "".join(parts)


def _detection(one: dict[str, Any]) -> list[str]:
    return [
        say(f"replay.stream-{one['stream']}"),
        f"{one['flips']:.0%}",
        str(one["above_promise"]),
        say("replay.yes") if one["harmful"] else say("replay.no"),
        f"{one['in_time']:.0%}",
        f"{one['found']:.0%}",
        _number(one["median_batches"]),
        _number(one["theory_batches"]),
    ]


def _trial(one: dict[str, Any]) -> list[str]:
    return [
        str(one["noise"]),
        str(one["worse_by"]),
        f"{one['rolled_back']:.0%}",
        f"{one['promoted']:.0%}",
        f"{one['in_time']:.0%}",
        _number(one["median_batches"]),
    ]


def _heads(*keys: str) -> list[str]:
    return [say(f"replay.head-{key}") for key in keys]


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th scope='col'>{escape(one)}</th>" for one in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>\n" for row in rows)
    return f"<div class='wide'><table><thead><tr>{head}</tr></thead><tbody>\n{body}</tbody></table></div>"
