"""Every ecosystem the scan knows, in one explicit tuple: to add one, write its module and name it here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from types import ModuleType

from generator.model.scan import Fact
from generator.scan.ecosystems import (
    airflow,
    azure,
    docker,
    documents,
    dvc,
    github,
    gitlab,
    jenkins,
    kedro,
    kubernetes,
    learning,
    make,
    mlflow,
    monitoring,
    packages,
    prometheus,
    quality,
    serving,
    shellscripts,
    snakemake,
    sources,
    terraform,
    tracking,
    validation,
)
from generator.scan.signs import Sign, Vocabulary
from generator.scan.snapshot import Snapshot


@dataclass(frozen=True, kw_only=True, slots=True)
class Ecosystem:
    """One vocabulary: `read` yields the facts its files state, `starts` are commands that run its tasks."""

    name: str
    read: Callable[[Snapshot], Iterator[Fact]]
    signs: tuple[Sign, ...]
    starts: tuple[str, ...]


MODULES: tuple[ModuleType, ...] = (
    github,
    gitlab,
    azure,
    jenkins,
    dvc,
    mlflow,
    kedro,
    airflow,
    snakemake,
    make,
    shellscripts,
    docker,
    kubernetes,
    terraform,
    prometheus,
    packages,
    learning,
    sources,
    tracking,
    validation,
    serving,
    monitoring,
    quality,
    documents,
)


def _nothing(_: Snapshot) -> Iterator[Fact]:
    return iter(())


def _ecosystem(module: ModuleType) -> Ecosystem:
    return Ecosystem(
        name=module.__name__.rsplit(".", 1)[-1],
        read=getattr(module, "read", _nothing),
        signs=getattr(module, "SIGNS", ()),
        starts=getattr(module, "STARTS", ()),
    )


ECOSYSTEMS: tuple[Ecosystem, ...] = tuple(map(_ecosystem, MODULES))


@cache
def vocabulary() -> Vocabulary:
    """Return the signs of all ecosystems."""
    return Vocabulary(sign for ecosystem in ECOSYSTEMS for sign in ecosystem.signs)
