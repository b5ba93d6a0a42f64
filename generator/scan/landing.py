"""Deployment without a platform: code outside a server calls what switches the files that the server loads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from generator.model.scan import Call, Module
from generator.scan.habits import switches


def landings(served: Iterable[Module]) -> Mapping[str, str]:
    """Return the switching functions in the modules that servers import -> the path of their module."""
    return {name: module.path for module in served for name in switches(module)}


def landing_calls(module: Module, known: Mapping[str, str]) -> Iterator[Call]:
    """Yield the calls in `module` of a switching function of another module."""
    for call in module.calls:
        name = call.name.rsplit(".", 1)[-1]
        if name in known and known[name] != module.path and "." in call.name:
            yield call
