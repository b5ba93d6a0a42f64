"""Many files: fast reading means the same, trends mark what does not compare, roll-ups show spread."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator import yamlfile
from generator.assess.answersfile import dump_answers, save_answers
from generator.assess.answersreader import Reader
from generator.assess.bank import load_bank
from generator.assess.history import portfolio_of, spread_of
from generator.assess.judge import Scorer, level_at
from generator.assess.lineread import LineReader
from generator.assess.portfolio import files_of, read_portfolio
from generator.assess.score import score_ballots
from generator.cli import main
from generator.errors import LadderError
from generator.model.assessment import SCALE, Answer, Answers, Ballot, Exemption, Proof, Respondent, Value
from generator.model.history import Point

BANK = load_bank()
IDS = [capability.id for capability in BANK.capabilities]
LINES = LineReader(BANK)
NONE, SOME, MOST, ALL, UNKNOWN, AWAY = Value

words = st.one_of(
    st.sampled_from(
        ["src/train.py", "yes", "null", "A team", "x: y", "数据团队", "1e5", "a #b", "- a", "it's", "", "y"]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
)
proofs = st.one_of(
    st.builds(Proof, path=words), st.builds(Proof, note=words), st.just(Proof(url="https://a.example/b?c=1"))
)
answers = st.builds(
    Answer,
    value=st.sampled_from([*SCALE, UNKNOWN]),
    confidence=st.none() | st.integers(0, 3),
    evidence=st.lists(proofs, max_size=2).map(tuple),
    reason=st.none() | words,
    exemption=st.sampled_from([None, None, Exemption(reason="accepted-risk", until="2027-01-31")]),
)
files = st.builds(
    Answers,
    bank=st.just("1"),
    organization=st.none() | words,
    team=st.none() | words,
    date=st.none() | st.dates().map(lambda day: day.isoformat()),
    respondent=st.builds(Respondent, name=st.none() | words, role=st.none() | words),
    profile=st.fixed_dictionaries(
        {}, optional={"team_size": st.integers(1, 99), "on_call": st.booleans(), "error_cost": st.just("low")}
    ),
    answers=st.dictionaries(st.sampled_from(IDS), answers, max_size=4),
)


def by_yaml(text: str) -> Answers | None:
    try:
        return Reader(yamlfile.parse(Path("a.yaml"), text), BANK).answers()
    except LadderError:
        return None


@given(files, st.integers(0, 2**32))
def test_reading_by_lines_is_reading_by_yaml_or_nothing(given_answers: Answers, seed: int) -> None:
    text = dump_answers(given_answers)
    chance = random.Random(seed)
    for _ in range(4):
        fast = LINES.read(text)
        assert fast is None or fast == by_yaml(text)
        place = chance.randrange(len(text) + 1)
        piece = chance.choice(
            ["", " ", "\n", "#", "'", '"', ":", "x", "{", "}", "- ", "\n  ", "answers:\n", "1", "\u2028"]
        )
        text = text[:place] + piece + text[place + chance.choice([0, 0, 1, 3]) :]


@pytest.mark.parametrize(
    "text",
    [
        'schema: 1\nbank: "1"\norganization: yes\n',
        'schema: 1\nbank: "1"\norganization: Acme\n  Corp: x\n',
        'schema: 1\nbank: "1"\nanswers:\n  C01: {value: all}\n  C01: {value: none}\n',
        'schema: 1\nbank: "1"\nanswers:\nprofile:\n  team_size: 3\n',
        'schema: 1\nbank: "1"\nanswers:\n  C01: {value: all, evidence: [{note: null}]}\n',
        'schema: 1\nbank: "1"\nanswers:\n  C01: {value: all, evidence: [{path: a}, {path: b, sha256: x}]}\n',
        "schema: 1\nbank: 1\nteam: 7\n",
        'schema: 1\nbank: "1"\ndate: 2026-13-01\n',
    ],
)
def test_what_is_not_surely_plain_is_left_to_yaml(text: str) -> None:
    fast = LINES.read(text)
    assert fast is None or fast == by_yaml(text)


def test_files_as_the_tool_writes_them_are_read_by_lines() -> None:
    table = {id_: Answer(value=MOST, confidence=2, evidence=(Proof(path=f"src/{id_}.py"),)) for id_ in IDS}
    written = Answers(
        bank="1", organization="数据 Team", team="A b", date="2026-01-31", profile={"on_call": True}, answers=table
    )
    assert LINES.read("# a comment\n" + dump_answers(written)) == written


@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(list(Value))), st.sampled_from([MOST, ALL, NONE]))
def test_the_prepared_scorer_gives_the_level_that_the_gates_give(table: dict[str, Value], rest: Value) -> None:
    keys = {key for level in (1, 2, 3) for key in BANK.rules.keys(level)}
    values = {id_: table.get(id_, rest) for id_ in IDS}
    values = {id_: UNKNOWN if value is AWAY and id_ in keys else value for id_, value in values.items()}
    assert Scorer(BANK).level(values) == level_at(BANK, values)


def a_file(folder: Path, name: str, up_to: int, date: str | None, **more: Any) -> Path:
    path = folder / f"{name}.yaml"
    table = {c.id: Answer(value=ALL) for c in BANK.capabilities if c.level <= up_to}
    save_answers(path, Answers(**{"bank": "1", "organization": "Acme", "date": date, "answers": table, **more}))
    return path


def test_a_team_over_time_is_a_trend_and_teams_stand_side_by_side(tmp_path: Path) -> None:
    a_file(tmp_path, "b", 2, "2026-06-01", team="Ads")
    a_file(tmp_path, "a", 1, "2026-01-01", team="Ads")
    a_file(tmp_path, "c", 0, "2026-02-01", team="Search", profile={"models_in_production": 0})
    found = read_portfolio([tmp_path], BANK)
    assert found.files == 3
    ads, search = found.trends
    assert [(point.date, point.level) for point in ads.points] == [("2026-01-01", 1), ("2026-06-01", 2)]
    assert ads.breaks == ()
    assert [(one.team, one.latest.level, one.moved) for one in found.standings] == [("Ads", 2, 1), ("Search", 0, None)]
    [rollup] = found.rollups
    assert rollup.levels is not None
    assert (rollup.teams, rollup.levels.minimum, rollup.levels.median, rollup.levels.maximum) == (2, 0, 1, 2)
    assert rollup.levels.levels == {0: 1, 1: 0, 2: 1, 3: 0}
    assert (rollup.below_target, rollup.at_target, rollup.above_target) == (0, 1, 1)
    assert search.points[0].dimensions["monitoring-optimization"] == 0


def test_a_point_holds_what_scoring_the_file_gives(tmp_path: Path) -> None:
    table = {
        id_: Answer(value=ALL, confidence=n % 4, evidence=(Proof(note="x"),) * (n % 2)) for n, id_ in enumerate(IDS)
    }
    path = tmp_path / "a.yaml"
    answers_ = Answers(bank="1", organization="Acme", profile={"regulated": True}, answers=table)
    save_answers(path, answers_)
    result = score_ballots(BANK, [Ballot(label="a", answers=answers_)])
    [trend] = read_portfolio([path], BANK).trends
    [point] = trend.points
    assert (point.level, point.interval, point.target) == (result.level, result.interval, result.target.level)
    assert point.evidenced_level == result.evidenced_level
    assert point.dimensions == {profile.id: profile.score for profile in result.dimensions}


def test_files_of_one_team_and_day_are_its_respondents(tmp_path: Path) -> None:
    a_file(tmp_path, "a", 2, "2026-01-01", team="Ads")
    a_file(tmp_path, "b", 1, "2026-01-01", team="Ads")
    [trend] = read_portfolio([tmp_path], BANK).trends
    [point] = trend.points
    assert point.level == 2  # the second knows nothing of level 2, and unknown abstains
    assert len(point.files) == 2


def test_files_without_names_are_teams_of_their_own(tmp_path: Path) -> None:
    for name in ("red", "blue"):
        a_file(tmp_path, name, 1, None, organization=None)
    assert [one.team for one in read_portfolio([tmp_path], BANK).standings] == ["blue", "red"]


def test_a_saved_result_keeps_its_own_versions_and_the_trend_marks_the_change(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = a_file(tmp_path, "now", 2, "2026-06-01", team="Ads")
    assert main(["score", str(path), "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    for name, date, scoring, bank in (
        ("x", "2025-01-01", "1", "1"),
        ("y", "2025-06-01", "2", "0"),
        ("z", "2026-01-01", "2", "1"),
    ):
        old = {**document, "date": date, "scoring_version": scoring, "bank_version": bank, "level": 1}
        (tmp_path / f"{name}.json").write_text(json.dumps(old), encoding="utf-8")
    [trend] = read_portfolio([tmp_path], BANK).trends
    assert [point.source for point in trend.points] == ["stored"] * 3 + ["answers"]
    assert [(mark.index, mark.what, mark.old, mark.new) for mark in trend.breaks] == [
        (1, "bank", "1", "0"),
        (1, "scoring", "1", "2"),
        (2, "bank", "0", "1"),
    ]
    assert read_portfolio([tmp_path], BANK).standings[0].moved == 1


def test_answers_to_another_bank_are_shown_without_a_level_and_in_no_roll_up(tmp_path: Path) -> None:
    path = a_file(tmp_path, "old", 2, "2026-06-01", team="Ads")
    path.write_text(path.read_text(encoding="utf-8").replace("bank: '1'", "bank: '0'"), encoding="utf-8")
    a_file(tmp_path, "older", 2, "2026-01-01", team="Ads")
    found = read_portfolio([tmp_path], BANK)
    assert (found.standings[0].latest.level, found.standings[0].moved) == (None, None)
    assert [mark.what for mark in found.trends[0].breaks] == ["bank", "scoring"]
    assert found.rollups == ()
    assert [point.team for point in found.incomparable] == ["Ads"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.yaml", "schema: 1\nbank: '1'\nanswers:\n  C01: {value: moste}\n"),
        ("a.yml", "\x00\x01"),
        ("a.json", "{}"),
        ("a.json", "[" * 100_000),
        ("a.json", '{"interval": [0, 9]}'),
        ("a.json", "null"),
    ],
)
def test_what_cannot_be_read_is_listed_with_its_reason_and_stops_nothing(
    tmp_path: Path, name: str, content: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8")
    a_file(tmp_path, "good", 1, None, team="Ads")
    found = read_portfolio([tmp_path], BANK)
    assert [one.file for one in found.unread] == [str(tmp_path / name)]
    assert name in found.unread[0].problem
    assert len(found.unread[0].problem.splitlines()) == 1
    assert [one.team for one in found.standings] == ["Ads"]
    assert found.files == 2


@pytest.mark.parametrize("spoilt", ["level", "interval", "target", "dimensions", "bank_version", "scoring_version"])
@pytest.mark.parametrize("value", [None, "x", -1, [], {}, True, float("nan")])
def test_a_saved_result_that_was_tampered_with_is_refused(tmp_path: Path, spoilt: str, value: object) -> None:
    good = {"level": 1, "interval": [0, 2], "target": {"level": 1}, "bank_version": "1", "scoring_version": "2"}
    document = {**good, "dimensions": {"data-management": {"score": 0.5}}, spoilt: value}
    if (spoilt, value) in (("dimensions", {}), ("bank_version", "x"), ("scoring_version", "x")):
        return
    (tmp_path / "a.json").write_text(json.dumps(document), encoding="utf-8")
    assert len(read_portfolio([tmp_path], BANK).unread) == 1


def a_point(team: str, level: int | None, date: str, scoring: str = "2") -> Point:
    return Point(
        files=(team,), source="stored", organization="Acme", team=team, date=date, bank_version="1",
        scoring_version=scoring, level=level, interval=None, target=2, evidenced_level=None, dimensions={"d": 0.5},
    )  # fmt: skip


points = st.lists(
    st.builds(
        a_point,
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from([0, 1, 2, 3, None]),
        st.sampled_from(["2026-01-01", "2026-02-01", "2026-03-01"]),
        st.sampled_from(["1", "2"]),
    )
)


@given(points)
def test_every_point_is_in_one_trend_and_every_change_of_version_is_marked(given_points: list[Point]) -> None:
    found = portfolio_of(given_points, (), bank_version="1", scoring_version="2")
    assert sorted(map(repr, given_points)) == sorted(repr(p) for trend in found.trends for p in trend.points)
    for trend in found.trends:
        changes = [
            index
            for index in range(1, len(trend.points))
            if trend.points[index].scoring_version != trend.points[index - 1].scoring_version
        ]
        assert [mark.index for mark in trend.breaks] == changes
    assert sum(rollup.teams for rollup in found.rollups) + len(found.incomparable) == len(found.standings)


@given(st.lists(st.integers(0, 3), min_size=1))
def test_a_spread_is_in_order_and_counts_everybody(values: list[int]) -> None:
    spread = spread_of(values, levels=True)
    numbers = [spread.minimum, spread.lower_quartile, spread.median, spread.upper_quartile, spread.maximum]
    assert numbers == sorted(numbers)
    assert sum(spread.levels.values()) == spread.count == len(values)
    assert not hasattr(spread, "mean")


def test_quartiles_are_those_of_linear_interpolation() -> None:
    spread = spread_of([1, 2, 3, 4])
    assert (spread.lower_quartile, spread.median, spread.upper_quartile) == (1.75, 2.5, 3.25)


def test_hidden_files_are_left_out_and_each_file_counts_once(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    for name in (".git/x.yaml", ".y.yaml", "z.yaml", "notes.txt"):
        (tmp_path / name).write_text("", encoding="utf-8")
    assert files_of([tmp_path, tmp_path / "z.yaml"]) == [tmp_path / "z.yaml"]


def test_four_hundred_files_take_their_share_of_the_ten_seconds_for_ten_thousand(tmp_path: Path) -> None:
    import time

    text = dump_answers(Answers(bank="1", organization="Acme", answers={id_: Answer(value=MOST) for id_ in IDS}))
    for number in range(400):
        (tmp_path / f"{number}.yaml").write_text(text + f"team: T{number}\n", encoding="utf-8")
    before = time.process_time()
    found = read_portfolio([tmp_path], BANK)
    assert len(found.standings) == 400
    assert time.process_time() - before < 1.2  # 0.4 s promised; shared machines count more seconds for the same work
    assert replace(found.standings[0].latest, files=()).level == 0
