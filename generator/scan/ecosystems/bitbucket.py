"""Bitbucket Pipelines: the steps of each pipeline, with pipes, stages, deployments and manual gates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from generator.model.scan import Act, Command, Fact, Place, Task, Trigger, Use
from generator.scan import shell
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

FILE = "bitbucket-pipelines.yml"
STARTED = {
    "default": frozenset({Trigger.PUSH}),
    "branches": frozenset({Trigger.PUSH}),
    "pull-requests": frozenset({Trigger.PULL_REQUEST}),
    "tags": frozenset({Trigger.TAG}),
    "custom": frozenset({Trigger.HAND}),
}
"""A custom pipeline may have a schedule, but that is a setting of the host and not in the tree."""

SIGNS = (
    Sign(
        act=Act.DEPLOYS,
        uses=names(
            """atlassian/aws-ecs-deploy atlassian/aws-eks-kubectl-run atlassian/aws-lambda-deploy
            atlassian/aws-elasticbeanstalk-deploy atlassian/azure-*-deploy atlassian/google-*-deploy
            atlassian/kubectl-run atlassian/heroku-deploy atlassian/ssh-run atlassian/aws-code-deploy
            atlassian/google-cloud-run-deploy atlassian/google-gke-kubectl-run"""
        ),
    ),
    Sign(act=Act.PROVISIONS, uses=names("atlassian/aws-cloudformation-deploy atlassian/terraform*")),
    Sign(act=Act.AUDITS, uses=names("snyk/* atlassian/git-secrets-scan")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each step; its name tells its pipeline and its place there."""
    if FILE not in snapshot:
        return
    pipelines = as_map(as_map(next(iter(snapshot.yaml(FILE)), None)).get("pipelines"))
    for kind, triggers in STARTED.items():
        given = pipelines.get(kind)
        named = {"": given} if kind == "default" else as_map(given)
        for name, items in named.items():
            yield from _pipeline(f"{kind} {name}".strip(), items, triggers)


def _pipeline(name: str, items: Any, triggers: frozenset[Trigger]) -> Iterator[Task]:  # noqa: ANN401 - what YAML holds
    before: list[str] = []
    gated = False
    for number, (step, stage) in enumerate(_steps(items), start=1):
        manual = "manual" in {str(step.get("trigger", "")), str(stage.get("trigger", ""))}
        environment = str(step.get("deployment") or stage.get("deployment") or "")
        gated = gated or (manual and bool(environment))
        label = f"{name} {number}"
        yield Task(
            kind="ci",
            ecosystem="bitbucket",
            name=label,
            place=Place(file=FILE, first=line_of(step), last=line_of(step)),
            triggers=frozenset({Trigger.HAND}) if manual and not environment else triggers,
            commands=tuple(_commands(step)),
            uses=tuple(_pipes(step)),
            follows=tuple(before),
            environment=environment,
            approved=gated and bool(environment),
        )
        before = [label]


def _steps(items: Any) -> Iterator[tuple[Map, Map]]:  # noqa: ANN401
    """Yield each step with the stage it is in; parallel ones one after the other."""
    for item in map(as_map, as_list(items)):
        stage, parallel = as_map(item.get("stage")), item.get("parallel")
        inner = as_map(parallel).get("steps") or parallel or stage.get("steps")
        for entry in as_list(inner) if inner else [item]:
            step = as_map(as_map(entry).get("step"))
            if step:
                yield step, stage


def _commands(step: Map) -> Iterator[Command]:
    for line in as_list(step.get("script")):
        if not isinstance(line, Map):
            yield from shell.commands(str(line), FILE, line_of(line))


def _pipes(step: Map) -> Iterator[Use]:
    for entry in map(as_map, as_list(step.get("script"))):
        pipe = entry.get("pipe")
        if pipe:
            inputs = {key: str(value)[:500] for key, value in as_map(entry.get("variables")).items()}
            place = Place(file=FILE, first=line_of(pipe), last=line_of(pipe))
            yield Use(name=str(pipe).removeprefix("docker://").split(":")[0].lower(), place=place, inputs=inputs)
