"""What can go wrong in a way the user can mend; everything else is a bug."""

from __future__ import annotations

from generator.text import say


class LadderError(Exception):
    """An expected error: says what, where and what to do next, from the message catalogue.

    `key` names the sentence (``room.name``), `fields` fill it in. The command line prints it and exits 1.
    """

    def __init__(self, key: str, /, **fields: object) -> None:
        super().__init__(key, fields)
        self.key = key
        self.fields = fields

    def __str__(self) -> str:
        return say(self.key, **self.fields)


class UsageError(LadderError):
    """The command was called wrongly; the command line exits 2."""


class BelowThreshold(LadderError):  # noqa: N818 - a verdict, not a fault
    """A `--fail-under` or a `check` does not hold; the command line exits 4."""
