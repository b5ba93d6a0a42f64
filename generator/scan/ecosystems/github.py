"""GitHub Actions: workflows where GitHub reads them, composite actions, reusable and chained workflows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from generator.model.scan import Act, Command, Fact, Place, Resource, Task, Trigger, Use
from generator.scan import shell
from generator.scan.signs import Sign, names
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

FOLDER = ".github/workflows/"
DEEPEST = 5
MOST_STEPS = 2000
LONGEST_VALUE = 200
EVENTS = {
    "push": Trigger.PUSH,
    "pull_request": Trigger.PULL_REQUEST,
    "pull_request_target": Trigger.PULL_REQUEST,
    "merge_group": Trigger.PULL_REQUEST,
    "schedule": Trigger.SCHEDULE,
    "release": Trigger.RELEASE,
    "workflow_dispatch": Trigger.HAND,
    "repository_dispatch": Trigger.SIGNAL,
    "workflow_run": Trigger.AFTER,
    "workflow_call": Trigger.CALL,
}

SIGNS = (
    Sign(act=Act.LINTS, uses=names("*/ruff-action psf/black pre-commit/action *flake8* *super-linter*")),
    Sign(act=Act.FINDS_SECRETS, uses=names("gitleaks/* trufflesecurity/* *detect-secrets* gitguardian/*")),
    Sign(
        act=Act.AUDITS,
        uses=names("""aquasecurity/trivy-action snyk/* pypa/gh-action-pip-audit github/codeql-action/* anchore/*
                      actions/dependency-review-action"""),
    ),
    Sign(act=Act.SIGNS, uses=names("actions/attest* sigstore/* slsa-framework/*")),
    Sign(act=Act.LIMITS_ACCESS, resources=names("github:least-privilege github:oidc")),
    Sign(act=Act.APPROVES, uses=names("trstringer/manual-approval")),
    Sign(
        act=Act.DEPLOYS,
        uses=names("""aws-actions/amazon-ecs-deploy-task-definition azure/webapps-deploy azure/k8s-deploy
                      azure/container-apps-deploy-action azure/functions-action google-github-actions/deploy-*
                      akhileshns/heroku-deploy appleboy/ssh-action superfly/flyctl-actions* serverless/github-action
                      einaregilsson/beanstalk-deploy digitalocean/app_action* bentoml/deploy-bento-action"""),
    ),
    Sign(act=Act.PROVISIONS, uses=names("pulumi/actions aws-actions/aws-cloudformation* hashicorp/tfc-workflows*")),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Steps:
    """What a list of steps comes to."""

    commands: tuple[Command, ...] = ()
    uses: tuple[Use, ...] = ()
    runs: tuple[str, ...] = ()


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each job of each workflow in the one folder that GitHub reads."""
    paths = [path for path in snapshot.paths if re.fullmatch(rf"{re.escape(FOLDER)}[^/]+\.ya?ml", path)]
    workflows = {path: as_map(next(iter(snapshot.yaml(path)), None)) for path in paths}
    actions = _Actions(snapshot)
    titles = {str(flow.get("name") or path) for path, flow in workflows.items() if as_map(flow.get("jobs"))}
    for path, flow in workflows.items():
        triggers = triggers_of(flow)
        yield from _rights(path, flow)
        lost = Trigger.AFTER in triggers and not _chained(flow) & titles
        for name, job in as_map(flow.get("jobs")).items():
            yield replace(_task(actions, path, name, as_map(job), triggers - ({Trigger.AFTER} if lost else set())))


def _rights(path: str, flow: Map) -> Iterator[Fact]:
    """Yield a resource for a workflow that limits its token and names every action of others by digest."""
    jobs = [as_map(job) for job in as_map(flow.get("jobs")).values()]
    limited = "permissions" in flow or (jobs and all("permissions" in job for job in jobs))
    used = [str(as_map(step).get("uses") or "") for job in jobs for step in as_list(job.get("steps"))]
    used += [str(job.get("uses") or "") for job in jobs]
    foreign = [name for name in used if name and not name.startswith(("./", "docker://"))]
    pinned = all(re.search(r"@[0-9a-f]{40}$", name) for name in foreign)
    if limited and pinned and jobs and str(flow.get("permissions")) != "write-all":
        line = line_of(as_map(flow.get("permissions"))) - 1 if "permissions" in flow else 1
        yield Resource(
            type="github:least-privilege", name="", place=Place(file=path, first=max(line, 1), last=line + 1)
        )
    for job in (flow, *jobs):
        if as_map(job.get("permissions")).get("id-token") == "write":
            line = line_of(as_map(job["permissions"])["id-token"])
            yield Resource(type="github:oidc", name="", place=Place(file=path, first=line, last=line))


def triggers_of(flow: Map) -> frozenset[Trigger]:
    """Return what starts a workflow; a push of tags alone is `tag`, a schedule without a cron line is none."""
    on = flow.get("on")
    events = on if isinstance(on, Map) else {str(name): None for name in as_list(on)}
    found = set()
    for name, detail in events.items():
        if name == "push" and "tags" in as_map(detail):
            found.add(Trigger.TAG)
            if not {"branches", "branches-ignore"} & as_map(detail).keys():
                continue
        if name == "schedule" and not any(as_map(entry).get("cron") for entry in as_list(detail)):
            continue
        if name in EVENTS:
            found.add(EVENTS[name])
    return frozenset(found)


def _chained(flow: Map) -> set[str]:
    return {str(name) for name in as_list(as_map(as_map(flow.get("on")).get("workflow_run")).get("workflows"))}


def _task(actions: _Actions, path: str, name: str, job: Map, triggers: frozenset[Trigger]) -> Task:
    steps = actions.steps(path, job.get("steps"), _matrix(job))
    called = str(job.get("uses") or "")
    runs, uses = steps.runs, steps.uses
    if called.startswith("./"):
        runs += (called.removeprefix("./"),)
    elif called:
        uses += (Use(name=called.split("@")[0].lower(), place=Place(file=path, first=line_of(job), last=line_of(job))),)
    environment = job.get("environment")
    return Task(
        kind="ci",
        ecosystem="github",
        name=name,
        place=Place(file=path, first=line_of(job), last=line_of(job)),
        triggers=_narrowed(triggers, str(job.get("if", ""))),
        commands=steps.commands,
        uses=uses,
        runs=runs,
        follows=tuple(str(need) for need in as_list(job.get("needs"))),
        environment=str(as_map(environment).get("name") or (environment if isinstance(environment, str) else "")),
        off="scan.off-condition" if is_false(job.get("if")) else "",
    )


def is_false(condition: object) -> bool:
    """Return whether a condition never holds."""
    return str(condition or "").strip("${} \t\n").lower() == "false"


def _narrowed(triggers: frozenset[Trigger], condition: str) -> frozenset[Trigger]:
    """Return the triggers that a job's condition on the event leaves; a condition on other things leaves all."""
    named = re.fullmatch(r"(?:\$\{\{)?\s*github\.event_name\s*==\s*'(\w+)'\s*(?:\}\})?", condition)
    if named:
        return triggers & {EVENTS.get(named[1], Trigger.HAND)}
    if re.search(r"startsWith\(\s*github\.ref\s*,\s*'refs/tags", condition) and Trigger.PUSH in triggers:
        return triggers - {Trigger.PUSH, Trigger.PULL_REQUEST} | {Trigger.TAG}
    return triggers


def _matrix(job: Map) -> Mapping[str, list[str]]:
    matrix = as_map(as_map(job.get("strategy")).get("matrix"))
    return {key: [str(value)[:LONGEST_VALUE] for value in as_list(values)[:20]] for key, values in matrix.items()}


class _Actions:
    """The composite actions of a tree: each is read once, however often it is used."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.known: dict[str, _Steps] = {}

    def action(self, folder: str, depth: int) -> _Steps:
        """Return what the composite action in `folder` does; one made of a Dockerfile runs that."""
        if folder not in self.known:
            self.known[folder] = _Steps()  # what it is to itself, should it use itself
            self.known[folder] = self._read(folder, depth)
        return self.known[folder]

    def _read(self, folder: str, depth: int) -> _Steps:
        for path in (f"{folder}/action.yml", f"{folder}/action.yaml"):
            runs = as_map(as_map(next(iter(self.snapshot.yaml(path)), None)).get("runs"))
            if runs.get("using") == "docker":
                return _Steps(runs=(f"{folder}/{runs.get('image', '')}",))
            if runs:
                return self.steps(path, runs.get("steps"), {}, depth)
        return _Steps()

    def steps(self, path: str, steps: object, matrix: Mapping[str, list[str]], depth: int = DEEPEST) -> _Steps:
        """Return what a list of steps comes to, the tree's own actions put in."""
        commands: list[Command] = []
        uses: list[Use] = []
        runs: list[str] = []
        for step in map(as_map, as_list(steps)):
            if len(commands) + len(uses) > MOST_STEPS:
                break
            if is_false(step.get("if")):
                continue
            commands += _run(step, path, matrix) if step.get("run") else ()
            used = str(step.get("uses") or "")
            if used.startswith("./") and depth:
                inner = self.action(used.removeprefix("./").rstrip("/"), depth - 1)
                commands, uses, runs = [*commands, *inner.commands], [*uses, *inner.uses], [*runs, *inner.runs]
            elif used:
                uses.append(_use(path, step, used))
        return _Steps(commands=tuple(commands), uses=tuple(uses), runs=tuple(runs))


def _use(path: str, step: Map, used: str) -> Use:
    line = line_of(step["uses"])
    inputs = {key: str(value)[:500] for key, value in as_map(step.get("with")).items()}
    return Use(name=used.split("@")[0].lower(), place=Place(file=path, first=line, last=line), inputs=inputs)


def _run(step: Map, path: str, matrix: Mapping[str, list[str]]) -> Iterable[Command]:
    forgiven = str(step.get("continue-on-error", "")).lower() == "true"
    for script in _expanded(str(step["run"]), matrix):
        for command in shell.commands(script, path, line_of(step["run"])):
            yield replace(command, swallowed=command.swallowed or forgiven)


def _expanded(script: str, matrix: Mapping[str, list[str]]) -> list[str]:
    """Return the script once for each value of the first matrix key it names."""
    for key, values in matrix.items():
        written = re.compile(rf"\$\{{\{{\s*matrix\.{re.escape(key)}\s*\}}\}}")
        if values and written.search(script):
            return [written.sub(lambda _, value=value: value, script) for value in values]  # type: ignore[misc]
    return [script]
