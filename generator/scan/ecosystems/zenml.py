"""ZenML: steps and pipelines by their decorators, schedules, model control plane and deployers."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact
from generator.scan.flows import Flow, steps
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot

STARTS = ("zenml pipeline run",)
FLOW = Flow(
    ecosystem="zenml",
    library="zenml",
    steps=names("zenml.step zenml.pipeline zenml.steps.step zenml.pipelines.pipeline"),
    schedules=names("zenml.*.Schedule zenml.Schedule"),
    keywords=names("cron_expression interval_second"),
)
SIGNS = (
    Sign(act=Act.RUNS_PIPELINE, calls=names("zenml.pipeline zenml.pipelines.pipeline"), commands=STARTS),
    Sign(act=Act.TRACKS, calls=names("zenml.log_metadata zenml.log_model_metadata"), packages=names("zenml")),
    Sign(act=Act.REGISTERS, calls=names("zenml.Model zenml.model.*.Model zenml.*.mlflow_register_model_step")),
    Sign(act=Act.PROMOTES, calls=names("zenml.*.set_stage zenml.get_step_context.*.set_stage")),
    Sign(act=Act.RECORDS_LINEAGE, calls=names("zenml.Model")),
    Sign(
        act=Act.DEPLOYS,
        calls=names("zenml.*model_deployer_step zenml.*.deploy_model zenml.*ModelDeployer*.deploy_model"),
        commands=phrases("zenml model deploy, zenml deployment provision, zenml pipeline deploy"),
    ),
    Sign(act=Act.DETECTS_DRIFT, calls=names("zenml.*.evidently_report_step zenml.*.deepchecks_data_drift_check_step")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each step and pipeline."""
    yield from steps(snapshot, FLOW)
