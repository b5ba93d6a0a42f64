"""Shell scripts: a file that a job, a target or a person runs."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Fact, Place, Task, Trigger
from generator.scan import shell
from generator.scan.snapshot import Snapshot

MOST = 500


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each script."""
    for path in sorted(snapshot.ending(".sh", ".bash"), key=lambda path: (path.count("/"), path))[:MOST]:
        text = snapshot.text(path)
        yield Task(
            kind="script",
            ecosystem="shell",
            name="",
            place=Place(file=path, last=text.count("\n") + 1),
            triggers=frozenset({Trigger.HAND}),
            commands=shell.commands(text, path),
        )
