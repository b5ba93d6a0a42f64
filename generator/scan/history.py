"""What a history shows to be exercised, and delivery estimated from it. Pure: `gitlog` reads the repository."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from posixpath import basename
from statistics import median

from generator.model.commits import Commit, Estimate, Exercise, History, Tag
from generator.model.scan import Evidence, Grade, Outcome, Place

DAY = 86_400
ENOUGH_DAYS = 3
"""Different days on which a thing must have changed: once is a set-up, twice a repair, thrice a habit (our choice)."""

ENOUGH_RELEASES = 3
FOLLOW_UP_DAYS = 7
"""A revert within a week of a release counts against that release (our choice; DORA asks people instead)."""

BOT = re.compile(
    r"\[bot\]|(^|[-_. ])(bot|robot|actions?|jenkins|gitlab-ci|circleci|automation)($|[-_. @])", re.IGNORECASE
)
REVERT = re.compile(r'^(revert(\(.*\))?!?:|revert ["“])', re.IGNORECASE)
REVIEWED = re.compile(r"^Merge (pull request|branch .* into)|\(#\d+\)$|^Merged in .* \(pull request|!\d+\)$")
REGISTRY_TAG = re.compile(r"^[\w./-]+@v?\d+(\.\d+)*|^[\w./-]+#[\w-]+(#\d+)?$")
RELEASE_TAG = re.compile(r"^[\w./-]*?v?\d+\.\d+([.\d]*)")

ENVIRONMENT_LOCKS = frozenset(
    [
        "uv.lock", "poetry.lock", "pdm.lock", "pipfile.lock", "pixi.lock", "renv.lock", "conda-lock.yml",
        "requirements.lock", "pylock.toml",
    ]
)  # fmt: skip
PIPELINE_LOCK = "dvc.lock"
METRICS = re.compile(r"(^|[/_.-])(metrics|scores?|evaluation|results)[\w.-]*\.(json|ya?ml|csv|tsv)$", re.IGNORECASE)
POINTER = re.compile(r"\.dvc$")
CARD = re.compile(r"(^|/)model[-_]?card[\w-]*\.(md|ya?ml|json)$", re.IGNORECASE)
OWNED = re.compile(r"(^|/)CODEOWNERS$")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Trace:
    """A kind of change to look for: which commits show it, by which files, and what it shows."""

    key: str
    capabilities: tuple[str, ...]
    file: Callable[[str], object]
    commit: Callable[[Commit], object] = lambda _: True


def is_bot(commit: Commit) -> bool:
    """Return whether a machine made the commit, by its author's name or address."""
    return bool(BOT.search(commit.author) or BOT.search(commit.email.split("@")[0]))


def is_revert(commit: Commit) -> bool:
    """Return whether the commit takes another back, by the subject git or the convention gives it."""
    return bool(REVERT.match(commit.subject))


TRACES = (
    _Trace(
        key="past.environment-lock",
        capabilities=("C07",),
        file=lambda path: basename(path).lower() in ENVIRONMENT_LOCKS,
    ),
    _Trace(key="past.pipeline-lock", capabilities=("C03", "C06", "C13"), file=lambda p: basename(p) == PIPELINE_LOCK),
    _Trace(key="past.metrics", capabilities=("C10",), file=METRICS.search),
    _Trace(key="past.data-pointer", capabilities=("C13",), file=POINTER.search),
    _Trace(key="past.model-card", capabilities=("C47",), file=CARD.search),
    _Trace(
        key="past.retrained-by-bot",
        capabilities=("C40",),
        file=lambda path: basename(path) == PIPELINE_LOCK or METRICS.search(path) or POINTER.search(path),
        commit=is_bot,
    ),
)


def exercises(history: History) -> tuple[Exercise, ...]:
    """Return what the history shows to be in use, on at least `ENOUGH_DAYS` different days."""
    found = [*(_traced(history, trace) for trace in TRACES), _reviewed(history), *_tagged(history)]
    return tuple(exercise for exercise in found if exercise and exercise.days >= ENOUGH_DAYS)


def _traced(history: History, trace: _Trace) -> Exercise | None:
    hits = [
        (commit, files)
        for commit in history.commits
        if trace.commit(commit) and (files := tuple(path for path in commit.paths if trace.file(path)))
    ]
    names = dict.fromkeys(path for _, files in hits for path in files)
    return _exercise(trace.key, trace.capabilities, [commit.made for commit, _ in hits], tuple(names))


def _reviewed(history: History) -> Exercise | None:
    merged = [commit.made for commit in history.commits if REVIEWED.search(commit.subject)]
    return _exercise("past.reviewed", ("C23",), merged, ())


def _tagged(history: History) -> Iterator[Exercise | None]:
    registry = [tag.made for tag in history.tags if REGISTRY_TAG.match(tag.name)]
    yield _exercise("past.registry-tags", ("C26", "C28"), registry, ())
    yield _exercise("past.release-tags", ("C28",), [tag.made for tag in releases(history)], ())


def _exercise(key: str, capabilities: tuple[str, ...], times: list[int], files: tuple[str, ...]) -> Exercise | None:
    if not times:
        return None
    days = len({time // DAY for time in times})
    return Exercise(key=key, capabilities=capabilities, times=len(times), days=days, last=max(times), files=files[:3])


def strengthened(evidence: Iterable[Evidence], found: Iterable[Exercise]) -> Iterator[Evidence]:
    """Yield the evidence with E2 raised to E3 where the history shows the same capability exercised.

    A history alone proves no capability: what the tree does not wire stays what it was.
    """
    shown: dict[str, list[Exercise]] = {}
    for exercise in found:
        for capability in exercise.capabilities:
            shown.setdefault(capability, []).append(exercise)
    for item in evidence:
        exercised = shown.get(item.capability, [])
        if exercised and item.outcome is Outcome.YES and item.grade is Grade.E2:
            files = [Place(file=file) for exercise in exercised for file in exercise.files]
            item = replace(item, grade=Grade.E3, where=tuple(dict.fromkeys((*item.where, *files))))
        yield item


def releases(history: History) -> tuple[Tag, ...]:
    """Return the tags that read as releases, oldest first."""
    named = [tag for tag in history.tags if RELEASE_TAG.match(tag.name) or REGISTRY_TAG.match(tag.name)]
    return tuple(sorted(named, key=lambda tag: tag.made))


def estimate(history: History) -> Estimate:
    """Estimate release cadence, lead time and change-fail rate (DORA's measures) from tags, dates and reverts."""
    tags = releases(history)
    reverts = [commit for commit in history.commits if is_revert(commit)]
    if len(tags) < ENOUGH_RELEASES:
        return Estimate(releases=len(tags), reverts=len(reverts))
    gaps = [(later.made - earlier.made) / DAY for earlier, later in pairwise(tags)]
    waits = list(_waits(history, tags))
    return Estimate(
        releases=len(tags),
        days_between_releases=round(median(gaps), 2),
        lead_time_days=round(median(waits), 2) if waits else None,
        change_fail_rate=round(_failed(tags, reverts) / len(tags), 3),
        reverts=len(reverts),
    )


def _waits(history: History, tags: tuple[Tag, ...]) -> Iterator[float]:
    """Yield the days from the writing of each change to the first release that followed it."""
    made = [tag.made for tag in tags]
    for commit in history.commits:
        if commit.parents < 2 and not is_bot(commit):
            following = next((time for time in made if time >= commit.made), None)
            if following is not None:
                yield max(0.0, (following - commit.written) / DAY)


def _failed(tags: tuple[Tag, ...], reverts: list[Commit]) -> int:
    """Count the releases that a revert followed before the next one and within `FOLLOW_UP_DAYS`."""
    ends = [tag.made for tag in tags[1:]] + [max((commit.made for commit in reverts), default=0) + 1]
    spans = [(tag.made, min(end, tag.made + FOLLOW_UP_DAYS * DAY)) for tag, end in zip(tags, ends, strict=True)]
    return sum(any(start < commit.made <= end for commit in reverts) for start, end in spans)
