"""How a probe answers: the ways in that count, and the forms an answer takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from generator.model.scan import Act, Evidence, Grade, Outcome, Place, Task, Trigger, Why
from generator.scan.world import Sighting, World

MOST_PLACES = 5
CHANGE = frozenset({Trigger.PUSH, Trigger.PULL_REQUEST})
AUTOMATIC = CHANGE | {Trigger.TAG, Trigger.RELEASE, Trigger.SCHEDULE, Trigger.SIGNAL, Trigger.AFTER}
RECURRING = frozenset({Trigger.SCHEDULE, Trigger.SIGNAL})

Probe = Callable[[World], Evidence]


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """Tasks that count as a start: their kinds and what triggers them."""

    kinds: tuple[str, ...]
    triggers: frozenset[Trigger] = frozenset(Trigger)

    def tasks(self, world: World) -> Iterator[Task]:
        """Yield the tasks of `world` that start this way."""
        yield from world.live(*self.kinds, triggers=self.triggers)


PIPELINE = Way(kinds=("stage", "dag"))
COMMAND = Way(kinds=("stage", "dag", "ci", "target", "console", "script", "main", "image"))
ON_CHANGE = Way(kinds=("ci",), triggers=CHANGE)
BY_ITSELF = Way(kinds=("ci", "dag", "resource"), triggers=AUTOMATIC)
AGAIN = Way(kinds=("ci", "dag", "resource"), triggers=RECURRING)
IN_CI = Way(kinds=("ci",))
SERVER = Way(kinds=("image", "main", "target", "script", "stage", "ci", "console", "resource"))


def found(world: World, way: Way, *acts: Act) -> Iterator[tuple[Task, Sighting]]:
    """Yield each start of a way with the first place where it does one of `acts`."""
    for task in way.tasks(world):
        sighting = next(world.within(task, *acts), None)
        if sighting:
            yield task, sighting


def wired(world: World, capability: str, way: Way, *acts: Act, absent: Outcome = Outcome.NO) -> Evidence:
    """Return yes when a start of `way` reaches one of `acts`; else what is merely declared, or nothing."""
    seen = list(found(world, way, *acts))
    if seen:
        task, sighting = seen[0]
        return yes(capability, [sighting.place for _, sighting in seen], sighting.what, label(task))
    return short(world, capability, *acts, absent=absent)


def short(world: World, capability: str, *acts: Act, absent: Outcome = Outcome.NO) -> Evidence:
    """Return the answer when nothing starts `acts`: called but never started, only declared, or not there."""
    for module in world.modules:
        for sighting in world.acts(module.path):
            if sighting.act in acts:
                return no(capability, "scan.no-start", [sighting.place], what=sighting.what)
    for sighting in (*world.declared(*acts), *world.depended(*acts)):
        return no(capability, "scan.no-call", [sighting.place], what=sighting.what)
    for task in world.tasks:
        for command in task.commands if task.off else ():
            if set(world.vocabulary.of_command(command)) & set(acts):
                return no(capability, "scan.no-off", [command.place], what=" ".join(command.words)[:80])
    return absence(capability, absent)


def absence(capability: str, outcome: Outcome = Outcome.NO) -> Evidence:
    """Return that nothing of the kind is there: a no, or not seen where it may live elsewhere."""
    key = "scan.no-absent" if outcome is Outcome.NO else "scan.not-seen"
    return Evidence(capability=capability, outcome=outcome, grade=Grade.E0, why=why(capability, key))


def yes(capability: str, places: Iterable[Place], what: str, start: str, grade: Grade = Grade.E2) -> Evidence:
    """Return a yes with its places; `start` names what runs it."""
    where = tuple(dict.fromkeys(places))[:MOST_PLACES]
    return Evidence(
        capability=capability,
        outcome=Outcome.YES,
        grade=grade,
        where=where,
        why=why(capability, "scan.seen", what=what, start=start),
    )


def no(capability: str, key: str, places: Iterable[Place] = (), **fields: object) -> Evidence:
    """Return a no that something declared does not lift: what was seen, and why it does not count."""
    where = tuple(dict.fromkeys(places))[:MOST_PLACES]
    grade = Grade.E1 if where else Grade.E0
    return Evidence(
        capability=capability, outcome=Outcome.NO, grade=grade, where=where, why=why(capability, key, **fields)
    )


def why(capability: str, key: str, **fields: object) -> Why:
    """Return a sentence on a capability; what was looked for is told with it."""
    return Why(key=key, fields={"sought": f"sought.{capability.lower()}", **fields})


def label(task: Task) -> str:
    """Return how a person would name a task: its file and its name there."""
    return f"{task.file}:{task.name}" if task.name else task.file
