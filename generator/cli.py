"""argv to one command: parses, runs, and turns what went wrong into an exit code.

Exit codes: 0 done, 1 expected error, 2 wrong usage, 3 a bug (with a log file), 4 below a threshold, 130 interrupted.
A command is a module of `generator.commands` with `arguments(parser)` and `run(options)`, imported only when called.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from itertools import pairwise

from generator import __version__, console, text
from generator.errors import BelowThreshold, LadderError, UsageError

COMMANDS = (
    "start", "assess", "score", "report", "new", "check", "upgrade", "set", "update", "diff", "scan", "replay",
    "bank",
)  # fmt: skip


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
    _choose_language(argv)
    parser = _parser(argv)
    options = parser.parse_args(argv)
    if options.command is None:
        console.write(parser.format_help().rstrip())
        return 0
    command = import_module(f"generator.commands.{options.command}")
    return int(command.run(options))


def _choose_language(argv: list[str]) -> None:
    """Use the language of --lang, of LADDER_LANG or of the locale; help and mistakes in argv are said in it too."""
    asked = [after for word, after in pairwise(argv) if word == "--lang"]
    asked += [word.removeprefix("--lang=") for word in argv if word.startswith("--lang=")]
    wanted = asked[-1] if asked else text.preferred_language(os.environ)
    if wanted in text.languages():
        text.use_language(wanted)
    elif not asked:
        raise UsageError("cli.no-language", found=wanted, known=", ".join(text.languages()))
    if wanted != text.DEFAULT_LANGUAGE:
        vars(argparse)["_"] = _in_our_words  # argparse looks every sentence of its own up by this name


def _in_our_words(sentence: str) -> str:
    ours = text.sentences("argparse", text.DEFAULT_LANGUAGE)
    name = next((name for name, original in ours.items() if original == sentence), None)
    return text.say(f"argparse.{name}") if name else sentence


def _parser(argv: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="ladder", description=text.say("cli.description"), epilog=text.say("cli.epilog")
    )
    parser.add_argument(
        "--version", action="version", version=f"ladder {__version__}", help=text.say("argparse.version")
    )
    common = argparse.ArgumentParser(add_help=False)
    for each in (parser, common):
        each.add_argument("--lang", choices=text.languages(), help=text.say("cli.lang"))
    verbs = parser.add_subparsers(dest="command", metavar=text.say("cli.metavar"), title=text.say("cli.title"))
    called = next((word for word in argv if word in COMMANDS), None)
    for verb in COMMANDS:
        help_line = text.say(f"cli.{verb}")
        sub = verbs.add_parser(verb, help=help_line, description=help_line, parents=[common])
        if verb == called:
            import_module(f"generator.commands.{verb}").arguments(sub)
    return parser


def _closed_pipe() -> int:
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
