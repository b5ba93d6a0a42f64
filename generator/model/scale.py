"""The four answers and the levels: what everything else is counted in."""

from __future__ import annotations

from enum import StrEnum

LEVELS = (0, 1, 2, 3)
GATES = (1, 2, 3)

FactValue = str | int | bool


class Value(StrEnum):
    """An answer to one capability; `NOT_APPLICABLE` stands outside the order of the others."""

    NONE = "none"
    SOME = "some"
    MOST = "most"
    ALL = "all"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not-applicable"


SCALE = (Value.NONE, Value.SOME, Value.MOST, Value.ALL)
