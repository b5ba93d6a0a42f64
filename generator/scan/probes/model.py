"""Model development: pipeline, training, parameters, tracking, evaluation, slices, fairness."""

from __future__ import annotations

from generator.model.scan import Act, Evidence, Outcome, Task
from generator.scan.probes.answer import (
    COMMAND,
    IN_CI,
    ON_CHANGE,
    PIPELINE,
    Probe,
    absence,
    found,
    label,
    no,
    wired,
    yes,
)
from generator.scan.world import World

STEPS = (Act.PREPARES, Act.TRAINS, Act.EVALUATES)


def steps_are_wired(world: World) -> Evidence:
    """C03: one start runs training and at least one step beside it, each as a part of its own."""
    for task, parts in pipelines(world):
        training = next(world.within(task, Act.TRAINS), None)
        if training and len(parts) > 1:
            return yes("C03", [task.place, training.place], f"{len(parts)} steps", label(task))
    return wired(world, "C03", PIPELINE, Act.RUNS_PIPELINE)


def pipelines(world: World) -> list[tuple[Task, tuple[str, ...]]]:
    """Return each start that runs several parts in order, with those parts."""
    stages = list(world.live("stage", "dag"))
    files = {task.file: tuple(label(other) for other in stages if other.file == task.file) for task in stages}
    whole = [(task, files[task.file]) for task in stages if next(world.within(task, Act.TRAINS), None)]
    others = world.live("target", "script", "ci", "dag", "console", "main")
    return whole + [(task, _parts(world, task)) for task in others]


def _parts(world: World, task: Task) -> tuple[str, ...]:
    """Return the modules that one start runs and that each are a step; nothing unless one prepares and one trains."""
    done = {node: world.does(node) & frozenset(STEPS) for node in world.reached(task)}
    steps = {node: acts for node, acts in done.items() if acts and world.is_module(node)}
    return tuple(steps) if set().union(*steps.values()) >= {Act.TRAINS, Act.PREPARES} else ()


def training_is_versioned(world: World) -> Evidence:
    """C04: the code that trains is in the tree."""
    for module in world.modules:
        for sighting in world.acts(module.path):
            if sighting.act is Act.TRAINS:
                return yes("C04", [sighting.place], sighting.what, module.path)
    return absence("C04")


def training_is_a_command(world: World) -> Evidence:
    """C05: training is started as a module or script; cells of a notebook are no command."""
    return wired(world, "C05", COMMAND, Act.TRAINS)


def one_command_repeats_a_run(world: World) -> Evidence:
    """C06: one start prepares or fetches, and trains; stages of one file are run by one command."""
    for task, parts in pipelines(world):
        if task.kind in {"stage", "dag"} and len(parts) > 1:
            return yes("C06", [task.place], f"{len(parts)} steps", task.file)
    for task in COMMAND.tasks(world):
        done = {sighting.act for sighting in world.within(task, *STEPS, Act.ACQUIRES)}
        if Act.TRAINS in done and len(done) > 1:
            return yes("C06", [task.place], ", ".join(sorted(done)), label(task))
    return wired(world, "C06", COMMAND, Act.RUNS_PIPELINE)


def environment_is_pinned(world: World) -> Evidence:
    """C07: a lock names the exact version of every package."""
    for sighting in world.declared(Act.PINS):
        return yes("C07", [sighting.place], sighting.what, sighting.place.file)
    return no("C07", "scan.no-lock", [package.place for package in world.packages[:1]])


def parameters_are_versioned(world: World) -> Evidence:
    """C08: training reads its parameters from a file, or a run records them."""
    for task, training in found(world, COMMAND, Act.TRAINS):
        for sighting in world.within(task, Act.READS_PARAMETERS, Act.LOGS_PARAMETERS):
            return yes("C08", [sighting.place, training.place], sighting.what, label(task))
    return wired(world, "C08", COMMAND, Act.LOGS_PARAMETERS)


def experiments_are_tracked(world: World) -> Evidence:
    """C09: a started run reports to a tracker."""
    return wired(world, "C09", COMMAND, Act.TRACKS)


def models_are_judged(world: World) -> Evidence:
    """C10: a started run scores the model."""
    return wired(world, "C10", COMMAND, Act.EVALUATES)


def model_code_is_tested(world: World) -> Evidence:
    """C20: a test reaches the code that trains, packages or gates, and asserts."""
    for test in world.tests():
        for node in world.closure(test.path):
            for sighting in world.acts(node):
                if sighting.act in {Act.TRAINS, Act.EVALUATES, Act.PACKAGES, Act.GATES} and test.asserts:
                    return yes("C20", [sighting.place], sighting.what, test.path)
    return absence("C20")


def pipeline_runs_in_ci(world: World) -> Evidence:
    """C21: a change starts a run that trains."""
    return wired(world, "C21", ON_CHANGE, Act.TRAINS, Act.RUNS_PIPELINE)


def release_needs_a_limit(world: World) -> Evidence:
    """C24: a started run compares a metric with a limit, and refuses."""
    for task, sighting in found(world, COMMAND, Act.GATES):
        if task.kind in {"ci", "stage", "dag"} and refuses(world, task):
            return yes("C24", [sighting.place], sighting.what, label(task))
    return wired(world, "C24", IN_CI, Act.GATES)


def candidate_meets_champion(world: World) -> Evidence:
    """C25: a started run compares the candidate with what serves, and refuses."""
    return wired(world, "C25", COMMAND, Act.COMPARES)


def refuses(world: World, task: Task) -> bool:
    """Return whether something a task runs can stop it."""
    modules = filter(None, (world.module(node) for node in world.reached(task)))
    return any(module.refuses for module in modules)


def slices_are_reported(world: World) -> Evidence:
    """C45: a started run scores groups apart."""
    return wired(world, "C45", COMMAND, Act.SLICES)


def fairness_is_measured(world: World) -> Evidence:
    """C46: a started run measures fairness."""
    return wired(world, "C46", COMMAND, Act.MEASURES_FAIRNESS, absent=Outcome.NOT_SEEN)


PROBES: tuple[tuple[str, Probe], ...] = (
    ("C03", steps_are_wired),
    ("C04", training_is_versioned),
    ("C05", training_is_a_command),
    ("C06", one_command_repeats_a_run),
    ("C07", environment_is_pinned),
    ("C08", parameters_are_versioned),
    ("C09", experiments_are_tracked),
    ("C10", models_are_judged),
    ("C20", model_code_is_tested),
    ("C21", pipeline_runs_in_ci),
    ("C24", release_needs_a_limit),
    ("C25", candidate_meets_champion),
    ("C45", slices_are_reported),
    ("C46", fairness_is_measured),
)
