"""Every line of a generated README, its set-up too, as a stranger with an empty environment would type it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from generator.firstrun import read_result

from .environments import BLOCK, free_port, generate

pytestmark = pytest.mark.slow
KEPT = ("LANG", "LC_ALL", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "PIP_INDEX_URL", "PIP_CERT", "HTTPS_PROXY", "NO_PROXY")
IDENTITY = {f"GIT_{who}_{what}": "tester" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_every_line_of_the_readme_works_in_an_empty_environment(level: int, tmp_path: Path) -> None:
    project = generate(tmp_path, level)
    home = tmp_path / "home"
    home.mkdir()
    script = "\n".join(BLOCK.findall((project / "README.md").read_text(encoding="utf-8")))
    assert "python -m venv" in script
    assert "--require-hashes" in script
    # The only python there is: no library of ours, no uv, no ladder.
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "python").symlink_to(
        Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
    )
    environment = {
        **{name: os.environ[name] for name in KEPT if name in os.environ},
        **IDENTITY,
        "HOME": str(home),
        "PATH": f"{bare}:/usr/local/bin:/usr/bin:/bin",
    }
    done = subprocess.run(
        [
            "bash",
            "-euo",
            "pipefail",
            "-c",
            f"trap 'kill $(jobs -p) 2>/dev/null' EXIT\n{script.replace('8000', str(free_port()))}",
        ],
        cwd=project,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=1800,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:]
    assert re.search(r"\d+ passed", done.stdout)
    result = read_result(project)
    assert result.brier < result.baseline
