"""Vertex AI: pipeline jobs and their schedules, training jobs, the registry, endpoints and monitoring."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact
from generator.scan.flows import Flow, steps
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot

STARTS = ("gcloud ai pipelines run",)
COMPONENTS = "google_cloud_pipeline_components"
FLOW = Flow(
    ecosystem="vertex",
    library="google.cloud.aiplatform",
    steps=names("google.cloud.aiplatform.PipelineJob google.cloud.aiplatform.pipeline_jobs.PipelineJob"),
    schedules=names("google.cloud.aiplatform.*.create_schedule google.cloud.aiplatform.PipelineJobSchedule*"),
)
SIGNS = (
    Sign(
        act=Act.RUNS_PIPELINE,
        calls=names(
            "google.cloud.aiplatform.PipelineJob.run google.cloud.aiplatform.PipelineJob.submit"
            " google.cloud.aiplatform.*PipelineJob"
        ),
    ),
    Sign(
        act=Act.TRAINS,
        calls=names(
            "google.cloud.aiplatform.*TrainingJob.run google.cloud.aiplatform.CustomJob*.run"
            f" {COMPONENTS}.*Training*Op {COMPONENTS}.*CustomTrainingJob*"
        ),
        commands=phrases("gcloud ai custom-jobs create, gcloud ai-platform jobs submit training"),
    ),
    Sign(
        act=Act.REGISTERS,
        calls=names(f"google.cloud.aiplatform.Model.upload {COMPONENTS}.*ModelUploadOp"),
        commands=phrases("gcloud ai models upload"),
    ),
    Sign(act=Act.PACKAGES, calls=names("google.cloud.aiplatform.Model.upload")),
    Sign(act=Act.PROMOTES, calls=names("google.cloud.aiplatform.*ModelRegistry*.add_version_aliases")),
    Sign(act=Act.EVALUATES, calls=names(f"{COMPONENTS}.*Evaluation*")),
    Sign(
        act=Act.DEPLOYS,
        calls=names(f"{COMPONENTS}.*ModelDeployOp"),
        commands=phrases("gcloud ai endpoints deploy-model, gcloud ai-platform versions create"),
    ),
    Sign(act=Act.ROLLS_BACK, commands=phrases("gcloud ai endpoints update --traffic-split")),
    Sign(
        act=Act.DETECTS_DRIFT,
        calls=names(
            "google.cloud.aiplatform.ModelDeploymentMonitoringJob.create google.cloud.aiplatform.model_monitoring.*"
        ),
    ),
    Sign(act=Act.TRACKS, calls=names("google.cloud.aiplatform.start_run google.cloud.aiplatform.log_*")),
    Sign(act=Act.LOGS_PARAMETERS, calls=names("google.cloud.aiplatform.log_params")),
    Sign(act=Act.SHARES_FEATURES, calls=names("google.cloud.aiplatform.Featurestore* vertexai.*.FeatureOnlineStore*")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each pipeline job that code makes."""
    yield from steps(snapshot, FLOW)
