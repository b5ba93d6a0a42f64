"""A history strengthens what the tree wires, never more; delivery is estimated from tags and commits."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from generator.model.commits import Commit, History, Tag
from generator.model.scan import Evidence, Grade, Outcome, Place, Why
from generator.report.commits import to_json, to_lines
from generator.scan.history import DAY, estimate, exercises, is_bot, is_revert, strengthened
from generator.text import say, use_language

START = 20_000 * DAY


def commit(day: float, *paths: str, subject: str = "change", author: str = "Ana", email: str = "ana@x.org") -> Commit:
    made = int(START + day * DAY)
    return Commit(sha=f"{made:040d}", written=made - DAY, made=made, author=author, email=email, subject=subject,
                  paths=paths)  # fmt: skip


def tag(day: float, name: str) -> Tag:
    return Tag(name=name, made=int(START + day * DAY))


def seen(capability: str, outcome: Outcome = Outcome.YES, grade: Grade = Grade.E2) -> Evidence:
    place = (Place(file="dvc.yaml", first=3, last=9),) if outcome is Outcome.YES else ()
    return Evidence(capability=capability, outcome=outcome, grade=grade, why=Why(key="scan.any"), where=place)


def test_a_lock_that_changes_on_three_days_exercises_the_pipeline() -> None:
    history = History(commits=tuple(commit(day, "dvc.lock", "src/train.py") for day in (1, 5, 9)))
    (found,) = exercises(history)
    assert (found.capabilities, found.times, found.days, found.files) == (("C03", "C06", "C13"), 3, 3, ("dvc.lock",))
    raised = list(strengthened([seen("C03"), seen("C19")], [found]))
    assert [item.grade for item in raised] == [Grade.E3, Grade.E2]
    assert raised[0].where == (Place(file="dvc.yaml", first=3, last=9), Place(file="dvc.lock"))


def test_three_commits_in_one_afternoon_exercise_nothing() -> None:
    history = History(commits=tuple(commit(1 + part / 10, "dvc.lock") for part in range(3)))
    assert exercises(history) == ()


def test_a_history_never_turns_a_no_or_a_declaration_into_proof() -> None:
    history = History(commits=tuple(commit(day, "dvc.lock") for day in range(9)))
    weak = [seen("C03", Outcome.NO, Grade.E0), seen("C13", grade=Grade.E1)]
    assert list(strengthened(weak, exercises(history))) == weak


def test_new_results_count_as_retraining_only_when_a_bot_commits_them() -> None:
    by_hand = [commit(day, "reports/metrics.json") for day in range(4)]
    by_bot = [commit(day, "reports/metrics.json", author="github-actions[bot]") for day in range(4)]
    assert "past.retrained-by-bot" not in {found.key for found in exercises(History(commits=tuple(by_hand)))}
    assert "past.retrained-by-bot" in {found.key for found in exercises(History(commits=tuple(by_bot)))}


def test_a_person_whose_name_holds_bot_is_no_bot() -> None:
    assert not is_bot(commit(1, author="Abbott Robotham", email="abbott@x.org"))
    assert is_bot(commit(1, author="renovate[bot]"))
    assert is_bot(commit(1, author="CI", email="release-bot@x.org"))


def test_reverts_are_told_by_git_s_subject_or_the_convention_not_by_the_word() -> None:
    assert is_revert(commit(1, subject='Revert "feat: new features"'))
    assert is_revert(commit(1, subject="revert(api): drop the new route"))
    assert not is_revert(commit(1, subject="docs: how to revert a release"))


def test_registry_and_release_tags_are_told_apart() -> None:
    tags = [*(tag(day, f"churn@v{day}") for day in (1, 4, 8)), *(tag(day, f"v1.{day}.0") for day in (2, 5, 9))]
    keys = {found.key: found.times for found in exercises(History(tags=tuple(tags)))}
    assert keys == {"past.registry-tags": 3, "past.release-tags": 6}


def test_delivery_is_estimated_from_tags_dates_and_reverts() -> None:
    tags = (tag(10, "v1.0.0"), tag(20, "v1.1.0"), tag(40, "v1.2.0"))
    commits = (commit(41, subject='Revert "x"'), commit(35), commit(19), commit(8))
    found = estimate(History(commits=commits, tags=tags))
    assert (found.releases, found.reverts, found.days_between_releases) == (3, 1, 15.0)
    assert found.change_fail_rate == round(1 / 3, 3)
    assert found.lead_time_days == 3.0


def test_a_revert_long_after_a_release_fails_no_release() -> None:
    tags = (tag(10, "v1.0.0"), tag(20, "v1.1.0"), tag(40, "v1.2.0"))
    assert estimate(History(commits=(commit(60, subject='Revert "x"'),), tags=tags)).change_fail_rate == 0


def test_fewer_than_three_releases_give_no_estimate() -> None:
    found = estimate(History(commits=(commit(3),), tags=(tag(4, "v1.0"), tag(5, "v2.0"))))
    assert (found.releases, found.lead_time_days, found.change_fail_rate) == (2, None, None)


days = st.integers(min_value=0, max_value=4000)
commits = st.lists(
    st.builds(
        commit,
        days,
        st.sampled_from(["dvc.lock", "metrics.json", "uv.lock", "a.dvc", "model_card.md", "x"]),
        subject=st.sampled_from(["change", 'Revert "x"', "fix (#12)"]),
        author=st.sampled_from(["Ana", "dependabot[bot]"]),
    ),
    max_size=30,
).map(tuple)
tags = st.lists(st.builds(tag, days, st.sampled_from(["v1.0", "m@v1", "m#prod", "nightly", "v2.1.3"])), max_size=12)


@given(commits, tags.map(tuple))
def test_estimates_stay_in_their_range_whatever_the_history(some: tuple[Commit, ...], named: tuple[Tag, ...]) -> None:
    found = estimate(History(commits=some, tags=named))
    assert found.change_fail_rate is None or 0 <= found.change_fail_rate <= 1
    assert found.lead_time_days is None or found.lead_time_days >= 0
    assert found.days_between_releases is None or found.days_between_releases >= 0


@given(commits, commits)
def test_more_history_never_takes_an_exercise_away(some: tuple[Commit, ...], more: tuple[Commit, ...]) -> None:
    fewer = {found.key for found in exercises(History(commits=some))}
    assert fewer <= {found.key for found in exercises(History(commits=some + more))}


def test_every_exercise_has_its_sentence_in_both_languages() -> None:
    lively = History(
        commits=tuple(
            commit(day, "dvc.lock", "metrics.json", "uv.lock", "data.dvc", "MODEL_CARD.md", subject="x (#1)",
                   author="ci[bot]")
            for day in range(4)
        ),
        tags=tuple(tag(day, f"m@v{day}") for day in range(4)),
    )  # fmt: skip
    found = exercises(lively)
    assert len(found) == 9
    for language in ("en", "zh-CN"):
        use_language(language)
        try:
            assert all("4" in say(one.key, times=one.times, days=one.days) for one in found)
        finally:
            use_language("en")


def test_the_report_names_estimates_and_what_was_not_read() -> None:
    tags = (tag(10, "v1.0.0"), tag(20, "v1.1.0"), tag(40, "v1.2.0"))
    history = History(commits=(commit(41, subject='Revert "x"'), commit(19)), tags=tags, shallow=True, cut=True)
    lines = list(to_lines(history, exercises(history), estimate(history)))
    assert any("shallow" in line for line in lines)
    assert any("newest 2 commits" in line for line in lines)
    assert any("Estimated" in line for line in lines)
    assert "33 %" in lines[-1]
    assert to_json(history, exercises(history), estimate(history))["estimates"]["change_fail_rate"] == 0.333
    assert "too" not in " ".join(lines)
    assert list(to_lines(None, (), estimate(History())))[1:] == [
        "No history was read: it is not the top of a git repository, or git is missing."
    ]
    assert "fewer than three" in list(to_lines(History(), (), estimate(History())))[-1]
