"""Which level an organization needs: every rule whose facts hold counts, and the result names them."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from generator.model.assessment import Bank, Because, CapRule, Condition, FactValue, Target, TargetRule

Facts = Mapping[str, FactValue]

OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
    "in": lambda fact, allowed: fact in allowed,
}


def decide_target(bank: Bank, facts: Facts) -> Target:
    """Return the needed level with every rule that asks for it; level 0 when no fact asks for more."""
    triggered = [rule for rule in bank.target_rules if holds(rule.when, facts)]
    caps = [rule for rule in bank.cap_rules if holds(rule.when, facts)]
    cap = min(caps, key=lambda rule: rule.level, default=None)
    wanted = max((rule.level for rule in triggered), default=0)
    dimensions = {name: _capped(_dimension_level(name, triggered), cap) for name in bank.dimensions}
    level = _capped(wanted, cap)
    return Target(
        level=level,
        interval=(level, level),
        because=tuple(_because(rule, facts) for rule in sorted(triggered, key=lambda rule: -rule.level)),
        cap=_because(cap, facts) if cap and wanted > cap.level else None,
        dimensions=dimensions,
        capabilities=tuple(sorted({id_ for rule in triggered for id_ in rule.capabilities})),
    )


def decide_targets(bank: Bank, profiles: Sequence[Facts]) -> Target:
    """Return the target of several respondents: the most demanding one, with the range from lowest to highest.

    Facts that nobody disputes count for everybody. Where facts conflict each profile is judged as a whole, so that no
    target rests on a mixture that nobody described; asking for too little is the costlier mistake, so the highest wins.
    """
    judged = _judged(bank, profiles)
    chosen = max(judged, key=_demand)[0]
    return replace(
        chosen,
        interval=(min(target.level for target, _ in judged), chosen.level),
        dimensions={name: max(target.dimensions[name] for target, _ in judged) for name in bank.dimensions},
        capabilities=tuple(sorted({id_ for target, _ in judged for id_ in target.capabilities})),
    )


def deciding_facts(bank: Bank, profiles: Sequence[Facts]) -> Facts:
    """Return the facts that `decide_targets` rests on: the most demanding profile with what nobody disputes."""
    return max(_judged(bank, profiles), key=_demand)[1]


def _judged(bank: Bank, profiles: Sequence[Facts]) -> list[tuple[Target, Facts]]:
    given = [(fact.id, {profile[fact.id] for profile in profiles if fact.id in profile}) for fact in bank.facts]
    shared = {name: next(iter(values)) for name, values in given if len(values) == 1}
    return [(decide_target(bank, {**shared, **profile}), {**shared, **profile}) for profile in profiles]


def _demand(judged: tuple[Target, Facts]) -> tuple[int, int, str]:
    target, facts = judged
    return target.level, sum(target.dimensions.values()), repr(sorted(facts.items()))


def next_level(level: int, target: int) -> int:
    """Return the level to build now: one above `level`, but not above `target`; the target itself when it is held.

    Every level rests on the habits of the one below, so a team climbs; a project of a later level would be run by hand.
    """
    return target if level >= target else level + 1


def holds(conditions: Iterable[Condition], facts: Facts) -> bool:
    """Return whether every condition holds; a fact that was not given satisfies none."""
    return all(c.fact in facts and OPERATORS[c.op](facts[c.fact], c.value) for c in conditions)


def _dimension_level(name: str, triggered: Iterable[TargetRule]) -> int:
    return max((rule.level for rule in triggered if not rule.dimensions or name in rule.dimensions), default=0)


def _capped(level: int, cap: CapRule | None) -> int:
    return min(level, cap.level) if cap else level


def _because(rule: TargetRule | CapRule, facts: Facts) -> Because:
    used = tuple((condition.fact, facts[condition.fact]) for condition in rule.when)
    if isinstance(rule, CapRule):
        return Because(rule=rule.id, level=rule.level, facts=used, text=rule.text)
    return Because(
        rule=rule.id,
        level=rule.level,
        dimensions=rule.dimensions,
        published=rule.published,
        facts=used,
        text=rule.text,
    )
