"""The shape of the house: arrows point down, one module prints, rooms stay small, sentences are data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest
import yaml

PACKAGE = Path(__file__).parent.parent / "generator"
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "_templates" not in path.parts)

LAYERS = [
    {"generator", "generator.text", "generator.columns"},
    {"generator.errors"},
    {"generator.model", "generator.yamlfile"},
    {
        "generator.assess.agreement",
        "generator.assess.answersedit",
        "generator.assess.crosswalk",
        "generator.assess.explain",
        "generator.assess.history",
        "generator.assess.interview",
        "generator.assess.judge",
        "generator.assess.panel",
        "generator.assess.plan",
        "generator.assess.reading",
        "generator.assess.roadmap",
        "generator.assess.score",
        "generator.assess.support",
        "generator.assess.target",
        "generator.replay.document",
        "generator.replay.draw",
        "generator.replay.inside",
        "generator.replay.page",
        "generator.replay.plan",
        "generator.replay.score",
        "generator.report",
        "generator.scaffold.check",
        "generator.scaffold.compare",
        "generator.scaffold.diff3",
        "generator.scaffold.jenkinsfile",
        "generator.scaffold.names",
        "generator.scaffold.pipelines",
        "generator.scaffold.plan",
        "generator.data.bounds",
        "generator.data.cells",
        "generator.data.headers",
        "generator.data.infer",
        "generator.data.kinds",
        "generator.data.overlay",
    },
    {
        "generator.scan.beside",
        "generator.scan.budget",
        "generator.scan.catalog",
        "generator.scan.code",
        "generator.scan.ecosystems",
        "generator.scan.flows",
        "generator.scan.habits",
        "generator.scan.history",
        "generator.scan.judge",
        "generator.scan.kind",
        "generator.scan.landing",
        "generator.scan.notebook",
        "generator.scan.probes",
        "generator.scan.pycode",
        "generator.scan.say",
        "generator.scan.shell",
        "generator.scan.signs",
        "generator.scan.snapshot",
        "generator.scan.world",
        "generator.scan.yamltree",
    },
    {
        "generator.assess.answersfile",
        "generator.assess.answersreader",
        "generator.assess.bank",
        "generator.assess.bankcheck",
        "generator.assess.evidence",
        "generator.assess.lineread",
        "generator.assess.portfolio",
        "generator.scaffold.base",
        "generator.scaffold.git",
        "generator.scaffold.journal",
        "generator.scaffold.levels",
        "generator.scaffold.merge",
        "generator.scaffold.project",
        "generator.scaffold.render",
        "generator.scaffold.settle",
        "generator.scaffold.survey",
        "generator.scan.disk",
        "generator.scan.gitlog",
        "generator.scan.past",
        "generator.scan.store",
        "generator.data.profile",
        "generator.data.source",
    },
    {"generator.output"},
    {"generator.data.api"},
    {
        "generator.api",
        "generator.documents",
        "generator.scaffold.api",
        "generator.scaffold.climb",
        "generator.scan.api",
        "generator.scan.past",
    },
    {
        "generator.console",
        "generator.assess.prompts",
        "generator.assess.dialogue",
        "generator.firstrun",
        "generator.replay.run",
    },
    {"generator.commands", "generator.cli", "generator.__main__"},
]

PASSAGES = {
    "generator",
    "generator.assess",
    "generator.data",
    "generator.replay",
    "generator.scaffold",
    "generator.scan",
}
"""Packages whose `__init__` holds nothing."""


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def lies_in(module: str, layer: set[str]) -> bool:
    return any(module == room or module.startswith(f"{room}.") for room in layer - {"generator"})


def layer_of(module: str) -> int:
    if module in PASSAGES:
        return 0
    return next((index for index, layer in enumerate(LAYERS) if lies_in(module, layer)), 0)


def imports(path: Path, *, lazy: bool) -> Iterator[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree) if lazy else tree.body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "generator")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "generator":
            for alias in node.names:
                candidate = f"{node.module}.{alias.name}"
                yield candidate if any(name_of(other) == candidate for other in MODULES) else node.module


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_are_absolute_so_that_the_arrows_are_seen(path: Path) -> None:
    assert [node.lineno for node in nodes(path) if isinstance(node, ast.ImportFrom) and node.level] == []


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_point_down(path: Path) -> None:
    own = layer_of(name_of(path))
    higher = [name for name in imports(path, lazy=True) if layer_of(name) > own]
    assert not higher, f"{name_of(path)} is below {higher}"


def test_every_module_has_its_layer() -> None:
    names = set(map(name_of, MODULES)) - PASSAGES
    assert sorted(name for name in names if not any(lies_in(name, layer) for layer in LAYERS)) == []


def test_there_is_no_import_cycle() -> None:
    graph = {name_of(path): set(imports(path, lazy=True)) - {name_of(path)} for path in MODULES}
    TopologicalSorter(graph).prepare()


def nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_only_console_prints(path: Path) -> None:
    calls = {ast.unparse(node.func) for node in nodes(path) if isinstance(node, ast.Call)}
    assert name_of(path) == "generator.console" or not calls & {"print", "sys.stdout.write", "sys.stderr.write"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 350
    for node in nodes(path):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 40, f"{name_of(path)}.{node.name}"


def public(body: list[ast.stmt]) -> Iterator[ast.FunctionDef | ast.ClassDef]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body)


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_what_is_public_says_what_it_does(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree)
    assert [node.name for node in public(tree.body) if not ast.get_docstring(node)] == []


def calls_that_speak(path: Path) -> Iterator[ast.Call]:
    """Yield the calls whose words reach a person: LadderError(...), say(...), tell(...) and warn(...)."""
    for node in nodes(path):
        if isinstance(node, ast.Call) and re.search(
            r"(^|\.)(LadderError|UsageError|say|tell|warn)$", ast.unparse(node.func)
        ):
            yield node


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_no_sentence_is_spoken_from_code(path: Path) -> None:
    parts = [part for call in calls_that_speak(path) for part in ast.walk(call) if isinstance(part, ast.Constant)]
    sentences = [part.value for part in parts if isinstance(part.value, str) and len(part.value.split()) >= 4]
    assert sentences == []


def keys_in_code() -> set[str]:
    """Return every message key in the code; one that is put together ends with a star after its fixed beginning."""
    found = set()
    for path in MODULES:
        tree = nodes(path)
        inside = {id(part) for node in tree if isinstance(node, ast.JoinedStr) for part in node.values}
        for node in tree:
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
                if re.fullmatch(r"[a-z]+\.[a-z0-9-]+", node.value):
                    found.add(node.value)
            elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
                found.add(f"{node.values[0].value}*")
    return found


def catalogue() -> set[str]:
    files = (PACKAGE / "locale/en/messages").glob("*.yaml")
    return {f"{file.stem}.{key}" for file in files for key in yaml.safe_load(file.read_text(encoding="utf-8"))}


def test_every_sentence_in_the_catalogue_is_said_somewhere() -> None:
    used = keys_in_code()
    prefixes = tuple(key[:-1] for key in used if key.endswith("*") and "." in key)
    assert sorted(key for key in catalogue() if key not in used and not key.startswith(prefixes)) == []


def test_every_sentence_said_is_in_the_catalogue() -> None:
    rooms = {key.split(".")[0] for key in catalogue()}
    said = {key for key in keys_in_code() if key.split(".")[0] in rooms and not key.endswith("*")}
    files = {"bank.schema", "score.schema", "data.toml"}
    assert sorted(said - catalogue() - files) == []
