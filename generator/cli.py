"""argv to one command: parses, runs, and turns what went wrong into an exit code.

Exit codes: 0 done, 1 expected error, 2 wrong usage, 3 a bug (with a log file), 4 below a threshold, 130 interrupted.
A command is a module of `generator.commands` with `arguments(parser)` and `run(options)`, imported only when called.
"""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from generator import __version__, console, text
from generator.errors import BelowThreshold, LadderError, UsageError

COMMANDS = ("start", "assess", "score", "new", "check", "upgrade", "set", "update", "diff", "scan", "replay", "bank")


def main(argv: list[str]) -> int:
    """Run one command line and return its exit code; prints what the user needs, raises nothing."""
    try:
        return _run(argv)
    except BelowThreshold as verdict:
        console.tell(str(verdict))
        return 4
    except UsageError as error:
        console.tell(text.say("cli.error", message=error))
        return 2
    except LadderError as error:
        console.tell(text.say("cli.error", message=error))
        return 1
    except KeyboardInterrupt:
        console.tell(text.say("cli.interrupted"))
        return 130
    except BrokenPipeError:
        return _closed_pipe()
    except Exception as bug:  # noqa: BLE001 - the last line of defence: a log instead of a traceback
        return _report_bug(bug, argv)


def entry() -> None:
    """Run the `ladder` command and exit."""
    sys.exit(main(sys.argv[1:]))


def _run(argv: list[str]) -> int:
    parser = _parser(argv)
    options = parser.parse_args(argv)
    if options.lang:
        text.use_language(options.lang)
    if options.command is None:
        console.write(parser.format_help().rstrip())
        return 0
    command = import_module(f"generator.commands.{options.command}")
    return int(command.run(options))


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ladder", description=text.say("cli.description"), epilog=text.say("cli.epilog")
    )
    parser.add_argument("--version", action="version", version=f"ladder {__version__}")
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--lang", choices=text.languages(), help=text.say("cli.lang"))
    parser.set_defaults(lang=None)
    verbs = parser.add_subparsers(dest="command", metavar=text.say("cli.metavar"), title=text.say("cli.title"))
    called = next((word for word in argv if not word.startswith("-")), None)
    for verb in COMMANDS:
        help_line = text.say(f"cli.{verb}")
        sub = verbs.add_parser(verb, help=help_line, description=help_line, parents=[common])
        if verb == called:
            import_module(f"generator.commands.{verb}").arguments(sub)
    return parser


def _closed_pipe() -> int:
    import os

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 1


def _report_bug(bug: Exception, argv: list[str]) -> int:
    import platform
    import tempfile
    import traceback

    trace = "".join(traceback.format_exception(bug))
    with tempfile.NamedTemporaryFile("w", prefix="ladder-bug-", suffix=".log", delete=False, encoding="utf-8") as log:
        log.write(f"ladder {__version__}, Python {platform.python_version()}, {platform.platform()}\n")
        log.write(f"arguments: {argv!r}\n\n{trace}")
    console.tell(text.say("cli.bug", kind=type(bug).__name__, message=bug, log=log.name))
    return 3
