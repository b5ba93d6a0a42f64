"""The Action, the GitLab include and the pre-commit hook run as their files say, and let a level fall nowhere."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import yaml

from tests.scan.worlds import TRAIN

ROOT = Path(__file__).parents[2]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
SCHEMA = json.loads((ROOT / "generator/schemas/scan.schema.json").read_text(encoding="utf-8"))
POSIX = pytest.mark.skipif(sys.platform == "win32", reason="runs a job's shell")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "a b").mkdir()
    (tmp_path / "a b/train.py").write_text(TRAIN, encoding="utf-8")
    return tmp_path


def run(command: list[str], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    path = os.environ | {"PYTHONPATH": str(ROOT), "LADDER_CACHE": str(folder / "cache"), **env}
    return subprocess.run(command, cwd=folder, env=path, capture_output=True, text=True, check=False)


def action(folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run the scan's step of action.yml with its own environment, as a runner would fill it in."""
    step: Mapping[str, Any] = ACTION["runs"]["steps"][-1]
    given = {name: str(spec.get("default", "")) for name, spec in ACTION["inputs"].items()} | inputs
    env = {
        key: re.sub(r"\$\{\{\s*inputs\.([\w-]+)\s*\}\}", lambda found: given[found[1]], str(value))
        for key, value in step["env"].items()
        if key != "PYTHONPATH"
    }
    words = shlex.split(step["run"].replace("$GITHUB_ACTION_PATH", ROOT.as_posix()))
    assert words[0] == "python"
    return run([sys.executable, *words[1:]], folder, GITHUB_OUTPUT=str(folder / "output"), **env)


def test_the_action_writes_what_it_is_asked_for_and_tells_the_level(project: Path) -> None:
    done = action(project, directories="a b", sarif="out.sarif", badge="level.svg")
    assert done.returncode == 0, done.stderr
    assert (project / "output").read_text(encoding="utf-8") == "level=0\nkind=project\n"
    assert json.loads((project / "out.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert ET.parse(project / "level.svg").getroot().tag.endswith("svg")
    assert "visible in this tree: 0" in done.stdout


def test_the_action_fails_below_the_level_it_holds_and_on_a_folder_that_is_not_there(project: Path) -> None:
    assert action(project, directories="a b", **{"fail-under": "0"}).returncode == 0
    assert action(project, directories="a b", **{"fail-under": "1"}).returncode == 4
    assert action(project, directories="gone").returncode == 1


def test_an_input_is_never_part_of_a_command(project: Path) -> None:
    done = action(project, directories="a b", badge="$(touch pwned).svg")
    assert done.returncode == 0
    assert {path.name for path in project.iterdir()} >= {"$(touch pwned).svg"}
    assert not (project / "pwned").exists()
    assert not re.search(r"\$\{\{", "".join(str(step.get("run", "")) for step in ACTION["runs"]["steps"]))


def test_the_action_takes_every_action_of_others_by_its_digest() -> None:
    used = [step["uses"] for step in ACTION["runs"]["steps"] if "uses" in step]
    assert used
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", name) for name in used)


def gitlab(**inputs: str) -> dict[str, Any]:
    """Return the job of the include with its inputs filled in, as GitLab does before it reads the rest."""
    head, _, body = (ROOT / "integrations/gitlab/scan.yml").read_text(encoding="utf-8").partition("\n---\n")
    declared = yaml.safe_load(head)["spec"]["inputs"]
    given = {name: (spec or {}).get("default", "") for name, spec in declared.items()} | inputs
    filled = re.sub(r"\$\[\[\s*inputs\.([\w-]+)\s*\]\]", lambda found: str(given[found[1]]), body)
    assert set(re.findall(r"inputs\.([\w-]+)", body)) == set(declared)
    return dict(yaml.safe_load(filled))["mlops-ladder"]


@POSIX
@pytest.mark.parametrize(("level", "code"), [("0", 0), ("1", 4)])
def test_the_gitlab_job_runs_and_holds_the_level(project: Path, level: str, code: int) -> None:
    job = gitlab(**{"fail-under": level})
    (project / "beside/bin").mkdir(parents=True)
    ladder = project / "beside/bin/ladder"
    ladder.write_text(f'#!/bin/sh\nexec {sys.executable} -m generator "$@"\n', encoding="utf-8")
    ladder.chmod(0o755)
    install, scans = job["script"][:2], job["script"][2:]
    assert "pip install" in install[1]
    script = "\n".join(["set -eo pipefail", "beside=beside", *scans])
    done = run(
        [shutil.which("bash") or "bash", "-c", script],
        project,
        **{key: str(value) for key, value in job["variables"].items()},
    )
    assert done.returncode == code, done.stderr
    assert all((project / path).is_file() for path in job["artifacts"]["paths"])


@pytest.mark.parametrize(("level", "code"), [("0", 0), ("1", 4)])
def test_the_pre_commit_hook_holds_the_level(project: Path, level: str, code: int) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert not hook["pass_filenames"]
    words = [*shlex.split(hook["entry"]), *hook["args"][:-1], level]
    assert words[0] == "ladder"
    assert run([sys.executable, "-m", "generator", *words[1:]], project).returncode == code


def test_json_tells_the_history_as_the_schema_says(project: Path) -> None:
    scan = [sys.executable, "-m", "generator", "scan", "--json"]
    bare = json.loads(run([*scan, "."], project).stdout)
    jsonschema.validate(bare, SCHEMA)
    assert bare["history"] == [None]
    subprocess.run(["git", "init", "-q"], cwd=project, check=True)
    found = json.loads(run([*scan, "."], project).stdout)
    jsonschema.validate(found, SCHEMA)
    assert found["history"][0]["commits"] == 0
    assert json.loads(run([*scan, "--no-history", "."], project).stdout)["history"] == []


def test_a_badge_that_cannot_be_written_is_an_error_that_says_so(project: Path) -> None:
    done = run([sys.executable, "-m", "generator", "scan", ".", "--badge", "gone/level.svg"], project)
    assert done.returncode == 1
    assert "gone" in done.stderr
    assert "Traceback" not in done.stderr
