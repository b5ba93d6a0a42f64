"""Python source to a `Module`, by its syntax alone: imports, call sites with their names resolved, comparisons."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice

from generator.model.scan import Call, Command, Comparison, Function, Module, Said
from generator.scan import shell

LARGEST = 400_000
DEEPEST = 100
RUNNERS = frozenset(["subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output",
                     "subprocess.Popen", "os.system", "os.popen"])  # fmt: skip
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LONGEST_TEXT = 400
MOST_TEXTS = 400
REFUSALS = frozenset(["sys.exit", "exit", "quit", "os._exit"])


class Unparsed(Exception):  # noqa: N818 - it says what the file is
    """Source that is no Python of this version, or is nested to harm a parser; `reason` is a key of the room `scan`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def parse_module(source: str, path: str) -> Module:
    """Return what the syntax of `source` tells; `Unparsed` when it cannot be parsed safely."""
    tree = parse_source(source)
    nodes = sorted((node for node in ast.walk(tree) if hasattr(node, "lineno")), key=lambda node: node.lineno)
    names = _Names(path)
    for node in nodes:
        names.learn(node)
    refusals = [node.lineno for node in nodes if _refuses(node, names)]
    functions = tuple(_function(node, refusals) for node in nodes if isinstance(node, FUNCTIONS))
    calls = tuple(_calls(nodes, names, _Inside(functions)))
    return Module(
        path=path,
        imports=tuple(dict.fromkeys(names.imports)),
        calls=calls,
        comparisons=tuple(_comparisons(nodes, names, _Inside(functions))),
        commands=tuple(_commands(calls, path)),
        functions=functions,
        texts=tuple(_texts(nodes)),
        main=next((node.lineno for node in tree.body if _is_main_guard(node)), 0),
        refuses=next(iter(refusals), 0),
        asserts=sum(isinstance(node, ast.Assert) for node in nodes),
    )


def parse_source(source: str) -> ast.Module:
    """Return the syntax tree of `source`; `Unparsed` for what is too large, too deep or not Python."""
    if len(source) > LARGEST:
        raise Unparsed("scan.skip-large")
    if deepest(source) > DEEPEST:
        raise Unparsed("scan.skip-deep")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise Unparsed("scan.skip-python") from error


def deepest(source: str) -> int:
    """Return an upper bound of how deep `source` is nested: brackets, indentation, and runs of prefix operators."""
    depth = most = 0
    for letter in re.findall(r"[(\[{)\]}]", source):
        depth = depth + 1 if letter in "([{" else max(depth - 1, 0)
        most = max(most, depth)
    indents = max((len(indent) for indent in re.findall(r"^[ \t]+", source, re.MULTILINE)), default=0)
    prefixes = max((len(run) for run in re.findall(r"(?:[-+~]\s*|not\s+){20,}", source)), default=0)
    return max(most, indents // 4 if indents > 4 * DEEPEST else 0, prefixes)


def merge(path: str, parts: Iterable[Module]) -> Module:
    """Return the cells of a notebook as one module."""
    whole = Module(path=path, notebook=True)
    for part in parts:
        whole = replace(
            whole,
            imports=whole.imports + part.imports,
            calls=whole.calls + part.calls,
            comparisons=whole.comparisons + part.comparisons,
            commands=whole.commands + part.commands,
            functions=whole.functions + part.functions,
            texts=whole.texts + part.texts,
        )
    return whole


class _Names:
    """What a name stands for: an import, or the call whose result it was assigned."""

    def __init__(self, path: str) -> None:
        self.package = path.replace("\\", "/").split("/")[:-1]
        self.imports: list[str] = []
        self.known: dict[str, str] = {}

    def learn(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            self._import(node)
        elif isinstance(node, ast.ImportFrom):
            self._import_from(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call | ast.Await):
            self._assign(node.targets, node.value)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                self._assign([item.optional_vars] if item.optional_vars else [], item.context_expr)
        elif isinstance(node, ast.arg) and node.annotation is not None:
            self.known.setdefault(node.arg, self.resolve(node.annotation))

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            self.imports.append(alias.name)
            root = alias.name.split(".")[0]
            self.known[alias.asname or root] = alias.name if alias.asname else root

    def _import_from(self, node: ast.ImportFrom) -> None:
        base = node.module or ""
        if node.level:
            above = self.package[: len(self.package) - node.level + 1]
            base = ".".join([*above, *([base] if base else [])])
        for alias in node.names:
            full = f"{base}.{alias.name}" if base else alias.name
            self.imports += [base, full] if base else [full]
            self.known[alias.asname or alias.name] = full

    def _assign(self, targets: list[ast.expr], value: ast.expr) -> None:
        call = value.value if isinstance(value, ast.Await) else value
        name = self.resolve(call.func) if isinstance(call, ast.Call) else ""
        for target in targets:
            written = dotted(target)
            if written and name and not name.startswith(f"{written}."):
                self.known[written] = name

    def resolve(self, node: ast.AST) -> str:
        """Return the dotted name of `node` with what its beginning stands for put in; empty for what has none."""
        name = dotted(node)
        parts = name.split(".")
        for length in range(min(len(parts), 3), 0, -1):
            head = ".".join(parts[:length])
            if head in self.known:
                return ".".join([self.known[head], *parts[length:]])[:300]
        return name[:300]


def dotted(node: ast.AST) -> str:
    """Return `a.b.c` for attributes, string subscripts and calls along the way; empty for anything else."""
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Subscript):
            if isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
                parts.append(node.slice.value)
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        elif isinstance(node, ast.Await):
            node = node.value
        else:
            break
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


class _Inside:
    """The innermost function around each line, asked in the order of lines."""

    def __init__(self, functions: tuple[Function, ...]) -> None:
        self.coming = list(reversed(functions))
        self.open: list[Function] = []

    def at(self, line: int) -> str:
        while self.coming and self.coming[-1].first <= line:
            self.open.append(self.coming.pop())
        while self.open and self.open[-1].last < line:
            self.open.pop()
        return self.open[-1].name if self.open else ""


def _function(node: ast.FunctionDef | ast.AsyncFunctionDef, refusals: list[int]) -> Function:
    last = node.end_lineno or node.lineno
    refuses = any(node.lineno <= line <= last for line in refusals)
    parameters = tuple(part.arg for part in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs))
    return Function(name=node.name, first=node.lineno, last=last, parameters=parameters, refuses=refuses)


def _texts(nodes: Iterable[ast.AST]) -> Iterator[Said]:
    found = (node for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str))
    for node in islice(found, MOST_TEXTS):
        yield Said(text=str(node.value)[:LONGEST_TEXT], line=node.lineno)


def _calls(nodes: Iterable[ast.AST], names: _Names, inside: _Inside) -> Iterator[Call]:
    for node in nodes:
        if isinstance(node, ast.Call):
            yield _call(node, names, inside.at(node.lineno))
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            marks = [part for part in node.decorator_list if not isinstance(part, ast.Call)]
            marks += node.bases if isinstance(node, ast.ClassDef) else []
            for mark in marks:
                yield Call(name=names.resolve(mark), line=mark.lineno)


def _call(node: ast.Call, names: _Names, inside: str) -> Call:
    values = [*node.args, *(keyword.value for keyword in node.keywords)]
    parts = [part for value in values for part in (value.elts if isinstance(value, ast.List | ast.Tuple) else [value])]
    literals = [part.value[:200] for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    keywords = tuple(keyword.arg for keyword in node.keywords if keyword.arg)
    name = names.resolve(node.func)
    return Call(name=name, line=node.lineno, inside=inside, keywords=keywords, literals=tuple(literals[:12]))


def _comparisons(nodes: Iterable[ast.AST], names: _Names, inside: _Inside) -> Iterator[Comparison]:
    for node in nodes:
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Lt | ast.LtE | ast.Gt | ast.GtE):
            left, right = (_side(side, names) for side in (node.left, node.comparators[0]))
            yield Comparison(left=left, right=right, line=node.lineno, inside=inside.at(node.lineno))


def _side(node: ast.expr, names: _Names) -> str:
    if isinstance(node, ast.Constant):
        return f"={node.value!r}"[:40]
    if isinstance(node, ast.BinOp):
        return dotted(node.left) or dotted(node.right)
    return dotted(node) or names.resolve(node)


def _commands(calls: Iterable[Call], path: str) -> Iterator[Command]:
    for call in calls:
        if call.name in RUNNERS and call.literals:
            yield from shell.commands(" ".join(call.literals), path, call.line)


def _is_main_guard(node: ast.stmt) -> bool:
    if not isinstance(node, ast.If) or not isinstance(node.test, ast.Compare):
        return False
    return isinstance(node.test.left, ast.Name) and node.test.left.id == "__name__"


def _refuses(node: ast.AST, names: _Names) -> bool:
    if isinstance(node, ast.Raise):
        return node.exc is not None
    if isinstance(node, ast.Call) and names.resolve(node.func) in REFUSALS:
        first = node.args[0] if node.args else None
        return first is not None and not (isinstance(first, ast.Constant) and first.value == 0)
    return False
