"""Monitoring and optimization: service, predictions, live data, drift, live quality, retraining."""

from __future__ import annotations

from generator.model.scan import Act, Evidence, Outcome
from generator.scan.probes.answer import AGAIN, BY_ITSELF, SERVER, Probe, found, label, short, wired, yes
from generator.scan.world import World

ELSEWHERE = Outcome.NOT_SEEN
TRAINING = (Act.TRAINS, Act.RUNS_PIPELINE)


def health_is_alarmed(world: World) -> Evidence:
    """C35: the service is measured and an alarm is declared."""
    for sighting in world.declared(Act.ALERTS):
        return yes("C35", [sighting.place], sighting.what, sighting.place.file)
    return wired(world, "C35", SERVER, Act.ALERTS, absent=ELSEWHERE)


def predictions_are_logged(world: World) -> Evidence:
    """C36: the server keeps what it answers."""
    return wired(world, "C36", SERVER, Act.LOGS_PREDICTIONS, absent=ELSEWHERE)


def live_inputs_are_checked(world: World) -> Evidence:
    """C37: what arrives in production is held to the contract."""
    for task, _ in found(world, SERVER, Act.SERVES):
        for sighting in world.within(task, Act.VALIDATES_DATA):
            return yes("C37", [sighting.place], sighting.what, label(task))
    return wired(world, "C37", AGAIN, Act.VALIDATES_DATA, absent=ELSEWHERE)


def drift_is_watched(world: World) -> Evidence:
    """C38: a schedule computes drift."""
    return wired(world, "C38", AGAIN, Act.DETECTS_DRIFT, absent=ELSEWHERE)


def live_quality_is_watched(world: World) -> Evidence:
    """C39: a schedule measures the model on what came true."""
    return wired(world, "C39", AGAIN, Act.MEASURES_LIVE_QUALITY, absent=ELSEWHERE)


def retraining_is_scheduled(world: World) -> Evidence:
    """C40: an enabled schedule, or the arrival of data, starts training."""
    return wired(world, "C40", AGAIN, *TRAINING, absent=ELSEWHERE)


def retraining_follows_signals(world: World) -> Evidence:
    """C41: the task that looks for drift or measures quality also starts training."""
    watched = (Act.DETECTS_DRIFT, Act.MEASURES_LIVE_QUALITY, Act.SIGNALS_RETRAINING)
    for task, sighting in found(world, BY_ITSELF, *watched):
        training = next(world.within(task, *TRAINING), None)
        if training:
            return yes("C41", [sighting.place, training.place], sighting.what, label(task))
    return short(world, "C41", Act.SIGNALS_RETRAINING, absent=ELSEWHERE)


def staleness_is_limited(world: World) -> Evidence:
    """C42: the age of the model has a limit that something watches."""
    return wired(world, "C42", AGAIN, Act.LIMITS_STALENESS, absent=ELSEWHERE)


PROBES: tuple[tuple[str, Probe], ...] = (
    ("C35", health_is_alarmed),
    ("C36", predictions_are_logged),
    ("C37", live_inputs_are_checked),
    ("C38", drift_is_watched),
    ("C39", live_quality_is_watched),
    ("C40", retraining_is_scheduled),
    ("C41", retraining_follows_signals),
    ("C42", staleness_is_limited),
)
