"""Parts of the screen: respondents and what they should talk about, evidence that fails, exemptions."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from generator.model.assessment import Bank, Result
from generator.model.panel import Alpha, Dispute, Panel
from generator.text import say

WIDTH = 79
MOST_DISPUTES = 3
MOST_LISTED = 5


def fold(text: str) -> str:
    """Return `text` with its long lines broken to the width of the screen, each part indented like its line."""
    lines = []
    for line in text.splitlines():
        indent = line[: len(line) - len(line.lstrip())]
        lines += textwrap.wrap(line, WIDTH, subsequent_indent=f"{indent}  ") or [""]
    return "\n".join(lines)


def wrapped(text: str, indent: str = "", further: str | None = None) -> list[str]:
    """Return `text` broken to the width of the screen; its second line on is indented by `further`."""
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=indent,
        subsequent_indent=further if further is not None else indent + "  " * bool(indent),
    )


def panel_lines(bank: Bank, panel: Panel) -> Iterator[str]:
    """Yield who answered, how far they agree, and what they should talk about."""
    yield ""
    yield say("panel.title", count=len(panel.voices))
    for voice in panel.voices:
        who = voice.label if not voice.role or voice.role == voice.label else f"{voice.label}, {voice.role}"
        counts = {"level": voice.level, "answered": voice.answered, "evidenced": voice.evidenced}
        yield from wrapped(say("panel.voice", who=who, **counts), "  ")
    for role in panel.roles if len(panel.roles) > 1 else ():
        yield from wrapped(say("panel.role", role=role.role, count=role.respondents, level=role.level), "  ")
    yield from wrapped(_alpha(panel.alpha), "  ")
    if panel.r_wg_star_items is not None:
        yield from wrapped(say("panel.r-wg-star", value=f"{panel.r_wg_star_items:.2f}"), "  ")
    yield from _conflicts(panel)
    yield from _disputes(bank, panel)
    yield from _role_gaps(bank, panel)


def finding_lines(bank: Bank, result: Result) -> Iterator[str]:
    """Yield what is wrong with evidence and exemptions, and which exemptions still hold."""
    if result.findings:
        yield ""
        yield say("evidence.title")
        for finding in result.findings[:MOST_LISTED]:
            yield from wrapped(finding.text, "  ", "    ")
        if len(result.findings) > MOST_LISTED:
            yield "  " + say("evidence.more", count=len(result.findings) - MOST_LISTED)
        if any(finding.kind.startswith("evidence") for finding in result.findings):
            yield "  " + say("evidence.paths")
    exempt = [(one.capability, one.exemption) for one in result.support if one.exempt and one.exemption]
    if exempt:
        yield ""
        yield say("evidence.exemptions")
        for id_, exemption in sorted(exempt, key=lambda pair: (pair[1].until, pair[0])):
            reason = bank.rules.exemptions[exemption.reason]
            yield from wrapped(say("evidence.exemption", capability=id_, until=exemption.until, reason=reason), "  ")
            if exemption.note:
                yield from wrapped(exemption.note, "    ", "    ")


def _alpha(alpha: Alpha) -> str:
    counts = {"units": alpha.units, "coders": alpha.coders, "values": alpha.values}
    if alpha.value is None:
        return say(f"panel.alpha-{alpha.why}", **counts)
    return say("panel.alpha", value=f"{alpha.value:.2f}", **counts)


def _conflicts(panel: Panel) -> Iterator[str]:
    if panel.conflicts:
        yield "  " + say("panel.conflicts")
    for conflict in panel.conflicts:
        said = "; ".join(f"{str(value).lower()} ({', '.join(labels)})" for value, labels in conflict.said)
        yield from wrapped(f"{conflict.fact}: {said}", "    ", "      ")


def _disputes(bank: Bank, panel: Panel) -> Iterator[str]:
    if panel.disputes:
        yield from wrapped(say("panel.disputed", count=len(panel.disputes)), "  ")
    for dispute in panel.disputes[:MOST_DISPUTES]:
        yield from _dispute(bank, dispute)
    if len(panel.disputes) > MOST_DISPUTES:
        ids = ", ".join(dispute.capability for dispute in panel.disputes[MOST_DISPUTES:])
        yield from wrapped(say("panel.more-disputed", ids=ids), "    ")


def _dispute(bank: Bank, dispute: Dispute) -> Iterator[str]:
    title = bank.capability(dispute.capability).title
    counts = say("panel.counts", capability=dispute.capability, title=title, value=dispute.merged.value)
    yield from wrapped(counts, "    ")
    for value, people, words in (
        (dispute.low, dispute.low_by, dispute.low_text),
        (dispute.high, dispute.high_by, dispute.high_text),
    ):
        yield from wrapped(f"{value.value} ({', '.join(people)}): {words}", "      ", "        ")
    yield from wrapped(dispute.prompt, "      ", "      ")


def _role_gaps(bank: Bank, panel: Panel) -> Iterator[str]:
    if panel.role_gaps:
        yield "  " + say("panel.role-gaps")
    for gap in panel.role_gaps[:MOST_LISTED]:
        spans = "; ".join(
            f"{role}: {low.value}" + ("" if low is high else f" .. {high.value}") for role, low, high in gap.roles
        )
        yield from wrapped(f"{gap.capability} {bank.capability(gap.capability).title}: {spans}", "    ")
    if len(panel.role_gaps) > MOST_LISTED:
        yield "    " + say("panel.more-gaps", count=len(panel.role_gaps) - MOST_LISTED)
