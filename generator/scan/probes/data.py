"""Data management: extraction, preparation, versions, contracts."""

from __future__ import annotations

from generator.model.scan import Act, Evidence, Outcome
from generator.scan.probes.answer import COMMAND, Probe, absence, no, wired, yes
from generator.scan.world import World


def extraction_is_code(world: World) -> Evidence:
    """C01: something that is started fetches the data."""
    stages = list(world.live("stage", "dag"))
    made = {path for stage in stages for path in stage.writes}
    for stage in stages:
        if stage.writes and not any(_lies_in(path, made) for path in stage.reads):
            reading = [call for node in world.reached(stage) for call in world.reading(node)]
            if reading:
                return yes("C01", [stage.place, *reading[:1]], stage.name, stage.file)
    return wired(world, "C01", COMMAND, Act.ACQUIRES)


def _lies_in(path: str, made: set[str]) -> bool:
    return any(path == other or path.startswith(f"{other}/") for other in made)


def preparation_is_scripted(world: World) -> Evidence:
    """C02: something that is started cleans or splits the data."""
    stages = list(world.live("stage", "dag"))
    wanted = [path for stage in stages for path in stage.reads]
    for stage in stages:
        trains = next(world.within(stage, Act.TRAINS), None)
        if stage.reads and not trains and any(_lies_in(path, set(stage.writes)) for path in wanted):
            return yes("C02", [stage.place], stage.name, stage.file)
    return wired(world, "C02", COMMAND, Act.PREPARES)


def data_is_versioned(world: World) -> Evidence:
    """C13: the data of a run has a version: a lock, a pointer, or outputs that a tool keeps by content."""
    for sighting in world.declared(Act.VERSIONS_DATA):
        return yes("C13", [sighting.place], sighting.what, sighting.place.file)
    return wired(world, "C13", COMMAND, Act.VERSIONS_DATA)


def data_is_validated(world: World) -> Evidence:
    """C14: a started run holds the data to a contract."""
    return wired(world, "C14", COMMAND, Act.VALIDATES_DATA)


def feature_code_is_tested(world: World) -> Evidence:
    """C15: a test reaches the code that prepares."""
    for test in world.tests():
        for node in world.closure(test.path):
            for sighting in world.acts(node):
                if sighting.act is Act.PREPARES and test.asserts:
                    return yes("C15", [sighting.place], sighting.what, test.path)
    return absence("C15")


def features_are_documented(world: World) -> Evidence:
    """C16: an owner and a meaning stand with each feature."""
    for sighting in world.declared(Act.DOCUMENTS_FEATURES):
        return no("C16", "scan.no-depth", [sighting.place], what=sighting.what)
    return absence("C16", Outcome.NOT_SEEN)


def personal_data_is_protected(_: World) -> Evidence:
    """C18: what happens to personal data is not written in a tree."""
    return absence("C18", Outcome.NOT_SEEN)


PROBES: tuple[tuple[str, Probe], ...] = (
    ("C01", extraction_is_code),
    ("C02", preparation_is_scripted),
    ("C13", data_is_versioned),
    ("C14", data_is_validated),
    ("C15", feature_code_is_tested),
    ("C16", features_are_documented),
    ("C18", personal_data_is_protected),
)
