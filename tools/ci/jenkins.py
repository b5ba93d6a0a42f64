"""Jenkins: declarative pipelines; what a change, and then a release, goes through is one file."""

from __future__ import annotations

from collections.abc import Iterator

from .description import INSTALL, Input, Job, Kept, Workflow
from .layout import indented

PLACES = {"any": "python", "docker": "docker", "serving": "serving"}
VARIABLES = ["environment {", "  DVC_NO_ANALYTICS = '1'", "  MLFLOW_DISABLE_TELEMETRY = 'true'", "}"]
PUBLISH = """
withCredentials([usernamePassword(credentialsId: 'registry', usernameVariable: 'NAME', passwordVariable: 'TOKEN')]) {
  sh label: 'Publish', script: '''
    echo "$TOKEN" | docker login "$REGISTRY" --username "$NAME" --password-stdin
    docker tag <image> "$REGISTRY/<image>:$GIT_COMMIT"
    docker push "$REGISTRY/<image>:$GIT_COMMIT"
  '''
}
"""


def files(flows: tuple[Workflow, ...]) -> dict[str, str]:
    """Return the pipeline files of a project with these workflows."""
    main = [flow for flow in flows if flow.on in ("change", "release")]
    alone = {f"jenkins/{flow.name}.Jenkinsfile": _alone(flow) for flow in flows if flow not in main}
    return {"Jenkinsfile": _main(main), **alone}


def _main(flows: list[Workflow]) -> str:
    """Return the multibranch pipeline: the checks side by side, then on main, one after the other, the release."""
    ci, *release = flows
    checks = ["stage('ci') {", "  parallel {"]
    for job in ci.jobs:
        checks += indented(_stage(job, []), 4)
    checks += ["  }", "}"]
    stages = [checks, _release(release)] if release else [checks]
    told = [f"// {flow.does}" for flow in flows]
    first = [
        "parameters {",
        "  booleanParam(name: 'FIRST_RELEASE', defaultValue: false, description: 'Nothing serves in production yet')",
    ]
    asked = [
        *first,
        "  booleanParam(name: 'RELEASE_NOW', defaultValue: false, description: 'Release though nothing changed')",
        "}",
    ]
    return _pipeline(told, [*(asked if release else []), *VARIABLES], stages)


def _alone(flow: Workflow) -> str:
    job = flow.jobs[0]
    asked = ["parameters {", *indented(map(_parameter, job.inputs)), "}"] if job.inputs else []
    triggers = ["triggers {", f"  cron('{flow.cron}')", "}"] if flow.cron else []
    when = [
        "when {",
        "  beforeAgent true",
        "  expression { env.DEPLOY_ROOT }  // without a machine that serves there is nothing to look at",
        "}",
    ]
    stage = list(_stage(job, when if job.needs_server else []))
    return _pipeline([f"// {flow.does}"], [*triggers, *asked, *VARIABLES], [stage])


def _pipeline(told: list[str], head: list[str], stages: list[list[str]]) -> str:
    options = ["options {", "  disableConcurrentBuilds()", "  skipDefaultCheckout()", "}"]
    body = [
        "agent none",
        *options,
        *head,
        "stages {",
        *indented("\n\n".join("\n".join(s) for s in stages).splitlines()),
        "}",
    ]
    return "\n".join([*told, "pipeline {", *indented(body), "}"]) + "\n"


def _release(flows: list[Workflow]) -> list[str]:
    changed = [f"changeset '{path}'" for flow in flows for path in flow.paths]
    one_of = ["anyOf {", "  expression { params.RELEASE_NOW }", *indented(changed), "}"]
    when = ["when {", "  beforeAgent true", "  branch 'main'", *indented(one_of), "}"]
    stages = ["\n".join(_stage(job, [])) for flow in flows for job in flow.jobs]
    inner = ["stages {", *indented("\n\n".join(stages).splitlines()), "}"]
    return ["stage('release') {", *indented([*when, *inner]), "}"]


def _parameter(one: Input) -> str:
    if one.choices:
        values = ", ".join(f"'{value}'" for value in one.choices)
        return f"choice(name: '{one.name}', choices: [{values}], description: '{one.says}')"
    return f"string(name: '{one.name}', defaultValue: '', description: '{one.says}')"


def _stage(job: Job, when: list[str]) -> Iterator[str]:
    yield f"stage('{job.name}') {{"
    yield from indented(when)
    if job.approval:
        yield "  input {  // the approval: nothing is held while it waits"
        yield from ("    message 'Release to production?'", "    submitter 'release-managers'", "  }")
    yield f"  agent {{ label '{PLACES[job.place]}' }}"
    yield f"  options {{ timeout(time: {job.minutes}, unit: 'MINUTES') }}"
    if job.secrets:
        pairs = [f"{name} = credentials('{name.lower().replace('_', '-')}')" for name in job.secrets]
        yield from ("  environment {", *indented(pairs, 4), "  }")
    yield from ("  steps {", *indented(_steps(job), 4), "  }")
    yield from indented(_post(job))
    yield "}"


def _steps(job: Job) -> Iterator[str]:
    yield "deleteDir()"
    yield "checkout scm"
    yield from (f"unstash '{name}'" for name in job.takes)
    yield 'withEnv(["PATH+VENV=${env.WORKSPACE}/.venv/bin"]) {'
    yield from indented(
        _sh(INSTALL, ("python3 -m venv .venv", f"python -m pip install --require-hashes -r {job.lock}"))
    )
    for step in job.steps:
        yield from indented(_sh(step.name, step.run))
    yield "}"
    if job.publishes:
        yield from ("script {", "  if (env.PUBLISH_IMAGE == 'true') {")
        yield from (*indented(PUBLISH.replace("<image>", job.publishes).strip().splitlines(), 4), "  }", "}")
    if job.keeps and not job.keeps.always:
        yield _stash(job.keeps)


def _sh(name: str, commands: tuple[str, ...]) -> Iterator[str]:
    """Yield a shell step; its text is not Groovy's to fill in, so a parameter cannot become a command."""
    lines = "\n".join(commands).replace("\\", "\\\\").splitlines()
    if len(lines) == 1 and "'" not in lines[0]:
        yield f"sh label: '{name}', script: '{lines[0]}'"
    else:
        yield from (f"sh label: '{name}', script: '''", *indented(lines), "'''")


def _stash(kept: Kept) -> str:
    includes = ",".join(path if "." in path.rsplit("/", 1)[-1] else f"{path}/**" for path in kept.paths)
    empty = ", allowEmpty: true" if kept.rehearsal else ""
    return f"stash name: '{kept.name}', includes: '{includes}'{empty}"


def _post(job: Job) -> Iterator[str]:
    always = [f"sh label: 'Clean up', script: '{command}'" for command in job.cleans]
    if job.keeps and job.keeps.always:
        always += [
            _stash(job.keeps).replace(")", "") + ", allowEmpty: true",
            f"archiveArtifacts artifacts: '{job.keeps.paths[0]}', allowEmptyArchive: true",
        ]
    if always:
        yield from ("post {", "  always {", *indented(always, 4), "  }", "}")
