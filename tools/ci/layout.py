"""Lines of YAML, laid out as a person would write them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import yaml


def indented(lines: Iterable[str], by: int = 2) -> list[str]:
    """Return `lines` moved to the right; empty ones stay empty."""
    return [f"{' ' * by}{line}" if line else "" for line in lines]


def yaml_list(values: Sequence[str]) -> str:
    """Return a list on one line."""
    return f"[{', '.join(map(scalar, values))}]"


def items(values: Sequence[str], by: int) -> list[str]:
    """Return a list, one value a line."""
    return indented((f"- {scalar(value)}" for value in values), by)


def scalar(text: str) -> str:
    """Return `text` as YAML that reads as this very text, quoted only where it has to be."""
    plain = "\n" not in text and not set(",[]{}") & set(text)
    try:
        plain = plain and yaml.safe_load(text) == text
    except yaml.YAMLError:
        plain = False
    quoted: str = yaml.safe_dump(text, default_style='"', width=10_000, allow_unicode=True).strip()
    return text if plain else quoted


def yaml_text(key: str, commands: Sequence[str]) -> list[str]:
    """Return `key` with commands: on its own line when there is one short one, else as a block."""
    if len(commands) == 1 and _is_plain(commands[0]):
        return [f"{key}: {commands[0]}"]
    return [f"{key}: |", *indented("\n".join(commands).splitlines())]


def yaml_items(commands: Sequence[str]) -> list[str]:
    """Return a list of commands, one an item."""
    items: list[str] = []
    for command in commands:
        if _is_plain(command):
            items.append(f"- {command}")
        else:
            items += ["- |", *indented(command.splitlines())]
    return items


def _is_plain(command: str) -> bool:
    if "\n" in command:
        return False
    try:
        return bool(yaml.safe_load(f"key: {command}") == {"key": command})
    except yaml.YAMLError:
        return False
