"""MLflow: projects and recipes, tracking, the model registry and its servers."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource, Task, Trigger
from generator.scan import shell
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import as_map, line_of

STARTS = ("mlflow run",)
SIGNS = (
    Sign(
        act=Act.TRACKS,
        calls=names("mlflow.start_run mlflow.log_* mlflow.autolog mlflow.*.autolog mlflow.*MlflowClient.log_*"),
        packages=names("mlflow mlflow-skinny"),
    ),
    Sign(
        act=Act.LOGS_PARAMETERS,
        calls=names("mlflow.log_param* mlflow.autolog mlflow.*.autolog mlflow.*MlflowClient.log_param"),
    ),
    Sign(act=Act.PACKAGES, calls=names("mlflow.*.log_model mlflow.*.save_model")),
    Sign(act=Act.REGISTERS, calls=names("mlflow.register_model mlflow.*MlflowClient.create_model_version")),
    Sign(act=Act.REGISTERS, calls=names("mlflow.*.log_model"), keywords=names("registered_model_name")),
    Sign(
        act=Act.PROMOTES,
        calls=names("""mlflow.*MlflowClient.set_registered_model_alias
                       mlflow.*MlflowClient.transition_model_version_stage"""),
    ),
    Sign(act=Act.RECORDS_LINEAGE, calls=names("mlflow.*MlflowClient.set_model_version_tag mlflow.register_model")),
    Sign(act=Act.RECORDS_LINEAGE, calls=names("mlflow.*.log_model"), keywords=names("registered_model_name")),
    Sign(act=Act.SERVES, calls=names("mlflow.*.load_model"), commands=phrases("mlflow models serve")),
    Sign(act=Act.PACKAGES, commands=phrases("mlflow models build-docker")),
    Sign(
        act=Act.DEPLOYS,
        commands=phrases("mlflow deployments create, mlflow deployments update, mlflow sagemaker deploy"),
        calls=names("mlflow.deployments.*.create_deployment mlflow.deployments.*.update_deployment"),
    ),
    Sign(
        act=Act.RUNS_PIPELINE,
        commands=phrases("mlflow run, mlflow recipes run"),
        calls=names("mlflow.recipes.Recipe.run mlflow.projects.run mlflow.run"),
    ),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each entry point of a project, and a resource for each recipe."""
    for path in snapshot.named("MLproject"):
        project = as_map(next(iter(snapshot.yaml(path)), None))
        for name, entry in as_map(project.get("entry_points")).items():
            command = as_map(entry).get("command")
            yield Task(
                kind="stage",
                ecosystem="mlflow",
                name=name,
                place=Place(file=path, first=line_of(entry), last=line_of(command or entry)),
                triggers=frozenset({Trigger.HAND}),
                commands=shell.commands(str(command or ""), path, line_of(command)),
            )
    for path in snapshot.named("recipe.yaml"):
        recipe = as_map(next(iter(snapshot.yaml(path)), None))
        if "recipe" in recipe and "steps" in recipe:
            yield Resource(type="mlflow:recipe", name=str(recipe["recipe"]), place=Place(file=path))
