"""The environments a release passes through; each is described by a file in config/."""

from __future__ import annotations

import getpass
import os
import tomllib
from dataclasses import dataclass
from pathlib import Path

from serving.releases import ReleaseError, Releases

CONFIG = Path("config")
PERSON = ("GITHUB_ACTOR", "GITLAB_USER_LOGIN", "BUILD_REQUESTEDFOR", "BUILD_USER_ID")
"""Where CI providers name the person behind a job."""


@dataclass(frozen=True, kw_only=True)
class Environment:
    """Where releases serve; `after` names the environment they must have served in before, None for the first."""

    name: str
    folder: Path
    port: int
    after: str | None
    slowest_ms: float

    @property
    def releases(self) -> Releases:
        """The releases of this environment."""
        return Releases(self.folder)

    @property
    def decisions(self) -> Path:
        """Where the gate's decision on each release is kept."""
        return self.folder / "decisions"


def read_environment(name: str, config: Path = CONFIG) -> Environment:
    """Return the environment described by `config`/`name`.toml; a release folder elsewhere is set by DEPLOY_ROOT."""
    path = config / f"{name}.toml"
    if not path.is_file():
        known = sorted(file.stem for file in config.glob("*.toml") if file.stem != "gate")
        raise ReleaseError(f"there is no environment {name}; {config}/ describes {', '.join(known)}")
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    return Environment(
        name=name,
        folder=Path(os.environ.get("DEPLOY_ROOT") or "deploy") / table["folder"],
        port=table["port"],
        after=table.get("after"),
        slowest_ms=float(table["smoke"]["slowest_ms"]),
    )


def actor() -> str:
    """Return who acts: the person behind the CI job, or else the user of this machine."""
    return next((os.environ[name] for name in PERSON if os.environ.get(name)), None) or getpass.getuser()
