"""A portfolio as JSON of a stable, versioned schema (`generator/schemas/portfolio.schema.json`)."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from generator.model.history import Portfolio

SCHEMA = 1


def past_json(portfolio: Portfolio) -> dict[str, Any]:
    """Return the document of `ladder report --format json` about many results."""
    document = {"schema": SCHEMA, **asdict(portfolio)}
    for rollup in document["rollups"]:
        if rollup["levels"]:
            rollup["levels"]["levels"] = {str(level): count for level, count in rollup["levels"]["levels"].items()}
    return document
