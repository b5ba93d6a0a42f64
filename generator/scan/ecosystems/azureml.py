"""Azure Machine Learning: jobs and pipelines in YAML and Python, schedules, monitors, endpoints, both SDKs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource, Task, Trigger, Use
from generator.scan import shell
from generator.scan.flows import Flow, steps
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_map, line_of

SCHEMA = "azuremlschemas"
STARTS = ("az ml job create",)
STEPS = names(
    "azure.ai.ml.dsl.pipeline azure.ai.ml.command azure.ai.ml.load_component azure.ai.ml.parallel.*"
    " azure.ai.ml.sweep azureml.pipeline.steps.* azureml.pipeline.steps.*.PythonScriptStep"
)
FLOWS = (
    Flow(
        ecosystem="azureml",
        library="azure.ai.ml",
        steps=STEPS,
        schedules=names(
            "azure.ai.ml.entities.CronTrigger azure.ai.ml.entities.RecurrenceTrigger azure.ai.ml.entities.*Trigger"
        ),
    ),
    Flow(
        ecosystem="azureml",
        library="azureml",
        steps=STEPS,
        schedules=names("azureml.pipeline.core.Schedule.create azureml.pipeline.core.schedule.Schedule.create"),
    ),
)
SIGNS = (
    Sign(
        act=Act.RUNS_PIPELINE,
        calls=names("azure.ai.ml.dsl.pipeline azureml.pipeline.core.Pipeline azureml.pipeline.core.*Pipeline.submit"),
        commands=phrases("az ml job create, az ml run submit-pipeline"),
        uses=names("*mlpublishedpipelinerestapitask"),
        packages=names("azure-ai-ml azureml-core azureml-sdk"),
    ),
    Sign(act=Act.TRAINS, calls=names("azureml.train.*"), commands=phrases("az ml run submit-script")),
    Sign(
        act=Act.REGISTERS,
        calls=names(
            "azureml.core.Model.register azureml.core.model.Model.register azureml.core.*.register_model"
            " azure.ai.ml.entities.Model"
        ),
        commands=phrases("az ml model create, az ml model register, az ml model share"),
    ),
    Sign(
        act=Act.RECORDS_LINEAGE,
        calls=names("azureml.core.Model.register azureml.core.model.Model.register"),
        keywords=names("tags properties"),
    ),
    Sign(
        act=Act.DEPLOYS,
        calls=names("azureml.core.*Model.deploy azureml.core.Model.deploy"),
        commands=phrases("""az ml model deploy, az ml online-deployment update, az ml batch-deployment create,
                            az ml batch-endpoint create, az ml online-endpoint update"""),
    ),
    Sign(
        act=Act.SPLITS_TRAFFIC,
        resources=names("azureml:traffic"),
        commands=phrases("az ml online-endpoint update --traffic"),
    ),
    Sign(
        act=Act.DETECTS_DRIFT,
        uses=names("azureml:monitor"),
        calls=names("azureml.datadrift.* azure.ai.ml.entities.DataDriftSignal"),
    ),
    Sign(act=Act.TRACKS, calls=names("azureml.core.Run.*.log azureml.core.*Run*.log")),
    Sign(
        act=Act.LOGS_PREDICTIONS,
        resources=names("azureml:data_collector"),
        calls=names("azureml.ai.monitoring.Collector*"),
    ),
    Sign(act=Act.SERVES, resources=names("azureml:deployment")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each job, schedule and step, and resources for what a deployment states."""
    for flow in FLOWS:
        yield from steps(snapshot, flow)
    for path in snapshot.ending(".yml", ".yaml"):
        if SCHEMA in snapshot.text(path):
            document = as_map(next(iter(snapshot.yaml(path)), None))
            schema = str(document.get("$schema") or "").rsplit("/", 1)[-1].lower()
            yield from _document(path, schema, document)


def _document(path: str, schema: str, document: Map) -> Iterator[Fact]:
    if schema.startswith("pipeline"):
        for name, job in as_map(document.get("jobs")).items():
            yield _job(path, name, as_map(job))
    elif schema.startswith(("commandjob", "commandcomponent", "sweepjob")):
        yield _job(path, str(document.get("name") or "job"), document)
    elif schema.startswith(("schedule", "monitorschedule")):
        yield from _schedule(path, document)
    elif "deployment" in schema or "endpoint" in schema:
        place = Place(file=path, first=line_of(document), last=line_of(document))
        yield Resource(
            type="azureml:deployment" if "deployment" in schema else "azureml:endpoint", name="", place=place
        )
        for mark in ("traffic", "mirror_traffic", "data_collector"):
            if as_map(document.get(mark)):
                yield Resource(type=f"azureml:{mark.removeprefix('mirror_')}", name="", place=place)


def _job(path: str, name: str, job: Map) -> Task:
    command = job.get("command") or as_map(job.get("trial")).get("command")
    component = str(job.get("component") or "").removeprefix("file:")
    return Task(
        kind="stage",
        ecosystem="azureml",
        name=name,
        place=Place(file=path, first=line_of(job), last=line_of(command or job)),
        triggers=frozenset({Trigger.HAND}),
        commands=shell.commands(str(command or ""), path, line_of(command)),
        runs=(component.removeprefix("./"),) if component.endswith((".yml", ".yaml")) else (),
    )


def _schedule(path: str, document: Map) -> Iterator[Fact]:
    """Yield what a schedule starts: the job it names, or a monitor."""
    trigger = as_map(document.get("trigger"))
    live = bool(trigger.get("expression") or trigger.get("frequency"))
    monitor, job = document.get("create_monitor"), document.get("create_job")
    place = Place(file=path, first=line_of(document), last=line_of(trigger or document))
    named = str(as_map(job).get("job") or (job if not isinstance(job, Map) else "") or "")
    yield Task(
        kind="resource",
        ecosystem="azureml",
        name=str(document.get("name") or "schedule"),
        place=place,
        triggers=frozenset({Trigger.SCHEDULE} if live else {Trigger.HAND}),
        uses=(Use(name="azureml:monitor", place=place),) if monitor else (),
        runs=(named.removeprefix("file:").removeprefix("./"),) if named else (),
        off="scan.off-condition" if str(document.get("is_enabled", "")).lower() == "false" else "",
    )
