"""Tell the model registry who is champion; what serves never waits for it."""

from __future__ import annotations


def mark_champion(release: str) -> str:
    """Give the alias `champion` to the version of `release`; return what came of it, also when it failed."""
    try:
        from pipeline import tracking  # MLflow takes a second to import

        version = tracking.promote(release)
    except Exception as error:
        return f"the registry was not told: {type(error).__name__}: {error}"
    return f"the registry calls version {version} champion" if version else "the registry does not know it"
