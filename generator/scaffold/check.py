"""Does a project still do what its level promises: each part of the promise, looked up in the project's files.

Nothing of the project is run. A rule looks at what is wired, not at names: a stage with its command, a step that runs
one, a call in the code; an `echo`, a comment, what is switched off or may fail unseen is no step.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Callable, Mapping

from generator.model.project import Check, Finding, Tree
from generator.scaffold.pipelines import read_steps, read_yaml

Rule = Callable[[Tree, Mapping[str, str]], str]
"""A rule returns what is missing, or nothing when the check holds."""


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
    stages = read_yaml(tree, "dvc.yaml").get("stages", {})
    command = stages.get(wanted["stage"], {}).get("cmd", "")
    command = "\n".join(map(str, command)) if isinstance(command, list) else str(command)
    return "" if runs(command, wanted["runs"]) else f"dvc.yaml: {wanted['stage']}: {wanted['runs']}"


def _step(tree: Tree, wanted: Mapping[str, str]) -> str:
    found = any(step.event == wanted["on"] and runs(step.script, wanted["runs"]) for step in read_steps(tree))
    return "" if found else f"CI: on {wanted['on']}: {wanted['runs']}"


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


def _tests(tree: Tree, wanted: Mapping[str, str]) -> str:
    file = tree.get(wanted["path"])
    nodes = ast.walk(ast.parse(file.content)) if file else iter(())
    found = (node for node in nodes if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"))
    proves = any(isinstance(part, ast.Assert) for test in found for part in ast.walk(test))
    return "" if proves else f"{wanted['path']}: assert"


RULES: Mapping[str, Rule] = {
    "file": _file,
    "stage": _stage,
    "step": _step,
    "hashes": _hashes,
    "calls": _calls,
    "tests": _tests,
}


def runs(script: str, wanted: str) -> bool:
    """Return whether a line of a shell script really runs `wanted` (its first words).

    Echo and comments do not, nor does a command whose failure is swallowed (``|| true``).
    """
    words = wanted.split()
    for line in script.replace("\\\n", " ").splitlines():
        parts = [*re.split(r"(&&|\|\||;)", line), "", ""]
        for part, joint, following in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
            swallowed = joint == "||" and _words(following)[:1] in (["true"], [":"], ["echo"])
            if _words(part)[: len(words)] == words and not swallowed:
                return True
    return False


def _words(command: str) -> list[str]:
    try:
        found = shlex.split(command, comments=True)
    except ValueError:
        found = command.split()
    while found and re.fullmatch(r"\w+=.*", found[0]):
        found = found[1:]
    return found
