"""Dagster: assets, ops and jobs; a schedule or sensor runs only when its default status says so, else a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.model.scan import Act, Fact, Trigger
from generator.scan.flows import Flow, modules, started, steps
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot

STARTS = ("dagster job execute", "dagster asset materialize", "dagster job launch")
FLOW = Flow(
    ecosystem="dagster",
    library="dagster",
    steps=names("dagster.asset dagster.op dagster.job dagster.graph dagster.multi_asset dagster.graph_asset"),
    schedules=names("dagster.ScheduleDefinition dagster.schedule dagster.build_schedule_from_partitioned_job"),
    keywords=("default_status",),
    signals=(),
)
SIGNS = (
    Sign(
        act=Act.RUNS_PIPELINE,
        calls=names("dagster.job dagster.define_asset_job dagster.materialize dagster.asset"),
        commands=phrases("dagster job execute, dagster asset materialize, dagster job launch"),
        packages=names("dagster"),
    ),
    Sign(act=Act.VALIDATES_DATA, calls=names("dagster.asset_check dagster_pandera.*")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each asset, op and job; a running schedule of the tree starts them all."""
    triggers: set[Trigger] = set()
    for module in modules(snapshot, "dagster"):
        running = "RUNNING" in snapshot.text(module.path)
        triggers |= started(module, FLOW) - {Trigger.HAND} if running else set()
        if running and any(call.name.startswith("dagster.") and "sensor" in call.name for call in module.calls):
            triggers.add(Trigger.SIGNAL)
    for task in steps(snapshot, FLOW):
        yield replace(task, triggers=frozenset(triggers or {Trigger.HAND}))
