"""Every number of a result, taken apart: what it is made of and what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from generator.assess.score import Values, judge_gates, level_of, points, score, values_of
from generator.assess.target import holds
from generator.errors import UsageError
from generator.model.assessment import SCALE, Answer, Answers, Bank, Capability, GateResult, Value
from generator.text import say

TOPICS = ("level", "target", "interval", "gate1", "gate2", "gate3")


def explain(bank: Bank, answers: Answers, topic: str) -> str:
    """Return how the number called `topic` came about; UsageError for a topic that is none."""
    values = values_of(bank, answers)
    ids = {capability.id: capability for capability in bank.capabilities}
    if topic.upper() in ids:
        return "\n".join(_capability(bank, answers, values, ids[topic.upper()]))
    if topic in bank.dimensions or topic in bank.principles:
        return "\n".join(_profile(bank, values, topic))
    if topic == "target":
        return "\n".join(_target(bank, answers))
    if topic in TOPICS:
        return "\n".join(_level(bank, values, topic))
    known = ", ".join((*TOPICS, *bank.dimensions, *bank.principles, "C01 ... C50"))
    raise UsageError("score.explain-topic", topic=topic, known=known)


def _capability(bank: Bank, answers: Answers, values: Values, capability: Capability) -> Iterator[str]:
    value = values[capability.id]
    gate = judge_gates(bank, values)[capability.level - 1]
    key = capability.id in bank.rules.keys(capability.level)
    yield say("score.explain-title", id=capability.id, title=capability.title, level=capability.level)
    yield say("score.explain-value", value=value.value, points=f"{points(bank, value):g}")
    if value in capability.answers:
        yield f"  {capability.answers[value]}"
    role = "key" if key else "other"
    yield say(f"score.explain-{role}", minimum=f"{bank.rules.key_minimum:g}", **_sums(gate))
    better = _one_better(value)
    if better is not None:
        changed = score(bank, _with(answers, capability.id, better))
        after = changed.gates[capability.level - 1]
        status = say(f"score.gate-{after.status}")
        yield say(
            "score.explain-better", value=better.value, status=status, points=f"{after.points:g}", level=changed.level
        )
    yield say(
        "score.explain-placement",
        ibm=say(f"score.ibm-{capability.ibm}"),
        dimension=bank.dimensions[capability.dimension],
    )
    yield say("score.explain-sources", sources="; ".join(source.title for source in capability.sources))
    yield say("score.explain-why", why=capability.why)
    yield say("score.explain-next", next=capability.next)


def _level(bank: Bank, values: Values, topic: str) -> Iterator[str]:
    gates = judge_gates(bank, values)
    if topic == "interval":
        for worst in (Value.NONE, Value.ALL):
            filled = {id_: worst if value is Value.UNKNOWN else value for id_, value in values.items()}
            yield say("score.explain-interval", value=worst.value, level=level_of(judge_gates(bank, filled)))
        unknown = [id_ for id_, value in values.items() if value is Value.UNKNOWN]
        yield say("score.explain-unknown", count=len(unknown), ids=", ".join(unknown) or "-")
        return
    for gate in gates:
        if topic in ("level", f"gate{gate.level}"):
            yield from _gate(bank, values, gate)
    if topic == "level":
        yield say("score.explain-level", level=level_of(gates))


def _gate(bank: Bank, values: Values, gate: GateResult) -> Iterator[str]:
    yield say("score.explain-gate", level=gate.level, status=say(f"score.gate-{gate.status}"))
    for rule in bank.rules.gates:
        if rule.level == gate.level:
            for group in rule.keys:
                reached = ", ".join(f"{id_}={points(bank, values[id_]):g}" for id_ in group)
                yield say("score.explain-group", group=reached, minimum=f"{bank.rules.key_minimum:g}")
    others = [c.id for c in bank.at(gate.level) if c.id not in bank.rules.keys(gate.level)]
    listed = " + ".join(
        f"{id_} {points(bank, values[id_]):g}" for id_ in others if values[id_] is not Value.NOT_APPLICABLE
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


def _profile(bank: Bank, values: Values, name: str) -> Iterator[str]:
    own = [c for c in bank.capabilities if c.dimension == name or name in c.principles]
    for capability in own:
        value = values[capability.id]
        yield f"  {capability.id} {value.value:<15}{points(bank, value):>5g}  {capability.title}"
    applicable = [values[c.id] for c in own if values[c.id] is not Value.NOT_APPLICABLE]
    total = sum(points(bank, value) for value in applicable)
    yield say(
        "score.explain-profile", total=f"{total:g}", maximum=f"{len(applicable) * max(bank.rules.points.values()):g}"
    )


def _one_better(value: Value) -> Value | None:
    if value is Value.NOT_APPLICABLE or value is Value.ALL:
        return None
    return Value.SOME if value is Value.UNKNOWN else SCALE[SCALE.index(value) + 1]


def _with(answers: Answers, id_: str, value: Value) -> Answers:
    return replace(answers, answers={**answers.answers, id_: Answer(value=value)})
