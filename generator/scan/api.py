"""The scan's verb: directories to a report. Reads once, then everything is pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from generator.model.scan import Evidence, Fact, Grade, Kind, Outcome, Place, Report, Skip, Why
from generator.scan import disk, store

if TYPE_CHECKING:  # a tree that has not changed needs none of these: its report is kept
    from generator.model.assessment import Bank
    from generator.scan.snapshot import Snapshot
    from generator.scan.world import World

MOST_FACTS = 5000
"""Facts taken from one ecosystem: ten times what the largest honest tree tried holds."""

MOST_PARTS = 30
"""Folders of a collection that are scanned one by one."""


def scan(directories: Sequence[Path], *, fresh: bool = False) -> Report:
    """Return what is visible in `directories` together; LadderError when one of them cannot be read.

    A tree that has not changed since its last scan is not read again, unless `fresh` says so.
    """
    reports = [_one(directory, fresh=fresh) for directory in directories]
    if len(reports) == 1:
        return reports[0]
    from generator.assess.bank import load_bank

    return merged(load_bank(), reports)


def _one(directory: Path, *, fresh: bool) -> Report:
    listing = disk.listing(directory)
    signature = listing.signature(store.edition())
    known = None if fresh else store.recall(signature)
    if known is None:
        from generator.assess.bank import load_bank

        known = report(disk.snapshot(listing), str(directory), load_bank())
        store.keep(signature, known)
    return known


def report(snapshot: Snapshot, root: str, bank: Bank, *, part: bool = False) -> Report:
    """Return the report on one tree; on a `part` of a collection without parts of its own."""
    from generator.scan.judge import visible_level
    from generator.scan.kind import folders_of, kind_of

    world = build(snapshot)
    kind, because = kind_of(world)
    evidence = examine(world)
    level, interval = visible_level(bank, evidence)
    whole = kind is Kind.PROJECT
    folders = folders_of(world)[:MOST_PARTS] if kind is Kind.COLLECTION and not part else []
    return Report(
        roots=(root,),
        kind=kind,
        level=level if whole else None,
        interval=interval if whole else None,
        because=because,
        evidence=evidence,
        files=len(snapshot.paths),
        skipped=tuple(dict.fromkeys(snapshot.skipped)),
        parts=tuple(report(snapshot.below(folder), f"{root}/{folder}", bank, part=True) for folder in folders),
    )


def build(snapshot: Snapshot) -> World:
    """Return all facts of a tree as one graph."""
    from generator.scan.catalog import ECOSYSTEMS, vocabulary
    from generator.scan.code import Code
    from generator.scan.world import World

    words = vocabulary()
    starts = [(start, ecosystem.name) for ecosystem in ECOSYSTEMS for start in ecosystem.starts]
    return World(list(facts(snapshot)), Code(snapshot, words), words, starts)


def facts(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield what every ecosystem reads; one that fails is noted and hides no other."""
    from generator.scan.catalog import ECOSYSTEMS

    for ecosystem in ECOSYSTEMS:
        try:
            for count, fact in enumerate(ecosystem.read(snapshot)):
                yield fact
                if count > MOST_FACTS or snapshot.late():
                    snapshot.skip(ecosystem.name, "scan.skip-many")
                    break
        except Exception:  # noqa: BLE001 - the tree is a stranger's; what breaks one reader must not end the scan
            snapshot.skip(ecosystem.name, "scan.skip-reader")


def examine(world: World) -> tuple[Evidence, ...]:
    """Return one piece of evidence for each capability; a probe that fails answers `error`."""
    from generator.scan.probes.all import PROBES

    return tuple(_asked(capability, probe, world) for capability, probe in PROBES)


def _asked(capability: str, probe: object, world: World) -> Evidence:
    try:
        return probe(world)  # type: ignore[operator,no-any-return]
    except Exception as error:  # noqa: BLE001 - see `facts`
        why = Why(key="scan.error", fields={"kind": type(error).__name__})
        return Evidence(capability=capability, outcome=Outcome.ERROR, grade=Grade.E0, why=why)


def merged(bank: Bank, reports: Sequence[Report]) -> Report:
    """Return several trees as one system: for each capability the strongest evidence, placed below its root."""
    from generator.scan.judge import visible_level

    evidence = tuple(_strongest(rows) for rows in zip(*(_placed(report) for report in reports), strict=True))
    projects = [report for report in reports if report.kind is Kind.PROJECT] or list(reports)
    level, interval = visible_level(bank, evidence)
    whole = projects[0].kind is Kind.PROJECT
    return replace(
        projects[0],
        roots=tuple(root for report in reports for root in report.roots),
        level=level if whole else None,
        interval=interval if whole else None,
        evidence=evidence,
        files=sum(report.files for report in reports),
        skipped=tuple(
            Skip(path=f"{report.roots[0]}/{skip.path}", reason=skip.reason)
            for report in reports
            for skip in report.skipped
        ),
        parts=tuple(reports),
    )


def _placed(report: Report) -> Iterator[Evidence]:
    for part in report.evidence:
        where = tuple(Place(file=f"{report.roots[0]}/{at.file}", first=at.first, last=at.last) for at in part.where)
        yield replace(part, where=where)


STRENGTH = (Outcome.ERROR, Outcome.NOT_APPLICABLE, Outcome.NOT_SEEN, Outcome.NO, Outcome.YES)


def _strongest(rows: Iterable[Evidence]) -> Evidence:
    return max(rows, key=lambda part: (STRENGTH.index(part.outcome), part.grade))
