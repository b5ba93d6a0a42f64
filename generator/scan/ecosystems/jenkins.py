"""Jenkins: stages of declarative and scripted pipelines, read by a tokenizer that forgives what it does not know.

Groovy has no maintained parser in Python that takes both dialects; blocks, strings and comments are all that is needed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import basename

from generator.model.scan import Command, Fact, Place, Task, Trigger, Use
from generator.scan import shell
from generator.scan.snapshot import Snapshot

LARGEST = 200_000
TOKEN = re.compile(r"""//[^\n]*|/\*|\"{3}|'{3}|["']|[A-Za-z_][\w.]*|[{}()\[\],:;=]""")
SHELLS = frozenset(["sh", "bat", "powershell", "pwsh"])
DEEPEST = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


@dataclass(slots=True)
class _Stage:
    """A stage being read: what it is called, how deep it is open, and what was found in it."""

    name: str
    line: int
    depth: int
    commands: list[Command] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    off: str = ""
    approved: bool = False


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each stage of each Jenkinsfile, whatever its suffix."""
    for path in snapshot.paths:
        name = basename(path).lower()
        if name.startswith("jenkinsfile") or name.endswith((".jenkinsfile", ".groovy")):
            text = snapshot.text(path)[:LARGEST]
            if re.search(r"\b(pipeline|node|stage)\b", text):
                yield from _pipeline(path, text)


def _pipeline(path: str, text: str) -> Iterator[Fact]:
    tokens = list(_tokens(text))
    triggers = {Trigger.PUSH}
    if any(_called(tokens, at, "cron") for at in range(len(tokens))):
        triggers.add(Trigger.SCHEDULE)
    for stage in _stages(path, tokens):
        yield Task(
            kind="ci",
            ecosystem="jenkins",
            name=stage.name,
            place=Place(file=path, first=stage.line, last=stage.line),
            triggers=frozenset(triggers),
            commands=tuple(stage.commands),
            uses=tuple(stage.uses),
            approved=stage.approved,
            environment=_environment(stage.commands),
            off=stage.off,
        )


TARGETS = ("--environment", "--env", "--stage")


def _environment(commands: list[Command]) -> str:
    """Return the environment a stage delivers to: Jenkins names none, so what its commands are told counts."""
    words = [word for command in commands for word in command.words]
    named = (words[at + 1] for at, word in enumerate(words[:-1]) if word in TARGETS)
    return next(named, "")


def _tokens(text: str) -> Iterator[_Token]:
    """Yield words, marks and whole strings; linear in the text, whatever is left open."""
    line, at, counted = 1, 0, 0
    missing: set[str] = set()
    while found := TOKEN.search(text, at):
        line, counted = line + text.count("\n", counted, found.start()), found.start()
        opened, at = found[0], found.end()
        if opened in CLOSERS:
            end = -1 if opened in missing else _close(text, opened, at)
            if end < 0:
                missing.add(opened)
                continue
            if opened != "/*":
                yield _Token(kind="text", text=text[found.start() : end], line=line)
            at = end
        elif not opened.startswith("//"):
            yield _Token(kind="word" if opened[0].isalpha() or opened[0] == "_" else "mark", text=opened, line=line)


CLOSERS = {"/*": "*/", '"""': '"""', "'''": "'''", '"': '"', "'": "'"}


def _close(text: str, opened: str, start: int) -> int:
    """Return where what `opened` ends, -1 when it does not; a string in single quotes ends on its line."""
    closer = CLOSERS[opened]
    limit = text.find("\n", start) if len(opened) == 1 else -1
    limit = len(text) if limit < 0 else limit
    at = text.find(closer, start, limit)
    while len(opened) == 1 and at > 0 and _escaped(text, start, at):
        at = text.find(closer, at + 1, limit)
    return at + len(closer) if at >= 0 else (limit if len(opened) == 1 else -1)


def _escaped(text: str, start: int, at: int) -> bool:
    slashes = 0
    while at - slashes > start and text[at - slashes - 1] == "\\":
        slashes += 1
    return slashes % 2 == 1


def _called(tokens: list[_Token], at: int, name: str) -> bool:
    following = tokens[at + 1 : at + 3]
    return tokens[at].text == name and any(token.kind == "text" for token in following)


def _stages(path: str, tokens: list[_Token]) -> Iterator[_Stage]:
    """Yield every stage that holds steps of its own; commands outside a stage belong to one without a name."""
    open_stages, depth = [_Stage(name="pipeline", line=1, depth=-1)], 0
    done: list[_Stage] = []
    for at, token in enumerate(tokens):
        depth = max(depth + (token.text == "{") - (token.text == "}"), 0)
        if token.text == "}" and len(open_stages) > 1 and depth <= open_stages[-1].depth:
            done.append(open_stages.pop())
        elif token.kind == "word" and _called(tokens, at, "stage") and len(open_stages) < DEEPEST:
            open_stages.append(_stage(tokens, at, depth, open_stages[-1]))
        elif token.kind == "word":
            _step(path, tokens, at, open_stages[-1])
    yield from (stage for stage in (*done, *open_stages) if stage.commands or stage.uses)


def _stage(tokens: list[_Token], at: int, depth: int, around: _Stage) -> _Stage:
    name = _string(tokens, at)
    return _Stage(name=name.text if name else "", line=tokens[at].line, depth=depth, off=around.off)


def _step(path: str, tokens: list[_Token], at: int, stage: _Stage) -> None:
    token = tokens[at]
    if token.text in SHELLS:
        script = _string(tokens, _script(tokens, at))
        if script:
            swallowed = any(one.text == "returnStatus" for one in tokens[at : at + 12])
            found = shell.commands(script.text, path, script.line)
            stage.commands += [_hidden(command) if swallowed else command for command in found]
    elif token.text == "input":
        stage.approved = True
    elif token.text == "expression" and [one.text for one in tokens[at + 1 : at + 4]] in NEVER:
        stage.off = "scan.off-condition"
    elif token.text == "build" and _string(tokens, at):
        place = Place(file=path, first=token.line, last=token.line)
        stage.uses.append(Use(name=f"jenkins:build {getattr(_string(tokens, at), 'text', '')}", place=place))


NEVER = (["{", "false", "}"], ["{", "return", "false"])


def _hidden(command: Command) -> Command:
    return Command(words=command.words, place=command.place, swallowed=True)


def _script(tokens: list[_Token], at: int) -> int:
    """Return where the script of a shell step begins: at `script:` where the step names its arguments."""
    for place in range(at + 1, min(at + 8, len(tokens) - 1)):
        if tokens[place].text == "script" and tokens[place + 1].text == ":":
            return place
    return at


def _string(tokens: list[_Token], at: int) -> _Token | None:
    """Return the first string of the call at `at`, without quotes; None when the call has none."""
    for token in tokens[at + 1 : at + 7]:
        if token.kind == "text":
            width = 3 if token.text[:3] in {'"""', "'''"} else 1
            return _Token(kind="text", text=token.text[width:-width], line=token.line)
        if token.text in {"{", "}", ";"}:
            return None
    return None
