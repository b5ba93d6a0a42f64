"""Containers: what a Dockerfile builds and starts, and the services of a compose file."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from posixpath import basename

from generator.model.scan import Act, Command, Fact, Place, Resource, Task, Trigger
from generator.scan import shell
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import as_list, as_map, line_of

STARTS = ("docker build", "docker compose up", "docker-compose up")
COMPOSE = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
SIGNS = (
    Sign(act=Act.PACKAGES, commands=phrases("docker build, docker buildx build, buildah bud, kaniko")),
    Sign(act=Act.PACKAGES, uses=names("docker/build-push-action")),
    Sign(act=Act.PROBES_HEALTH, resources=names("docker:healthcheck")),
    Sign(
        act=Act.DEPLOYS,
        commands=phrases("docker stack deploy, docker service update, docker-compose up, docker compose up"),
    ),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for what each image starts, and one for each service of a compose file."""
    for path in snapshot.paths:
        name = basename(path).lower()
        if name.startswith("dockerfile") or name.endswith((".dockerfile", "containerfile")):
            yield from _image(path, snapshot.text(path))
    for path in snapshot.named(*COMPOSE):
        for document in map(as_map, snapshot.yaml(path)):
            for name, service in as_map(document.get("services")).items():
                part = as_map(service)
                command = part.get("command") or part.get("entrypoint")
                words = " ".join(map(str, as_list(command)))
                commands = shell.commands(words, path, line_of(command)) if words else ()
                yield _task(path, name, line_of(part), commands)
                if "healthcheck" in part:
                    line = line_of(part["healthcheck"])
                    yield Resource(type="docker:healthcheck", name=name, place=Place(file=path, first=line, last=line))


def _image(path: str, text: str) -> Iterator[Fact]:
    started: tuple[Command, ...] = ()
    built: tuple[Command, ...] = ()
    line = 1
    for line, instruction, rest in _instructions(text):
        if instruction in {"CMD", "ENTRYPOINT"}:
            words = _exec(rest)
            started += shell.commands(words, path, line)
        elif instruction == "RUN":
            built += shell.commands(re.sub(r"^(--\S+\s+)+", "", rest), path, line)
        elif instruction == "HEALTHCHECK" and rest.strip().upper() != "NONE":
            yield Resource(type="docker:healthcheck", name=path, place=Place(file=path, first=line, last=line))
    yield _task(path, "", line, (*built, *started))


def _instructions(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield line, instruction and rest of each instruction, continued lines joined."""
    lines = text.splitlines()
    at = 0
    while at < len(lines):
        first, parts = at, []
        while True:
            line = lines[at]
            at += 1
            if not line.lstrip().startswith("#"):
                parts.append(line.rstrip("\\"))
            if not (line.rstrip().endswith("\\") or line.lstrip().startswith("#")) or at >= len(lines):
                break
        found = re.match(r"\s*([A-Za-z]+)\s+(.*)", " ".join(parts))
        if found:
            yield first + 1, found[1].upper(), found[2]


def _exec(rest: str) -> str:
    try:
        words = json.loads(rest)
    except (ValueError, RecursionError):
        return rest
    return " ".join(map(str, words)) if isinstance(words, list) else rest


def _task(path: str, name: str, line: int, commands: tuple[Command, ...]) -> Task:
    return Task(
        kind="image",
        ecosystem="docker",
        name=name,
        place=Place(file=path, first=line, last=line),
        triggers=frozenset({Trigger.HAND}),
        commands=commands,
    )
