"""docs/ci.md: what each job does and when, with what has to be set once at the provider."""

from __future__ import annotations

from pathlib import Path

from .description import Job, Workflow

SETUP = Path(__file__).parent / "setup"
TITLES = {"github": "GitHub Actions", "gitlab": "GitLab CI/CD", "azure": "Azure Pipelines", "jenkins": "Jenkins"}
WHEN = {
    "change": "every change, and main",
    "release": "code, data or parameters change on main; or by hand",
    "demand": "by hand",
}
INTRODUCTION = (
    "Every job starts from a clean checkout and installs exactly what is locked; its commands are those of the README."
)
REHEARSAL = """\
**Until `DEPLOY_ROOT` is set the jobs rehearse**: every command runs, on a machine that is thrown away, and the gate has
no champion to compare with. The model registry is a file on the machine that trains; for jobs on several machines to
share one, run an MLflow server and set its address as `MLFLOW_TRACKING_URI`.

A red check stops what comes after it: a change that fails `check` is neither trained nor released. Two releases at the
same time are kept apart by the provider; on a keyboard, by talking to each other."""


def text(provider: str, level: int, flows: tuple[Workflow, ...]) -> str:
    """Return the page for `provider` at `level`."""
    table = ["| job | when | does |", "| --- | --- | --- |"]
    table += [f"| `{job.name}` | {_when(flow)} | {_does(job)} |" for flow in flows for job in flow.jobs]
    parts = [f"# CI with {TITLES[provider]}", INTRODUCTION, "\n".join(table)]
    if level > 1:
        parts.append(REHEARSAL)
    parts += ["## Set up", (SETUP / f"{provider}-{min(level, 2)}.md").read_text(encoding="utf-8").strip()]
    if level > 2:
        parts.append((SETUP / f"{provider}-3.md").read_text(encoding="utf-8").strip())
    return "\n\n".join(parts) + "\n"


def _when(flow: Workflow) -> str:
    return WHEN.get(flow.on, f"schedule `{flow.cron}`")


def _does(job: Job) -> str:
    where = {"docker": " (needs a Docker engine)", "serving": " (on the machine that serves)"}.get(job.place, "")
    return f"{job.does}{where}"
