"""What all tests share: no deadline for properties, because machines differ."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("ladder", deadline=None, max_examples=50)
settings.load_profile("ladder")
