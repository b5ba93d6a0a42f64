"""The files of every provider, held against their one description, schemas, linters and our own rules."""

from __future__ import annotations

import importlib
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from generator.scaffold import levels
from generator.scaffold.pipelines import read_steps
from generator.scaffold.render import render

ROOT = Path(__file__).parents[2]
PROVIDERS = levels.level(3).options["ci"]
EVERY = [(level, ci) for level in (1, 2, 3) for ci in PROVIDERS]
FOREIGN = {
    "github": r"\bgitlab|azure|jenkins",
    "gitlab": r"github|\bazure|jenkins",
    "azure": r"github|gitlab|jenkins",
    "jenkins": r"github|gitlab|\bazure",
}


@pytest.fixture(scope="module")
def ci() -> Iterator[ModuleType]:
    """tools/ci, which writes the files."""
    sys.path.insert(0, str(ROOT / "tools"))
    yield importlib.import_module("ci.write")
    sys.path.remove(str(ROOT / "tools"))


def files(level: int, provider: str) -> dict[str, str]:
    """The files that only this provider's projects have."""
    other = render(level, {"ci": "github" if provider != "github" else "gitlab"})
    return {
        path: file.content.decode()
        for path, file in render(level, {"ci": provider}).items()
        if path not in other and not path.startswith(".ladder/") or path == "docs/ci.md"
    }


@pytest.mark.parametrize(("level", "provider"), EVERY)
def test_the_files_are_as_the_description_writes_them(level: int, provider: str, ci: ModuleType) -> None:
    assert files(level, provider) == ci.project_files(provider, level), "run python tools/sync.py"


def plain(command: str) -> str:
    return re.sub(r"\s+", " ", command.replace("\\\n", " ")).strip()


@pytest.mark.parametrize(("level", "provider"), EVERY)
def test_read_back_every_command_of_the_description_is_run_upon_its_event(
    level: int, provider: str, ci: ModuleType
) -> None:
    found: dict[str, str] = {}
    for step in read_steps(render(level, {"ci": provider})):
        found[step.event] = found.get(step.event, "") + " \n " + plain(step.script)
    for flow in ci.workflows(level):
        for job in flow.jobs:
            for step in job.steps:
                for command in step.run:
                    assert plain(command) in found[flow.on], (flow.name, job.name, command)


@pytest.mark.parametrize(("level", "provider"), EVERY)
def test_a_file_holds_no_secret_no_leftover_no_other_provider_and_no_loose_version(level: int, provider: str) -> None:
    for path, text in files(level, provider).items():
        assert "cookiecutter" not in text, path
        assert not re.search(FOREIGN[provider], text, re.IGNORECASE), path
        assert not re.search(r"[Vv]ersion(Spec)?: *\d", text), f"{path}: YAML reads 3.10 without quotes as 3.1"
        assert not re.search(r"(?i)(password|token|secret|key)\s*[:=]\s*['\"]?[a-z0-9/+]{12,}", text), path
        assert not re.search(r":latest\b|@(main|master|v\d+)\b", text), path
        for reference in re.findall(r"uses: ([^.\s]\S*)(.*)", text):
            assert re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40}", reference[0]), (path, reference)
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", reference[1]), (path, reference)


@pytest.mark.parametrize("level", [2, 3])
def test_nothing_is_trained_before_every_check_passed(level: int) -> None:
    github = yaml.safe_load(files(level, "github")[".github/workflows/train.yml"])["jobs"]
    assert github["checks"]["uses"] == "./.github/workflows/ci.yml"
    assert github["train"]["needs"] == "checks"
    gitlab = {k: v for path, text in files(level, "gitlab").items() if "yml" in path for k, v in _load(text).items()}
    checks = {name for name, job in gitlab.items() if isinstance(job, dict) and job.get("stage") == "check"}
    assert set(gitlab["train"]["needs"]) == checks == {"check", "pipeline", "secrets", "holes"}
    azure = yaml.safe_load(files(level, "azure")["azure-pipelines/train.yml"])["stages"]
    assert [stage.get("dependsOn") for stage in azure] == [None, *(stage["stage"] for stage in azure[:-1])]
    jenkins = files(level, "jenkins")["Jenkinsfile"]
    order = [jenkins.index(f"stage('{name}')") for name in ("ci", "release", "train", "gate", "container", "staging")]
    assert order == sorted(order)


def _load(text: str) -> dict[str, Any]:
    value = yaml.safe_load(text)
    assert isinstance(value, dict)
    return value


@pytest.mark.parametrize("provider", PROVIDERS)
def test_production_waits_for_a_person(provider: str) -> None:
    wanted = {
        "github": (".github/workflows/release.yml", r"  production:\n(    .*\n)*    environment: production\n"),
        "gitlab": (".gitlab/ci/release.yml", r"production:\n(  .*\n)*      when: manual"),
        "azure": ("azure-pipelines/train.yml", r"- deployment: production\n(.*\n){1,8}?\s+environment: production\n"),
        "jenkins": ("Jenkinsfile", r"stage\('production'\) \{\n\s+input \{"),
    }
    path, pattern = wanted[provider]
    assert re.search(pattern, files(2, provider)[path])


def lay(folder: Path, level: int, provider: str) -> list[str]:
    made = [path for path in files(level, provider) if path.endswith((".yml", ".yaml"))]
    for path, text in files(level, provider).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8")
    return made


def passes(folder: Path, *command: str) -> None:
    program = shutil.which(command[0]) or str(Path(sys.executable).with_name(command[0]))
    done = subprocess.run([program, *command[1:]], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]


def in_words(value: Any) -> Any:
    """YAML with every value as text, which is how Azure reads it, and its schema too."""
    if isinstance(value, dict):
        return {key: in_words(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [in_words(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool | int) else value


@pytest.mark.parametrize("level", [1, 2, 3])
def test_the_schemas_hold(level: int, tmp_path: Path) -> None:
    made = lay(tmp_path, level, "github")
    passes(tmp_path, "check-jsonschema", "--builtin-schema", "vendor.github-workflows", *made)
    made = lay(tmp_path, level, "gitlab")
    gitlab = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    passes(tmp_path, "check-jsonschema", *gitlab, *made)
    made = lay(tmp_path, level, "azure")
    for path in made:
        (tmp_path / path).write_text(json.dumps(in_words(_load((tmp_path / path).read_text(encoding="utf-8")))))
    azure = ["--builtin-schema", "vendor.azure-pipelines", "--data-transform", "azure-pipelines"]
    passes(tmp_path, "check-jsonschema", *azure, "--regex-variant", "python", *made)


@pytest.mark.parametrize("level", [1, 2, 3])
def test_linters_find_nothing_no_retired_action_and_no_needless_right(level: int, tmp_path: Path) -> None:
    passes(tmp_path, "actionlint", "-shellcheck=", *lay(tmp_path, level, "github"))
    passes(tmp_path, "zizmor", "--offline", "--quiet", ".github")


def test_a_linter_would_say_it(tmp_path: Path) -> None:
    """The tools above can fail: what they are there to find, they find."""
    made = lay(tmp_path, 2, "github")
    text = (tmp_path / made[0]).read_text(encoding="utf-8")
    (tmp_path / made[0]).write_text(re.sub(r"actions/checkout@\S+ # \S+", "actions/checkout@v4", text))
    for command in (["actionlint", "-shellcheck=", made[0]], ["zizmor", "--offline", "--quiet", ".github"]):
        with pytest.raises(AssertionError, match="checkout"):
            passes(tmp_path, *command)


def test_the_dockerfile_and_the_compose_file_are_sound(tmp_path: Path) -> None:
    for path in ("Dockerfile", "compose.yaml"):
        (tmp_path / path).write_bytes(render(2, {})[path].content)
    passes(tmp_path, "hadolint", "Dockerfile")
    passes(tmp_path, "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml")
