"""Flows written in Python: one task for each step that a library's decorator, class or call makes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase

from generator.model.scan import Call, Module, Place, Task, Trigger
from generator.scan import pycode
from generator.scan.snapshot import Snapshot

HAND = frozenset({Trigger.HAND})
NAMES = frozenset(["name", "display_name", "step_name"])


@dataclass(frozen=True, kw_only=True, slots=True)
class Flow:
    """How a library marks steps and schedules: glob patterns of resolved names.

    A schedule counts with one of `keywords` among its arguments, when any are given; one named in `signals` starts the
    flow when something happened.
    """

    ecosystem: str
    library: str
    steps: tuple[str, ...]
    schedules: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    signals: tuple[str, ...] = ()


def modules(snapshot: Snapshot, library: str) -> Iterator[Module]:
    """Yield the parsed Python sources that mention `library` and import it."""
    for path in snapshot.ending(".py"):
        text = snapshot.text(path)
        if not all(part in text for part in library.split(".")):
            continue
        try:
            module = pycode.parse_module(text, path)
        except pycode.Unparsed as error:
            snapshot.skip(path, error.reason)
            continue
        if any(name == library or name.startswith(f"{library}.") for name in module.imports):
            yield module


def steps(snapshot: Snapshot, flow: Flow) -> Iterator[Task]:
    """Yield one task for each step of each flow; all steps of a file start as the file's schedule says."""
    for module in modules(snapshot, flow.library):
        made = [call for call in module.calls if matches(call.name, flow.steps)]
        triggers, lines = started(module, flow), snapshot.text(module.path).splitlines()
        for number, call in enumerate(made):
            yield Task(
                kind="dag",
                ecosystem=flow.ecosystem,
                name=_named(call, module, lines) or f"{call.name.rsplit('.', 1)[-1]} {number}",
                place=Place(file=module.path, first=call.line, last=call.line),
                triggers=triggers,
                runs=(module.path,),
            )


def started(module: Module, flow: Flow) -> frozenset[Trigger]:
    """Return what starts the flows of a module, a hand when nothing else does."""
    found = set()
    for call in module.calls:
        if matches(call.name, flow.schedules) and (not flow.keywords or set(flow.keywords) & set(call.keywords)):
            found.add(Trigger.SCHEDULE)
        if matches(call.name, flow.signals):
            found.add(Trigger.SIGNAL)
    return frozenset(found) or HAND


def matches(name: str, patterns: tuple[str, ...]) -> bool:
    """Return whether a resolved name fits one of the patterns."""
    return any(fnmatchcase(name, pattern) for pattern in patterns)


def _named(call: Call, module: Module, lines: list[str]) -> str:
    """Return the function that a decorator at `call` marks, or the name that a call is given."""
    if lines[call.line - 1].lstrip().startswith("@"):
        return next((one.name for one in module.functions if one.first > call.line), "")
    return call.literals[0] if call.literals and NAMES & set(call.keywords) else ""
