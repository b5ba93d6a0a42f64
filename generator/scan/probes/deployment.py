"""Model deployment: artefact, command, registry, lineage, CI, delivery, rollback, canary."""

from __future__ import annotations

from generator.model.scan import Act, Evidence, Outcome
from generator.scan.probes.answer import (
    BY_ITSELF,
    COMMAND,
    IN_CI,
    ON_CHANGE,
    SERVER,
    Probe,
    absence,
    found,
    label,
    no,
    wired,
    yes,
)
from generator.scan.world import World

ELSEWHERE = Outcome.NOT_SEEN


def artefact_is_built(world: World) -> Evidence:
    """C11: the run that trains also writes the model."""
    return wired(world, "C11", COMMAND, Act.PACKAGES)


def deployment_is_scripted(world: World) -> Evidence:
    """C12: something that is started deploys."""
    return wired(world, "C12", COMMAND, Act.DEPLOYS, absent=ELSEWHERE)


def features_are_shared(world: World) -> Evidence:
    """C17: training and serving import the same transform, or its fitted object travels with the model."""
    trained = {node for task, _ in found(world, COMMAND, Act.TRAINS) for node in world.reached(task)}
    for task, sighting in found(world, SERVER, Act.SERVES):
        shared = [node for node in world.reached(task) if node in trained and node.endswith(".py")]
        if shared and sighting.node not in trained:
            return yes("C17", [sighting.place], shared[0], label(task))
    return wired(world, "C17", COMMAND, Act.SHARES_FEATURES)


def changes_are_tested(world: World) -> Evidence:
    """C19: a push or a pull request starts tests whose failure is seen."""
    unseen = None
    for task, sighting in found(world, ON_CHANGE, Act.TESTS):
        if not sighting.swallowed:
            return yes("C19", [sighting.place], sighting.what, label(task))
        unseen = sighting
    if unseen:
        return no("C19", "scan.no-swallowed", [unseen.place], what=unseen.what)
    return wired(world, "C19", ON_CHANGE, Act.TESTS)


def models_are_registered(world: World) -> Evidence:
    """C26: a started run gives the model a version in a registry."""
    return wired(world, "C26", COMMAND, Act.REGISTERS, Act.PROMOTES, absent=ELSEWHERE)


def lineage_is_kept(world: World) -> Evidence:
    """C27: what is registered or released carries its code, data and parameters."""
    return wired(world, "C27", COMMAND, Act.RECORDS_LINEAGE, absent=ELSEWHERE)


def deployment_is_automatic(world: World) -> Evidence:
    """C28: something other than a hand starts a deployment."""
    return wired(world, "C28", BY_ITSELF, Act.DEPLOYS, absent=ELSEWHERE)


def staging_comes_first(world: World) -> Evidence:
    """C29: one environment is delivered to before another."""
    named = {task.environment: task for task in world.live("ci") if task.environment}
    if len(named) > 1:
        return yes("C29", [task.place for task in named.values()], ", ".join(sorted(named)), "CI")
    return absence("C29", ELSEWHERE)


def contract_is_tested(world: World) -> Evidence:
    """C30: a test calls the interface, in CI."""
    for test in world.tests():
        served = [s for node in world.closure(test.path) for s in world.acts(node) if s.act is Act.SERVES]
        if served and test.asserts:
            return yes("C30", [served[0].place], served[0].what, test.path)
    return absence("C30")


def load_is_tested(world: World) -> Evidence:
    """C31: a started run measures latency or load against a limit."""
    return wired(world, "C31", COMMAND, Act.LOAD_TESTS, absent=ELSEWHERE)


def infrastructure_is_code(world: World) -> Evidence:
    """C32: CI applies the infrastructure that is declared."""
    return wired(world, "C32", IN_CI, Act.PROVISIONS, absent=ELSEWHERE)


def serving_scales(world: World) -> Evidence:
    """C33: the server is declared with probes, and scales."""
    for sighting in world.declared(Act.SCALES, Act.PROBES_HEALTH):
        return yes("C33", [sighting.place], sighting.what, sighting.place.file)
    return absence("C33", ELSEWHERE)


def rollback_is_ready(world: World) -> Evidence:
    """C34: something that is started goes back to the release before."""
    return wired(world, "C34", COMMAND, Act.ROLLS_BACK, Act.GUARDS_RELEASE, absent=ELSEWHERE)


def traffic_is_split(world: World) -> Evidence:
    """C43: a new model meets part of the traffic first."""
    for sighting in world.declared(Act.SPLITS_TRAFFIC):
        return yes("C43", [sighting.place], sighting.what, sighting.place.file)
    for task, _ in found(world, SERVER, Act.SERVES):
        for sighting in world.within(task, Act.SPLITS_TRAFFIC):
            return yes("C43", [sighting.place], sighting.what, label(task))
    return absence("C43", ELSEWHERE)


def rollback_is_automatic(world: World) -> Evidence:
    """C44: a bad metric takes the release back without a person."""
    for sighting in world.declared(Act.GUARDS_RELEASE):
        return yes("C44", [sighting.place], sighting.what, sighting.place.file)
    return wired(world, "C44", BY_ITSELF, Act.GUARDS_RELEASE, absent=ELSEWHERE)


PROBES: tuple[tuple[str, Probe], ...] = (
    ("C11", artefact_is_built),
    ("C12", deployment_is_scripted),
    ("C17", features_are_shared),
    ("C19", changes_are_tested),
    ("C26", models_are_registered),
    ("C27", lineage_is_kept),
    ("C28", deployment_is_automatic),
    ("C29", staging_comes_first),
    ("C30", contract_is_tested),
    ("C31", load_is_tested),
    ("C32", infrastructure_is_code),
    ("C33", serving_scales),
    ("C34", rollback_is_ready),
    ("C43", traffic_is_split),
    ("C44", rollback_is_automatic),
)
