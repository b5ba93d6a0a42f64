"""Nouns of own data: what a table's columns hold, what is made of them, and what a project is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

INTEGER, NUMBER, BOOLEAN, CATEGORY, TEXT, DATE, EMPTY = (
    "integer", "number", "boolean", "category", "text", "date", "empty",
)  # fmt: skip
FEATURE, TARGET, TIME, ID, UNUSED = "feature", "target", "time", "id", "unused"
BINARY, MULTICLASS, REGRESSION = "binary", "multiclass", "regression"
TASKS = (BINARY, MULTICLASS, REGRESSION)


@dataclass(frozen=True, kw_only=True, slots=True)
class Summary:
    """Counts over all cells of one column as text: enough to tell its type; counts of two parts add up."""

    name: str
    rows: int
    filled: int
    distinct: int
    plain: int
    comma: int
    thousands: int
    integers: int
    led_by_zero: int
    booleans: int
    dates: Mapping[str, int]
    longest: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """How one column is read: its kind, and which way of writing its cells follow."""

    name: str
    kind: str
    style: str
    missing: float
    distinct: int
    odd: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Hint:
    """What a sample says of a column beside the target, as shares from 0 to 1.

    How often its commonest value occurs, how much of the target it determines, and how much its empty cells alone do.
    """

    commonest: float
    determines: float
    by_absence: float
    equal: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Extent:
    """What part of a table's rows holds in a column; limits of numbers, values of categories."""

    rows: int
    filled: int
    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What the person said about the table; everything but the target is optional."""

    target: str
    time: str | None = None
    groups: tuple[str, ...] = ()
    task: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column and what became of it; `why` is the message that says so, `fields` fill it in."""

    name: str
    kind: str
    role: str
    missing: float
    distinct: int
    why: str
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """What the contract allows in a column: limits or values, and the share of cells that may be empty.

    `alarms` is the share of later rows that limits learned on the earlier ones would have refused before widening.
    """

    low: float | None = None
    high: float | None = None
    values: tuple[str, ...] = ()
    missing: float = 0.0
    alarms: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Description:
    """Everything inferred about a table: what a project's data files are rendered from."""

    file: str
    rows: int
    dropped: int
    columns: tuple[Column, ...]
    task: str
    classes: tuple[str | int, ...]
    shares: tuple[float, ...]
    groups: tuple[str, ...]
    id: str
    time: str | None
    ordered: bool
    train_until: str | None
    holdout_rows: int
    bounds: Mapping[str, Bound]
    renamed: int = 0
    size: int = 0

    @property
    def target(self) -> Column:
        """The column to predict."""
        return next(column for column in self.columns if column.role == TARGET)

    def features(self, *kinds: str) -> tuple[str, ...]:
        """Return the names of the features of the given kinds, in the file's order."""
        return tuple(column.name for column in self.columns if column.role == FEATURE and column.kind in kinds)
