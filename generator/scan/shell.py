"""Shell text to the commands it would run: parsed by the grammar of bash, wrappers taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from time import process_time
from typing import TYPE_CHECKING

from generator.model.scan import Command, Place

if TYPE_CHECKING:
    from tree_sitter import Node, Parser, Tree

LARGEST = 60_000
MOST_SECONDS = 0.5
"""Processor time for one script; one of 60 kB takes 0.02."""

CHUNK = 4096
SILENT = frozenset(["echo", "printf", ":", "true", "false", "cat", "cd", "set", "export", "exit", "sleep", "test", "["])
"""Commands that show or arrange and do nothing to the world."""

EXPRESSION = re.compile(r"\$\{\{.*?\}\}|\{\{.*?\}\}|\$\([\w.]+\)|<%.*?%>")
"""What a CI or template language fills in; the shell sees only its result."""

WRAPPERS = {
    "sudo": 1, "time": 1, "exec": 1, "nohup": 1, "command": 1, "env": 1, "nice": 1, "xvfb-run": 1, "timeout": 2,
    "poetry run": 2, "pipenv run": 2, "uv run": 2, "pdm run": 2, "hatch run": 2, "rye run": 2, "pixi run": 2,
    "conda run": 2, "micromamba run": 2, "coverage run": 2, "uvx": 1, "pipx run": 2, "dotenv run": 2, "xargs": 1,
    "accelerate launch": 2, "torchrun": 1, "mpirun": 1, "doppler run": 2,
}  # fmt: skip
"""Words that run another command, and how many there are."""

VALUED = frozenset(["-n", "--name", "-p", "--prefix", "-u", "--user", "--with", "--extra", "--group", "--python"])
"""Options of wrappers that take the next word."""


def commands(script: str, file: str, line: int = 1) -> tuple[Command, ...]:
    """Return the simple commands of `script`, which begins at `line` of `file`, in their order."""
    if len(script) > LARGEST:
        return ()
    plain = EXPRESSION.sub("EXPR", script)
    tree = _parsed(plain.encode())
    found = []
    for node, swallowed in _simple(tree.root_node) if tree else ():
        words = unwrapped(_words(node))
        if words:
            first = line + node.start_point[0]
            place = Place(file=file, first=first, last=line + node.end_point[0])
            found.append(Command(words=words, place=place, swallowed=swallowed))
            found += _inner(words, place, swallowed=swallowed)
    return tuple(found)


def unwrapped(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return a command without the words that only run another: `poetry run python train.py` is `python train.py`."""
    for _ in range(6):
        taken = WRAPPERS.get(" ".join(words[:2]), 0) or WRAPPERS.get(words[0] if words else "", 0)
        if not taken:
            break
        words = _without_options(words[taken:])
    return words


def _without_options(words: tuple[str, ...]) -> tuple[str, ...]:
    at = 0
    while at < len(words) and (words[at].startswith("-") or "=" in words[at].split("/")[0]):
        at += 2 if words[at] in VALUED else 1
    return words[at:]


CONTAINERS = {"docker run": 2, "docker exec": 2, "docker compose run": 3, "docker compose exec": 3, "podman run": 2,
              "docker-compose run": 2, "docker-compose exec": 2, "kubectl exec": 2, "apptainer exec": 2}  # fmt: skip
SWITCHES = frozenset(["--rm", "-it", "-t", "-i", "-d", "--detach", "-T", "--no-deps", "--init", "--privileged", "--"])


def _contained(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the command that `docker run image` and the like start in a container, nothing when there is none."""
    for length in (3, 2):
        taken = CONTAINERS.get(" ".join(words[:length]), 0)
        if taken:
            at = taken
            while at < len(words) and words[at].startswith("-"):
                at += 1 if words[at] in SWITCHES or "=" in words[at] else 2
            return unwrapped(words[at + 1 :])
    return ()


def _inner(words: tuple[str, ...], place: Place, *, swallowed: bool) -> Iterator[Command]:
    """Yield the commands inside `bash -c "..."`, and those started in a container."""
    contained = _contained(words)
    if contained:
        yield Command(words=contained, place=place, swallowed=swallowed)
        words = contained
    if words[0].rsplit("/", 1)[-1] in {"bash", "sh", "zsh", "ash"} and "-c" in words[:-1]:
        for command in commands(words[words.index("-c") + 1], place.file, place.first):
            yield Command(words=command.words, place=place, swallowed=swallowed or command.swallowed)


@cache
def _parser() -> Parser:
    import tree_sitter_bash
    from tree_sitter import Language, Parser

    return Parser(Language(tree_sitter_bash.language()))


def _parsed(script: bytes) -> Tree | None:
    """Return the syntax tree, None for text whose errors take the grammar longer than any script does."""
    start = process_time()
    parser = _parser()
    try:
        return parser.parse(
            lambda offset, _: script[offset : offset + CHUNK],
            progress_callback=lambda *_: process_time() - start > MOST_SECONDS,
        )
    except ValueError:
        parser.reset()
        return None


def _simple(root: Node) -> Iterator[tuple[Node, bool]]:
    """Yield every command below `root` in order and whether its failure is swallowed, without recursion."""
    stack: list[tuple[Node, bool]] = [(root, False)]
    while stack:
        node, swallowed = stack.pop()
        if node.type in {"command", "declaration_command"}:
            yield node, swallowed
        hidden = swallowed or node.type in {"command_substitution", "process_substitution"}
        stack += reversed([(child, hidden or _forgiven(node, child)) for child in node.children])


def _forgiven(parent: Node, child: Node) -> bool:
    """Return whether `child || true` keeps the failure of `child` from being seen."""
    if parent.type != "list" or len(parent.children) != 3 or parent.children[1].type != "||":
        return False
    first = _words(parent.children[2])[:1] if parent.children[2].type == "command" else ()
    return child == parent.children[0] and bool(first) and first[0] in {"true", ":", "echo", "printf"}


def _words(node: Node) -> tuple[str, ...]:
    words = []
    for child in node.children:
        if child.type == "variable_assignment" or child.type.endswith("redirect"):
            continue
        words.append(_unquoted((child.text or b"").decode(errors="replace")))
    return tuple(words)


def _unquoted(word: str) -> str:
    if len(word) > 1 and word[0] == word[-1] and word[0] in "\"'":
        return word[1:-1]
    return word.replace('"', "").replace("'", "").replace("\\\n", "")
