"""What was answered and what was shown for it; the same as a sheet that can count again."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.assessment import Bank, Capability, GateResult, Result, Value
from generator.model.evidence import Proof, ProofCheck, Standing, Support
from generator.report.view import Block, Bullets, Cell, Counting, Given, Judged, Prose, Section, Table, Tone, row
from generator.report.words import day, named, tone
from generator.text import say


def claims(bank: Bank, result: Result) -> Section:
    """Return every answer with its evidence, and first what is wrong with the evidence."""
    head = (
        say("report.gaps-head-capability"),
        *(say(f"report.claims-head-{name}") for name in ("answer", "sure", "evidence")),
    )
    table = Table(
        caption=say("report.claims"),
        head=head,
        rows=tuple(_claim(bank, capability, result) for capability in bank.capabilities),
        shares=(0.26, 0.34, 0.1, 0.3),
    )
    blocks: list[Block] = [Prose(texts=(say("report.claims-text"),))]
    if result.findings:
        blocks += [Prose(texts=(say("report.findings"),)), Bullets(items=tuple(one.text for one in result.findings))]
    return Section(id="claims", title=say("report.claims"), blocks=(*blocks, table))


def _claim(bank: Bank, capability: Capability, result: Result) -> tuple[Cell, ...]:
    value = result.values[capability.id]
    own = [support for support in result.support if support.capability == capability.id]
    words = capability.answers.get(value)
    said = f"{named(value)}: {words}" if words else named(value)
    shown = say("score.semicolon").join(part for support in own for part in _shown(bank, support))
    bare = {support.standing for support in own} & {Standing.CLAIM, Standing.BROKEN}
    return row(
        Cell(text=f"{capability.id} {capability.title}", anchor=capability.id),
        Cell(text=said, tone=tone(value)),
        say("score.comma").join(_sure(support) for support in own if support.confidence is not None)
        or say("report.nothing"),
        Cell(text=shown or say("report.nothing"), tone=Tone.WARN if bare else Tone.PLAIN, link=_only_link(own)),
    )


def _sure(support: Support) -> str:
    return say(f"report.sure-{support.confidence}")


def _shown(bank: Bank, support: Support) -> Iterator[str]:
    who = f"{support.respondent}: " if support.respondent else ""
    parts = [_proof(check) for check in support.checks]
    if not parts and support.standing is Standing.CLAIM:
        parts = [say("report.claim")]
    if support.exemption:
        reason = support.exemption.note or bank.rules.exemptions[support.exemption.reason]
        words = {"until": day(support.exemption.until), "reason": reason}
        parts.append(say("report.exemption" if support.exempt else "report.exemption-over", **words))
    for part in parts:
        yield who + part


def _proof(check: ProofCheck) -> str:
    proof: Proof = check.proof
    seen = f" ({say(f'report.seen-{check.seen}')})" if proof.path else ""
    dated = f" {day(proof.date)}" if proof.date else ""
    return f"{proof.path or proof.url or proof.note}{dated}{seen}"


def _only_link(own: list[Support]) -> str | None:
    proofs = [check.proof for support in own for check in support.checks]
    return proofs[0].url if len(proofs) == 1 else None


def counting(bank: Bank, result: Result) -> Counting:
    """Return the rule, every answer and what came of them."""
    groups = [(gate.level, group) for gate in bank.rules.gates for group in gate.keys]
    return Counting(
        points=tuple((value.value, bank.rules.points_of(value)) for value in Value if value in bank.rules.points),
        key_minimum=bank.rules.key_minimum,
        threshold=bank.rules.threshold,
        most_not_applicable=bank.rules.max_not_applicable,
        groups=tuple((number, level) for number, (level, _) in enumerate(groups, 1)),
        gates=tuple(_judged(bank, result, gate) for gate in result.gates),
        level=result.level,
        dimensions=tuple((bank.dimensions[profile.id], profile.score) for profile in result.dimensions),
        given=tuple(_given(bank, result, capability, groups) for capability in bank.capabilities),
    )


def _judged(bank: Bank, result: Result, gate: GateResult) -> Judged:
    keys = bank.rules.keys(gate.level)
    others = [result.values[one.id] for one in bank.at(gate.level) if one.id not in keys]
    return Judged(
        level=gate.level,
        missing=len(gate.failed_keys),
        points=gate.points,
        maximum=gate.maximum,
        needed=gate.needed,
        others=len(others),
        excluded=others.count(Value.NOT_APPLICABLE),
        passed=gate.passed,
    )


def _given(bank: Bank, result: Result, capability: Capability, groups: list[tuple[int, tuple[str, ...]]]) -> Given:
    own = [support for support in result.support if support.capability == capability.id]
    return Given(
        id=capability.id,
        title=capability.title,
        dimension=bank.dimensions[capability.dimension],
        level=capability.level,
        group=next((place for place, (_, group) in enumerate(groups, 1) if capability.id in group), None),
        value=result.values[capability.id].value,
        confidence=say("score.comma").join(_sure(one) for one in own if one.confidence is not None),
        evidence=say("score.semicolon").join(part for one in own for part in _shown(bank, one)),
        question=capability.question,
    )
