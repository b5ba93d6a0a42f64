"""AWS developer tools: build specifications, and what CloudFormation and CDK declare of pipelines, rules and endpoints.

A rule or schedule that is `DISABLED` starts nothing; a build specification is started by the pipelines of the tree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import basename

from generator.model.scan import Act, Fact, Place, Resource, Task, Trigger, Use
from generator.scan import shell
from generator.scan.flows import matches, modules
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

SPECIFICATION = re.compile(r"^(build|test|deploy)[\w-]*spec[\w-]*\.ya?ml$|[_-]buildspec\.ya?ml$")
PIPELINES = names("aws_cdk.aws_codepipeline.Pipeline aws_cdk.pipelines.CodePipeline aws_cdk.*.CodePipeline")
CDK = "aws_cdk"
SIGNS = (
    Sign(
        act=Act.DEPLOYS,
        uses=names("codepipeline/deploy/*"),
        calls=names(
            f"{CDK}.aws_codepipeline_actions.CloudFormation*Action {CDK}.aws_codepipeline_actions.*DeployAction"
        ),
    ),
    Sign(
        act=Act.APPROVES,
        uses=names("codepipeline/approval/*"),
        calls=names(f"{CDK}.aws_codepipeline_actions.ManualApprovalAction {CDK}.pipelines.ManualApprovalStep"),
    ),
    Sign(act=Act.RUNS_PIPELINE, uses=names("events/sagemaker-pipeline")),
    Sign(
        act=Act.DETECTS_DRIFT,
        uses=names("sagemaker/dataquality"),
        calls=names(f"{CDK}.aws_sagemaker.CfnMonitoringSchedule {CDK}.aws_sagemaker.CfnDataQualityJobDefinition"),
    ),
    Sign(
        act=Act.MEASURES_LIVE_QUALITY,
        uses=names("sagemaker/modelquality"),
        calls=names(f"{CDK}.aws_sagemaker.CfnModelQualityJobDefinition"),
    ),
    Sign(
        act=Act.MEASURES_FAIRNESS,
        uses=names("sagemaker/modelbias"),
        calls=names(f"{CDK}.aws_sagemaker.CfnModelBiasJobDefinition"),
    ),
    Sign(
        act=Act.ALERTS,
        resources=names("aws:CloudWatch::Alarm"),
        calls=names(f"{CDK}.aws_cloudwatch.Alarm {CDK}.aws_cloudwatch.CfnAlarm"),
    ),
    Sign(act=Act.GUARDS_RELEASE, resources=names("aws:*+autorollback")),
    Sign(act=Act.SPLITS_TRAFFIC, resources=names("aws:*+canary")),
    Sign(act=Act.LOGS_PREDICTIONS, resources=names("aws:*+datacapture")),
    Sign(act=Act.SERVES, resources=names("aws:SageMaker::Endpoint")),
    Sign(
        act=Act.SCALES,
        resources=names("aws:ApplicationAutoScaling::ScalableTarget"),
        calls=names(f"{CDK}.aws_applicationautoscaling.*ScalableTarget"),
    ),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield tasks for build specifications, stages, rules and monitors, and resources for the rest."""
    stacks = [(path, name, at) for path in _templates(snapshot) for name, at in _resources(snapshot, path)]
    code = [module for module in modules(snapshot, CDK) if any(matches(call.name, PIPELINES) for call in module.calls)]
    started = bool(code) or any(at.get("Type") == "AWS::CodePipeline::Pipeline" for _, _, at in stacks)
    specifications = [path for path in snapshot.paths if SPECIFICATION.search(basename(path).lower())]
    for path in specifications:
        yield _specification(snapshot, path, started=started)
    for module in code:
        call = next(call for call in module.calls if matches(call.name, PIPELINES))
        place = Place(file=module.path, first=call.line, last=call.line)
        yield Task(kind="ci", ecosystem="aws", name="", place=place, triggers=frozenset({Trigger.PUSH}))
    for path, name, at in stacks:
        yield from _declared(path, name, at)


def _specification(snapshot: Snapshot, path: str, *, started: bool) -> Task:
    document = as_map(next(iter(snapshot.yaml(path)), None))
    lines = [
        line for phase in as_map(document.get("phases")).values() for line in as_list(as_map(phase).get("commands"))
    ]
    return Task(
        kind="ci",
        ecosystem="codebuild",
        name="",
        place=Place(file=path, first=line_of(document), last=line_of(lines[-1] if lines else document)),
        triggers=frozenset({Trigger.PUSH if started else Trigger.HAND}),
        commands=tuple(command for line in lines for command in shell.commands(str(line), path, line_of(line))),
    )


def _templates(snapshot: Snapshot) -> Iterator[str]:
    for path in snapshot.ending(".yaml", ".yml", ".json", ".template"):
        if "AWS::" in snapshot.text(path):
            yield path


def _resources(snapshot: Snapshot, path: str) -> Iterator[tuple[str, Map]]:
    """Yield the resources of a template; one nested in another file's text (a product) is not unfolded."""
    for document in map(as_map, snapshot.yaml(path)):
        for name, at in as_map(document.get("Resources")).items():
            if as_map(at).get("Type"):
                yield name, as_map(at)


def _declared(path: str, name: str, at: Map) -> Iterator[Fact]:
    kind, given = str(at["Type"]).removeprefix("AWS::"), as_map(at.get("Properties"))
    place = Place(file=path, first=line_of(at), last=line_of(given or at))
    if kind == "CodePipeline::Pipeline":
        yield from _stages(path, name, given)
    elif kind in {"Events::Rule", "Scheduler::Schedule"}:
        yield _rule(name, place, given)
    elif kind == "SageMaker::MonitoringSchedule":
        yield _monitor(name, place, given)
    elif not (kind == "CloudWatch::Alarm" and str(given.get("ActionsEnabled", "")).lower() == "false"):
        yield Resource(type=f"aws:{kind}", name=name, place=place)
    for mark in _marks(given):
        yield Resource(type=f"aws:{kind}+{mark}", name=name, place=place)


def _marks(given: Map) -> Iterator[str]:
    deployment = as_map(given.get("DeploymentConfig"))
    back = as_map(deployment.get("AutoRollbackConfiguration") or given.get("AutoRollbackConfiguration"))
    if as_list(back.get("Alarms")) or str(back.get("Enabled", "")).lower() == "true":
        yield "autorollback"
    routing = as_map(as_map(deployment.get("BlueGreenUpdatePolicy")).get("TrafficRoutingConfiguration"))
    if str(routing.get("Type", "")) in {"CANARY", "LINEAR"}:
        yield "canary"
    if str(as_map(given.get("DataCaptureConfig")).get("EnableCapture", "")).lower() == "true":
        yield "datacapture"


def _stages(path: str, name: str, given: Map) -> Iterator[Task]:
    """Yield one task for each stage of a pipeline; what follows an approval is approved."""
    before: tuple[str, ...] = ()
    approved = False
    for stage in map(as_map, as_list(given.get("Stages"))):
        actions = [as_map(action) for action in as_list(stage.get("Actions"))]
        kinds = [as_map(action.get("ActionTypeId")) for action in actions]
        label = f"{name}/{stage.get('Name', '')}"
        uses = tuple(_use(path, kind) for kind in kinds if kind.get("Category") not in {None, "Source"})
        approved = approved or any(kind.get("Category") == "Approval" for kind in kinds)
        yield Task(
            kind="ci",
            ecosystem="aws",
            name=label,
            place=Place(file=path, first=line_of(stage), last=line_of(stage)),
            triggers=frozenset({Trigger.PUSH}),
            uses=uses,
            follows=before,
            approved=approved and any(kind.get("Category") == "Deploy" for kind in kinds),
        )
        before = (label,)


def _use(path: str, kind: Map) -> Use:
    name = f"codepipeline/{kind.get('Category', '')}/{kind.get('Provider', '')}".lower()
    return Use(name=name, place=Place(file=path, first=line_of(kind), last=line_of(kind)))


def _rule(name: str, place: Place, given: Map) -> Task:
    targets = [as_map(target) for target in (*as_list(given.get("Targets")), *as_list(given.get("Target")))]
    started = {Trigger.SCHEDULE} if given.get("ScheduleExpression") else set()
    started |= {Trigger.SIGNAL} if given.get("EventPattern") else set()
    pipelines = [target for target in targets if "SageMakerPipelineParameters" in target or _is_pipeline(target)]
    return Task(
        kind="resource",
        ecosystem="aws",
        name=name,
        place=place,
        triggers=frozenset(started or {Trigger.HAND}),
        uses=(Use(name="events/sagemaker-pipeline", place=place),) if pipelines else (),
        off="scan.off-condition" if str(given.get("State", "")) == "DISABLED" else "",
    )


def _is_pipeline(target: Map) -> bool:
    return bool(re.search(r"sagemaker:.*:pipeline/", str(target.get("Arn", ""))))


def _monitor(name: str, place: Place, given: Map) -> Task:
    config = as_map(given.get("MonitoringScheduleConfig"))
    kind = str(config.get("MonitoringType") or "DataQuality").lower()
    live = bool(as_map(config.get("ScheduleConfig")).get("ScheduleExpression"))
    return Task(
        kind="resource",
        ecosystem="aws",
        name=name,
        place=place,
        triggers=frozenset({Trigger.SCHEDULE if live else Trigger.HAND}),
        uses=(Use(name=f"sagemaker/{kind}", place=place),),
    )
