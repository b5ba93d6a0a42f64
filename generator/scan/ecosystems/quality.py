"""Tools that test, lint, look for secrets and known holes, load and sign."""

from __future__ import annotations

from generator.model.scan import Act
from generator.scan.signs import Sign, names, phrases

SIGNS = (
    Sign(act=Act.TESTS, commands=phrases("pytest, py.test, unittest, nose2, nosetests, tox, nox, behave, hatch test")),
    Sign(
        act=Act.LINTS,
        commands=phrases("ruff, flake8, pylint, mypy, pyright, black, isort, pre-commit, basedpyright, pytype"),
    ),
    Sign(
        act=Act.FINDS_SECRETS, commands=phrases("detect-secrets-hook, detect-secrets, gitleaks, trufflehog, ggshield")
    ),
    Sign(
        act=Act.AUDITS, commands=phrases("pip-audit, safety, trivy, grype, bandit, snyk, osv-scanner, semgrep, checkov")
    ),
    Sign(
        act=Act.LOAD_TESTS,
        commands=phrases("locust, k6 run, vegeta attack, ab, wrk, hey, artillery run, bombardier, jmeter"),
        calls=names("locust.*"),
        packages=names("locust"),
    ),
    Sign(act=Act.SIGNS, commands=phrases("cosign sign, cosign attest, gpg --detach-sign")),
)
