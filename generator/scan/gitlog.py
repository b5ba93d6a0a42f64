"""Reads a repository's history with git, bounded, and so that nothing the repository configures is ever run."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Timer

from generator.model.past import Commit, History, Tag

MOST_COMMITS = 2_000
MOST_TAGS = 1_000
MOST_BYTES = 16_000_000
SECONDS = 10.0
FIELDS = 8

HARMLESS = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_ATTR_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_PAGER": "",
    "LC_ALL": "C",
}
"""No configuration but the repository's own, no prompt, no lock, and no protocol by which missing objects could be
fetched: a partial clone that names a remote helper would otherwise run it."""

OVERRIDES = (
    "core.fsmonitor=false",
    f"core.hooksPath={os.devnull}",
    f"core.attributesFile={os.devnull}",
    f"core.excludesFile={os.devnull}",
    "core.pager=",
    "core.sshCommand=false",
    "core.alternateRefsCommand=",
    "diff.external=",
    "gpg.program=false",
    "log.showSignature=false",
    "protocol.allow=never",
    "safe.directory=*",
)
"""What the repository's own configuration could have git run or read; given on the command line it is overruled.
`safe.directory` may be wide because of the others: a checkout owned by another user is common in CI."""


def read_history(root: Path) -> History | None:
    """Return the newest commits and tags of the repository whose top is `root`, None where there is none or no git."""
    git = shutil.which("git")
    if git is None or not (root / ".git").exists():
        return None
    head = _output(git, root, "rev-parse", "--is-shallow-repository")
    if head is None:
        return None
    shallow = head[0].strip() == b"true"
    mark = secrets.token_hex(12)
    commits, cut = _commits(git, root, mark)
    tags, more = _tags(git, root)
    return History(commits=commits, tags=tags, shallow=shallow, cut=cut or more)


def _commits(git: str, root: Path, mark: str) -> tuple[tuple[Commit, ...], bool]:
    form = "%x00".join(["", mark, "%H", "%P", "%at", "%ct", "%an", "%ae", "%s", ""])
    read = _output(
        git, root, "log", "-z", f"--max-count={MOST_COMMITS + 1}", "--name-only", "--no-renames", "--no-ext-diff",
        "--no-textconv", "--no-show-signature", "--no-mailmap", "--no-color", f"--format={form}", "HEAD", "--",
    )  # fmt: skip
    if read is None:
        return (), False
    output, stopped = read
    found = list(_parsed(output.decode("utf-8", errors="replace").split("\0"), mark))
    if stopped and found:
        found.pop()
    return tuple(found[:MOST_COMMITS]), stopped or len(found) > MOST_COMMITS


def _parsed(tokens: list[str], mark: str) -> Iterator[Commit]:
    starts = [at for at, token in enumerate(tokens) if token.strip("\n") == mark]
    for at, end in zip(starts, [*starts[1:], len(tokens)], strict=True):
        if end - at < FIELDS:
            continue
        sha, parents, written, made, author, email, subject = tokens[at + 1 : at + FIELDS]
        paths = (token.removeprefix("\n") for token in tokens[at + FIELDS : end])
        yield Commit(
            sha=sha,
            parents=len(parents.split()),
            written=_number(written),
            made=_number(made),
            author=author,
            email=email,
            subject=subject,
            paths=tuple(path for path in paths if path),
        )


def _tags(git: str, root: Path) -> tuple[tuple[Tag, ...], bool]:
    read = _output(
        git, root, "for-each-ref", f"--count={MOST_TAGS + 1}", "--sort=-creatordate",
        "--format=%(refname:strip=2)%00%(creatordate:unix)", "refs/tags",
    )  # fmt: skip
    if read is None:
        return (), False
    lines = [line.split("\0") for line in read[0].decode("utf-8", errors="replace").splitlines()]
    tags = [Tag(name=parts[0], made=_number(parts[1])) for parts in lines if len(parts) == 2 and parts[1]]
    return tuple(tags[:MOST_TAGS]), read[1] or len(tags) > MOST_TAGS


def _number(written: str) -> int:
    return int(written) if written.lstrip("-").isdecimal() else 0


def _output(git: str, root: Path, *words: str) -> tuple[bytes, bool] | None:
    """Return what git printed, and whether a bound of size or time stopped it; None when git refused."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    settings = [part for setting in OVERRIDES for part in ("-c", setting)]
    command = [git, "--no-pager", "--literal-pathspecs", f"--git-dir={root / '.git'}", *settings, *words]
    with subprocess.Popen(
        command,
        cwd=root,
        env={**kept, **HARMLESS},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as process:
        late = Timer(SECONDS, process.kill)
        late.start()
        try:
            output = process.stdout.read(MOST_BYTES + 1) if process.stdout else b""
            full = len(output) > MOST_BYTES
            if full:
                with suppress(OSError):
                    process.kill()
            code = process.wait()
        finally:
            late.cancel()
    if code != 0 and not output:
        return None
    return output[:MOST_BYTES], full or code < 0
