"""GitHub Actions: one file a workflow."""

from __future__ import annotations

from collections.abc import Iterator

from .description import INSTALL, Job, Kept, Workflow, artefacts
from .layout import indented, items, yaml_list, yaml_text

# Each from a tag of the action's own repository, looked up there.
CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1"
PYTHON = "actions/setup-python@5fda3b95a4ea91299a34e894583c3862153e4b97 # v7.0.0"
UPLOAD = "actions/upload-artifact@bbbca2ddaa5d8feaa63e36b76fdaad77386f024f # v7.0.0"
DOWNLOAD = "actions/download-artifact@3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c # v8.0.1"
VARIABLES = ['DVC_NO_ANALYTICS: "1"', 'MLFLOW_DISABLE_TELEMETRY: "true"']
PLACES = {"any": "ubuntu-latest", "docker": "ubuntu-latest", "serving": "${{ vars.DEPLOY_RUNNER || 'ubuntu-latest' }}"}
OWN = "# zizmor: ignore[self-repository] understood by every runner"
CALLED = {"release": "gate"}
PUBLISH = """
- name: Publish
  if: ${{ vars.PUBLISH_IMAGE == 'true' }}
  env:
    TOKEN: ${{ github.token }}
  run: |
    name="ghcr.io/${GITHUB_REPOSITORY,,}:${GITHUB_SHA}"
    echo "$TOKEN" | docker login ghcr.io --username "$GITHUB_ACTOR" --password-stdin
    docker tag <image> "$name"
    docker push "$name"
"""


def files(flows: tuple[Workflow, ...]) -> dict[str, str]:
    """Return the workflow files of a project with these workflows."""
    paths = next((flow.paths for flow in flows if flow.paths), ())
    kept = artefacts(flows)
    return {f".github/workflows/{flow.name}.yml": _workflow(flow, paths, kept) for flow in flows}


def _workflow(flow: Workflow, paths: tuple[str, ...], kept: dict[str, Kept]) -> str:
    head = [f"# {flow.does}"]
    if any(job.approval for job in flow.jobs):
        head.append("# The approval is a rule of the environment `production`: Settings > Environments > production.")
    parts = [
        "\n".join([*head, f"name: {flow.name}"]),
        "\n".join(["on:", *indented(_triggers(flow, paths))]),
        "permissions:\n  contents: read",
        "\n".join(["concurrency:", *indented(_concurrency(flow))]),
        "\n".join(["env:", *indented(VARIABLES)]),
    ]
    jobs = [
        *_called_before(flow),
        *("\n".join(_job(job, kept, flow)) for job in flow.jobs),
        *_called_after(flow),
    ]
    return "\n\n".join([*parts, "jobs:\n" + "\n\n".join("\n".join(indented(job.splitlines())) for job in jobs)]) + "\n"


def _triggers(flow: Workflow, paths: tuple[str, ...]) -> list[str]:
    if flow.on == "change":
        again = [
            "  paths-ignore:  # of these, the workflow train takes care, which begins with these jobs",
            *items(paths, 4),
        ]
        again = again if paths else []
        return ["push:", "  branches: [main]", *again, "pull_request:", *(["workflow_call:"] if paths else [])]
    if flow.name in CALLED:
        return ["workflow_call:"]
    if flow.on == "schedule":
        return [
            "schedule:",
            f'  - cron: "{flow.cron}"',
            "workflow_dispatch:",
            "repository_dispatch:",
            f"  types: [{flow.name}]",
        ]
    if flow.on == "demand":
        return ["workflow_dispatch:", "  inputs:", *indented(_inputs(flow.jobs[0]), 4)]
    first = ["first_release:", "  description: Nothing serves in production yet", "  type: boolean", "  default: false"]
    push = ["push:", "  branches: [main]", "  paths:", *items(paths, 4)]
    return [*push, "workflow_dispatch:", "  inputs:", *indented(first, 4)]


def _inputs(job: Job) -> Iterator[str]:
    for one in job.inputs:
        yield f"{one.name.lower()}:"
        yield f"  description: {one.says}"
        if one.choices:
            yield from ("  type: choice", f"  options: {yaml_list(one.choices)}", f"  default: {one.choices[0]}")
        else:
            yield from ("  type: string", "  required: true" if one.required else '  default: ""')


def _concurrency(flow: Workflow) -> list[str]:
    groups = {"ci": "ci-${{ github.workflow }}-${{ github.ref }}", "rollback": "${{ inputs.environment }}"}
    group = groups.get(flow.name, "production" if flow.on == "schedule" else flow.name)
    return [f"group: {group}", f"cancel-in-progress: {'true' if flow.on == 'change' else 'false'}"]


def _called_before(flow: Workflow) -> Iterator[str]:
    own = {job.name for job in flow.jobs}
    if flow.name == "train" and any(name not in own for job in flow.jobs for name in job.after):
        yield f"checks:\n  uses: ./.github/workflows/ci.yml  {OWN}"


def _called_after(flow: Workflow) -> Iterator[str]:
    for called, caller in CALLED.items():
        if any(job.name == caller for job in flow.jobs):
            yield (
                f"{called}:\n  needs: {caller}\n  permissions:\n    contents: read\n    packages: write\n"
                f"  uses: ./.github/workflows/{called}.yml  {OWN}"
            )


def _job(job: Job, kept: dict[str, Kept], flow: Workflow) -> Iterator[str]:
    yield f"{job.name}:"
    own = {one.name for one in flow.jobs}
    needs = ["checks"] if set(job.after) - own and flow.name == "train" else [name for name in job.after if name in own]
    yield from indented([f"needs: {needs[0]}"] if needs else [])
    if job.needs_server:
        yield "  if: ${{ vars.DEPLOY_ROOT != '' }}  # without a machine that serves there is nothing to look at"
    yield f"  runs-on: {PLACES[job.place]}"
    yield f"  timeout-minutes: {job.minutes}"
    if job.publishes:
        yield from ("  permissions:", "    contents: read", "    packages: write")
    if job.environment:
        yield f"  environment: {job.environment.replace('$ENVIRONMENT', '${{ inputs.environment }}')}"
    if job.approval:
        yield from ("  concurrency:", "    group: production", "    cancel-in-progress: false")
    yield from indented(_variables(job))
    yield "  steps:"
    yield from indented(_steps(job, kept), 4)


def _variables(job: Job) -> list[str]:
    pairs = ["DEPLOY_ROOT: ${{ vars.DEPLOY_ROOT }}"] if job.place == "serving" else []
    pairs += [f"{name}: ${{{{ vars.{name} }}}}" for name in job.variables]
    pairs += [f"{name}: ${{{{ secrets.{name} }}}}" for name in job.secrets]
    pairs += [f"{one.name}: ${{{{ inputs.{one.name.lower()} }}}}" for one in job.inputs]
    if job.name == "gate":
        pairs.append("FIRST_RELEASE: ${{ inputs.first_release || false }}")
    if job.name == "retrain":
        pairs.append("REASON: ${{ github.event_name == 'schedule' && 'schedule' || 'demand' }}")
    return ["env:", *indented(pairs)] if pairs else []


def _steps(job: Job, kept: dict[str, Kept]) -> Iterator[str]:
    yield from (f"- uses: {CHECKOUT}", "  with:", "    persist-credentials: false")
    yield from (f"- uses: {PYTHON}", "  with:", '    python-version: "3.11"')
    yield from (f"- name: {INSTALL}", f"  run: python -m pip install --require-hashes -r {job.lock}")
    for name in job.takes:
        yield from _download(kept[name])
    for step in job.steps:
        yield from (f"- name: {step.name}", *indented(yaml_text("run", step.run)))
    for command in job.cleans:
        yield from ("- name: Clean up", "  if: ${{ always() }}", f"  run: {command}")
    if job.publishes:
        yield from PUBLISH.replace("<image>", job.publishes).strip().splitlines()
    if job.keeps:
        yield from _upload(job.keeps)


def _upload(kept: Kept) -> Iterator[str]:
    yield f"- name: Keep what is handed on{', whatever it is' if kept.always else ''}"
    if kept.always:
        yield "  if: ${{ !cancelled() }}"
    if kept.rehearsal:
        yield "  if: ${{ vars.DEPLOY_ROOT == '' }}"
    yield from (f"  uses: {UPLOAD}", "  with:", f"    name: {kept.name}")
    if len(kept.paths) > 1:
        yield from ("    path: |", *(f"      {path}" for path in kept.paths))
    else:
        yield f"    path: {kept.paths[0]}"
    yield "    if-no-files-found: error"


def _download(kept: Kept) -> Iterator[str]:
    """Yield the step that puts files where they were: an artefact of one path holds what lies below its folder."""
    if kept.rehearsal:
        yield from ("- if: ${{ vars.DEPLOY_ROOT == '' }}", f"  uses: {DOWNLOAD}")
    else:
        yield f"- uses: {DOWNLOAD}"
    yield from ("  with:", f"    name: {kept.name}")
    if len(kept.paths) == 1:
        path = kept.paths[0]
        yield f"    path: {path.rsplit('/', 1)[0] if '/' in path else path}"
