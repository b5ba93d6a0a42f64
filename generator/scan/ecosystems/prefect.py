"""Prefect: flows and tasks by their decorators, deployments of `prefect.yaml` with schedules that may be paused."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Task, Trigger
from generator.scan.flows import Flow, steps
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

STARTS = ("prefect deployment run",)
WHEN = frozenset(["cron", "interval", "rrule"])
FLOW = Flow(
    ecosystem="prefect",
    library="prefect",
    steps=names("prefect.task prefect.flow"),
    schedules=names("*.serve *.deploy *.to_deployment prefect.deployments.Deployment.build_from_flow"),
    keywords=names("cron interval rrule schedule schedules"),
)
SIGNS = (
    Sign(act=Act.RUNS_PIPELINE, calls=names("prefect.flow"), commands=phrases("prefect deployment run")),
    Sign(act=Act.TRACKS, calls=names("prefect.artifacts.create_*"), packages=names("prefect")),
    Sign(act=Act.APPROVES, calls=names("prefect.pause_flow_run prefect.suspend_flow_run")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each flow and task in code, and one for each deployment."""
    yield from steps(snapshot, FLOW)
    for path in snapshot.named("prefect.yaml", "prefect.yml"):
        for deployment in map(as_map, as_list(as_map(next(iter(snapshot.yaml(path)), None)).get("deployments"))):
            entry = str(deployment.get("entrypoint") or "").split(":")[0]
            if entry:
                yield _deployment(path, deployment, entry)


def _deployment(path: str, deployment: Map, entry: str) -> Task:
    return Task(
        kind="dag",
        ecosystem="prefect",
        name=str(deployment.get("name") or entry),
        place=Place(file=path, first=line_of(deployment), last=line_of(deployment)),
        triggers=frozenset({Trigger.SCHEDULE if _scheduled(deployment) else Trigger.HAND}),
        runs=(entry.removeprefix("./"),),
    )


def _scheduled(deployment: Map) -> bool:
    given = [as_map(one) for one in (*as_list(deployment.get("schedules")), deployment.get("schedule"))]
    live = [one for one in given if WHEN & one.keys() and str(one.get("active", "true")).lower() != "false"]
    return bool(live) and str(deployment.get("paused", "")).lower() != "true"
