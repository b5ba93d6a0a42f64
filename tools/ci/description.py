"""tools/ci/jobs.toml, read: the workflows, jobs and steps that a project has at a level."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

JOBS = Path(__file__).parent / "jobs.toml"
INSTALL = "Install exactly what is locked"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Commands in plain POSIX shell, under one name."""

    name: str
    run: tuple[str, ...]
    level: int = 0
    until: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """Files handed to later jobs: `always` even by a job that failed, `rehearsal` only where nothing really serves."""

    name: str
    paths: tuple[str, ...]
    always: bool = False
    rehearsal: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Input:
    """What a person who starts the job may say, as a variable."""

    name: str
    says: str
    choices: tuple[str, ...] = ()
    required: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Job:
    """What one machine does from a clean checkout."""

    name: str
    does: str
    minutes: int
    lock: str
    steps: tuple[Step, ...]
    level: int = 0
    after: tuple[str, ...] = ()
    place: str = "any"
    environment: str = ""
    approval: bool = False
    needs_server: bool = False
    takes: tuple[str, ...] = ()
    keeps: Kept | None = None
    cleans: tuple[str, ...] = ()
    publishes: str = ""
    variables: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    inputs: tuple[Input, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Workflow:
    """Jobs that start together: on a change, a release, demand or a schedule."""

    name: str
    on: str
    does: str
    level: int
    jobs: tuple[Job, ...]
    paths: tuple[str, ...] = ()
    cron: str = ""


def workflows(level: int, path: Path = JOBS) -> tuple[Workflow, ...]:
    """Return the workflows of a project at `level`, each with the jobs and steps it has there."""
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return tuple(_cut(flow, level) for flow in map(_workflow, table["workflows"]) if flow.level <= level)


def artefacts(flows: tuple[Workflow, ...]) -> dict[str, Kept]:
    """Return everything that jobs hand on, by name."""
    return {job.keeps.name: job.keeps for flow in flows for job in flow.jobs if job.keeps}


def _cut(flow: Workflow, level: int) -> Workflow:
    jobs = (job for job in flow.jobs if job.level <= level)
    cut = [replace(job, steps=tuple(s for s in job.steps if s.level <= level <= s.until)) for job in jobs]
    jobs_at = [
        replace(
            job, variables=tuple(name for name in job.variables if any(name in c for s in job.steps for c in s.run))
        )
        for job in cut
    ]
    return replace(flow, jobs=tuple(jobs_at))


def _workflow(table: Mapping[str, Any]) -> Workflow:
    jobs = tuple(_job(entry) for entry in table["jobs"])
    return Workflow(**{**table, "jobs": jobs, "paths": tuple(table.get("paths", ()))})


def _job(table: Mapping[str, Any]) -> Job:
    keeps = table.get("keeps")
    made = {
        "steps": tuple(
            Step(**{**step, "run": tuple(line.strip("\n") for line in step["run"])}) for step in table["steps"]
        ),
        "inputs": tuple(Input(**{**one, "choices": tuple(one.get("choices", ()))}) for one in table.get("inputs", ())),
        "keeps": Kept(**{**keeps, "paths": tuple(keeps["paths"])}) if keeps else None,
    }
    lists = {key: tuple(table.get(key, ())) for key in ("after", "takes", "cleans", "variables", "secrets")}
    return Job(**{**table, **made, **lists})
