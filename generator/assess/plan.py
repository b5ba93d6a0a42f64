"""The whole way to the target: steps in phases of bounded length, none before what it builds on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import replace
from graphlib import TopologicalSorter

from generator.assess.judge import judge_gates, level_at
from generator.assess.reading import Values
from generator.assess.roadmap import EFFORTS, add_step, effort_of, steps_to
from generator.model.assessment import Bank, Target, Value
from generator.model.plan import Files, Phase, Step


def decide_plan(bank: Bank, values: Values, level: int, target: Target, exempt: Mapping[str, str]) -> tuple[Phase, ...]:
    """Return the phases that lead from `level` to the target and to what its facts ask for besides; none at target.

    `exempt` are capabilities with the last day of a live exemption: they stay in the plan, marked.
    """
    ids = _wanted(bank, values, level, target)
    needs = {id_: tuple(need for need in bank.capability(id_).prerequisites if need in ids) for id_ in ids}
    held = {id_ for id_ in ids if bank.rules.points_of(values[id_]) >= bank.rules.key_minimum}
    steps = [_step(bank, id_, needs[id_], id_ in held, exempt.get(id_)) for id_ in _ordered(bank, needs, held)]
    phases = []
    done = dict(values)
    for number, group in enumerate(_packed(steps, bank.rules.phase_weeks), 1):
        done |= {step.capability: Value.ALL for step in group}
        weeks = sum(step.weeks for step in group)
        phases.append(Phase(number=number, weeks=weeks, level=level_at(bank, done), steps=tuple(group)))
    return tuple(phases)


def next_best(plan: Iterable[Phase]) -> str | None:
    """Return the step with the largest risk reduction that waits for no other; what is half done already comes last."""
    ready = [step for phase in plan for step in phase.steps if not step.needs and step.exempt_until is None]
    best = max(ready, key=lambda step: (not step.held, EFFORTS.index(step.risk_reduction), -step.weeks), default=None)
    return best.capability if best else None


def with_files(plan: Iterable[Phase], files: Mapping[str, tuple[Files, ...]]) -> tuple[Phase, ...]:
    """Return the plan with each step's template files filled in."""
    return tuple(
        replace(phase, steps=tuple(replace(step, files=files.get(step.capability, ())) for step in phase.steps))
        for phase in plan
    )


def _wanted(bank: Bank, values: Values, level: int, target: Target) -> list[str]:
    """Return what passes every gate up to the target, then what the target's facts ask for whatever the level."""
    current, ids = dict(values), list[str]()
    for gate in judge_gates(bank, values):
        if level < gate.level <= target.level:
            found = next(again for again in judge_gates(bank, current) if again.level == gate.level)
            ids += [] if found.passed else steps_to(bank, current, found)
            current |= dict.fromkeys(ids, Value.ALL)
    for id_ in target.capabilities:
        if values[id_] is not Value.NOT_APPLICABLE and bank.rules.points_of(current[id_]) < bank.rules.key_minimum:
            add_step(bank, bank.capability(id_), current, ids)
    return ids


def _ordered(bank: Bank, needs: Mapping[str, tuple[str, ...]], held: Set[str]) -> list[str]:
    """Return the steps so that each follows its needs: lower levels first, then most risk reduced for least effort."""
    sorter = TopologicalSorter(needs)
    sorter.prepare()
    ready, ordered = list(sorter.get_ready()), list[str]()
    while ready:
        id_ = min(ready, key=lambda id_: _urgency(bank, id_, id_ in held))
        ready.remove(id_)
        ordered.append(id_)
        sorter.done(id_)
        ready += sorter.get_ready()
    return ordered


def _urgency(bank: Bank, id_: str, held: bool) -> tuple[int, bool, bool, int, int, str]:
    capability = bank.capability(id_)
    risk = EFFORTS.index(capability.risk_reduction)
    key = id_ in bank.rules.keys(capability.level)
    return capability.level, held, not key, -risk, effort_of(capability), id_


def _step(bank: Bank, id_: str, needs: tuple[str, ...], held: bool, exempt_until: str | None) -> Step:
    capability = bank.capability(id_)
    return Step(
        capability=id_,
        level=capability.level,
        key=id_ in bank.rules.keys(capability.level),
        effort=capability.effort,
        weeks=bank.rules.weeks[capability.effort],
        risk_reduction=capability.risk_reduction,
        needs=needs,
        held=held,
        exempt_until=exempt_until,
    )


def _packed(steps: Iterable[Step], most: int) -> list[list[Step]]:
    """Return the steps, in their order, in groups that fit `most` weeks; a longer step has a group of its own."""
    groups: list[list[Step]] = []
    for step in steps:
        if groups and sum(one.weeks for one in groups[-1]) + step.weeks <= most:
            groups[-1].append(step)
        else:
            groups.append([step])
    return groups
