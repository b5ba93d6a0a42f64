"""Does a project still do what its level promises: each part of the promise, looked up in the project's files.

Nothing of the project is run. A rule looks at what is wired, not at names: a stage with its command, a step that runs
one, a call in the code; an `echo` or a comment is no step.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.model.project import Check, Finding, Tree

Rule = Callable[[Tree, Mapping[str, str]], str]
"""A rule returns what is missing, or nothing when the check holds."""

WORKFLOWS = ".github/workflows/"


def check_project(tree: Tree, checks: tuple[Check, ...]) -> tuple[Finding, ...]:
    """Return one finding a check, in order; a file that cannot be read counts as missing what was looked for."""
    findings = []
    for check in checks:
        try:
            missing = RULES[check.kind](tree, check.arguments)
        except (UnicodeDecodeError, ValueError, SyntaxError, TypeError, AttributeError) as error:
            missing = f"{check.arguments}: {type(error).__name__}"
        findings.append(Finding(check=check, holds=not missing, seen=missing))
    return tuple(findings)


def _file(tree: Tree, wanted: Mapping[str, str]) -> str:
    file = tree.get(wanted["path"])
    return "" if file and file.content.strip() else wanted["path"]


def _stage(tree: Tree, wanted: Mapping[str, str]) -> str:
    stages = _yaml(tree, "dvc.yaml").get("stages", {})
    command = str(stages.get(wanted["stage"], {}).get("cmd", ""))
    return "" if runs(command, wanted["runs"]) else f"dvc.yaml: {wanted['stage']}: {wanted['runs']}"


def _step(tree: Tree, wanted: Mapping[str, str]) -> str:
    for path in (path for path in tree if path.startswith(WORKFLOWS) and path.endswith((".yml", ".yaml"))):
        workflow = _yaml(tree, path)
        triggers = workflow.get("on", workflow.get(True, {}))  # YAML 1.1 reads a bare `on` as true
        named = [triggers] if isinstance(triggers, str) else list(triggers or [])
        if wanted["on"] in named and any(runs(command, wanted["runs"]) for command in _commands(workflow)):
            return ""
    return f"{WORKFLOWS}*: on {wanted['on']}: {wanted['runs']}"


def _hashes(tree: Tree, wanted: Mapping[str, str]) -> str:
    file = tree.get(wanted["path"])
    text = file.content.decode() if file else ""
    packages = [part for part in re.split(r"\n(?=\S)", text) if re.match(r"[A-Za-z0-9][\w.-]*==", part)]
    return "" if packages and all("--hash=sha256:" in part for part in packages) else f"{wanted['path']}: --hash"


def _calls(tree: Tree, wanted: Mapping[str, str]) -> str:
    file = tree.get(wanted["path"])
    nodes = ast.walk(ast.parse(file.content)) if file else iter(())
    called = {ast.unparse(node.func) for node in nodes if isinstance(node, ast.Call)}
    return "" if wanted["call"] in called else f"{wanted['path']}: {wanted['call']}()"


RULES: Mapping[str, Rule] = {
    "file": _file,
    "stage": _stage,
    "step": _step,
    "hashes": _hashes,
    "calls": _calls,
}


def runs(script: str, wanted: str) -> bool:
    """Return whether a line of a shell script really runs `wanted` (its first words); echo and comments do not."""
    words = wanted.split()
    for line in script.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|\|\||;", line):
            try:
                found = shlex.split(part, comments=True)
            except ValueError:
                found = part.split()
            while found and re.fullmatch(r"\w+=.*", found[0]):
                found = found[1:]
            if found[: len(words)] == words:
                return True
    return False


def _commands(workflow: Mapping[str, Any]) -> Iterator[str]:
    for job in (workflow.get("jobs") or {}).values():
        for step in job.get("steps") or []:
            if step.get("run") and step.get("if") is not False:
                yield str(step["run"])


def _yaml(tree: Tree, path: str) -> dict[Any, Any]:
    import yaml

    file = tree.get(path)
    try:
        value = yaml.safe_load(file.content) if file else {}
    except yaml.YAMLError as error:
        raise ValueError(path) from error
    return value if isinstance(value, dict) else {}
