"""`ladder update`: bring newer templates of the same level into a project."""

from __future__ import annotations

import argparse

from generator.commands import upgrade


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    upgrade.shared(parser)


def run(options: argparse.Namespace) -> int:
    """Update in place."""
    return upgrade.change(options)
