"""Metaflow: the steps of a flow; its schedule and triggers act once it is deployed to an orchestrator."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact
from generator.scan.flows import Flow, steps
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot

FLOW = Flow(
    ecosystem="metaflow",
    library="metaflow",
    steps=names("metaflow.step"),
    schedules=names("metaflow.schedule"),
    signals=names("metaflow.trigger metaflow.trigger_on_finish"),
)
SIGNS = (
    Sign(act=Act.RUNS_PIPELINE, calls=names("metaflow.FlowSpec metaflow.Runner metaflow.Deployer")),
    Sign(act=Act.TRACKS, calls=names("metaflow.step"), packages=names("metaflow")),
    Sign(act=Act.READS_PARAMETERS, calls=names("metaflow.Parameter metaflow.Config metaflow.IncludeFile")),
    Sign(act=Act.PINS, calls=names("metaflow.conda_base metaflow.pypi_base")),
    Sign(act=Act.DOCUMENTS_MODEL, calls=names("metaflow.card")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each step."""
    yield from steps(snapshot, FLOW)
