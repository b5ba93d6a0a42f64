"""One name for each group of checks: `nox -s tests`, `lint`, `types`, `generated`, `literal`."""

import nox

nox.options.sessions = ["lint", "types", "tests"]
nox.options.default_venv_backend = "none"


@nox.session
def lint(session: nox.Session) -> None:
    """Style of the tool, of its tests, and of the templates' code where it lies."""
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")


@nox.session
def types(session: nox.Session) -> None:
    """Types of the tool."""
    session.run("mypy")


@nox.session
def tests(session: nox.Session) -> None:
    """The tests, the generated projects left out: seconds."""
    session.run("pytest", "-m", "not generated", *session.posargs)


@nox.session
def generated(session: nox.Session) -> None:
    """Every level generated, its README followed, its promises broken on purpose: minutes."""
    session.run("pytest", "-m", "generated", *session.posargs)


@nox.session
def literal(session: nox.Session) -> None:
    """Every line of every generated README, pip and all, in empty environments: a quarter of an hour."""
    session.run("pytest", "-m", "slow", "tests/templates/test_literal.py", *session.posargs)


@nox.session
def ci(session: nox.Session) -> None:
    """The CI files of generated projects executed, provider by provider: minutes."""
    session.run("pytest", "-m", "needs_ci_tools", *session.posargs)


@nox.session
def containers(session: nox.Session) -> None:
    """The image of a generated project built and run, with the deploy job's own commands against it."""
    session.run("pytest", "-m", "needs_docker", *session.posargs)


@nox.session
def own(session: nox.Session) -> None:
    """The README of each task's own-data project at levels 0 to 2, followed to its end: a quarter of an hour."""
    session.run("pytest", "-m", "slow", "tests/data/test_own_projects.py", *session.posargs)


@nox.session
def sync(session: nox.Session) -> None:
    """Copy files that a level owns up to the levels that must hold the same bytes."""
    session.run("python", "tools/sync.py", *session.posargs)
