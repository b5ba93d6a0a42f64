"""TensorFlow Extended: components by the calls that make them; its evaluator blesses a model or holds it back."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact
from generator.scan.flows import Flow, steps
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot

STARTS = ("tfx run create", "tfx pipeline create")
PARTS = "CsvExampleGen BigQueryExampleGen ImportExampleGen StatisticsGen SchemaGen ImportSchemaGen ExampleValidator Transform Trainer Tuner Evaluator Pusher BulkInferrer InfraValidator"  # noqa: E501


def _of(*parts: str) -> tuple[str, ...]:
    return tuple(f"tfx.*{part}" for part in parts)


FLOW = Flow(ecosystem="tfx", library="tfx", steps=_of(*PARTS.split()))
SIGNS = (
    Sign(
        act=Act.RUNS_PIPELINE,
        calls=names("tfx.*.pipeline.Pipeline tfx.*.Pipeline tfx.dsl.Pipeline tfx.v1.dsl.Pipeline"),
        commands=phrases("tfx run create, tfx pipeline create"),
        packages=names("tfx"),
    ),
    Sign(act=Act.ACQUIRES, calls=_of("ExampleGen")),
    Sign(act=Act.PREPARES, calls=_of("Transform")),
    Sign(
        act=Act.VALIDATES_DATA, calls=_of("ExampleValidator", "SchemaGen"), packages=names("tensorflow-data-validation")
    ),
    Sign(act=Act.TRAINS, calls=_of("Trainer")),
    Sign(act=Act.PACKAGES, calls=_of("Trainer", "Pusher")),
    Sign(act=Act.EVALUATES, calls=_of("Evaluator")),
    Sign(act=Act.HOLDS_RELEASE, calls=names("tensorflow_model_analysis.GenericValueThreshold")),
    Sign(act=Act.COMPARES, calls=names("tensorflow_model_analysis.GenericChangeThreshold")),
    Sign(act=Act.SHARES_FEATURES, calls=_of("Transform")),
    Sign(act=Act.SLICES, calls=names("tensorflow_model_analysis.SlicingSpec")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each component."""
    yield from steps(snapshot, FLOW)
