"""`ladder bank`: print the question bank, or check a custom one."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

from generator import columns, console
from generator.assess.bank import PACKAGED, load_bank
from generator.errors import LadderError
from generator.model.assessment import GATES, Bank
from generator.text import say

WIDTH = 79


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("action", nargs="?", choices=["show", "validate"], default="show", help=say("bank.action-help"))
    parser.add_argument("folder", nargs="?", type=Path, metavar="F", help=say("bank.folder-help"))
    parser.add_argument("--json", action="store_true", help=say("bank.json-help"))


def run(options: argparse.Namespace) -> int:
    """Print the bank (the packaged one, or the one in the folder), or check the one in the folder."""
    if options.folder or options.action == "validate":
        _check(options.folder or PACKAGED)
    if options.action == "validate":
        console.write(say("bank.good", folder=options.folder or PACKAGED))
        return 0
    bank = load_bank(options.folder)
    if options.json:
        console.write(json.dumps({"schema": 1, **asdict(bank)}, indent=2, ensure_ascii=False))
    else:
        _show(bank)
    return 0


def _check(folder: Path) -> None:
    from generator.assess.bankcheck import validate_bank

    problems = validate_bank(folder)
    if problems:
        raise LadderError("bank.refused", problems="\n".join(problems), count=len(problems))


def _show(bank: Bank) -> None:
    console.write(say("bank.title", version=bank.version, count=len(bank.capabilities)))
    for level in GATES:
        console.write("\n" + say("bank.level", level=level))
        for capability in bank.at(level):
            mark = say("bank.key") if capability.id in bank.rules.keys(level) else ""
            title = f"{capability.id} {capability.title}{mark} ({bank.dimensions[capability.dimension]})"
            console.write("\n" + columns.fill(title, WIDTH, further="    "))
            console.write(columns.fill(capability.question, WIDTH, "  ", "  "))
            for value, words in capability.answers.items():
                console.write(columns.fill(f"{value.value:<5} {words}", WIDTH, "    ", " " * 10))
