"""Several respondents: what counts, what is in doubt, what they should talk about; in any order of their files."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from generator.assess.bank import load_bank
from generator.assess.reading import STEP, merged, read
from generator.assess.score import score, score_ballots
from generator.model.assessment import SCALE, Answer, Answers, Ballot, Exemption, Proof, Respondent, Value

BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
SHOWN = (Proof(note="seen in the meeting"),)
NONE, SOME, MOST, ALL, UNKNOWN, AWAY = Value


def a_ballot(label: str, table: dict[str, Any], role: str | None = None, **profile: Any) -> Ballot:
    answers = {
        id_: entry if isinstance(entry, Answer) else Answer(value=entry, reason="we have none")
        for id_, entry in table.items()
    }
    return Ballot(
        label=label, answers=Answers(bank="1", respondent=Respondent(role=role), profile=profile, answers=answers)
    )


answers = st.builds(
    Answer,
    value=st.sampled_from([*SCALE, SCALE[2], SCALE[3], Value.UNKNOWN]),
    confidence=st.none() | st.integers(0, 3),
    evidence=st.sampled_from([(), SHOWN]),
)
nearly = st.builds(Answer, value=st.sampled_from([MOST, ALL]), evidence=st.sampled_from([(), SHOWN]))
tables = st.one_of(st.dictionaries(st.sampled_from(IDS), answers), st.fixed_dictionaries(dict.fromkeys(IDS, nearly)))
panels = st.lists(tables, min_size=2, max_size=3)


def ballots_of(panel: list[dict[str, Answer]]) -> list[Ballot]:
    return [a_ballot(f"person {number}", table) for number, table in enumerate(panel)]


@pytest.mark.parametrize(
    ("said", "value", "decided"),
    [
        ([(ALL, True), (NONE, False)], ALL, "evidence"),
        ([(ALL, True), (SOME, True), (NONE, False)], SOME, "evidence"),
        ([(ALL, False), (SOME, False)], SOME, "lowest"),
        ([(ALL, True), (UNKNOWN, True)], ALL, "evidence"),
        ([(ALL, False), (AWAY, False)], ALL, "lowest"),
        ([(AWAY, False), (UNKNOWN, False)], AWAY, "applicability"),
        ([(UNKNOWN, False)], UNKNOWN, "nobody"),
        ([], UNKNOWN, "nobody"),
    ],
)
def test_the_lowest_evidenced_answer_counts_else_the_lowest(
    said: list[tuple[Value, bool]], value: Value, decided: str
) -> None:
    for order in permutations(said):
        assert merged(order) == (value, decided)


@given(panels)
def test_every_order_of_the_files_gives_the_same_result(panel: list[dict[str, Answer]]) -> None:
    ballots = ballots_of(panel)
    assert score_ballots(BANK, ballots) == score_ballots(BANK, ballots[::-1])


@given(panels, st.sampled_from(IDS), st.sampled_from(SCALE), st.integers(0, 2))
def test_a_better_answer_with_the_same_evidence_never_lowers_the_level(
    panel: list[dict[str, Answer]], changed: str, to: Value, who: int
) -> None:
    who %= len(panel)
    before = panel[who].get(changed, Answer(value=UNKNOWN))
    assume(before.value in STEP)
    worse, better = sorted([before.value, to], key=STEP.__getitem__)

    def with_value(value: Value) -> Any:
        tables = [dict(table) for table in panel]
        tables[who][changed] = replace(before, value=value)
        return score_ballots(BANK, ballots_of(tables))

    low, high = with_value(worse), with_value(better)
    assert low.level <= high.level
    assert low.evidenced_level <= high.evidenced_level
    assert low.interval[0] <= high.interval[0]
    assert low.interval[1] <= high.interval[1]


@given(panels)
def test_the_interval_contains_the_level_and_evidence_never_raises_it(panel: list[dict[str, Answer]]) -> None:
    result = score_ballots(BANK, ballots_of(panel))
    assert result.interval[0] <= result.level <= result.interval[1]
    assert result.evidenced_level <= result.level <= result.exempted_level


@given(tables, st.sampled_from(IDS), st.integers(0, 3), st.integers(0, 3))
def test_more_confidence_never_widens_the_interval(table: dict[str, Answer], id_: str, one: int, two: int) -> None:
    def at(confidence: int) -> tuple[int, int]:
        answer = replace(table.get(id_, Answer(value=SOME)), confidence=confidence)
        return score_ballots(BANK, [a_ballot("a", {**table, id_: answer})]).interval

    unsure, sure = at(min(one, two)), at(max(one, two))
    assert unsure[0] <= sure[0] <= sure[1] <= unsure[1]


@given(tables)
def test_one_respondent_is_a_panel_of_one(table: dict[str, Answer]) -> None:
    ballot = a_ballot("a", table)
    assert score_ballots(BANK, [ballot]) == score(BANK, ballot.answers)
    twin = score_ballots(BANK, [ballot, replace(ballot, label="b")])
    assert (twin.level, twin.gates, twin.interval) == (
        (alone := score(BANK, ballot.answers)).level,
        alone.gates,
        alone.interval,
    )


def test_a_guess_leaves_the_interval_as_open_as_an_unknown() -> None:
    table = dict.fromkeys(IDS, ALL)
    guessed = score_ballots(BANK, [a_ballot("a", {**table, "C04": Answer(value=ALL, confidence=0)})])
    assert (guessed.level, guessed.interval) == (3, (0, 3))
    shaky = score_ballots(BANK, [a_ballot("a", {**table, "C04": Answer(value=MOST, confidence=1)})])
    assert (shaky.level, shaky.interval) == (3, (0, 3))
    sure = score_ballots(BANK, [a_ballot("a", {**table, "C04": Answer(value=MOST, confidence=2)})])
    assert sure.interval == (3, 3)


def test_respondents_who_differ_leave_the_interval_open() -> None:
    table = dict.fromkeys(IDS, Answer(value=ALL, evidence=SHOWN))
    result = score_ballots(BANK, [a_ballot("a", table), a_ballot("b", {"C04": NONE})])
    assert (result.level, result.interval) == (3, (0, 3))


def test_claims_are_counted_and_the_evidenced_level_leaves_them_out() -> None:
    table: dict[str, Any] = {c.id: Answer(value=ALL, evidence=SHOWN) for c in BANK.at(1)}
    shown = score_ballots(BANK, [a_ballot("a", table)])
    assert (shown.level, shown.evidenced_level, shown.claims, shown.evidenced) == (1, 1, 0, 12)
    claimed = score_ballots(BANK, [a_ballot("a", {**table, "C04": ALL, "C19": NONE})])
    assert (claimed.level, claimed.evidenced_level, claimed.claims, claimed.evidenced) == (1, 0, 1, 11)


def test_a_dispute_shows_both_anchors_and_who_holds_them() -> None:
    result = score_ballots(BANK, [a_ballot("Eve", {"C24": ALL}), a_ballot("Max", {"C24": SOME}), a_ballot("Z", {})])
    assert result.panel is not None
    [dispute] = result.panel.disputes
    words = BANK.capability("C24")
    assert (dispute.low_by, dispute.low_text) == (("Max",), words.answers[SOME])
    assert (dispute.high_by, dispute.high_text) == (("Eve",), words.answers[ALL])
    assert words.example in dispute.prompt
    assert dispute.merged is SOME
    [agreement] = result.panel.agreements
    assert (agreement.raters, agreement.deviation, agreement.r_wg_star) == (2, 1.0, pytest.approx(1 - 1 / 2.25))
    assert agreement.r_wg == pytest.approx(1 - 2 / 1.25)


def test_whether_a_capability_applies_at_all_can_be_disputed() -> None:
    result = score_ballots(BANK, [a_ballot("Eve", {"C46": MOST}), a_ballot("Max", {"C46": AWAY})])
    assert result.panel is not None
    [dispute] = result.panel.disputes
    assert (dispute.high, dispute.high_by, dispute.merged) == (AWAY, ("Max",), MOST)
    assert "any model you run" in dispute.prompt


def test_two_who_agree_dispute_nothing_and_a_step_apart_is_no_dispute() -> None:
    result = score_ballots(BANK, [a_ballot("a", {"C04": MOST, "C05": ALL}), a_ballot("b", {"C04": MOST, "C05": MOST})])
    assert result.panel is not None
    assert result.panel.disputes == ()
    assert [agreement.r_wg_star for agreement in result.panel.agreements] == [1, pytest.approx(1 - 0.25 / 2.25)]


def test_a_role_gap_is_a_capability_on_which_two_roles_do_not_overlap() -> None:
    engineers = [a_ballot("e1", {"C04": MOST, "C05": SOME}, "Engineer"), a_ballot("e2", {"C04": SOME}, "engineer ")]
    managers = [a_ballot("m1", {"C04": ALL, "C05": SOME}, "manager"), a_ballot("m2", {"C05": ALL}, "manager")]
    result = score_ballots(BANK, [*managers, *engineers])
    assert result.panel is not None
    assert [(view.role, view.respondents) for view in result.panel.roles] == [("Engineer", 2), ("manager", 2)]
    [gap] = result.panel.role_gaps
    assert (gap.capability, gap.steps) == ("C04", 1)
    assert gap.roles == (("Engineer", SOME, MOST), ("manager", ALL, ALL))


def test_each_voice_keeps_the_level_of_its_own_answers() -> None:
    high = {c.id: Answer(value=ALL, evidence=SHOWN) for c in BANK.at(1)}
    result = score_ballots(BANK, [a_ballot("b", {"C04": NONE, "C05": UNKNOWN}), a_ballot("a", high, "lead")])
    assert result.panel is not None
    assert [(v.label, v.level, v.answered, v.evidenced) for v in result.panel.voices] == [
        ("a", 1, 12, 12),
        ("b", 0, 1, 0),
    ]


FACTS = {"models_in_production": 1, "error_cost": "medium", "on_call": True, "team_size": 2}


def test_conflicting_facts_are_named_with_who_said_what_and_never_averaged() -> None:
    result = score_ballots(
        BANK,
        [
            a_ballot("Ann", {}, regulated=True, **FACTS),
            a_ballot("Bo", {}, regulated=False, **{**FACTS, "team_size": 6}),
        ],
    )
    assert result.panel is not None
    assert [(conflict.fact, conflict.said) for conflict in result.panel.conflicts] == [
        ("team_size", ((2, ("Ann",)), (6, ("Bo",)))),
        ("regulated", ((False, ("Bo",)), (True, ("Ann",)))),
    ]
    assert (result.target.level, result.target.interval) == (3, (2, 3))


def test_a_fact_that_one_gives_and_nobody_disputes_counts_for_all() -> None:
    result = score_ballots(BANK, [a_ballot("Ann", {}, regulated=True), a_ballot("Bo", {}, team_size=3)])
    assert result.panel is not None
    assert result.panel.conflicts == ()
    assert result.target.interval == (3, 3)


PROFILES = st.fixed_dictionaries(
    {},
    optional={
        "models_in_production": st.sampled_from([0, 1, 5]),
        "team_size": st.sampled_from([1, 3]),
        "on_call": st.booleans(),
        "error_cost": st.sampled_from(["low", "medium", "high"]),
        "regulated": st.booleans(),
    },
)


@given(st.lists(PROFILES, min_size=1, max_size=3))
def test_the_target_of_several_is_the_highest_of_theirs_whatever_the_order(profiles: list[dict[str, Any]]) -> None:
    ballots = [a_ballot(f"p{number}", {}, **profile) for number, profile in enumerate(profiles)]
    target = score_ballots(BANK, ballots).target
    assert target.interval[0] <= target.interval[1] == target.level
    renamed = [replace(ballot, label=f"q{9 - number}") for number, ballot in enumerate(ballots)]
    again = score_ballots(BANK, renamed).target
    assert (again.level, again.interval, again.dimensions) == (target.level, target.interval, target.dimensions)


def an_exempt(value: Value, until: str = "2027-01-31") -> Answer:
    return Answer(value=value, exemption=Exemption(reason="accepted-risk", until=until))


@given(tables, st.sampled_from(IDS))
def test_an_exemption_never_moves_the_level_or_a_gate(table: dict[str, Answer], id_: str) -> None:
    before = table.get(id_, Answer(value=NONE))
    plain = score_ballots(BANK, [a_ballot("a", {**table, id_: before})])
    exempt = score_ballots(BANK, [a_ballot("a", {**table, id_: replace(before, exemption=an_exempt(NONE).exemption)})])
    assert (plain.level, plain.gates, plain.interval) == (exempt.level, exempt.gates, exempt.interval)
    assert exempt.exempted_level >= plain.exempted_level


def test_what_an_exemption_would_grant_is_said_beside_until_it_ends() -> None:
    ballot = a_ballot("a", {**dict.fromkeys(IDS, ALL), "C04": an_exempt(NONE)})
    live = score_ballots(BANK, [ballot], today="2027-01-31")
    assert (live.level, live.exempted_level, live.findings) == (0, 3, ())
    over = score_ballots(BANK, [ballot], today="2027-02-01")
    assert (over.level, over.exempted_level) == (0, 0)
    [finding] = over.findings
    assert (finding.kind, finding.capability, finding.subject) == ("exemption-expired", "C04", "2027-01-31")


def test_the_reading_of_nobody_and_of_unknowns_is_unknown() -> None:
    reading = read(BANK, [a_ballot("a", {}), a_ballot("b", {"C01": UNKNOWN})], "")
    assert set(reading.values.values()) == {UNKNOWN}
    assert set(reading.worst.values()) == {NONE}
    assert set(reading.best.values()) == {ALL}
