"""CircleCI: jobs that a workflow starts, with commands, orbs, filters, schedules and approvals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from generator.model.scan import Act, Command, Fact, Place, Task, Trigger, Use
from generator.scan import shell
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

FILES = (".circleci/config.yml", ".circleci/config.yaml")
DEEPEST = 5
EVERY = frozenset({Trigger.PUSH, Trigger.PULL_REQUEST})
SIGNS = (
    Sign(act=Act.DEPLOYS, uses=names("aws-ecs/* aws-eks/update* kubernetes/* helm/* gcp-cloud-run/* heroku/deploy*")),
    Sign(act=Act.DEPLOYS, uses=names("aws-sagemaker/*deploy* *sagemaker*/promote* aws-serverless/* azure-aks/*")),
    Sign(act=Act.TESTS, uses=names("python/test")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Call:
    """One job as a workflow names it."""

    name: str
    at: Map
    triggers: frozenset[Trigger]
    approved: bool
    off: str


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each job of each workflow; a job that no workflow names is never run and is none."""
    for path in snapshot.paths:
        if path in FILES or (path.startswith(".circleci/") and path.endswith((".yml", ".yaml"))):
            config = as_map(next(iter(snapshot.yaml(path)), None))
            for call in _calls(config):
                yield _task(path, config, call)


def _calls(config: Map) -> Iterator[_Call]:
    workflows = {name: flow for name, flow in as_map(config.get("workflows")).items() if name != "version"}
    if not workflows and "build" in as_map(config.get("jobs")):
        yield _Call(name="build", at=Map(), triggers=EVERY, approved=False, off="")
    for flow in map(as_map, workflows.values()):
        triggers, off = _started(flow)
        named = [_named(entry) for entry in as_list(flow.get("jobs"))]
        held = {name for name, at in named if at.get("type") == "approval"}
        for name, at in named:
            if at.get("type") != "approval":
                yield _Call(
                    name=name, at=at, triggers=_filtered(at, triggers), approved=_waits(at, named, held), off=off
                )


def _named(entry: Any) -> tuple[str, Map]:  # noqa: ANN401 - what YAML holds
    return next(((name, as_map(at)) for name, at in as_map(entry).items()), (str(entry), Map()))


def _started(flow: Map) -> tuple[frozenset[Trigger], str]:
    entries = [as_map(as_map(entry).get("schedule")) for entry in as_list(flow.get("triggers"))]
    never = str(flow.get("when", "")).lower() == "false" or str(flow.get("unless", "")).lower() == "true"
    started = frozenset({Trigger.SCHEDULE}) if any(entry.get("cron") for entry in entries) else EVERY
    return (frozenset() if entries and started is EVERY else started), "scan.off-condition" if never else ""


def _filtered(at: Map, triggers: frozenset[Trigger]) -> frozenset[Trigger]:
    """Return the triggers that a job's filters leave: tags run only where they are named."""
    filters = as_map(at.get("filters"))
    tags, branches = filters.get("tags"), as_map(filters.get("branches"))
    left = triggers - EVERY if str(branches.get("ignore", "")) in {"/.*/", "['/.*/']"} else triggers
    return left | {Trigger.TAG} if tags else left


def _waits(at: Map, named: list[tuple[str, Map]], held: set[str]) -> bool:
    """Return whether a job follows an approval, directly or through others."""
    jobs, coming, seen = dict(named), [at], set()
    while coming:
        for need in map(str, as_list(coming.pop().get("requires"))):
            if need in held:
                return True
            if need in jobs and need not in seen:
                seen.add(need)
                coming.append(jobs[need])
    return False


def _task(path: str, config: Map, call: _Call) -> Task:
    job = as_map(as_map(config.get("jobs")).get(call.name))
    task = Task(
        kind="ci",
        ecosystem="circleci",
        name=str(call.at.get("name") or call.name),
        place=Place(file=path, first=line_of(job), last=line_of(job)),
        triggers=call.triggers,
        follows=tuple(str(need) for need in as_list(call.at.get("requires"))),
        environment=str(next(iter(as_list(call.at.get("context"))), "")) if call.approved else "",
        approved=call.approved,
        off=call.off,
    )
    if "/" in call.name and not job:
        return replace(task, uses=(Use(name=call.name.lower(), place=Place(file=path, first=line_of(call.at))),))
    commands, uses = _steps(path, config, job.get("steps"), DEEPEST)
    return replace(task, commands=commands, uses=uses)


def _steps(path: str, config: Map, steps: Any, depth: int) -> tuple[tuple[Command, ...], tuple[Use, ...]]:  # noqa: ANN401
    commands: tuple[Command, ...] = ()
    uses: tuple[Use, ...] = ()
    for name, at in map(_named, as_list(steps)):
        own = as_map(as_map(config.get("commands")).get(name))
        if name in {"when", "unless"}:
            inner = _steps(path, config, at.get("steps"), depth - 1) if depth else ((), ())
            commands, uses = commands + inner[0], uses + inner[1]
        elif own and depth:
            inner = _steps(path, config, own.get("steps"), depth - 1)
            commands, uses = commands + inner[0], uses + inner[1]
        elif "/" in name:
            uses += (Use(name=name.lower(), place=Place(file=path, first=line_of(at), last=line_of(at))),)
    for step in as_list(steps):
        run = as_map(step).get("run")
        script = as_map(run).get("command") if isinstance(run, Map) else run
        if script and str(as_map(run).get("when", "")) != "on_fail":
            commands += shell.commands(str(script), path, line_of(script))
    return commands, uses
