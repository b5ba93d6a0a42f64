"""Feature stores: one definition of a feature for training and for serving."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import as_map

SIGNS = (
    Sign(
        act=Act.SHARES_FEATURES,
        calls=names(
            """feast.FeatureStore.get_historical_features feast.FeatureStore.get_online_features tecton.get_workspace
            tecton.*.get_historical_features tecton.*.get_online_features hsfs.* hopsworks.*.get_feature_store*
            databricks.feature_store.* databricks.feature_engineering.* sagemaker.feature_store.*
            sagemaker.mlops.feature_store.* snowflake.ml.feature_store.* featureform.*"""
        ),
        packages=names("feast tecton hsfs hopsworks databricks-feature-engineering"),
    ),
    Sign(act=Act.PREPARES, calls=names("feast.FeatureStore.materialize*"), commands=phrases("feast materialize")),
    Sign(act=Act.PREPARES, commands=phrases("feast materialize-incremental")),
    Sign(act=Act.PROVISIONS, commands=phrases("feast apply, tecton apply")),
    Sign(
        act=Act.DOCUMENTS_FEATURES,
        calls=names("feast.FeatureView feast.FeatureService feast.OnDemandFeatureView tecton.batch_feature_view"),
        keywords=names("owner description tags"),
    ),
    Sign(act=Act.SHARES_FEATURES, resources=names("feast:store")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield a resource for each configured store."""
    for path in snapshot.named("feature_store.yaml", "feature_store.yml"):
        store = as_map(next(iter(snapshot.yaml(path)), None))
        if store.get("project") and store.get("registry"):
            yield Resource(type="feast:store", name=str(store["project"]), place=Place(file=path))
