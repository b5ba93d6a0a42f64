"""Nouns of a repository's history: commits, tags, and what can be estimated from them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Commit:
    """One commit; `written` and `made` are seconds since 1970, `paths` the files it touched (none for a merge)."""

    sha: str
    written: int
    made: int
    author: str
    email: str
    subject: str
    parents: int = 1
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Tag:
    """A tag and when it was made."""

    name: str
    made: int


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """The newest commits first, and the tags.

    `shallow` says that older history was never there to read, `cut` that reading stopped at a bound.
    """

    commits: tuple[Commit, ...] = ()
    tags: tuple[Tag, ...] = ()
    shallow: bool = False
    cut: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Exercise:
    """Something the history shows to be in use: for which capabilities, how often, on how many days, and since when.

    `key` names the sentence (room `past`), `files` are the files whose changes show it.
    """

    key: str
    capabilities: tuple[str, ...]
    times: int
    days: int
    last: int
    files: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Estimate:
    """Delivery as far as tags and commits tell it, after the measures of DORA; None where there is too little to say.

    These are estimates: a tag need not be a deployment, and a failure that nobody reverted is not seen.
    """

    releases: int
    days_between_releases: float | None = None
    lead_time_days: float | None = None
    change_fail_rate: float | None = None
    reverts: int = 0
