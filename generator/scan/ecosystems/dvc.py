"""DVC: stages with what they read and write, and data versioned by pointer files."""

from __future__ import annotations

from collections.abc import Iterator

from generator.model.scan import Act, Fact, Place, Resource, Task, Trigger
from generator.scan import shell
from generator.scan.signs import Sign, names, phrases
from generator.scan.snapshot import Snapshot
from generator.scan.yamltree import Map, as_list, as_map, line_of

STARTS = ("dvc repro", "dvc exp run")
SIGNS = (
    Sign(act=Act.RUNS_PIPELINE, commands=STARTS),
    Sign(
        act=Act.VERSIONS_DATA,
        commands=phrases("dvc push, dvc pull, dvc repro"),
        resources=names("dvc:lock dvc:pointer dvc:outputs"),
        calls=names("dvc.api.*"),
        packages=names("dvc"),
    ),
    Sign(act=Act.ACQUIRES, commands=phrases("dvc pull, dvc import, dvc import-url, dvc get")),
    Sign(act=Act.TRACKS, calls=names("dvclive.Live*"), packages=names("dvclive")),
    Sign(act=Act.LOGS_PARAMETERS, calls=names("dvclive.Live.log_param*")),
    Sign(act=Act.READS_PARAMETERS, resources=names("dvc:params"), calls=names("dvc.api.params_show")),
    Sign(act=Act.EVALUATES, resources=names("dvc:metrics")),
    Sign(act=Act.REGISTERS, commands=phrases("gto register"), uses=names("iterative/gto-action")),
    Sign(act=Act.PROMOTES, commands=phrases("gto assign")),
    Sign(act=Act.COMPARES, commands=phrases("dvc metrics diff, dvc exp diff")),
)


def read(snapshot: Snapshot) -> Iterator[Fact]:
    """Yield one task for each stage, and a resource for each lock, parameter list and pointer file."""
    for path in snapshot.named("dvc.yaml"):
        for document in snapshot.yaml(path):
            for name, stage in as_map(as_map(document).get("stages")).items():
                yield from _stage(path, name, as_map(stage))
    for path in snapshot.named("dvc.lock"):
        yield Resource(type="dvc:lock", name=path, place=Place(file=path))
    for path in snapshot.ending(".dvc"):
        if path.endswith(".dvc") and as_map(next(iter(snapshot.yaml(path)), None)).get("outs"):
            yield Resource(type="dvc:pointer", name=path, place=Place(file=path))


def _stage(path: str, name: str, stage: Map) -> Iterator[Fact]:
    each = "foreach" in stage or "matrix" in stage
    inner = as_map(stage.get("do")) if "foreach" in stage else stage
    written = as_list(inner.get("cmd"))
    place = Place(file=path, first=line_of(stage), last=line_of(written[-1] if written else stage))
    yield Task(
        kind="stage",
        ecosystem="dvc",
        name=name,
        place=place,
        triggers=frozenset({Trigger.HAND}),
        commands=tuple(found for cmd in written for found in shell.commands(_filled(str(cmd)), path, line_of(cmd))),
        reads=_paths(inner, "deps"),
        writes=_paths(inner, "outs") + _paths(inner, "metrics") + _paths(inner, "plots"),
        off="scan.off-frozen" if str(stage.get("frozen", "")).lower() == "true" and not each else "",
    )
    if inner.get("params"):
        yield Resource(type="dvc:params", name=name, place=place)
    if inner.get("outs"):
        yield Resource(type="dvc:outputs", name=name, place=place)
    if inner.get("metrics"):
        yield Resource(type="dvc:metrics", name=name, place=place)


def _filled(command: str) -> str:
    return command.replace("${", "{").replace("\n", " ") if "\\\n" in command else command.replace("${", "{")


def _paths(stage: Map, key: str) -> tuple[str, ...]:
    return tuple(str(next(iter(item), "")) if isinstance(item, Map) else str(item) for item in as_list(stage.get(key)))
