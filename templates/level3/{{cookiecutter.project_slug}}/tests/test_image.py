"""The container image, as far as it can be judged without building it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from .conftest import PROJECT

DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")


def pins(lock: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9][^ ]*==[^ ]+", (PROJECT / lock).read_text(encoding="utf-8"), re.MULTILINE))


def test_the_image_serves_with_the_versions_the_tests_ran_with() -> None:
    assert pins("requirements-serving.lock") <= pins("requirements.lock")


def test_the_image_holds_all_the_code_that_serving_needs(tmp_path: Path) -> None:
    for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE):
        *sources, target = line.split()
        for source in sources:
            place = tmp_path / target / ("" if (PROJECT / source).is_dir() else Path(source).name)
            if (PROJECT / source).is_dir():
                shutil.copytree(PROJECT / source, tmp_path / target, dirs_exist_ok=True)
            else:
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(PROJECT / source, place)
    command = [sys.executable, "-c", "import serving.__main__, serving.app"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_image_does_not_run_as_root_and_is_watched() -> None:
    last_stage = DOCKERFILE.rsplit("FROM ", 1)[1]
    assert re.search(r"^USER [1-9]\d*", last_stage, re.MULTILINE)
    assert "HEALTHCHECK" in last_stage
