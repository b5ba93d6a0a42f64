"""The result for a person at a terminal: plain lines that fit 80 columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from generator.assess.crosswalk import crosswalk, rubric_line
from generator.model.assessment import Bank, GateResult, Profile, Result, Value
from generator.model.crosswalk import Crosswalk
from generator.model.plan import Step
from generator.report.lines import finding_lines, fold, panel_lines, wrapped
from generator.text import say

BAR = 16
MOST_STEPS = 5


def to_screen(bank: Bank, result: Result) -> str:
    """Return the result as text: headline, why, gates, profile, respondents, evidence, next steps, plan."""
    return "\n".join(_lines(bank, result))


def what_if(changes: Sequence[str], before: Result, after: Result) -> str:
    """Return what the changes do to level and target, in a line or two."""
    moved = say(
        "score.what-if-moved",
        level=before.level,
        new_level=after.level,
        target=before.target.level,
        new_target=after.target.level,
    )
    return fold(say("score.what-if", changes=", ".join(changes))) + "\n" + moved + "\n"


def _lines(bank: Bank, result: Result) -> Iterator[str]:
    yield from _headline(result)
    yield ""
    yield from _because(bank, result)
    yield ""
    yield say("score.gates")
    for gate in result.gates:
        yield from _gate(bank, gate)
    yield ""
    yield say("score.profile")
    for profile in result.dimensions:
        yield _bar(bank.dimensions[profile.id], profile, result.target.dimensions[profile.id])
    if result.panel:
        yield from panel_lines(bank, result.panel)
    yield from finding_lines(bank, result)
    yield from _steps(bank, result)
    yield from _plan(result)
    if result.out_of_order:
        yield ""
        yield from wrapped(say("score.out-of-order", level=result.level, capabilities=", ".join(result.out_of_order)))
    yield ""
    yield from _elsewhere(crosswalk(bank, result.values))


def _elsewhere(other: Crosswalk) -> Iterator[str]:
    yield say("crosswalk.title")
    for scale in other.scales:
        yield "  " + say(f"crosswalk.{scale.id}", level=scale.level, highest=scale.highest)
    for rubric in other.rubrics:
        yield from wrapped(rubric_line(rubric), "  ")


def _headline(result: Result) -> Iterator[str]:
    level, target = result.level, result.target.level
    name = ", ".join(part for part in (result.organization, result.team) if part)
    yield from wrapped(say("score.level", organization=name, level=level, name=say(f"score.level-{level}")).strip())
    low, high = result.interval
    if low != high:
        yield from wrapped(say("score.interval", low=low, high=high))
    if result.claims or result.evidenced:
        total = result.claims + result.evidenced
        counts = {"evidenced": result.evidenced, "total": total, "level": result.evidenced_level}
        yield from wrapped(say("score.shown" if result.claims else "score.all-shown", **counts))
    if result.exempted_level > level:
        yield from wrapped(say("score.exempted", level=result.exempted_level))
    state = "at-target" if level == target else "above-target" if level > target else "below-target"
    yield from wrapped(say(f"score.{state}", target=target, name=say(f"score.level-{target}")))
    if result.target.interval[0] < target:
        yield from wrapped(say("score.target-open", low=result.target.interval[0], high=target))


def _because(bank: Bank, result: Result) -> Iterator[str]:
    target = result.target
    if not target.because:
        yield say("score.no-facts")
    for reason in target.because:
        facts = ", ".join(f"{name}={_fact(value)}" for name, value in reason.facts)
        yield from wrapped(say("score.because", level=reason.level, text=reason.text, facts=facts), "  ")
    if target.cap:
        yield from wrapped(say("score.cap", level=target.cap.level, text=target.cap.text), "  ")
    short = {gap.capability for gap in result.gaps if gap.value not in (Value.MOST, Value.ALL)}
    missing = [f"{id_} {bank.capability(id_).title}" for id_ in target.capabilities if id_ in short]
    if missing:
        yield from wrapped(say("score.besides", missing="; ".join(missing)), "  ")


def _fact(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _gate(bank: Bank, gate: GateResult) -> Iterator[str]:
    status = say(f"score.gate-{gate.status}")
    reached = say(
        "score.gate-points", points=f"{gate.points:g}", maximum=f"{gate.maximum:g}", needed=f"{gate.needed:g}"
    )
    yield f"  {gate.level}  {status:<16}{reached}"
    for group in gate.failed_keys:
        titles = say("score.or").join(f"{id_} {bank.capability(id_).title}" for id_ in group)
        yield from wrapped(say("score.failed-key", titles=titles), "     ")


def _bar(name: str, profile: Profile, needed: int) -> str:
    if profile.score is None:
        return f"  {name:<28}{say('score.nothing-applies')}"
    filled = round(profile.score * BAR)
    bar = "#" * filled + "." * (BAR - filled)
    nothing = profile.level is None
    level = say("score.nothing-required" if nothing else "score.holds", level=profile.level, needed=needed)
    return f"  {name:<28}{bar} {profile.score:>4.0%}  {level}"


def _steps(bank: Bank, result: Result) -> Iterator[str]:
    if not result.roadmap:
        return
    steps = {step.capability: step for phase in result.plan for step in phase.steps}
    yield ""
    yield say("score.next-steps")
    for number, id_ in enumerate(result.roadmap[:MOST_STEPS], 1):
        capability = bank.capability(id_)
        yield from wrapped(f"{number}. {id_} {capability.title}. {capability.next}", "  ", "     ")
        if id_ in steps:
            yield from _in_template(steps[id_])
    if len(result.roadmap) > MOST_STEPS:
        yield say("score.more-steps", count=len(result.roadmap) - MOST_STEPS)
    if result.next_best:
        title = f"{result.next_best} {bank.capability(result.next_best).title}"
        yield from wrapped(say("score.next-best", title=title), "  ", "  ")


def _in_template(step: Step) -> Iterator[str]:
    if step.files:
        first = step.files[0]
        paths = ", ".join(path for files in step.files if files.level == first.level for path in files.paths)
        yield from wrapped(say("score.in-template", level=first.level, paths=paths), "     ", "       ")
    else:
        yield from wrapped(say("score.by-people"), "     ", "       ")


def _plan(result: Result) -> Iterator[str]:
    if not result.plan:
        return
    yield ""
    yield from wrapped(say("score.plan", level=result.target.level, phases=len(result.plan)))
    for phase in result.plan:
        ids = " ".join(step.capability + ("*" if step.exempt_until else "") for step in phase.steps)
        line = say("score.phase", number=phase.number, weeks=phase.weeks, ids=ids, level=phase.level)
        yield from wrapped(line, "  ", " " * 16)
    if any(step.exempt_until for phase in result.plan for step in phase.steps):
        yield "  " + say("score.plan-exempt")
