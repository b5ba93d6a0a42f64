"""The message catalogue: every sentence the tool says, by key, in the chosen language.

A key is ``room.name``; the room is the file ``locale/<language>/messages/<room>.yaml``, read when first needed.
A language is one folder under ``locale/``.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DEFAULT_LANGUAGE = "en"

_language: ContextVar[str] = ContextVar("language", default=DEFAULT_LANGUAGE)


def languages() -> tuple[str, ...]:
    """Return the languages that have a folder, the default one first."""
    found = sorted(folder.name for folder in LOCALE.iterdir() if folder.is_dir())
    return (DEFAULT_LANGUAGE, *(name for name in found if name != DEFAULT_LANGUAGE))


def use_language(language: str) -> None:
    """Say everything from now on, in this context, in `language` (one of `languages()`)."""
    _language.set(language)


def language() -> str:
    """Return the language in use."""
    return _language.get()


def say(key: str, /, **fields: object) -> str:
    """Return the sentence for `key` with `fields` filled in; KeyError when the catalogue lacks the key."""
    room, _, name = key.partition(".")
    sentence = _room(_language.get(), room)[name]
    return sentence.format(**fields) if fields else sentence


@cache
def _room(language: str, room: str) -> dict[str, str]:
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (LOCALE / language / "messages" / f"{room}.yaml").open(encoding="utf-8") as file:
        return dict(yaml.load(file, Loader=loader))  # noqa: S506 - both loaders are the safe ones
