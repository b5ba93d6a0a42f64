"""What all tests share: no deadline (machines differ), slow ones when asked for, no skip where all is required."""

from __future__ import annotations

import os
from collections.abc import Generator

import pytest
from hypothesis import settings

os.environ["LADDER_LANG"] = "en"  # the tests read English, whatever the machine they run on speaks
settings.register_profile("ladder", deadline=None, max_examples=50)
settings.load_profile("ladder")

ASKED_FOR = ("slow", "needs_ci_tools", "needs_docker")
"""Markers of tests that take minutes or change the machine; each runs only where a marker expression names it."""

REQUIRE_ALL = "LADDER_REQUIRE_ALL"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what runs only when asked for, unless the marker expression of this run names it."""
    unasked = [name for name in ASKED_FOR if name not in config.option.markexpr]
    left = [item for item in items if any(item.get_closest_marker(name) for name in unasked)]
    config.hook.pytest_deselected(items=left)
    items[:] = [item for item in items if item not in left]


def _required(report: pytest.TestReport | pytest.CollectReport) -> None:
    """Turn a skip into a failure where LADDER_REQUIRE_ALL says that everything must run."""
    if report.skipped and not hasattr(report, "wasxfail") and os.environ.get(REQUIRE_ALL):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{REQUIRE_ALL} is set, and this was skipped: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _required(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _required(report)
    return report
