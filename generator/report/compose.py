"""A result to the view of it: every section a reader needs, in the language in use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from generator.model.assessment import LEVELS, Bank, Because, Capability, GateResult, Profile, Result, Source, Value
from generator.model.crosswalk import Crosswalk, Rubric
from generator.report.claims import claims, counting
from generator.report.people import people
from generator.report.steps import gaps, plan
from generator.report.view import (
    Block,
    Cell,
    Chip,
    Figure,
    Figures,
    Heat,
    Prose,
    Radar,
    Section,
    Series,
    Stair,
    Stairs,
    Table,
    Tone,
    View,
    row,
)
from generator.report.words import called, day, fact, level_name, spoken, tone
from generator.text import language, say

Values = Mapping[str, Value]


def to_view(bank: Bank, result: Result, other: Crosswalk, ladder: str) -> View:
    """Return the document of one result, of one or more respondents; `ladder` is our own version."""
    versions = {"bank": result.bank_version, "scoring": result.scoring_version, "ladder": ladder}
    return View(
        language=language(),
        title=say("report.title"),
        subtitle=result.organization or say("report.nobody"),
        facts=tuple(_facts(result, versions)),
        sections=(
            _summary(result),
            _why(result),
            _profile(bank, result),
            _gates(bank, result),
            _heat(bank, result.values),
            plan(bank, result),
            gaps(bank, result),
            claims(bank, result),
            *(people(bank, result.panel) if result.panel else ()),
            _elsewhere(other),
        ),
        footer=say("report.footer", **versions),
        counting=counting(bank, result),
    )


def _facts(result: Result, versions: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield say("report.organization"), result.organization or say("report.nobody")
    if result.team:
        yield say("report.team"), result.team
    if result.panel:
        yield say("report.respondents"), str(len(result.panel.voices))
    if result.date:
        yield say("report.date"), day(result.date)
    yield say("report.versions"), say("report.versions-value", **versions)


def _summary(result: Result) -> Section:
    level, target = result.level, result.target.level
    state = "at-target" if level == target else "above-target" if level > target else "below-target"
    names = {"name": level_name(level), "target_name": level_name(target)}
    stairs = Stairs(
        caption=say("report.stairs"),
        text=say("report.stairs-text", level=level, target=target, **names),
        current=say("report.stairs-current"),
        target=say("report.stairs-target"),
        steps=tuple(
            Stair(level=n, name=level_name(n), reached=n <= level, current=n == level, target=n == target)
            for n in LEVELS
        ),
    )
    verdict = say(f"score.{state}", target=target, name=level_name(target))
    return Section(
        id="summary",
        title=say("report.summary"),
        blocks=(Figures(items=tuple(_figures(result))), Prose(texts=(verdict,)), stairs),
    )


def _figures(result: Result) -> Iterator[Figure]:
    low, high = result.interval
    met = result.level >= result.target.level
    yield Figure(
        label=say("report.level"),
        value=str(result.level),
        note=say("report.of-three", name=level_name(result.level)),
        tone=Tone.GOOD if met else Tone.WARN,
    )
    yield Figure(label=say("report.target"), value=str(result.target.level), note=level_name(result.target.level))
    yield Figure(
        label=say("report.interval"),
        value=str(low) if low == high else say("report.to-three", low=low, high=high),
        note=say("report.interval-sure" if low == high else "report.interval-note"),
    )
    yield Figure(label=say("report.evidenced"), value=str(result.evidenced_level), note=say("report.evidenced-note"))
    yield Figure(
        label=say("report.evidence"),
        value=str(result.evidenced),
        note=say("report.evidence-note", total=result.evidenced + result.claims),
    )
    if result.exempted_level != result.level:
        yield Figure(label=say("report.exempted"), value=str(result.exempted_level), note=say("report.exempted-note"))


def _why(result: Result) -> Section:
    target = result.target
    reasons = [*target.because, *([target.cap] if target.cap else [])]
    blocks: list[Block] = [Prose(texts=(say("report.why-text" if reasons else "report.why-none"),))]
    low, high = target.interval
    if low != high:
        blocks.append(Prose(texts=(say("report.why-interval", low=low, high=high),)))
    if reasons:
        head = tuple(say(f"report.why-head-{name}") for name in ("level", "reason", "facts", "origin"))
        rows = tuple(_reason(reason, capped=reason is target.cap) for reason in reasons)
        blocks.append(Table(caption=say("report.why"), head=head, rows=rows, shares=(0.1, 0.44, 0.28, 0.18)))
    return Section(id="why", title=say("report.why"), blocks=tuple(blocks))


def _reason(reason: Because, *, capped: bool) -> tuple[Cell, ...]:
    facts = say("score.comma").join(f"{name}={fact(value)}" for name, value in reason.facts)
    text = say("score.cap", level=reason.level, text=reason.text) if capped else reason.text
    return row(str(reason.level), text, facts, say("report.published" if reason.published else "report.ours"))


def _profile(bank: Bank, result: Result) -> Section:
    names = tuple(bank.dimensions[profile.id] for profile in result.dimensions)
    scores = tuple(profile.score for profile in result.dimensions)
    radar = Radar(
        caption=say("report.radar"),
        text=say("score.semicolon").join(f"{name} {spoken(score)}" for name, score in zip(names, scores, strict=True)),
        axes=names,
        series=(Series(name=say("report.radar-reached"), values=scores),),
    )
    head = [say(f"report.profile-head-{name}") for name in ("dimension", "share", "held", "needed", "known")]
    needed = result.target.dimensions
    table = Table(
        caption=say("report.profile"),
        head=tuple(head),
        rows=tuple(
            row(bank.dimensions[one.id], spoken(one.score), *_held(one, needed[one.id]), spoken(one.coverage))
            for one in result.dimensions
        ),
        shares=(0.4, 0.15, 0.15, 0.15, 0.15),
    )
    principles = Table(
        caption=say("report.principles"),
        head=(say("report.profile-head-principle"), head[1], head[4]),
        rows=tuple(row(bank.principles[one.id], spoken(one.score), spoken(one.coverage)) for one in result.principles),
        shares=(0.6, 0.2, 0.2),
    )
    return Section(
        id="profile",
        title=say("report.profile"),
        blocks=(Prose(texts=(say("report.profile-text"),)), radar, table, principles),
    )


def _held(profile: Profile, needed: int) -> tuple[Cell, Cell]:
    short = profile.level is None or profile.level < needed
    held = say("report.nothing") if profile.level is None else str(profile.level)
    return Cell(text=held, tone=Tone.WARN if short and needed else Tone.GOOD), Cell(text=str(needed))


def _gates(bank: Bank, result: Result) -> Section:
    head = (
        say("report.level"),
        *(say(f"report.gates-head-{name}") for name in ("state", "keys", "points")),
        say("report.profile-head-known"),
    )
    rules = {"minimum": f"{bank.rules.key_minimum:g}", "threshold": spoken(bank.rules.threshold)}
    table = Table(
        caption=say("report.gates"),
        head=head,
        rows=tuple(_gate(bank, gate) for gate in result.gates),
        shares=(0.09, 0.16, 0.42, 0.2, 0.13),
    )
    blocks: list[Block] = [Prose(texts=(say("report.gates-text", **rules),)), table]
    if result.out_of_order:
        ids = say("score.comma").join(result.out_of_order)
        blocks.append(Prose(texts=(say("report.early", level=result.level, ids=ids),)))
    return Section(id="gates", title=say("report.gates"), blocks=tuple(blocks))


def _gate(bank: Bank, gate: GateResult) -> tuple[Cell, ...]:
    missing = say("score.semicolon").join(
        say("report.or").join(called(bank, id_) for id_ in group) for group in gate.failed_keys
    )
    sums = {"points": f"{gate.points:g}", "maximum": f"{gate.maximum:g}", "needed": f"{gate.needed:g}"}
    state = Cell(text=say(f"score.gate-{gate.status}"), tone=Tone.GOOD if gate.passed else Tone.WARN)
    known = spoken(gate.coverage)
    return row(str(gate.level), state, missing or say("report.no-key"), say("report.gates-points", **sums), known)


def _heat(bank: Bank, values: Values) -> Section:
    levels = LEVELS[1:]
    heat = Heat(
        caption=say("report.heat-caption"),
        head=(say("report.profile-head-dimension"), *(say("report.heat-level", level=level) for level in levels)),
        rows=tuple(
            (name, tuple(tuple(_chips(bank, values, id_, level)) for level in levels))
            for id_, name in bank.dimensions.items()
        ),
        legend=tuple(Cell(text=say(f"report.value-{value}"), tone=tone(value)) for value in Value),
    )
    return Section(id="heat", title=say("report.heat"), blocks=(Prose(texts=(say("report.heat-text"),)), heat))


def _chips(bank: Bank, values: Values, dimension: str, level: int) -> Iterator[Chip]:
    for one in bank.at(level):
        if one.dimension == dimension:
            yield _chip(one, values[one.id], key=one.id in bank.rules.keys(level))


def _chip(one: Capability, value: Value, *, key: bool) -> Chip:
    return Chip(id=one.id, title=one.title, value=say(f"report.value-{value}"), tone=tone(value), key=key)


def _elsewhere(other: Crosswalk) -> Section:
    head = tuple(say(f"report.other-head-{name}") for name in ("scale", "value", "range", "sources"))
    scales = [
        row(say(f"report.other-{one.id}"), str(one.level), f"0-{one.highest}", _source(one.source))
        for one in other.scales
    ]
    rubrics = [
        row(
            say("report.other-rubric", id=one.id),
            say("report.to-three", low=f"{one.least:g}", high=f"{one.most:g}")
            + f" ({say(f'crosswalk.band-{one.band}')})",
            f"0-{one.highest}",
            _source(one.source),
        )
        for one in other.rubrics
    ]
    table = Table(caption=say("report.other"), head=head, rows=(*scales, *rubrics), shares=(0.28, 0.26, 0.1, 0.36))
    note = say("crosswalk.note", asked=other.asked, tests=other.tests)
    return Section(id="elsewhere", title=say("report.other"), blocks=(Prose(texts=(note,)), table))


def _band(one: Rubric) -> str:
    reach = say("report.to-three", low=f"{one.least:g}", high=f"{one.most:g}")
    return say("report.band", reach=reach, band=say(f"crosswalk.band-{one.band}"))


def _source(source: Source) -> Cell:
    return Cell(text=source.title, link=source.url)
