"""`ladder set`: change one option of a project in place."""

from __future__ import annotations

import argparse

from generator.commands import upgrade
from generator.errors import UsageError
from generator.text import say


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    upgrade.shared(parser)
    parser.add_argument("setting", metavar="K=V", help=say("climb.set-help"))


def run(options: argparse.Namespace) -> int:
    """Change the option, keeping level and everything else."""
    key, equals, value = options.setting.partition("=")
    if not equals:
        raise UsageError("scaffold.bad-set", value=options.setting)
    return upgrade.change(options, settings={key: value})
