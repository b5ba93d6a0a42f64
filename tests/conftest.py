"""What all tests share: no deadline (machines differ), and no silent skips where everything is required."""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("ladder", deadline=None, max_examples=50)
settings.load_profile("ladder")

REQUIRE_ALL = "LADDER_REQUIRE_ALL"


def need(condition: bool, what: str) -> None:
    """Skip loudly where a system part is missing; fail instead where LADDER_REQUIRE_ALL says that all must run."""
    if condition:
        return
    if os.environ.get(REQUIRE_ALL):
        pytest.fail(f"{what} is missing and {REQUIRE_ALL} is set")
    pytest.skip(f"{what} is missing")
