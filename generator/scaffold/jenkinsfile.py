"""The shell steps of a declarative Jenkinsfile, found by its blocks and strings; it is Groovy, and never run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

TOKEN = re.compile(
    r"'''(?P<three>(?:\\.|(?!''').)*)'''|\"\"\"(?P<long>(?:\\.|(?!\"\"\").)*)\"\"\"|'(?P<one>(?:\\.|[^'\\\n])*)'"
    r"|\"(?P<two>(?:\\.|[^\"\\\n])*)\"|(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<other>.)",
    re.DOTALL,
)
UNSEEN = frozenset(["catchError", "warnError", "try", "catch", "post", "unstable"])
FALSE = re.compile(r"\bexpression\s*\{\s*(?:return\s+)?false\s*;?\s*\}")
STEP = re.compile(r"(?<![\w.])sh\b(?P<call>[^\n;]*)")
QUOTED = re.compile("\0(\\d+)\0")


@dataclass(kw_only=True, slots=True)
class Block:
    """What stands between two braces: the words before it, its own text, and the blocks inside."""

    head: str
    text: str = ""
    blocks: list[Block] = field(default_factory=list)


def steps_of(source: str, *, main: bool) -> Iterator[tuple[str, str]]:
    """Yield event and script of each shell step; `main` says that the pipeline is built for every branch.

    ValueError when braces do not match.
    """
    text, strings = _without_strings(source)
    root = _blocks(text)
    pipeline = next((block for block in root.blocks if block.head.split()[-1:] == ["pipeline"]), None)
    if pipeline is None:
        return
    has_cron = any(block.head.strip() == "triggers" and "cron" in block.text for block in pipeline.blocks)
    events = ("schedule",) if has_cron else ("change",) if main else ("demand",)
    yield from _steps(pipeline, events, strings)


def _without_strings(source: str) -> tuple[str, list[str]]:
    """Return the source with a number in the place of every string and nothing in that of comments."""
    strings: list[str] = []
    parts: list[str] = []
    for match in TOKEN.finditer(source):
        kind = match.lastgroup or "other"
        if kind == "other":
            parts.append(match[kind])
        elif kind != "comment":
            strings.append(re.sub(r"\\(.)", r"\1", match[kind], flags=re.DOTALL))
            parts.append(f"\0{len(strings) - 1}\0")
    return "".join(parts), strings


def _blocks(text: str) -> Block:
    root = Block(head="")
    stack, words = [root], ""
    for character in text:
        if character == "{":
            inner = Block(head=re.split(r"[\n;}]", words.rstrip())[-1].strip())
            stack[-1].blocks.append(inner)
            stack.append(inner)
            words = ""
        elif character == "}":
            if len(stack) == 1:
                raise ValueError("}")
            stack.pop()
            words = ""
        else:
            words += character
            stack[-1].text += character
    if len(stack) > 1:
        raise ValueError("{")
    return root


def _steps(block: Block, events: tuple[str, ...], strings: list[str]) -> Iterator[tuple[str, str]]:
    when = next((one for one in block.blocks if one.head == "when"), None)
    if when is not None:
        if FALSE.search(_whole(when)):
            return
        if re.search(r"\bbranch\b", _whole(when)):
            events = ("release",)
    for call in STEP.finditer(block.text):
        script = _script(call["call"], strings)
        if script is not None:
            yield from ((event, script) for event in events)
    for inner in block.blocks:
        if inner is not when and not UNSEEN & set(re.findall(r"\w+", inner.head)[:1]):
            yield from _steps(inner, events, strings)


def _script(call: str, strings: list[str]) -> str | None:
    """Return the script of a call, None when its failure would not be seen."""
    if re.search(r"returnStatus\s*:\s*true", call):
        return None
    named = re.search("script\\s*:\\s*\0(\\d+)\0", call) or re.match("\\s*\\(?\\s*\0(\\d+)\0", call)
    return strings[int(named[1])] if named else None


def _whole(block: Block) -> str:
    return block.text + " ".join(f"{inner.head}{{{_whole(inner)}}}" for inner in block.blocks)
