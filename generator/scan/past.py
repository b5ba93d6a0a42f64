"""Sets the history of the scanned repositories beside what their trees show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from generator.model.past import Estimate, Exercise, History
from generator.model.scan import Report
from generator.scan.gitlog import read_history
from generator.scan.history import estimate, exercises, strengthened

Past = tuple[History | None, tuple[Exercise, ...], Estimate]


def with_history(report: Report, directories: Sequence[Path]) -> tuple[Report, tuple[Past, ...]]:
    """Return the report with what is exercised raised to E3, and each directory's history, None where it has none."""
    past = tuple(_past(directory) for directory in directories)
    found = [exercise for _, exercised, _ in past for exercise in exercised]
    return replace(report, evidence=tuple(strengthened(report.evidence, found))), past


def _past(directory: Path) -> Past:
    history = read_history(directory)
    return history, exercises(history or History()), estimate(history or History())
