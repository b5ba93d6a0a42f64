"""GitLab CI: jobs of .gitlab-ci.yml and what it includes, with extends, references, rules and manual gates."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from generator.model.scan import Command, Fact, Place, Task, Trigger
from generator.scan import shell
from generator.scan.budget import Budget
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, Seq, as_list, as_map, line_of

ROOT = ".gitlab-ci.yml"
KEYWORDS = frozenset(
    [
        "default",
        "include",
        "stages",
        "variables",
        "workflow",
        "image",
        "services",
        "cache",
        "before_script",
        "after_script",
    ]
)
MOST_FILES = 50
DEEPEST = 10
MOST_REFERENCES = 5000
SOURCES = {
    "schedule": Trigger.SCHEDULE,
    "merge_request_event": Trigger.PULL_REQUEST,
    "push": Trigger.PUSH,
    "web": Trigger.HAND,
    "trigger": Trigger.SIGNAL,
    "api": Trigger.SIGNAL,
    "pipeline": Trigger.CALL,
    "parent_pipeline": Trigger.CALL,
}


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each job that is not hidden, in the root file, its local includes and its child pipelines."""
    if ROOT in snapshot:
        yield from _pipeline(snapshot, ROOT, {ROOT})


def _pipeline(snapshot: Snapshot, root: str, known: set[str]) -> Iterator[Fact]:
    parts = _included(snapshot, root, known)
    whole: dict[str, tuple[str, Map]] = {}
    for path, document in parts:
        for name, job in document.items():
            if isinstance(job, Map) and name not in KEYWORDS:
                whole[name] = (path, job)
    top = Map(item for _, document in parts for item in document.items())
    jobs = _Jobs({name: job for name, (_, job) in whole.items()})
    for name, (path, own) in whole.items():
        if name.startswith("."):
            continue
        job = jobs.named(name)
        task = _task(path, name, own, job, top)
        children = [child for child in _children(job) if child in snapshot]
        yield replace(task, runs=tuple(children))
        for child in children:
            if child not in known and len(known) < MOST_FILES:
                known.add(child)
                yield from (_called(fact) for fact in _pipeline(snapshot, child, known))


def _called(fact: Fact) -> Fact:
    return replace(fact, triggers=frozenset({Trigger.CALL})) if isinstance(fact, Task) else fact


def _included(snapshot: Snapshot, root: str, known: set[str]) -> list[tuple[str, Map]]:
    found: list[tuple[str, Map]] = []
    queue = [root]
    while queue and len(found) < MOST_FILES:
        path = queue.pop(0)
        for document in map(as_map, snapshot.yaml(path)):
            found.insert(0, (path, document))
            for entry in as_list(document.get("include")):
                local = entry if isinstance(entry, str) else as_map(entry).get("local")
                for other in _local(snapshot, str(local or "")):
                    if other not in known:
                        known.add(other)
                        queue.append(other)
    return found


def _local(snapshot: Snapshot, written: str) -> Iterable[str]:
    path = written.lstrip("/")
    if "*" in path:
        return list(snapshot.matching(path.replace("**", "*")))[:MOST_FILES]
    return [path] if path in snapshot else []


def _children(job: Map) -> Iterator[str]:
    for entry in as_list(as_map(job.get("trigger")).get("include")):
        local = entry if isinstance(entry, str) else as_map(entry).get("local")
        if local:
            yield str(local).lstrip("/")


class _Jobs:
    """All jobs of a pipeline, hidden ones among them, and what each comes to."""

    def __init__(self, known: Mapping[str, Map]) -> None:
        self.known = known
        self.done: dict[str, Map] = {}
        self.budget = Budget(MOST_REFERENCES)

    def named(self, name: str) -> Map:
        """Return a job with what it extends put beneath it and its `!reference`s put in."""
        if name not in self.done:
            self.done[name] = Map()  # what it is to itself, should it extend itself
            self.done[name] = self.extended(self.known[name])
        return self.done[name]

    def extended(self, job: Map) -> Map:
        whole = Map()
        for name in map(str, as_list(job.get("extends"))):
            if name in self.known:
                whole = _over(whole, self.named(name))
        whole = _over(whole, job)
        for key in ("script", "before_script", "after_script", "rules"):
            if key in whole:
                whole[key] = Seq(self.referenced(whole[key]))
        return whole

    def referenced(self, value: object, depth: int = DEEPEST) -> Iterator[Any]:
        """Yield the items of a list; a nested list that names a job and a key of it is that key's value."""
        for item in as_list(value):
            if not isinstance(item, Seq):
                yield item
            elif depth and self.budget.spend():
                named = len(item) > 1 and str(item[0]) in self.known
                inner = self.known[str(item[0])].get(str(item[1])) if named else item
                yield from self.referenced(inner, depth - 1)


def _over(lower: Map, upper: Map) -> Map:
    merged = Map(lower)
    for key, value in upper.items():
        below = merged.get(key)
        merged[key] = _over(below, value) if isinstance(below, Map) and isinstance(value, Map) else value
    return merged


def _task(path: str, name: str, own: Map, job: Map, top: Map) -> Task:
    environment = job.get("environment")
    named = str(as_map(environment).get("name") or (environment if isinstance(environment, str) else ""))
    stops = str(as_map(environment).get("action")) in {"stop", "prepare", "verify", "access"}
    triggers, manual = triggers_of(job)
    gated = manual and bool(named) and not stops
    return Task(
        kind="ci",
        ecosystem="gitlab",
        name=name,
        place=Place(file=path, first=max(line_of(own) - 1, 1), last=line_of(own)),
        triggers=triggers if gated or not manual else frozenset({Trigger.HAND}),
        commands=tuple(_commands(path, job, top)),
        follows=tuple(str(as_map(need).get("job") or need) for need in as_list(job.get("needs"))),
        environment="" if stops else named,
        approved=gated,
        off="" if triggers else "scan.off-condition",
    )


def triggers_of(job: Map) -> tuple[frozenset[Trigger], bool]:
    """Return what starts a job, nothing when no rule lets it run, and whether a person has to press a button."""
    if "rules" in job:
        return _ruled([as_map(rule) for rule in as_list(job["rules"])], str(job.get("when", "")))
    if str(job.get("when", "")) == "never":
        return frozenset(), False
    only = job.get("only")
    names = {str(name) for name in as_list(as_map(only).get("refs") if isinstance(only, Map) else only)}
    found = {SOURCES_ONLY[name] for name in names if name in SOURCES_ONLY}
    found |= {Trigger.PUSH} if names - SOURCES_ONLY.keys() else set()
    return frozenset(found or {Trigger.PUSH, Trigger.TAG}), str(job.get("when", "")) == "manual"


SOURCES_ONLY = {
    "schedules": Trigger.SCHEDULE,
    "merge_requests": Trigger.PULL_REQUEST,
    "tags": Trigger.TAG,
    "triggers": Trigger.SIGNAL,
    "api": Trigger.SIGNAL,
    "web": Trigger.HAND,
    "pipelines": Trigger.CALL,
}


def _ruled(rules: list[Map], default: str) -> tuple[frozenset[Trigger], bool]:
    found: set[Trigger] = set()
    manual = True
    for rule in rules:
        when = str(rule.get("when", default))
        if when != "never":
            found |= _condition(str(rule.get("if", "")))
            manual = manual and when == "manual"
        elif "if" not in rule and "changes" not in rule and "exists" not in rule:
            break
    return frozenset(found), bool(found) and manual


def _condition(condition: str) -> set[Trigger]:
    named = set(re.findall(r"CI_PIPELINE_SOURCE\s*==\s*[\"'](\w+)[\"']", condition))
    found = {SOURCES[name] for name in named if name in SOURCES}
    if re.search(r"\$CI_COMMIT_TAG\b", condition) and not re.search(r"CI_COMMIT_TAG\s*==\s*null", condition):
        found.add(Trigger.TAG)
    if "CI_MERGE_REQUEST" in condition:
        found.add(Trigger.PULL_REQUEST)
    return found or {Trigger.PUSH}


def _commands(path: str, job: Map, top: Map) -> Iterator[Command]:
    default = as_map(top.get("default"))
    before = job.get("before_script", default.get("before_script", top.get("before_script")))
    forgiven = str(job.get("allow_failure", "")).lower() == "true"
    for part, hidden in ((before, forgiven), (job.get("script"), forgiven), (job.get("after_script"), True)):
        for line in as_list(part):
            if isinstance(line, str):
                for command in shell.commands(line, path, line_of(line)):
                    yield replace(command, swallowed=command.swallowed or hidden)
