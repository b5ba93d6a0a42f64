"""The vocabulary of an ecosystem: which calls, commands, ready-made steps and resources do what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from posixpath import basename

from generator.model.scan import Act, Call, Command, Module, Package, Resource, Use


@dataclass(frozen=True, kw_only=True, slots=True)
class Sign:
    """What shows an act. Each tuple holds alternatives.

    `calls`, `uses` and `resources` are glob patterns of resolved names; a call that begins with a star counts only in a
    module that imports one of `beside`, and none counts that also fits `unless`. `commands` are words that appear in
    this order, options between them allowed.
    `packages` only declare: they never show more than that.
    """

    act: Act
    calls: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    commands: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()


def names(written: str) -> tuple[str, ...]:
    """Return the names in `written`, parted by white space."""
    return tuple(written.split())


def phrases(written: str) -> tuple[str, ...]:
    """Return the phrases in `written`, parted by commas."""
    return tuple(" ".join(part.split()) for part in written.split(","))


class Vocabulary:
    """All signs together, indexed by how a name begins."""

    def __init__(self, signs: Iterable[Sign]) -> None:
        self.signs = tuple(signs)
        self._calls: dict[str, list[tuple[str, Sign]]] = {}
        self._commands: dict[str, list[tuple[tuple[str, ...], Sign]]] = {}
        for sign in self.signs:
            for pattern in sign.calls:
                self._calls.setdefault(pattern.split(".")[0], []).append((pattern, sign))
            for written in sign.commands:
                words = tuple(written.split())
                self._commands.setdefault(words[0], []).append((words, sign))

    def libraries(self) -> frozenset[str]:
        """Return the top-level packages that a call or its company names."""
        named = {pattern.split(".")[0] for sign in self.signs for pattern in (*sign.calls, *sign.beside)}
        return frozenset(named - {"*", "pandas", "numpy", "requests", "yaml", "boto3", "pickle", "git"})

    def of_call(self, call: Call, module: Module) -> Iterator[Act]:
        """Yield what a call in `module` does."""
        known = [*self._calls.get(call.name.split(".")[0], ()), *self._calls.get("*", ())]
        for pattern, sign in known:
            if fnmatchcase(call.name, pattern) and _counts(sign, call, module):
                yield sign.act

    def of_command(self, command: Command) -> Iterator[Act]:
        """Yield what a command does."""
        words = plain(command.words)
        for wanted, sign in self._commands.get(words[0] if words else "", ()):
            if in_order(wanted, words):
                yield sign.act

    def of_use(self, use: Use) -> Iterator[Act]:
        """Yield what a ready-made step does."""
        for sign in self.signs:
            if any(fnmatchcase(use.name.lower(), pattern) for pattern in sign.uses):
                yield sign.act

    def of_resource(self, resource: Resource) -> Iterator[Act]:
        """Yield what a declared resource does."""
        for sign in self.signs:
            if any(fnmatchcase(resource.type, pattern) for pattern in sign.resources):
                yield sign.act

    def of_package(self, package: Package) -> Iterator[Act]:
        """Yield what a declared dependency would do if it were called."""
        for sign in self.signs:
            if package.name in sign.packages:
                yield sign.act


def plain(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words of a command with its program's name bare, and `python -m x` as `x`."""
    if not words:
        return words
    name = basename(words[0].replace("\\", "/"))
    if name.rstrip("0123456789.") == "python" and len(words) > 2 and words[1] == "-m":
        return words[2:]
    return (name.removesuffix(".exe"), *words[1:])


def in_order(wanted: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Return whether `wanted` begins as `words` do and its other words follow in order."""
    rest = iter(words[1:])
    return bool(words) and words[0] == wanted[0] and all(any(word == want for word in rest) for want in wanted[1:])


def _counts(sign: Sign, call: Call, module: Module) -> bool:
    if any(fnmatchcase(call.name, pattern) for pattern in sign.unless):
        return False
    if sign.keywords and not set(sign.keywords) & set(call.keywords):
        return False
    if not sign.beside:
        return True
    return any(name == root or name.startswith(f"{root}.") for name in module.imports for root in sign.beside)
