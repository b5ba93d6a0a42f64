"""Several respondents: who said what, how far they agree, and what they should talk about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.assess.agreement import (
    alpha,
    average_deviation,
    is_disputed,
    r_wg,
    r_wg_star,
    r_wg_star_items,
)
from generator.assess.judge import level_at
from generator.assess.reading import STEP, UNANSWERED, Values, merged, read, values_of
from generator.assess.support import is_shown, standing
from generator.model.assessment import Ballot, Bank, FactValue, Value
from generator.model.evidence import Standing
from generator.model.panel import Agreement, Conflict, Dispute, Panel, RoleGap, RoleView, Voice
from generator.text import say

Said = tuple[tuple[str, Value], ...]


def panel_of(bank: Bank, ballots: Sequence[Ballot], today: str) -> Panel:
    """Return what the respondents (two or more, in a fixed order) say together and against each other."""
    tables = [(ballot, values_of(bank, ballot.answers)) for ballot in ballots]
    agreements = tuple(
        agreement
        for capability in bank.capabilities
        if (agreement := _agreement(capability.id, [(ballot, values[capability.id]) for ballot, values in tables])).said
    )
    units = [[STEP.get(values[agreement.capability]) for _, values in tables] for agreement in agreements]
    several = [_ratings(agreement.said) for agreement in agreements if agreement.raters > 1]
    return Panel(
        voices=tuple(_voice(bank, ballot, values) for ballot, values in tables),
        alpha=alpha(units),
        r_wg_star_items=r_wg_star_items(several) if several else None,
        agreements=agreements,
        disputes=tuple(_dispute(bank, agreement) for agreement in agreements if agreement.disputed),
        roles=tuple(_roles(bank, ballots, today)),
        role_gaps=tuple(_role_gaps(bank, tables)),
        conflicts=tuple(_conflicts(bank, ballots)),
    )


def _agreement(id_: str, said: Sequence[tuple[Ballot, Value]]) -> Agreement:
    answered = tuple((ballot.label, value) for ballot, value in said if value is not Value.UNKNOWN)
    ratings = _ratings(answered)
    several = len(ratings) > 1
    applies = {value is not Value.NOT_APPLICABLE for _, value in answered}
    value, decided_by = merged([(value, _shows(ballot, id_)) for ballot, value in said])
    return Agreement(
        capability=id_,
        said=answered,
        raters=len(ratings),
        r_wg=r_wg(ratings) if several else None,
        r_wg_star=r_wg_star(ratings) if several else None,
        deviation=average_deviation(ratings) if several else None,
        disputed=len(applies) > 1 or (several and is_disputed(ratings)),
        merged=value,
        decided_by=decided_by,
    )


def _ratings(said: Said) -> list[int]:
    return [STEP[value] for _, value in said if value in STEP]


def _shows(ballot: Ballot, id_: str) -> bool:
    return is_shown(ballot.answers.answers.get(id_, UNANSWERED), ballot.checks.get(id_))


def _voice(bank: Bank, ballot: Ballot, values: Values) -> Voice:
    rests = [standing(answer, ballot.checks.get(id_)) for id_, answer in ballot.answers.answers.items()]
    return Voice(
        label=ballot.label,
        name=ballot.answers.respondent.name,
        role=ballot.answers.respondent.role,
        level=level_at(bank, values),
        answered=sum(value is not Value.UNKNOWN for value in values.values()),
        evidenced=sum(one in (Standing.VERIFIED, Standing.NAMED) for one in rests),
    )


def _dispute(bank: Bank, agreement: Agreement) -> Dispute:
    rated = [value for _, value in agreement.said if value in STEP]
    away = any(value is Value.NOT_APPLICABLE for _, value in agreement.said)
    low = min(rated, key=STEP.__getitem__)
    high = Value.NOT_APPLICABLE if away else max(rated, key=STEP.__getitem__)
    capability = bank.capability(agreement.capability)
    return Dispute(
        capability=capability.id,
        low=low,
        low_by=_who(agreement.said, low),
        low_text=capability.answers[low],
        high=high,
        high_by=_who(agreement.said, high),
        high_text=say("panel.does-not-apply") if away else capability.answers[high],
        merged=agreement.merged,
        prompt=say(f"panel.prompt-{'applies' if away else 'rating'}", example=capability.example),
    )


def _who(said: Said, value: Value) -> tuple[str, ...]:
    return tuple(label for label, one in said if one is value)


def _by_role(ballots: Sequence[Ballot]) -> dict[str, list[Ballot]]:
    """Return the ballots by role; case and outer blanks do not make two roles of one."""
    groups: dict[str, list[Ballot]] = {}
    spelled: dict[str, str] = {}
    for ballot in ballots:
        role = " ".join((ballot.answers.respondent.role or "").split())
        if role:
            key = role.casefold()
            spelled[key] = min(role, spelled.get(key, role))
            groups.setdefault(key, []).append(ballot)
    return {spelled[key]: group for key, group in groups.items()}


def _roles(bank: Bank, ballots: Sequence[Ballot], today: str) -> Iterator[RoleView]:
    for role, group in sorted(_by_role(ballots).items()):
        yield RoleView(role=role, respondents=len(group), level=level_at(bank, read(bank, group, today).values))


def _role_gaps(bank: Bank, tables: Sequence[tuple[Ballot, Values]]) -> Iterator[RoleGap]:
    """Yield the capabilities on which one role's highest rating lies below another's lowest, widest gap first."""
    values = {ballot.label: table for ballot, table in tables}
    roles = _by_role([ballot for ballot, _ in tables])
    gaps = []
    for capability in bank.capabilities:
        spans = []
        for role, group in roles.items():
            rated = sorted((v for b in group if (v := values[b.label][capability.id]) in STEP), key=STEP.__getitem__)
            if rated:
                spans.append((role, rated[0], rated[-1]))
        spans.sort(key=lambda span: (STEP[span[1]], STEP[span[2]], span[0]))
        steps = max((STEP[high[1]] - STEP[low[2]] for low in spans for high in spans), default=0)
        if steps > 0:
            gaps.append(RoleGap(capability=capability.id, roles=tuple(spans), steps=steps))
    yield from sorted(gaps, key=lambda gap: -gap.steps)


def _conflicts(bank: Bank, ballots: Sequence[Ballot]) -> Iterator[Conflict]:
    for fact in bank.facts:
        said: dict[FactValue, list[str]] = {}
        for ballot in ballots:
            if fact.id in ballot.answers.profile:
                said.setdefault(ballot.answers.profile[fact.id], []).append(ballot.label)
        if len(said) > 1:
            ordered = sorted(said.items(), key=lambda entry: str(entry[0]))
            yield Conflict(fact=fact.id, said=tuple((value, tuple(labels)) for value, labels in ordered))
