"""Google Cloud Build: steps of build files wherever they lie; what triggers them is read where the tree says it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from posixpath import basename

from generator.model.scan import Act, Command, Fact, Place, Task, Trigger
from generator.scan import shell
from generator.scan.signs import Sign, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

STARTS = ("gcloud builds submit",)
SHELLS = frozenset(["sh", "bash"])
PROGRAMS = {"executor": "docker build", "cloud-sdk": "gcloud", "google-cloud-cli": "gcloud", "pack": "docker build"}
"""Builder images that are no command by their own name."""

SIGNS = (Sign(act=Act.DEPLOYS, commands=phrases("gcloud deploy releases create, gcloud beta run deploy")),)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each build file; one that no trigger of the tree names is started by hand."""
    triggers = dict(_triggers(snapshot))
    for path in snapshot.ending(".yaml", ".yml", ".json"):
        text = snapshot.text(path)
        if "steps" not in text or ("cloudbuild" not in path.lower() and "gcr.io/" not in text):
            continue
        build = as_map(next(iter(snapshot.yaml(path)), None))
        steps = [as_map(step) for step in as_list(build.get("steps"))]
        if steps and all(step.get("name") for step in steps):
            yield Task(
                kind="ci",
                ecosystem="cloudbuild",
                name="",
                place=Place(file=path, first=line_of(build), last=line_of(steps[-1])),
                triggers=triggers.get(path, frozenset({Trigger.HAND})),
                commands=tuple(command for step in steps for command in _commands(path, step)),
            )


def _triggers(snapshot: Snapshot) -> Iterator[tuple[str, frozenset[Trigger]]]:
    """Yield what exported triggers (`gcloud builds triggers export`) name: a build file and what starts it."""
    for path in snapshot.ending(".yaml", ".yml"):
        text = snapshot.text(path)
        if "filename:" not in text or not any(word in text for word in ("github:", "triggerTemplate:", "repository")):
            continue
        for trigger in map(as_map, snapshot.yaml(path)):
            filename, host = str(trigger.get("filename") or ""), as_map(trigger.get("github"))
            template = as_map(trigger.get("triggerTemplate"))
            if not filename or str(trigger.get("disabled", "")).lower() == "true":
                continue
            push = as_map(host.get("push")) or template
            found = {Trigger.PULL_REQUEST} if "pullRequest" in host else set()
            found |= {Trigger.TAG if push.get("tag") or push.get("tagName") else Trigger.PUSH} if push else set()
            yield filename.lstrip("/"), frozenset(found)


def _commands(path: str, step: Map) -> Iterator[Command]:
    line = line_of(step)
    if step.get("script"):
        yield from shell.commands(str(step["script"]), path, line_of(step["script"]))
        return
    args = [str(arg) for arg in as_list(step.get("args"))]
    program = str(step.get("entrypoint") or "")
    if basename(program) in SHELLS:
        for given in as_list(step.get("args")):
            if not str(given).startswith("-"):
                yield from shell.commands(str(given).replace("$$", "$"), path, line_of(given))
        return
    image = basename(str(step["name"]).split("@")[0]).split(":")[0]
    words = [program] if program else PROGRAMS.get(image, image).split()
    yield from shell.commands(shlex.join([*words, *args]), path, line)
