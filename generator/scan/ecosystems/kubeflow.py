"""Kubeflow Pipelines: components and pipelines in Python, compiled pipelines, recurring runs; Katib and trainers."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Task, Trigger
from generator.scan.flows import Flow, steps
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import as_map, line_of

STARTS = ("kfp run create", "kfp run submit")
FLOW = Flow(
    ecosystem="kubeflow",
    library="kfp",
    steps=names(
        "kfp.dsl.component kfp.dsl.pipeline kfp.v2.dsl.component kfp.v2.dsl.pipeline kfp.dsl.ContainerOp"
        " kfp.dsl.container_component kfp.components.load_component_from_*"
        " kfp.components.create_component_from_func kfp.components.func_to_container_op"
    ),
    schedules=names("kfp.*.create_recurring_run kfp.*.create_schedule *.create_schedule_from_job_spec"),
)
SIGNS = (
    Sign(
        act=Act.RUNS_PIPELINE,
        calls=names("kfp.dsl.pipeline kfp.v2.dsl.pipeline kfp.*.create_run_from_pipeline* kfp.*.run_pipeline"),
        commands=phrases("kfp run create, kfp run submit"),
        packages=names("kfp"),
    ),
    Sign(act=Act.TRAINS, resources=names("k8s:PyTorchJob k8s:TFJob k8s:MPIJob k8s:XGBoostJob k8s:TrainJob")),
    Sign(act=Act.RUNS_PIPELINE, resources=names("k8s:Workflow k8s:CronWorkflow")),
    Sign(act=Act.TRACKS, calls=names("kfp.dsl.Metrics kfp.dsl.ClassificationMetrics")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each component and pipeline, and one for each task of a compiled pipeline."""
    yield from steps(snapshot, FLOW)
    for path in snapshot.ending(".yaml", ".yml"):
        text = snapshot.text(path)
        if "pipelineInfo:" in text and "deploymentSpec:" in text:
            tasks = as_map(as_map(as_map(next(iter(snapshot.yaml(path)), None)).get("root")).get("dag")).get("tasks")
            for name, task in as_map(tasks).items():
                place = Place(file=path, first=line_of(task), last=line_of(task))
                yield Task(kind="dag", ecosystem="kubeflow", name=name, place=place, triggers=frozenset({Trigger.HAND}))
