"""Azure Pipelines: stages, jobs, deployments and steps, with their templates put in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from posixpath import dirname, join, normpath

from generator.model.scan import Act, Command, Fact, Place, Resource, Task, Trigger, Use
from generator.scan import shell
from generator.scan.budget import Budget
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

DEEPEST = 8
MOST_TEMPLATES = 500
MOST_STEPS = 2000
PARTS = frozenset(["stages", "jobs", "steps", "extends"])
OURS = frozenset(["trigger", "pool", "pr", "schedules", "resources", "variables", "parameters", "name"])
SCRIPTS = ("script", "bash", "pwsh", "powershell")
INLINE = ("inlineScript", "script", "inline", "arguments")

SIGNS = (
    Sign(
        act=Act.DEPLOYS,
        uses=names(
            """kubernetesmanifest helmdeploy azurewebapp azurewebappcontainer azurermwebappdeployment azurefunctionapp
            azurecontainerapps azureappservicemanage"""
        ),
        commands=phrases("az ml online-endpoint update, az ml endpoint realtime, az ml model deploy, az aks"),
    ),
    Sign(act=Act.APPROVES, uses=names("manualvalidation")),
    Sign(act=Act.PROVISIONS, uses=names("terraformtask* terraformcli azureresourcemanagertemplatedeployment")),
    Sign(act=Act.SPLITS_TRAFFIC, resources=names("azure:canary")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Setting:
    """What holds around a part: the file it is written in, what starts it, how many templates may still be opened."""

    path: str
    triggers: frozenset[Trigger]
    budget: Budget
    depth: int = DEEPEST


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each job of each pipeline file, wherever it lies; templates only as far as one uses them."""
    for path in snapshot.ending(".yml", ".yaml"):
        if path.startswith(".github/") or not _may_be(snapshot.text(path)):
            continue
        for document in map(as_map, snapshot.yaml(path)):
            if document.keys() & PARTS and _is_pipeline(path, document):
                setting = _Setting(path=path, triggers=triggers_of(document), budget=Budget(MOST_TEMPLATES))
                yield from _any(snapshot, document, setting, "")


def _may_be(text: str) -> bool:
    return any(f"{part}:" in text for part in PARTS)


def _is_pipeline(path: str, document: Map) -> bool:
    named = (
        "azure-pipelines" in path
        or "azure_pipelines" in path
        or "/.azure" in f"/{path}"
        or "/.pipelines/" in f"/{path}"
    )
    starts = bool(document.keys() & {"trigger", "pr", "schedules"})
    return starts or (named and bool(document.keys() & OURS) and "parameters" not in document)


def triggers_of(document: Map) -> frozenset[Trigger]:
    """Return what starts a pipeline; without a word on it every push does."""
    found = set()
    trigger = document.get("trigger", "all")
    if str(trigger) != "none":
        only_tags = "tags" in as_map(trigger) and "branches" not in as_map(trigger)
        found.add(Trigger.TAG if only_tags else Trigger.PUSH)
    if str(document.get("pr", "none" if "trigger" in document else "all")) != "none":
        found.add(Trigger.PULL_REQUEST)
    if any(as_map(entry).get("cron") for entry in as_list(document.get("schedules"))):
        found.add(Trigger.SCHEDULE)
    if any("trigger" in as_map(entry) for entry in as_list(as_map(document.get("resources")).get("pipelines"))):
        found.add(Trigger.AFTER)
    return frozenset(found or {Trigger.HAND})


def _any(snapshot: Snapshot, document: Map, setting: _Setting, stage: str) -> Iterator[Fact]:
    if "extends" in document:
        yield from _template(snapshot, as_map(document["extends"]), setting, stage)
    for part in _flat(document.get("stages")):
        if _is_off(part):
            continue
        if "template" in part:
            yield from _template(snapshot, part, setting, stage)
        else:
            yield from _any(snapshot, part, setting, str(part.get("stage", "")))
    for job in _flat(document.get("jobs")):
        if "template" in job and not _is_off(job):
            yield from _template(snapshot, job, setting, stage)
        else:
            yield from _job(snapshot, job, setting, stage)
    if "steps" in document:
        yield from _job(snapshot, document, setting, stage)


def _template(snapshot: Snapshot, part: Map, setting: _Setting, stage: str) -> Iterator[Fact]:
    path = _path(str(part.get("template", "")), setting.path)
    if setting.depth and path in snapshot and setting.budget.spend():
        inner = replace(setting, path=path, depth=setting.depth - 1)
        for document in map(as_map, snapshot.yaml(path)):
            yield from _any(snapshot, document, inner, stage)


def _path(written: str, near: str) -> str:
    plain = written.split("@")[0]
    return plain.lstrip("/") if plain.startswith("/") else normpath(join(dirname(near), plain))


def _flat(value: object) -> Iterator[Map]:
    """Yield the entries of a list; those under a `${{ if }}` or `${{ each }}` count as they stand."""
    for entry in as_list(value):
        part = as_map(entry)
        inner = [child for key, child in part.items() if key.startswith("${{")]
        for child in inner:
            yield from _flat(child)
        if not inner and part:
            yield part


def _is_off(part: Map) -> bool:
    condition = str(part.get("condition", "")).strip().lower()
    return condition in {"false", "never()", "eq(1, 0)"} or str(part.get("enabled", "")).lower() == "false"


def _job(snapshot: Snapshot, job: Map, setting: _Setting, stage: str) -> Iterator[Fact]:
    environment = job.get("environment")
    named = str(as_map(environment).get("name") or (environment if isinstance(environment, str) else ""))
    commands: list[Command] = []
    uses: list[Use] = []
    for path, step in islice(_steps(snapshot, job, setting), MOST_STEPS):
        commands += _commands(path, step)
        uses += _uses(path, step)
    place = Place(file=setting.path, first=line_of(job), last=line_of(job))
    name = str(job.get("deployment") or job.get("job") or "job")
    yield Task(
        kind="ci",
        ecosystem="azure",
        name=f"{stage}/{name}" if stage else name,
        place=place,
        triggers=_narrowed(setting.triggers, str(job.get("condition", ""))),
        commands=tuple(commands),
        uses=tuple(uses),
        environment=named.split(".")[0],
        off="scan.off-condition" if _is_off(job) else "",
    )
    if "canary" in as_map(job.get("strategy")):
        yield Resource(type="azure:canary", name=name, place=place)


def _narrowed(triggers: frozenset[Trigger], condition: str) -> frozenset[Trigger]:
    if re.search(r"eq\(variables\['Build\.Reason'\],\s*'Schedule'\)", condition):
        return triggers & {Trigger.SCHEDULE}
    return triggers


def _steps(snapshot: Snapshot, job: Map, setting: _Setting) -> Iterator[tuple[str, Map]]:
    strategy: Mapping[str, object] = as_map(job.get("strategy"))
    lists = [job.get("steps")]
    lists += [as_map(hook).get("steps") for way in strategy.values() for hook in as_map(way).values()]
    for steps in lists:
        yield from _expanded(snapshot, steps, setting)


def _expanded(snapshot: Snapshot, steps: object, setting: _Setting) -> Iterator[tuple[str, Map]]:
    for step in _flat(steps):
        if _is_off(step):
            continue
        path = _path(str(step.get("template", "")), setting.path)
        if "template" not in step:
            yield setting.path, step
        elif setting.depth and path in snapshot and setting.budget.spend():
            inner = replace(setting, path=path, depth=setting.depth - 1)
            for document in map(as_map, snapshot.yaml(path)):
                yield from _expanded(snapshot, document.get("steps"), inner)


def _commands(path: str, step: Map) -> Iterator[Command]:
    forgiven = str(step.get("continueOnError", "")).lower() == "true"
    inputs = as_map(step.get("inputs"))
    scripts = [step[key] for key in SCRIPTS if key in step] + [inputs[key] for key in INLINE if key in inputs]
    scripts += [inputs[key] for key in ("scriptPath", "filePath") if key in inputs]
    for script in scripts:
        written = f"bash {script}" if str(script).endswith((".sh", ".bash")) and " " not in str(script) else str(script)
        for command in shell.commands(written, path, line_of(script)):
            yield replace(command, swallowed=command.swallowed or forgiven)


def _uses(path: str, step: Map) -> Iterator[Use]:
    if "task" in step:
        place = Place(file=path, first=line_of(step["task"]), last=line_of(step["task"]))
        inputs = {key: str(value)[:500] for key, value in as_map(step.get("inputs")).items()}
        yield Use(name=str(step["task"]).split("@")[0].lower(), place=place, inputs=inputs)
