"""The way to the target and what is missing on it."""

from __future__ import annotations

from generator.model.assessment import Bank, Gap, Result
from generator.model.plan import Phase, Step
from generator.report.view import Block, Cell, Prose, Section, Table, row
from generator.report.words import called, day, named, tone
from generator.text import say


def plan(bank: Bank, result: Result) -> Section:
    """Return the roadmap: phases of steps, each with what to do, why, its effort and our files for it."""
    level = result.target.level
    texts = [say("report.plan-text" if result.plan else "report.plan-none", target=level)]
    if result.next_best:
        title = bank.capability(result.next_best).title
        texts.append(say("report.plan-best", id=result.next_best, title=title))
    phases = [_phase(bank, phase) for phase in result.plan]
    return Section(id="plan", title=say("report.plan"), blocks=(Prose(texts=tuple(texts)), *phases))


def _phase(bank: Bank, phase: Phase) -> Table:
    return Table(
        caption=say("report.plan-phase", number=phase.number, weeks=phase.weeks, level=phase.level),
        head=tuple(say(f"report.plan-head-{name}") for name in ("step", "do", "effort", "files")),
        rows=tuple(_step(bank, step) for step in phase.steps),
        shares=(0.26, 0.36, 0.17, 0.21),
    )


def _step(bank: Bank, step: Step) -> tuple[Cell, ...]:
    effort = say(
        "report.plan-effort",
        effort=say(f"report.effort-{step.effort}"),
        weeks=step.weeks,
        risk=say(f"report.effort-{step.risk_reduction}"),
    )
    if step.exempt_until:
        effort += say("score.semicolon") + say("report.plan-exempt", until=day(step.exempt_until))
    files = [say("report.files", level=one.level, paths=say("score.comma").join(one.paths)) for one in step.files]
    name = Cell(text=_keyed(called(bank, step.capability), key=step.key), link=f"#{step.capability}")
    todo = bank.capability(step.capability).next
    return row(name, todo, effort, say("score.semicolon").join(files) or say("report.nothing"))


def gaps(bank: Bank, result: Result) -> Section:
    """Return what stands between today and each level up to the target, or to the next where that is reached."""
    upto = max(result.target.level, min(result.level + 1, 3))
    head = tuple(say(f"report.gaps-head-{name}") for name in ("capability", "level", "now", "why", "next"))
    table = Table(
        caption=say("report.gaps"),
        head=head,
        rows=tuple(_gap(bank, gap) for gap in result.gaps if gap.level <= upto),
        shares=(0.25, 0.07, 0.1, 0.29, 0.29),
    )
    blocks: tuple[Block, ...] = (Prose(texts=(say("report.gaps-text"),)), table)
    return Section(id="gaps", title=say("report.gaps"), blocks=blocks)


def _gap(bank: Bank, gap: Gap) -> tuple[Cell, ...]:
    name = Cell(text=_keyed(called(bank, gap.capability), key=gap.key), link=f"#{gap.capability}")
    return row(name, str(gap.level), Cell(text=named(gap.value), tone=tone(gap.value)), gap.why, gap.next)


def _keyed(title: str, *, key: bool) -> str:
    return f"{title} ({say('report.key')})" if key else title
