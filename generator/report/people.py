"""Several respondents: who they are, how far they agree, and what to talk about."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.assessment import Bank
from generator.model.panel import Agreement, Conflict, Dispute, Panel, RoleGap
from generator.report.view import Block, Cell, Figure, Figures, Prose, Section, Table, Tone, row
from generator.report.words import called, fact, named, number, tone
from generator.text import say


def people(bank: Bank, panel: Panel) -> Iterator[Section]:
    """Yield the section on respondents and the one on what they dispute."""
    yield Section(
        id="panel",
        title=say("report.panel"),
        blocks=(
            Prose(texts=(say("report.panel-text", count=len(panel.voices)),)),
            Figures(items=tuple(_figures(panel))),
            _voices(panel),
            *_further(bank, panel),
            _agreements(bank, panel),
        ),
    )
    yield _disputes(bank, panel)


def _figures(panel: Panel) -> Iterator[Figure]:
    alpha = panel.alpha
    note = f"report.alpha-{alpha.why}" if alpha.why else "report.alpha-note"
    yield Figure(
        label=say("report.alpha"),
        value=number(alpha.value),
        note=say(note, units=alpha.units, coders=alpha.coders),
    )
    yield Figure(label=say("report.r-wg"), value=number(panel.r_wg_star_items), note=say("report.r-wg-note"))
    rated = sum(one.raters > 1 for one in panel.agreements)
    yield Figure(
        label=say("report.disputed"),
        value=str(len(panel.disputes)),
        note=say("report.disputed-note", total=rated),
        tone=Tone.WARN if panel.disputes else Tone.GOOD,
    )


def _voices(panel: Panel) -> Table:
    rows = [
        row(one.label, one.role or say("report.nothing"), str(one.level), str(one.answered), str(one.evidenced))
        for one in panel.voices
    ]
    return Table(
        caption=say("report.respondents"),
        head=tuple(say(f"report.panel-head-{name}") for name in ("who", "role", "level", "answered", "evidenced")),
        rows=tuple(rows),
        shares=(0.28, 0.27, 0.15, 0.15, 0.15),
    )


def _further(bank: Bank, panel: Panel) -> Iterator[Block]:
    if panel.role_gaps:
        yield Table(
            caption=say("report.role-gaps"),
            head=(say("report.gaps-head-capability"), say("report.role-gaps-head-roles")),
            rows=tuple(_role_gap(bank, gap) for gap in panel.role_gaps),
            shares=(0.45, 0.55),
        )
    if panel.conflicts:
        yield Table(
            caption=say("report.conflicts"),
            head=tuple(say(f"report.conflicts-head-{name}") for name in ("fact", "said")),
            rows=tuple(_conflict(conflict) for conflict in panel.conflicts),
            shares=(0.35, 0.65),
        )


def _role_gap(bank: Bank, gap: RoleGap) -> tuple[Cell, ...]:
    views = [
        say("report.role-view" if low is high else "report.role-range", role=role, low=named(low), high=named(high))
        for role, low, high in gap.roles
    ]
    return row(Cell(text=called(bank, gap.capability), link=f"#{gap.capability}"), say("score.semicolon").join(views))


def _conflict(conflict: Conflict) -> tuple[Cell, ...]:
    said = [
        say("report.conflict", value=fact(value), who=say("score.comma").join(labels))
        for value, labels in conflict.said
    ]
    return row(conflict.fact, say("score.semicolon").join(said))


def _agreements(bank: Bank, panel: Panel) -> Table:
    head = (
        say("report.gaps-head-capability"),
        *(say(f"report.agreement-head-{name}") for name in ("raters", "rwg", "ad", "disputed")),
    )
    return Table(
        caption=say("report.agreement"),
        head=head,
        rows=tuple(_agreement(bank, one) for one in panel.agreements),
        shares=(0.48, 0.12, 0.12, 0.14, 0.14),
    )


def _agreement(bank: Bank, one: Agreement) -> tuple[Cell, ...]:
    disputed = Cell(
        text=say("report.yes" if one.disputed else "report.no"), tone=Tone.WARN if one.disputed else Tone.PLAIN
    )
    return row(called(bank, one.capability), str(one.raters), number(one.r_wg_star), number(one.deviation), disputed)


def _disputes(bank: Bank, panel: Panel) -> Section:
    if not panel.disputes:
        blocks: tuple[Block, ...] = (Prose(texts=(say("report.dispute-none"),)),)
    else:
        head = (
            say("report.gaps-head-capability"),
            *(say(f"report.dispute-head-{name}") for name in ("low", "high", "counts", "prompt")),
        )
        rows = tuple(_dispute(bank, dispute) for dispute in panel.disputes)
        blocks = (Table(caption=say("report.dispute"), head=head, rows=rows, shares=(0.18, 0.23, 0.23, 0.09, 0.27)),)
    return Section(id="disputes", title=say("report.dispute"), blocks=blocks)


def _dispute(bank: Bank, one: Dispute) -> tuple[Cell, ...]:
    comma = say("score.comma")
    return row(
        Cell(text=called(bank, one.capability), link=f"#{one.capability}"),
        f"{comma.join(one.low_by)}: {one.low_text}",
        f"{comma.join(one.high_by)}: {one.high_text}",
        Cell(text=named(one.merged), tone=tone(one.merged)),
        one.prompt,
    )
