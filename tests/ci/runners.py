"""The providers' files, executed: by act, gitlab-ci-local, Groovy, and for Azure a reader of its steps."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from .world import World

SHIM = Path(__file__).parent / "shim.groovy"
ACTIONS = Path(__file__).parent / "actions"
NODE_TOOLS = "LADDER_CI_TOOLS"
"""Name of an environment variable: a folder whose node_modules hold gitlab-ci-local and npm-groovy-lint."""


def node_modules() -> Path | None:
    """Return where the two npm packages are, None when nobody installed them."""
    folder = Path(os.environ.get(NODE_TOOLS, "node_modules"))
    found = folder if folder.name == "node_modules" else folder / "node_modules"
    return found if (found / "gitlab-ci-local").is_dir() else None


def run_github(world: World, workflow: str, event: str, *arguments: str) -> tuple[int, str]:
    """Run a workflow by act, in the host's own environment, with stand-ins for the actions it uses."""
    used = {
        match
        for path in (world.project / ".github/workflows").glob("*.yml")
        for match in re.findall(r"uses: (actions/[\w-]+)@(\w+)", path.read_text(encoding="utf-8"))
        if match[0] != "actions/checkout"  # act does that itself
    }
    local = [f"--local-repository={name}@{sha}={ACTIONS / name.split('/')[1]}" for name, sha in sorted(used)]
    command = [
        "act", event, "-W", f".github/workflows/{workflow}.yml", "-P", "ubuntu-latest=-self-hosted",
        "--action-offline-mode", "--env", f"STANDIN_ARTEFACTS={world.state / 'artefacts'}", *local, *arguments,
    ]  # fmt: skip
    return world.run(command)


def run_gitlab(world: World, *arguments: str, variables: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run jobs by gitlab-ci-local in shells of this machine; a push to main unless `variables` say otherwise."""
    modules = node_modules()
    assert modules
    settings = {"CI_PIPELINE_SOURCE": "push", "DOCKER_RUNNER": "docker", **(variables or {})}
    given = [part for key, value in settings.items() for part in ("--variable", f"{key}={value}")]
    script = str(modules / "gitlab-ci-local/dist/index.js")
    command = ["node", script, "--force-shell-executor", "--shell-isolation", "--no-color", *given, *arguments]
    return world.run(command)


def run_jenkins(
    world: World, path: str, parameters: Mapping[str, str], variables: Mapping[str, str]
) -> tuple[int, str]:
    """Run a Jenkinsfile as Groovy, with a shim in place of Jenkins: stages, sh, stash, when, input and post."""
    modules = node_modules()
    assert modules
    jars = os.pathsep.join(map(str, modules.glob("npm-groovy-lint/lib/java/**/*.jar")))
    given = [f"-Dparam.{key}={value}" for key, value in parameters.items()]
    command = ["java", *given, "-cp", jars, "groovy.ui.GroovyMain", str(SHIM), path]
    return world.run(command, more={**variables, "STANDIN_STATE": str(world.state)})


def run_azure(world: World, path: str, parameters: Mapping[str, Any]) -> tuple[int, str]:
    """Run the bash steps of an Azure pipeline in their order, a clean checkout for each job."""
    document = yaml.safe_load((world.project / path).read_text(encoding="utf-8"))
    defaults = {one["name"]: one.get("default") for one in document.get("parameters", [])}
    pipeline = _Azure(world, {**defaults, **parameters})
    stages = document.get("stages") or [{"stage": "all", "jobs": document["jobs"]}]
    for stage in stages:
        for job in pipeline.jobs(stage["jobs"], Path(path).parent):
            if not pipeline.run_job(job):
                return 1, "\n".join(pipeline.printed)
    return 0, "\n".join(pipeline.printed)


class _Azure:
    """As much of Azure's agent as the steps need: parameters, environment, artefacts, conditions."""

    def __init__(self, world: World, parameters: Mapping[str, Any]) -> None:
        self.world, self.parameters = world, parameters
        self.artefacts, self.printed = world.state / "azure", [""]
        self.count = 0

    def jobs(self, entries: list[dict[str, Any]], folder: Path) -> Iterator[dict[str, Any]]:
        for entry in entries:
            if "template" in entry:
                text = (self.world.project / folder / entry["template"]).read_text(encoding="utf-8")
                yield from yaml.safe_load(text)["jobs"]
            else:
                yield entry

    def fill(self, text: str) -> str:
        """Replace the template expressions the files use: a parameter, or one in small letters."""

        def value(match: re.Match[str]) -> str:
            found = self.parameters[match["name"]]
            return str(found).lower() if match["lower"] or isinstance(found, bool) else str(found)

        filled = re.sub(r"\$\{\{ (?P<lower>lower\()?parameters\.(?P<name>\w+)\)? \}\}", value, text)
        assert "${{" not in filled, filled
        return filled

    def holds(self, condition: str, *, failed: bool) -> bool:
        text = self.fill(condition)
        if text == "always()":
            return True
        words = text.replace("and(succeeded(), ", "").removesuffix(")") if text.startswith("and(") else text
        match = re.fullmatch(r"(eq|ne)\('(.*)', '(.*)'\)", words)
        assert match, condition
        equal = match[2] == match[3]
        return (equal if match[1] == "eq" else not equal) and not failed

    def run_job(self, job: dict[str, Any]) -> bool:
        name = job.get("job") or job["deployment"]
        steps = job["steps"] if "job" in job else job["strategy"]["runOnce"]["deploy"]["steps"]
        if "condition" in job and not self.holds(job["condition"], failed=False):
            self.printed.append(f"job {name}: skipped")
            return True
        self.count += 1
        folder = self.world.state / f"job-{self.count}"
        subprocess.run(["git", "clone", "-q", str(self.world.project), str(folder)], check=True)
        temporary = self.world.state / f"temporary-{self.count}"
        temporary.mkdir()
        self.printed.append(f"job {name}: started")
        failed = False
        for step in steps:
            failed = not self.run_step(step, folder, temporary, failed=failed) or failed
        self.printed.append(f"job {name}: {'failed' if failed else 'succeeded'}")
        return not failed

    def run_step(self, step: dict[str, Any], folder: Path, temporary: Path, *, failed: bool) -> bool:
        condition = step.get("condition")
        if not (self.holds(condition, failed=failed) if condition else not failed):
            return True
        if "bash" in step:
            places = {"AGENT_TEMPDIRECTORY": str(temporary), "PIPELINE_WORKSPACE": str(self.artefacts)}
            given = {key: self.fill(value) for key, value in step.get("env", {}).items() if "$(" not in value}
            # Azure gives the script to bash as it is, so what stops it must be in the script.
            code, printed = self.world.run(["bash", "-c", step["bash"]], more={**places, **given}, cwd=folder)
            self.printed += [f"step {step['displayName']}: exit {code}", printed]
            return code == 0
        if "publish" in step:
            source = Path(step["publish"].replace("$(Agent.TempDirectory)", str(temporary)))
            (self.artefacts / step["artifact"]).mkdir(parents=True, exist_ok=True)
            if not source.exists():
                return False
            shutil.copy(source, self.artefacts / step["artifact"])
        return True
