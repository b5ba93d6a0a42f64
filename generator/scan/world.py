"""All facts of a scan as one graph: what starts what, and what each part does."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

from generator.model.scan import Act, Command, Fact, Module, Package, Place, Resource, Task, Trigger
from generator.scan import pycode
from generator.scan.code import Code, is_test
from generator.scan.habits import habits
from generator.scan.landing import landing_calls, landings
from generator.scan.signs import Vocabulary, in_order, names, plain

MOST_REACHED = 400
"""Parts followed from one start: enough for a real pipeline, too few to walk a monorepo once a task."""

MOST_SERVERS = 50
INTERPRETERS = frozenset(
    names(
        """python python3 ipython bash sh zsh source . torchrun deepspeed papermill jupyter streamlit spark-submit
        accelerate Rscript"""
    )
)
SERVERS = frozenset(["uvicorn", "gunicorn", "hypercorn", "celery", "granian", "waitress-serve", "faust", "arq"])
PATH = re.compile(r"[\w./-]+\.(py|sh|ya?ml|ipynb)")
RUNNABLE = (".py", ".sh", ".bash", ".ipynb")


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """One place that shows an act; `what` is the call, command, action or resource that does it."""

    act: Act
    place: Place
    what: str
    node: str
    swallowed: bool = False


class World:
    """The facts of one or several trees, asked by the probes; nothing here reads a disk."""

    def __init__(
        self, facts: Iterable[Fact], code: Code, vocabulary: Vocabulary, starts: Iterable[tuple[str, str]] = ()
    ) -> None:
        facts = tuple(facts)
        self.tasks = tuple(fact for fact in facts if isinstance(fact, Task))
        self.packages = tuple(fact for fact in facts if isinstance(fact, Package))
        self.resources = tuple(fact for fact in facts if isinstance(fact, Resource))
        self.code = code
        self.vocabulary = vocabulary
        self._starts = [(tuple(written.split()), ecosystem) for written, ecosystem in starts]
        self._by_node: dict[str, list[Task]] = {}
        self._by_ecosystem: dict[str, list[Task]] = {}
        for task in self.tasks:
            self._by_node.setdefault(task.file, []).append(task)
            self._by_node.setdefault(f"{task.file}#{task.name}", []).append(task)
            self._by_ecosystem.setdefault(task.ecosystem, []).append(task)
        self._edges: dict[str, tuple[str, ...]] = {}
        self._closures: dict[str, tuple[str, ...]] = {}
        self._own: dict[str, frozenset[Act]] = {}
        self._done: dict[str, frozenset[Act]] = {}
        self._sightings: dict[str, tuple[Sighting, ...]] = {}

    # -- the graph ------------------------------------------------------------------------------------------------

    def reached(self, task: Task) -> tuple[str, ...]:
        """Return the nodes that running `task` runs or imports: itself, other tasks, modules; tests are not entered."""
        return self.closure(node_of(task))

    def closure(self, node: str) -> tuple[str, ...]:
        """Return what starting at `node` runs or imports, nearest first."""
        if node not in self._closures:
            seen, queue = {node: None}, [node]
            while queue and len(seen) < MOST_REACHED:
                for following in self._edges_of(queue.pop(0)):
                    if following not in seen:
                        seen[following] = None
                        queue.append(following)
            self._closures[node] = tuple(seen)
        return self._closures[node]

    def _edges_of(self, node: str) -> tuple[str, ...]:
        if node not in self._edges:
            self._edges[node] = tuple(islice(dict.fromkeys(self.edges(node)), MOST_REACHED))
        return self._edges[node]

    def edges(self, node: str) -> Iterator[str]:
        """Yield the nodes that `node` starts or imports directly."""
        for task in self._by_node.get(node, ()):
            if not task.off:
                yield from self._of_task(task, node)
        module = self.module(node)
        if module:
            yield from filter(None, (self.code.of_name(name, node) for name in module.imports))
            for command in module.commands:
                yield from self.started(command)
            if any(call.name in pycode.RUNNERS for call in module.calls):
                yield from self._files_named(module)

    def _files_named(self, module: Module) -> Iterator[str]:
        """Yield what code that starts processes names as a file: a script, or a file of tasks."""
        for said in module.texts:
            if PATH.fullmatch(said.text):
                path = self.code.of_file(said.text, module.path)
                if path and (path in self._by_node or path.endswith(RUNNABLE)):
                    yield path

    def _of_task(self, task: Task, node: str) -> Iterator[str]:
        if node != node_of(task):
            yield node_of(task)
            return
        for run in task.runs:
            yield from self.named(run, task.file)
        for command in task.commands:
            yield from self.started(command)

    def named(self, run: str, near: str) -> Iterator[str]:
        """Yield the node that a task's `runs` means."""
        if run.startswith("module:"):
            yield from filter(None, [self.code.of_name(run.removeprefix("module:"), near)])
        elif run in self._by_node:
            yield run
        else:
            yield from filter(None, [self.code.of_file(run, near)])

    def started(self, command: Command) -> Iterator[str]:
        """Yield the files and tasks that a command starts."""
        words, near = plain(command.words), command.place.file
        if not words:
            return
        if words[0] != command.words[0] and command.words[1:2] == ("-m",):
            yield from filter(None, [self.code.of_module(words[0], near)])
        if words[0] in INTERPRETERS or command.words[0].startswith(("./", "../")) or words[0].endswith(RUNNABLE):
            written = [word for word in (command.words[0], *words[1:8]) if word.endswith(RUNNABLE)]
            yield from filter(None, (self.code.of_file(word, near) for word in written))
        if words[0] in SERVERS:
            targets = [word.split(":")[0] for word in words[1:] if re.fullmatch(r"[\w.]+:[\w.()]+", word)]
            yield from filter(None, (self.code.of_name(name, near) for name in targets))
        yield from self._ecosystem_tasks(words)

    def _ecosystem_tasks(self, words: tuple[str, ...]) -> Iterator[str]:
        for wanted, ecosystem in self._starts:
            if in_order(wanted, words):
                tasks = self._by_ecosystem.get(ecosystem, [])
                called = [task for task in tasks if task.name in words[1:]]
                default = tasks if len(wanted) > 1 else tasks[:1]
                yield from map(node_of, called or default)
        for task in self._by_ecosystem.get("packages", ()):
            if task.name == words[0]:
                yield node_of(task)

    def is_module(self, node: str) -> bool:
        """Return whether a node is a source file."""
        return node in self.code.snapshot and self.code.is_python(node)

    def module(self, node: str) -> Module | None:
        """Return the module of a node that is a source file or notebook."""
        return self.code.module(node) if self.is_module(node) else None

    # -- what the parts do ----------------------------------------------------------------------------------------

    def acts(self, node: str) -> tuple[Sighting, ...]:
        """Return what one node does by itself."""
        if node not in self._sightings:
            self._sightings[node] = tuple(self._seen(node))
        return self._sightings[node]

    def _seen(self, node: str) -> Iterator[Sighting]:
        for task in self._by_node.get(node, ()) if "#" in node or not self.module(node) else ():
            if not task.off and node == node_of(task):
                yield from self._task_acts(task, node)
        module = self.module(node)
        if module and not is_test(node):
            yield from self._module_acts(module, node)

    def _task_acts(self, task: Task, node: str) -> Iterator[Sighting]:
        for command in task.commands:
            yield from self._command_acts(command, node)
        for use in task.uses:
            for act in self.vocabulary.of_use(use):
                yield Sighting(act=act, place=use.place, what=use.name, node=node)

    def _command_acts(self, command: Command, node: str) -> Iterator[Sighting]:
        for act in self.vocabulary.of_command(command):
            what = " ".join(command.words)[:80]
            yield Sighting(act=act, place=command.place, what=what, node=node, swallowed=command.swallowed)

    def _module_acts(self, module: Module, node: str) -> Iterator[Sighting]:
        for call in module.calls:
            for act in self.vocabulary.of_call(call, module):
                place = Place(file=node, first=call.line, last=call.line)
                yield Sighting(act=act, place=place, what=f"{call.name}()", node=node)
        for command in module.commands:
            yield from self._command_acts(command, node)
        for call in landing_calls(module, self.landings):
            place = Place(file=node, first=call.line, last=call.line)
            yield Sighting(act=Act.DEPLOYS, place=place, what=f"{call.name}()", node=node)
        for habit in habits(module):
            place = Place(file=node, first=habit.line, last=habit.line)
            yield Sighting(act=habit.act, place=place, what=habit.what, node=node)

    @cached_property
    def landings(self) -> Mapping[str, str]:
        """The functions that switch what a server loads -> the module that holds them (see `landing`)."""
        servers = [module.path for module in self.modules if self._serves(module)][:MOST_SERVERS]
        return landings(module for path in servers for module in map(self.module, self.closure(path)) if module)

    def _serves(self, module: Module) -> bool:
        called = (act for call in module.calls for act in self.vocabulary.of_call(call, module))
        return not is_test(module.path) and Act.SERVES in called

    def does(self, node: str) -> frozenset[Act]:
        """Return the acts of one node."""
        if node not in self._own:
            self._own[node] = frozenset(sighting.act for sighting in self.acts(node))
        return self._own[node]

    def within(self, task: Task, *acts: Act) -> Iterator[Sighting]:
        """Yield where running `task` does one of `acts`, nearest first."""
        start = node_of(task)
        if start not in self._done:
            self._done[start] = frozenset().union(*map(self.does, self.reached(task)))
        if self._done[start].isdisjoint(acts):
            return
        for node in self.reached(task):
            if not self.does(node).isdisjoint(acts):
                yield from (sighting for sighting in self.acts(node) if sighting.act in acts)

    def reading(self, node: str) -> Iterator[Place]:
        """Yield where a module reads a table."""
        module = self.module(node)
        for call in module.calls if module else ():
            if re.match(r"(pandas|polars|dask.dataframe|pyspark.*)\.(read|scan)", call.name):
                yield Place(file=node, first=call.line, last=call.line)

    def declared(self, *acts: Act) -> Iterator[Sighting]:
        """Yield resources and dependencies that only declare one of `acts`."""
        for resource in self.resources:
            for act in set(self.vocabulary.of_resource(resource)) & set(acts):
                yield Sighting(act=act, place=resource.place, what=f"{resource.type} {resource.name}".strip(), node="")

    def depended(self, *acts: Act) -> Iterator[Sighting]:
        """Yield dependencies whose call sites would do one of `acts`."""
        for package in self.packages:
            for act in set(self.vocabulary.of_package(package)) & set(acts):
                yield Sighting(act=act, place=package.place, what=package.name, node="")

    # -- ways in --------------------------------------------------------------------------------------------------

    @cached_property
    def modules(self) -> tuple[Module, ...]:
        """The modules that import a library the vocabulary knows, tests among them."""
        return tuple(self.code.telling())

    @cached_property
    def mains(self) -> tuple[Task, ...]:
        """A task for each module that a person can start: it has a main guard, or is a plain script that acts."""
        modules = [module for module in self.modules if not module.notebook and not is_test(module.path)]
        return tuple(_by_hand(module, "main") for module in modules if module.main or not module.functions)

    @cached_property
    def notebooks(self) -> tuple[Task, ...]:
        """A task for each notebook."""
        return tuple(_by_hand(module, "notebook") for module in self.modules if module.notebook)

    def tests(self) -> Iterator[Module]:
        """Yield the test modules that some task's test command collects; none when nothing runs tests."""
        runs = any(True for task in self.tasks if not task.off for _ in self._own_tests(task))
        paths = (path for path in self.code.snapshot.ending(".py") if is_test(path)) if runs else ()
        yield from filter(None, map(self.code.module, list(paths)[:MOST_REACHED]))

    def _own_tests(self, task: Task) -> Iterator[Sighting]:
        yield from (sighting for sighting in self._task_acts(task, "") if sighting.act is Act.TESTS)

    def live(self, *kinds: str, triggers: frozenset[Trigger] = frozenset(Trigger)) -> Iterator[Task]:
        """Yield the tasks of `kinds` that are on and that one of `triggers` starts."""
        own = {"main": self.mains, "notebook": self.notebooks}
        for kind in kinds:
            for task in own.get(kind, self.tasks):
                if task.kind == kind and not task.off and task.triggers & triggers:
                    yield task


def node_of(task: Task) -> str:
    """Return the name of a task in the graph."""
    return f"{task.file}#{task.name}" if task.name else task.file


def _by_hand(module: Module, kind: str) -> Task:
    place = Place(file=module.path, first=module.main or 1, last=module.main or 1)
    return Task(kind=kind, ecosystem="python", name="", place=place, triggers=frozenset({Trigger.HAND}))
