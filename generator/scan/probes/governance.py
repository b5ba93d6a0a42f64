"""Collaboration and governance: gates on merges, cards, approvals, access, owners."""

from __future__ import annotations

from generator.model.scan import Act, Evidence, Outcome
from generator.scan.probes.answer import COMMAND, IN_CI, ON_CHANGE, Probe, absence, no, wired, yes
from generator.scan.world import World

ELSEWHERE = Outcome.NOT_SEEN


def merges_are_checked(world: World) -> Evidence:
    """C22: a change starts static checks."""
    return wired(world, "C22", ON_CHANGE, Act.LINTS, Act.FINDS_SECRETS, Act.AUDITS)


def changes_are_reviewed(world: World) -> Evidence:
    """C23: who reviews is a setting of the host; a file of owners only declares it."""
    for sighting in world.declared(Act.OWNS):
        return no("C23", "scan.no-depth", [sighting.place], what=sighting.what)
    return absence("C23", ELSEWHERE)


def models_are_documented(world: World) -> Evidence:
    """C47: a card is made with a release; a card that lies there only declares."""
    return wired(world, "C47", COMMAND, Act.DOCUMENTS_MODEL)


def releases_are_approved(world: World) -> Evidence:
    """C48: a release waits for an approval."""
    for task in world.live("ci"):
        if task.approved:
            return yes("C48", [task.place], task.environment, task.file)
    return wired(world, "C48", IN_CI, Act.APPROVES, absent=ELSEWHERE)


def privilege_is_least(world: World) -> Evidence:
    """C49: CI runs with few rights and takes what it uses by digest."""
    for sighting in world.declared(Act.LIMITS_ACCESS):
        return yes("C49", [sighting.place], sighting.what, sighting.place.file)
    return wired(world, "C49", IN_CI, Act.SIGNS, absent=ELSEWHERE)


def owners_are_named(world: World) -> Evidence:
    """C50: who is called, and what they do then, is known to people; a file of owners only declares it."""
    for sighting in world.declared(Act.OWNS):
        return no("C50", "scan.no-depth", [sighting.place], what=sighting.what)
    return absence("C50", ELSEWHERE)


PROBES: tuple[tuple[str, Probe], ...] = (
    ("C22", merges_are_checked),
    ("C23", changes_are_reviewed),
    ("C47", models_are_documented),
    ("C48", releases_are_approved),
    ("C49", privilege_is_least),
    ("C50", owners_are_named),
)
