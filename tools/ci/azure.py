"""Azure Pipelines: one file a pipeline; the jobs of a change are a template, because releases begin with them too."""

from __future__ import annotations

from collections.abc import Iterator

from .description import INSTALL, Input, Job, Kept, Workflow, artefacts
from .layout import indented, items, yaml_list

FOLDER = "azure-pipelines"
CHECKS = f"{FOLDER}/jobs/check.yml"
HOSTED = ["pool:", "  vmImage: ubuntu-latest"]
SERVING = [
    "pool:",
    "  ${{ if eq(parameters.deployPool, '') }}:",
    "    vmImage: ubuntu-latest",
    "  ${{ else }}:",
    "    name: ${{ parameters.deployPool }}",
]
VARIABLES = ["variables:", '  DVC_NO_ANALYTICS: "1"', '  MLFLOW_DISABLE_TELEMETRY: "true"']
WHERE = [
    "- name: deployPool",
    "  displayName: Agent pool of the machine that serves; a hosted one rehearses",
    "  type: string",
    "  default: ''",
    "- name: deployRoot",
    "  displayName: Folder of the releases on that machine; empty rehearses",
    "  type: string",
    "  default: ''",
]
FIRST = [
    "- name: firstRelease",
    "  displayName: Nothing serves in production yet",
    "  type: boolean",
    "  default: false",
]
PUBLISH = """
- ${{ if eq(variables['PUBLISH_IMAGE'], 'true') }}:
  - task: Docker@2
    displayName: Log in
    inputs:
      command: login
      containerRegistry: $(REGISTRY_CONNECTION)
  - bash: |
      set -e
      docker tag <image> "$REGISTRY/<image>:$BUILD_SOURCEVERSION"
      docker push "$REGISTRY/<image>:$BUILD_SOURCEVERSION"
    displayName: Publish
"""


def files(flows: tuple[Workflow, ...]) -> dict[str, str]:
    """Return the pipeline files of a project with these workflows."""
    kept = artefacts(flows)
    paths = next((flow.paths for flow in flows if flow.paths), ())
    by_name = {flow.name: flow for flow in flows}
    made = {CHECKS: _checks(by_name["ci"], kept), f"{FOLDER}/ci.yml": _ci(by_name["ci"], paths)}
    if "train" in by_name:
        made[f"{FOLDER}/train.yml"] = _train(by_name["train"], by_name["release"], kept)
    for flow in flows:
        if flow.on in ("demand", "schedule"):
            made[f"{FOLDER}/{flow.name}.yml"] = _alone(flow, kept)
    return made


def _checks(flow: Workflow, kept: dict[str, Kept]) -> str:
    jobs = ["\n".join(indented(_job(job, kept))) for job in flow.jobs]
    return f"# {flow.does}\njobs:\n" + "\n\n".join(jobs) + "\n"


def _ci(flow: Workflow, paths: tuple[str, ...]) -> str:
    again = (
        [
            "  paths:",
            "    exclude:  # of these, the pipeline train takes care, which begins with these jobs",
            *items(paths, 6),
        ]
        if paths
        else []
    )
    trigger = ["trigger:", "  branches:", "    include: [main]", *again]
    pull = [
        "",
        "pr:",
        "  branches:",
        "    include: [main]  # in Azure Repos this is a build policy of the branch: docs/ci.md",
    ]
    jobs = ["", *VARIABLES, "", "jobs:", "  - template: jobs/check.yml"]
    return "\n".join([f"# {flow.does}", *trigger, *pull, *jobs]) + "\n"


def _train(train: Workflow, release: Workflow, kept: dict[str, Kept]) -> str:
    trigger = [
        "trigger:",
        "  batch: true",
        "  branches:",
        "    include: [main]",
        "  paths:",
        "    include:",
        *items(train.paths, 6),
    ]
    head = [
        f"# {train.does}",
        f"# {release.does}",
        "# The approval is a check of the environment `production`: Pipelines > Environments.",
    ]
    start = [*head, *trigger, "", "pr: none", "", "parameters:", *indented([*WHERE, *FIRST]), "", *VARIABLES, ""]
    stages = ["- stage: check\n  jobs:\n    - template: jobs/check.yml"]
    before = "check"
    for job in (*train.jobs, *release.jobs):
        stages.append(
            "\n".join([f"- stage: {job.name}", f"  dependsOn: {before}", "  jobs:", *indented(_job(job, kept), 4)])
        )
        before = job.name
    return (
        "\n".join(start) + "\nstages:\n" + "\n\n".join("\n".join(indented(one.splitlines())) for one in stages) + "\n"
    )


def _alone(flow: Workflow, kept: dict[str, Kept]) -> str:
    job = flow.jobs[0]
    lines = [f"# {flow.does}", "trigger: none", "", "pr: none", ""]
    if flow.cron:
        always = [
            "schedules:",
            f'  - cron: "{flow.cron}"',
            f"    displayName: {flow.name}",
            "    branches:",
            "      include: [main]",
        ]
        lines += [*always, "    always: true", ""]
    inputs = [line for one in job.inputs for line in _parameter(one)]
    lines += ["parameters:", *indented([*inputs, *WHERE]), "", *VARIABLES, "", "jobs:", *indented(_job(job, kept))]
    return "\n".join(lines) + "\n"


def _parameter(one: Input) -> Iterator[str]:
    yield from (f"- name: {one.name.lower()}", f"  displayName: {one.says}", "  type: string")
    if one.choices:
        yield f"  values: {yaml_list(one.choices)}"
        yield f"  default: {one.choices[0]}"
    elif not one.required:
        yield "  default: ''"


def _job(job: Job, kept: dict[str, Kept]) -> Iterator[str]:
    """Yield one job; one that deploys is a deployment, which waits for the checks of its environment."""
    deploys = bool(job.environment)
    yield f"- {'deployment' if deploys else 'job'}: {job.name}"
    yield f"  timeoutInMinutes: {job.minutes}"
    yield from indented(SERVING if job.place == "serving" else HOSTED)
    if job.needs_server:
        yield "  # without a machine that serves there is nothing to look at"
        yield "  condition: ne('${{ parameters.deployRoot }}', '')"
    if not deploys:
        yield from ("  steps:", *indented(_steps(job, kept), 4))
        return
    yield f"  environment: {job.environment.replace('$ENVIRONMENT', '${{ parameters.environment }}')}"
    yield from ("  strategy:", "    runOnce:", "      deploy:", "        steps:", *indented(_steps(job, kept), 10))


def _steps(job: Job, kept: dict[str, Kept]) -> Iterator[str]:
    yield from ("- checkout: self", "  persistCredentials: false")
    if job.environment:
        yield "- download: none"
    yield from ("- task: UsePythonVersion@0", "  inputs:", '    versionSpec: "3.11"')
    yield from _bash(INSTALL, (f"python -m pip install --require-hashes -r {job.lock}",), [])
    for name in job.takes:
        yield from _take(kept[name])
    variables = _variables(job)
    for step in job.steps:
        yield from _bash(step.name, step.run, variables)
    for command in job.cleans:
        yield from (*_bash("Clean up", (command,), []), "  condition: always()")
    if job.publishes:
        yield from PUBLISH.replace("<image>", job.publishes).strip().splitlines()
    if job.keeps:
        yield from _keep(job.keeps)


def _bash(name: str, commands: tuple[str, ...], variables: list[str]) -> Iterator[str]:
    """Yield a step; its shell is told to stop at the first error, which by itself it does not."""
    yield "- bash: |"
    yield from indented(["set -e", *"\n".join(commands).splitlines()], 4)
    yield f"  displayName: {name}"
    if variables:
        yield from ("  env:", *indented(variables, 4))


def _variables(job: Job) -> list[str]:
    pairs = ["DEPLOY_ROOT: ${{ parameters.deployRoot }}"] if job.place == "serving" else []
    pairs += [f"{name}: $({name})" for name in job.secrets]
    pairs += [f"{one.name}: ${{{{ parameters.{one.name.lower()} }}}}" for one in job.inputs]
    if job.name == "gate":
        pairs.append("FIRST_RELEASE: ${{ lower(parameters.firstRelease) }}")
    return pairs


def _keep(kept: Kept) -> Iterator[str]:
    """Yield the steps that publish files as one archive, because an artefact has one root."""
    condition = "always()" if kept.always else "eq('${{ parameters.deployRoot }}', '')" if kept.rehearsal else ""
    held = " ".join(kept.paths)
    pack = f'tar -cf "$AGENT_TEMPDIRECTORY/{kept.name}.tar" {held}'
    yield from _bash("Pack what is handed on", (pack,), [])
    yield from (
        [f"  condition: and({'' if kept.always else 'succeeded(), '}{condition})"]
        if condition and not kept.always
        else []
    )
    yield from (["  condition: always()"] if kept.always else [])
    yield from (f"- publish: $(Agent.TempDirectory)/{kept.name}.tar", f"  artifact: {kept.name}")
    yield from ([f"  condition: and(succeeded(), {condition})"] if condition and not kept.always else [])
    yield from (["  condition: always()"] if kept.always else [])


def _take(kept: Kept) -> Iterator[str]:
    condition = ["  condition: and(succeeded(), eq('${{ parameters.deployRoot }}', ''))"] if kept.rehearsal else []
    yield from ("- download: current", f"  artifact: {kept.name}", *condition)
    yield from _bash("Unpack what was handed on", (f'tar -xf "$PIPELINE_WORKSPACE/{kept.name}/{kept.name}.tar"',), [])
    yield from condition
