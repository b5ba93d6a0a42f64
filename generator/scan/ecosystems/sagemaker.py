"""SageMaker: the steps of a pipeline, conditions that hold a model back, the registry, monitors and jobs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact
from generator.scan.flows import Flow, steps
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot

STARTS = ("aws sagemaker start-pipeline-execution", "get-pipeline-definition", "run-pipeline")
STEPS = "TrainingStep TuningStep ProcessingStep TransformStep CreateModelStep RegisterModel ModelStep ConditionStep QualityCheckStep ClarifyCheckStep"  # noqa: E501
FLOW = Flow(
    ecosystem="sagemaker",
    library="sagemaker",
    steps=tuple(f"sagemaker.workflow.*{step}" for step in STEPS.split()),
    schedules=names("sagemaker.workflow.triggers.PipelineSchedule"),
)
SIGNS = (
    Sign(
        act=Act.RUNS_PIPELINE,
        calls=names("sagemaker.workflow.pipeline.Pipeline* boto3.client.start_pipeline_execution"),
        commands=phrases("aws sagemaker start-pipeline-execution, run-pipeline"),
        packages=names("sagemaker"),
    ),
    Sign(
        act=Act.TRAINS,
        calls=names(
            "sagemaker.workflow.*TrainingStep sagemaker.workflow.*TuningStep sagemaker.*.fit"
            " boto3.client.create_training_job"
        ),
        commands=phrases("aws sagemaker create-training-job"),
    ),
    Sign(act=Act.PREPARES, calls=names("sagemaker.workflow.*ProcessingStep")),
    Sign(act=Act.EVALUATES, calls=names("sagemaker.workflow.properties.PropertyFile")),
    Sign(
        act=Act.PACKAGES,
        calls=names(
            "sagemaker.workflow.*TrainingStep sagemaker.workflow.*CreateModelStep"
            " sagemaker.estimator.Estimator* sagemaker.*.estimator.*"
        ),
    ),
    Sign(act=Act.HOLDS_RELEASE, calls=names("sagemaker.workflow.*ConditionStep")),
    Sign(act=Act.VALIDATES_DATA, calls=names("sagemaker.workflow.*QualityCheckStep")),
    Sign(
        act=Act.REGISTERS,
        calls=names("sagemaker.workflow.*RegisterModel sagemaker.*.register boto3.client.create_model_package"),
    ),
    Sign(
        act=Act.RECORDS_LINEAGE,
        calls=names("sagemaker.workflow.*RegisterModel sagemaker.*.register sagemaker.lineage.*"),
    ),
    Sign(act=Act.PROMOTES, calls=names("boto3.client.update_model_package")),
    Sign(act=Act.DETECTS_DRIFT, calls=names("sagemaker.model_monitor.*")),
    Sign(act=Act.MEASURES_LIVE_QUALITY, calls=names("sagemaker.model_monitor.*ModelQualityMonitor*")),
    Sign(act=Act.LOGS_PREDICTIONS, calls=names("sagemaker.model_monitor.DataCaptureConfig")),
    Sign(act=Act.MEASURES_FAIRNESS, calls=names("sagemaker.clarify.* sagemaker.workflow.*ClarifyCheckStep")),
    Sign(act=Act.TRACKS, calls=names("sagemaker.experiments.*")),
    Sign(act=Act.DOCUMENTS_MODEL, calls=names("sagemaker.model_card.*")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each step of a pipeline."""
    yield from steps(snapshot, FLOW)
