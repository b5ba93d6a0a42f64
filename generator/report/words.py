"""Values, days and shares as a reader sees them."""

from __future__ import annotations

import re

from generator.model.assessment import Bank, FactValue, Value
from generator.report.view import Tone
from generator.text import say


def level_name(level: int) -> str:
    """Return what a level is called."""
    return say(f"score.level-{level}")


def called(bank: Bank, id_: str) -> str:
    """Return a capability's id and title."""
    return f"{id_} {bank.capability(id_).title}"


def spoken(share: float | None) -> str:
    """Return a share of 1 as whole per cent, a dash for nothing."""
    return say("report.nothing") if share is None else f"{share:.0%}"


def number(value: float | None) -> str:
    """Return a statistic with two decimals, a dash for nothing."""
    return say("report.nothing") if value is None else f"{value:.2f}"


def fact(value: FactValue) -> str:
    """Return a fact as in the answers file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def day(iso: str | None) -> str:
    """Return a day written YYYY-MM-DD as the language writes it; anything else as it is."""
    parts = re.fullmatch(r"(\d{4})-(\d{2})-(\d{2})", iso or "")
    return say("report.day", year=parts[1], month=parts[2], day=parts[3]) if parts else iso or say("report.nothing")


def tone(value: Value) -> Tone:
    """Return the tone of an answer."""
    return Tone(value.value)


def named(value: Value) -> str:
    """Return an answer's value in words."""
    return say(f"report.value-{value}")
