"""What the CI of a project runs, and upon what: the steps of GitHub, GitLab, Azure and Jenkins, in one form.

Nothing is run. What is switched off, or may fail without anybody seeing it, is no step. The four events are `change`
(a proposed change), `release` (what main accepts), `demand` (a person starts it) and `schedule`.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from typing import TYPE_CHECKING, Any

from generator.model.project import Tree
from generator.scaffold.jenkinsfile import steps_of

if TYPE_CHECKING:
    from yaml import Node, SafeLoader

GITHUB = ".github/workflows/"
GITLAB = ".gitlab-ci.yml"
AZURE = ("azure-pipelines.yml", "azure-pipelines/*", ".azure-pipelines/*", "azure-pipelines.yaml")
JENKINS = ("Jenkinsfile", "*/Jenkinsfile", "*.Jenkinsfile", "*.jenkinsfile")
NAMES = {"pull_request": "change", "push": "release", "workflow_dispatch": "demand", "schedule": "schedule"}
GITLAB_WORDS = frozenset(
    ["default", "image", "services", "stages", "variables", "workflow", "include", "before_script", "after_script"]
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A shell script that the CI runs upon one of the four events, and the file that says so."""

    event: str
    script: str
    path: str


def read_steps(tree: Tree) -> tuple[Step, ...]:
    """Return every step of every provider's files in `tree`; ValueError for a file that cannot be read.

    What runs on every change releases nothing, although main accepts it with the same job.
    """
    steps = tuple(_steps(tree))
    on_changes = {(step.path, step.script) for step in steps if step.event == "change"}
    return tuple(step for step in steps if step.event != "release" or (step.path, step.script) not in on_changes)


def _steps(tree: Tree) -> Iterator[Step]:
    yield from _github(tree)
    yield from _gitlab(tree)
    yield from _azure(tree)
    for path in sorted(tree):
        if any(fnmatch(path, pattern) for pattern in JENKINS):
            main = posixpath.basename(path) == "Jenkinsfile"
            for event, script in steps_of(tree[path].content.decode(), main=main):
                yield Step(event=event, script=script, path=path)


def read_yaml(tree: Tree, path: str) -> dict[Any, Any]:
    """Return the mapping in a YAML file, an empty one when there is none; ValueError when it is not YAML."""
    import yaml

    class Loader(yaml.SafeLoader):
        """Reads GitLab's own tags as what they hold."""

    Loader.add_multi_constructor("!", lambda loader, _, node: _untagged(loader, node))
    file = tree.get(path)
    try:
        value = yaml.load(file.content, Loader) if file else {}  # noqa: S506 - a safe loader, with tags that make nothing
    except yaml.YAMLError as error:
        raise ValueError(path) from error
    return value if isinstance(value, dict) else {}


def _untagged(loader: SafeLoader, node: Node) -> object:
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True) if isinstance(node, yaml.MappingNode) else None


def _github(tree: Tree) -> Iterator[Step]:
    paths = [path for path in tree if path.startswith(GITHUB) and path.endswith((".yml", ".yaml"))]
    workflows = {path: read_yaml(tree, path) for path in paths}
    called = {
        str(job.get("uses")).removeprefix("./")
        for workflow in workflows.values()
        for job in _dictionaries((workflow.get("jobs") or {}).values())
        if _counts(job)
    }
    for path, workflow in workflows.items():
        triggers = workflow.get("on", workflow.get(True, {}))  # YAML 1.1 reads a bare `on` as true
        given = [triggers] if isinstance(triggers, str) else list(triggers or [])
        events = {NAMES[name] for name in given if name in NAMES}
        if "workflow_call" in given and path in called:
            events.add("release")
        for job in _dictionaries((workflow.get("jobs") or {}).values()):
            for step in _dictionaries(job.get("steps") or []) if _counts(job) else ():
                if step.get("run") and _counts(step):
                    yield from _each(events, str(step["run"]), path)


def _counts(part: Mapping[Any, Any]) -> bool:
    switched_off = str(part.get("if", "")).strip("${} ").lower() == "false"
    return not switched_off and not part.get("continue-on-error")


def _gitlab(tree: Tree) -> Iterator[Step]:
    root = read_yaml(tree, GITLAB)
    parts = {GITLAB: root, **{path: read_yaml(tree, path) for path in _included(tree, root)}}
    everything = {name: job for part in parts.values() for name, job in part.items()}
    offered = list(_dictionaries((root.get("workflow") or {}).get("rules") or []))
    on_changes = not offered or any(_rule_events(rule) & {"change"} for rule in offered)
    for path, part in parts.items():
        for name, own in part.items():
            if not isinstance(own, dict) or str(name).startswith(".") or name in GITLAB_WORDS:
                continue
            job = {**_inherited(own, everything), **own}
            events = _gitlab_events(job) - (set() if on_changes else {"change"})
            yield from _each(events, "\n".join(_lines(job.get("script"))), path)


def _included(tree: Tree, root: Mapping[Any, Any]) -> list[str]:
    entries = root.get("include") or []
    entries = entries if isinstance(entries, list) else [entries]
    local = [entry.get("local") if isinstance(entry, dict) else entry for entry in entries]
    patterns = [str(pattern).lstrip("/") for pattern in local if pattern]
    return sorted({path for path in tree if any(fnmatch(path, pattern) for pattern in patterns)})


def _inherited(job: Mapping[Any, Any], everything: Mapping[Any, Any]) -> dict[Any, Any]:
    parents = job.get("extends") or []
    found: dict[Any, Any] = {}
    for parent in parents if isinstance(parents, list) else [parents]:
        above = everything.get(parent)
        found |= above if isinstance(above, dict) else {}
    return found


def _gitlab_events(job: Mapping[Any, Any]) -> set[str]:
    if job.get("allow_failure") is True or job.get("when") == "never":
        return set()
    if "rules" not in job:
        return {"demand"} if job.get("when") == "manual" else {"change", "release"}
    rules = list(_dictionaries(job.get("rules") or []))
    return set().union(*map(_rule_events, rules)) if rules else set()


def _rule_events(rule: Mapping[Any, Any]) -> set[str]:
    """Return the events that a rule lets a job run upon; a manual one that may be left out waits for demand only."""
    condition, when = str(rule.get("if", "")), rule.get("when")
    if when == "never":
        return set()
    if when == "manual" and rule.get("allow_failure"):
        return {"demand"}
    if rule.get("allow_failure"):
        return set()
    events = {"demand"} if when == "manual" or '== "web"' in condition else set()
    if 'CI_PIPELINE_SOURCE == "schedule"' in condition:
        return events | {"schedule"}
    if "merge_request_event" in condition and "!=" not in condition:
        return events | {"change"}
    return events | {"release"} if "BRANCH ==" in condition or '== "push"' in condition else events


def _lines(script: object) -> Iterator[str]:
    for line in script if isinstance(script, list) else [script]:
        if isinstance(line, list):
            yield from _lines(line)
        elif line:
            yield str(line)


def _azure(tree: Tree) -> Iterator[Step]:
    paths = [path for path in tree if any(fnmatch(path, pattern) for pattern in AZURE)]
    for path in (path for path in paths if path.endswith((".yml", ".yaml"))):
        pipeline = read_yaml(tree, path)
        events = {
            event
            for key, event in (("pr", "change"), ("trigger", "release"), ("schedules", "schedule"))
            if pipeline.get(key, "none") not in ("none", None)
        }
        if not events and "none" in (pipeline.get("trigger"), pipeline.get("pr")):
            events = {"demand"}
        for place, script in _azure_scripts(tree, path, pipeline, (path,)) if events else ():
            yield from _each(events, script, place)


def _azure_scripts(tree: Tree, path: str, part: object, seen: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    if isinstance(part, list):
        for entry in part:
            yield from _azure_scripts(tree, path, entry, seen)
    if not isinstance(part, dict) or _azure_off(part):
        return
    for key, value in part.items():
        if key in ("bash", "script") and isinstance(value, str):
            yield path, value
        elif key == "template" and isinstance(value, str):
            other = value.lstrip("/") if value.startswith("/") else posixpath.join(posixpath.dirname(path), value)
            other = posixpath.normpath(other)
            if other in tree and other not in seen:
                yield from _azure_scripts(tree, other, read_yaml(tree, other), (*seen, other))
        else:
            yield from _azure_scripts(tree, path, value, seen)


def _azure_off(part: Mapping[Any, Any]) -> bool:
    switched_off = str(part.get("condition", "")).lower() == "false" or part.get("enabled") is False
    return switched_off or part.get("continueOnError") is True


def _each(events: Iterable[str], script: str, path: str) -> Iterator[Step]:
    for event in sorted(events):
        yield Step(event=event, script=script, path=path)


def _dictionaries(values: Iterable[Any]) -> Iterator[dict[Any, Any]]:
    return (value for value in values if isinstance(value, dict))
