"""Feature stores: shared features count when code asks the store, documents of a feature only declare."""

from __future__ import annotations

from generator.model.scan import Grade, Outcome
from tests.scan.worlds import TRAIN, evidence

ASK = "import feast\n\nif __name__ == '__main__':\n    feast.FeatureStore('.').get_historical_features([])\n"


def test_a_started_script_that_asks_the_store_shares_features() -> None:
    assert evidence({"train.py": TRAIN, "rows.py": ASK}, "C17").outcome is Outcome.YES


def test_a_store_that_is_configured_or_depended_on_is_only_declared() -> None:
    for files in (
        {"feature_store.yaml": "project: p\nregistry: r.db\n"},
        {"requirements.txt": "feast==0.40\n"},
    ):
        found = evidence({"train.py": TRAIN, **files}, "C17")
        assert (found.outcome, found.grade) == (Outcome.NO, Grade.E1)


def test_a_file_of_that_name_without_a_registry_is_none() -> None:
    assert evidence({"feature_store.yaml": "a: b\n"}, "C17").grade is Grade.E0
