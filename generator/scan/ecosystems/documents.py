"""Documents with a form of their own: model cards with front matter, owners of code. They declare, and no more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot

SIGNS = (
    Sign(act=Act.DOCUMENTS_MODEL, resources=names("card:*")),
    Sign(act=Act.OWNS, resources=names("owners:*")),
)
FIELD = re.compile(r"^(license|tags|datasets|metrics|model-index|library_name|pipeline_tag)\s*:", re.MULTILINE)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield a resource for each model card and each file of owners."""
    for path in snapshot.named("README.md", "model_card.md", "modelcard.md", "MODEL_CARD.md"):
        text = snapshot.text(path)
        front = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
        if (front and FIELD.search(front[1])) or re.search(
            r"^#+\s*(intended use|model details)\b", text, re.IGNORECASE | re.MULTILINE
        ):
            yield Resource(type="card:model", name=path, place=Place(file=path))
    for path in ("CODEOWNERS", ".github/CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"):
        if re.search(r"^[^#\s].*@", snapshot.text(path), re.MULTILINE):
            yield Resource(type="owners:code", name=path, place=Place(file=path))
