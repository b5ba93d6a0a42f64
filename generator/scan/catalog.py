"""Every ecosystem the scan knows, in one explicit tuple: to add one, write its module and name it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from generator.model.scan import Fact
from generator.scan.ecosystems import (
    airflow,
    aws,
    azure,
    azureml,
    bitbucket,
    circleci,
    cloudbuild,
    dagster,
    docker,
    documents,
    dvc,
    features,
    github,
    gitlab,
    jenkins,
    kedro,
    kubeflow,
    kubernetes,
    learning,
    make,
    metaflow,
    mlflow,
    monitoring,
    packages,
    prefect,
    prometheus,
    quality,
    sagemaker,
    sbom,
    serving,
    shellscripts,
    snakemake,
    sources,
    taskcluster,
    taskrunners,
    terraform,
    tfx,
    tracking,
    trainers,
    validation,
    vertex,
    zenml,
)
from generator.scan.signs import Sign, Vocabulary
from generator.scan.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Ecosystem:
    """One vocabulary: `read` yields the facts its files state, `starts` are commands that run its tasks."""

    name: str
    read: Callable[[Snapshot], Iterator[Fact]]
    signs: tuple[Sign, ...]
    starts: tuple[str, ...]


MODULES: tuple[ModuleType, ...] = (
    github,
    gitlab,
    azure,
    jenkins,
    circleci,
    bitbucket,
    cloudbuild,
    taskcluster,
    dvc,
    mlflow,
    kedro,
    airflow,
    snakemake,
    make,
    shellscripts,
    docker,
    kubernetes,
    terraform,
    prometheus,
    packages,
    learning,
    sources,
    tracking,
    validation,
    serving,
    monitoring,
    quality,
    documents,
    aws,
    zenml,
    metaflow,
    prefect,
    dagster,
    kubeflow,
    tfx,
    sagemaker,
    vertex,
    azureml,
    features,
    sbom,
    taskrunners,
    trainers,
)


def _nothing(_: Snapshot) -> Iterator[Fact]:
    return iter(())


def _ecosystem(module: ModuleType) -> Ecosystem:
    return Ecosystem(
        name=module.__name__.rsplit(".", 1)[-1],
        read=getattr(module, "read", _nothing),
        signs=getattr(module, "SIGNS", ()),
        starts=getattr(module, "STARTS", ()),
    )


ECOSYSTEMS: tuple[Ecosystem, ...] = tuple(map(_ecosystem, MODULES))


@cache
def vocabulary() -> Vocabulary:
    """Return the signs of all ecosystems."""
    return Vocabulary(sign for ecosystem in ECOSYSTEMS for sign in ecosystem.signs)
