"""A history as a part of the report: what it shows to be exercised, and the estimates with what they cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.model.commits import Estimate, Exercise, History
from generator.text import say


def to_json(history: History, found: tuple[Exercise, ...], estimate: Estimate) -> dict[str, Any]:
    """Return the history's part of the scan's JSON; estimates stand apart so that nobody takes them for counts."""
    return {
        "commits": len(history.commits),
        "tags": len(history.tags),
        "shallow": history.shallow,
        "cut": history.cut,
        "exercised": [
            {
                "capabilities": list(one.capabilities),
                "times": one.times,
                "days": one.days,
                "files": list(one.files),
                "why": say(one.key, times=one.times, days=one.days),
            }
            for one in found
        ],
        "estimates": {
            "releases": estimate.releases,
            "reverts": estimate.reverts,
            "days_between_releases": estimate.days_between_releases,
            "lead_time_days": estimate.lead_time_days,
            "change_fail_rate": estimate.change_fail_rate,
        },
    }


def to_lines(history: History | None, found: tuple[Exercise, ...], estimate: Estimate) -> Iterator[str]:
    """Yield the history for a person, bounds and estimates named as such."""
    yield say("past.title")
    if history is None:
        yield say("past.none")
        return
    for one in found:
        text = say(one.key, times=one.times, days=one.days)
        yield f"  {' '.join(one.capabilities)}: {text}"
    if history.shallow:
        yield say("past.shallow")
    if history.cut:
        yield say("past.cut", commits=len(history.commits), tags=len(history.tags))
    yield from _estimates(estimate)


def _estimates(estimate: Estimate) -> Iterator[str]:
    yield say("past.estimates")
    if estimate.change_fail_rate is None or estimate.days_between_releases is None:
        yield say("past.too-few")
        return
    yield say("past.releases", releases=estimate.releases, days=estimate.days_between_releases)
    if estimate.lead_time_days is not None:
        yield say("past.lead-time", days=estimate.lead_time_days)
    yield say("past.change-fail", percent=round(100 * estimate.change_fail_rate))
