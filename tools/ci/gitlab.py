"""GitLab CI: a root file that stays the same, and one file a workflow that it includes."""

from __future__ import annotations

from collections.abc import Iterator

from .description import Job, Workflow
from .layout import indented, items, scalar, yaml_items, yaml_list

ROOT = """\
# What a pipeline is made for, and what its jobs share; the jobs are in .gitlab/ci/. Set-up: docs/ci.md.
workflow:
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH

include:
  - local: .gitlab/ci/*.yml

stages: [check, train, gate, container, staging, production, operate]

variables:
  DVC_NO_ANALYTICS: "1"
  MLFLOW_DISABLE_TELEMETRY: "true"

default:
  image: python:3.11
  before_script:
    - python -m venv .venv
    - . .venv/bin/activate
    - python -m pip install --require-hashes -r "$LOCK"
"""
CHANGE = '$CI_PIPELINE_SOURCE == "merge_request_event"'
MAIN = "$CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH"
PLACES = {"serving": "$DEPLOY_RUNNER", "docker": "$DOCKER_RUNNER"}
STAGES = {"ci": "check", "rollback": "operate", "monitor": "operate", "retrain": "operate"}
MAKERS = {"trained": "train", "decision": "gate", "rehearsal": "staging"}
PUBLISH = """
# Publish
- |
  if [ "${PUBLISH_IMAGE:-}" = "true" ]; then
    echo "$CI_REGISTRY_PASSWORD" | docker login "$CI_REGISTRY" --username "$CI_REGISTRY_USER" --password-stdin
    docker tag <image> "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"
    docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHA"
  fi
"""
# GitLab's hosted runners answer to this tag; a project's own settings win over a file's variables.
HOSTED = "saas-linux-small-amd64"


def files(flows: tuple[Workflow, ...]) -> dict[str, str]:
    """Return the pipeline files of a project with these workflows."""
    paths = next((flow.paths for flow in flows if flow.paths), ())
    made = {f".gitlab/ci/{flow.name}.yml": _workflow(flow, paths) for flow in flows}
    return {".gitlab-ci.yml": ROOT, **made}


def _workflow(flow: Workflow, paths: tuple[str, ...]) -> str:
    head = [f"# {flow.does}"]
    if flow.name == "train":
        head += ["variables:", f"  DEPLOY_RUNNER: {HOSTED}", '  FIRST_RELEASE: "false"', ""]
    jobs = ["\n".join(_job(job, flow, paths)) for job in flow.jobs]
    return "\n".join(head) + "\n" + "\n\n".join(jobs) + "\n"


def _job(job: Job, flow: Workflow, paths: tuple[str, ...]) -> Iterator[str]:
    yield f"{job.name}:"
    yield from indented(_head(job, flow))
    yield from ("  rules:", *indented(_rules(job, flow, paths), 4))
    yield from ("  variables:", *indented(_variables(job), 4))
    yield from ("  script:", *indented(_script(job), 4))
    if job.cleans:
        yield from ("  after_script:", *indented([f"- {command}" for command in job.cleans], 4))
    if job.keeps:
        yield from ("  artifacts:", f"    paths: {yaml_list(job.keeps.paths)}")
        yield from (["    when: always"] if job.keeps.always else [])
        yield "    expire_in: 30 days"


def _head(job: Job, flow: Workflow) -> Iterator[str]:
    yield f"stage: {STAGES.get(flow.name, job.name)}"
    yield f"timeout: {job.minutes}m"
    if job.place in PLACES:
        yield f"tags: [{PLACES[job.place]}]"
    if flow.on == "change":
        yield "interruptible: true"
    else:
        yield f"needs: {_needs(job)}"
    if job.environment:
        yield from ("environment:", f"  name: {job.environment}")
        yield from (["  action: verify"] if job.needs_server else [])
        yield f"resource_group: {job.environment}"


def _needs(job: Job) -> str:
    wanted = [*job.after, *(MAKERS[name] for name in job.takes if MAKERS[name] not in job.after)]
    return f"[{', '.join('{job: container, optional: true}' if name == 'container' else name for name in wanted)}]"


def _rules(job: Job, flow: Workflow, paths: tuple[str, ...]) -> Iterator[str]:
    """Yield when the job runs; production waits for a person, the image for a runner that has an engine."""
    if flow.on == "change":
        yield from (f"- if: {CHANGE}", f'- if: {MAIN} && $CI_PIPELINE_SOURCE != "schedule"')
    elif flow.on == "schedule":
        yield f'- if: {MAIN} && $CI_PIPELINE_SOURCE == "schedule" && $TASK == "{flow.name}" && $DEPLOY_ROOT'
    elif flow.on == "demand":
        yield from (f'- if: {MAIN} && $CI_PIPELINE_SOURCE != "schedule"', "  when: manual", "  allow_failure: true")
    else:
        engine = " && $DOCKER_RUNNER" if job.place == "docker" else ""
        person = (
            ["  when: manual  # the approval: who may start it is set by protecting the environment"]
            if job.approval
            else []
        )
        yield from (f'- if: {MAIN} && $CI_PIPELINE_SOURCE == "push"{engine}', "  changes:", *items(paths, 4), *person)
        yield from (f'- if: {MAIN} && $CI_PIPELINE_SOURCE == "web"{engine}', *person)


def _variables(job: Job) -> Iterator[str]:
    yield f"LOCK: {job.lock}"
    for one in job.inputs:
        default = one.choices[0] if one.choices else "asked for in pipeline $CI_PIPELINE_ID" if one.required else ""
        yield from (f"{one.name}: {scalar(default)}  # {one.says}",)


def _script(job: Job) -> Iterator[str]:
    for step in job.steps:
        yield f"# {step.name}"
        yield from yaml_items(step.run)
    if job.publishes:
        yield from PUBLISH.replace("<image>", job.publishes).strip().splitlines()
