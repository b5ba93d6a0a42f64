"""Every number of a result, taken apart: what it is made of and what would change it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from generator.assess.crosswalk import SCALES, crosswalk, rubric_line
from generator.assess.judge import judge_gates, level_at, level_of
from generator.assess.reading import Reading, Values, read, values_of
from generator.assess.score import score
from generator.assess.target import holds
from generator.errors import UsageError
from generator.model.assessment import SCALE, Answer, Answers, Ballot, Bank, Capability, GateResult, Result, Value
from generator.text import say

TOPICS = ("level", "target", "interval", "gate1", "gate2", "gate3")


def explain(bank: Bank, answers: Answers, topic: str, reading: Reading | None = None) -> str:
    """Return how the number called `topic` came about; UsageError for a topic that is none.

    Of several respondents `answers` is what they came to, and `reading` how.
    """
    if topic == "interval":
        return "\n".join(_interval(bank, reading or read(bank, [Ballot(label="", answers=answers)], "")))
    values = values_of(bank, answers)
    ids = {capability.id: capability for capability in bank.capabilities}
    if topic.upper() in ids:
        return "\n".join(_capability(bank, answers, values, ids[topic.upper()]))
    if topic in bank.dimensions or topic in bank.principles:
        return "\n".join(_profile(bank, answers, values, topic))
    if topic == "target":
        return "\n".join(_target(bank, answers))
    if topic in SCALES:
        return "\n".join(_scale(bank, values, topic))
    if topic == "ml-test-score":
        return "\n".join(_test_score(bank, values))
    if topic in TOPICS:
        return "\n".join(_level(bank, values, topic))
    known = ", ".join((*TOPICS, *SCALES, "ml-test-score", *bank.dimensions, *bank.principles, "C01 ... C50"))
    raise UsageError("score.explain-topic", topic=topic, known=known)


def _capability(bank: Bank, answers: Answers, values: Values, capability: Capability) -> Iterator[str]:
    value = values[capability.id]
    result = score(bank, answers)
    yield say("score.explain-title", id=capability.id, title=capability.title, level=capability.level)
    yield say("score.explain-value", value=value.value, points=f"{bank.rules.points_of(value):g}")
    if value in capability.answers:
        yield f"  {capability.answers[value]}"
    if value is Value.NOT_APPLICABLE:
        yield say("score.explain-reason", reason=answers.answers[capability.id].reason)
    if value is Value.UNKNOWN:
        low, high = result.interval
        yield say("score.explain-open", count=sum(v is Value.UNKNOWN for v in values.values()), low=low, high=high)
    yield _role(bank, capability, _gate_at(result, capability.level))
    yield from _better(bank, answers, capability, value)
    yield say("score.explain-counts", profiles="; ".join(_counts(bank, result, capability)))
    yield say("score.explain-placement", level=capability.level, ibm=say(f"score.ibm-{capability.ibm}"))
    missing = say("score.explain-unfilled")
    yield say(
        "score.explain-elsewhere",
        google=missing if capability.google is None else capability.google,
        microsoft=missing if capability.microsoft is None else capability.microsoft,
        tests=", ".join(capability.ml_test_score) or missing,
    )
    yield say("score.explain-sources", sources="; ".join(source.title for source in capability.sources))
    yield say("score.explain-why", why=capability.why)
    yield say("score.explain-next", next=capability.next)


def _role(bank: Bank, capability: Capability, gate: GateResult) -> str:
    groups = [group for rule in bank.rules.gates for group in rule.keys if capability.id in group]
    return say(
        "score.explain-key" if groups else "score.explain-other",
        gate=gate.level,
        group=say("score.or").join(groups[0] if groups else ()),
        minimum=f"{bank.rules.key_minimum:g}",
        status=say(f"score.gate-{gate.status}"),
        **_sums(gate),
    )


def _better(bank: Bank, answers: Answers, capability: Capability, value: Value) -> Iterator[str]:
    """Say what each better answer would change; a key one matters from the key minimum on only."""
    if value is Value.NOT_APPLICABLE:
        return
    for better in SCALE[1 if value is Value.UNKNOWN else SCALE.index(value) + 1 :]:
        changed = score(bank, _with(answers, capability.id, better))
        after = _gate_at(changed, capability.level)
        status = say(f"score.gate-{after.status}")
        sums = {"points": f"{after.points:g}", "level": changed.level}
        yield say("score.explain-better", value=better.value, gate=after.level, status=status, **sums)


def _counts(bank: Bank, result: Result, capability: Capability) -> Iterator[str]:
    names = {**bank.dimensions, **bank.principles}
    for profile in (*result.dimensions, *result.principles):
        if profile.id == capability.dimension or profile.id in capability.principles:
            yield f"{names[profile.id]} {'-' if profile.score is None else format(profile.score, '.0%')}"


def _gate_at(result: Result, level: int) -> GateResult:
    return next(gate for gate in result.gates if gate.level == level)


def _level(bank: Bank, values: Values, topic: str) -> Iterator[str]:
    gates = judge_gates(bank, values)
    for gate in gates:
        if topic in ("level", f"gate{gate.level}"):
            yield from _gate(bank, values, gate)
    if topic == "level":
        yield say("score.explain-level", level=level_of(gates))


def _interval(bank: Bank, reading: Reading) -> Iterator[str]:
    yield say("score.explain-worst", level=level_at(bank, reading.worst))
    yield say("score.explain-best", level=level_at(bank, reading.best))
    unknown = [id_ for id_, value in reading.values.items() if value is Value.UNKNOWN]
    doubted = [
        id_ for id_, value in reading.values.items() if id_ not in unknown and reading.worst[id_] != reading.best[id_]
    ]
    yield say("score.explain-unknown", count=len(unknown), ids=", ".join(unknown) or "-")
    yield say("score.explain-doubted", count=len(doubted), ids=", ".join(doubted) or "-")


def _gate(bank: Bank, values: Values, gate: GateResult) -> Iterator[str]:
    yield say("score.explain-gate", level=gate.level, status=say(f"score.gate-{gate.status}"))
    for rule in bank.rules.gates:
        if rule.level == gate.level:
            for group in rule.keys:
                reached = ", ".join(f"{id_}={bank.rules.points_of(values[id_]):g}" for id_ in group)
                yield say("score.explain-group", group=reached, minimum=f"{bank.rules.key_minimum:g}")
    others = [c.id for c in bank.at(gate.level) if c.id not in bank.rules.keys(gate.level)]
    listed = _listed(
        {id_: bank.rules.points_of(values[id_]) for id_ in others if values[id_] is not Value.NOT_APPLICABLE}
    )
    yield say("score.explain-sum", listed=listed, share=f"{bank.rules.threshold:.0%}", **_sums(gate))


def _sums(gate: GateResult) -> dict[str, str]:
    return {"points": f"{gate.points:g}", "maximum": f"{gate.maximum:g}", "needed": f"{gate.needed:g}"}


def _target(bank: Bank, answers: Answers) -> Iterator[str]:
    for rule in bank.target_rules:
        state = say("score.rule-holds") if holds(rule.when, answers.profile) else say("score.rule-not")
        facts = ", ".join(
            f"{c.fact} {c.op} {_plain(c.value)} ({_plain(answers.profile.get(c.fact))})" for c in rule.when
        )
        origin = "; ".join(source.title for source in rule.sources) if rule.published else say("score.ours")
        yield say("score.explain-rule", state=state, level=rule.level, text=rule.text, facts=facts, origin=origin)
    result = score(bank, answers)
    yield say(
        "score.explain-target", level=result.target.level, cap=result.target.cap.text if result.target.cap else "-"
    )


def _plain(value: object) -> str:
    if value is None:
        return say("score.not-given")
    return "|".join(map(str, value)) if isinstance(value, tuple) else str(value).lower()


def _profile(bank: Bank, answers: Answers, values: Values, name: str) -> Iterator[str]:
    own = [c for c in bank.capabilities if c.dimension == name or name in c.principles]
    for capability in own:
        value = values[capability.id]
        yield f"  {capability.id} {value.value:<15}{bank.rules.points_of(value):>5g}  {capability.title}"
    result = score(bank, answers)
    profile = next(profile for profile in (*result.dimensions, *result.principles) if profile.id == name)
    applicable = [c for c in own if values[c.id] is not Value.NOT_APPLICABLE]
    total = sum(bank.rules.points_of(values[c.id]) for c in applicable)
    maximum = f"{len(applicable) * max(bank.rules.points.values()):g}"
    yield say("score.explain-profile", total=f"{total:g}", maximum=maximum, coverage=f"{profile.coverage:.0%}")
    yield _held(bank, values, applicable, profile.level)
    if name in result.target.dimensions:
        yield say("score.explain-needed", level=result.target.dimensions[name])


def _held(bank: Bank, values: Values, applicable: list[Capability], held: int | None) -> str:
    short = [c for c in applicable if bank.rules.points_of(values[c.id]) < bank.rules.key_minimum]
    if not short:
        return say("score.explain-all-met", held="-" if held is None else held)
    level = min(c.level for c in short)
    ids = ", ".join(c.id for c in short if c.level == level)
    return say("score.explain-short-first" if held is None else "score.explain-short", held=held, level=level, ids=ids)


def _scale(bank: Bank, values: Values, scale: str) -> Iterator[str]:
    other = crosswalk(bank, values)
    [found] = [one for one in other.scales if one.id == scale]
    for rung in found.rungs:
        sums = {"points": f"{rung.points:g}", "maximum": len(rung.asked)}
        listed = _listed({id_: bank.rules.points_of(values[id_]) for id_ in rung.asked})
        share = f"{bank.rules.threshold:.0%}"
        yield say("score.explain-scale", scale=scale, level=rung.level, listed=listed, share=share, **sums)
        for group in rung.failed_keys:
            yield say("score.explain-scale-key", scale=scale, level=rung.level, group=say("score.or").join(group))
    yield say("score.explain-reached", scale=scale, value=found.level)
    yield say("crosswalk.note", asked=other.asked, tests=other.tests)
    yield say("score.explain-sources", sources=found.source.title)


def _test_score(bank: Bank, values: Values) -> Iterator[str]:
    other = crosswalk(bank, values)
    for section in other.sections:
        name = say(f"crosswalk.section-{section.id}")
        yield say("score.explain-section", section=name, listed=_listed(section.tests), points=f"{section.points:g}")
        for test in section.not_asked:
            yield say("score.explain-not-asked", test=test, title=say(f"crosswalk.test-{test}"))
    yield say("score.explain-least", value=f"{other.ml_test_score:g}", asked=other.asked, tests=other.tests)
    for rubric in other.rubrics:
        yield rubric_line(rubric)
    yield say("score.explain-sources", sources="; ".join(rubric.source.title for rubric in other.rubrics))


def _listed(terms: Mapping[str, float]) -> str:
    return " + ".join(f"{name} {term:g}" for name, term in terms.items())


def _with(answers: Answers, id_: str, value: Value) -> Answers:
    return replace(answers, answers={**answers.answers, id_: Answer(value=value)})
