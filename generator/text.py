"""The message catalogue: every sentence the tool says, by key, in the chosen language.

A key is ``room.name``; the room is the file ``locale/<language>/messages/<room>.yaml``, read when first needed.
A language is one folder under ``locale/``, named by its tag (``en``, ``zh-CN``). What a language lacks is said in the
default one.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from functools import cache
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
DEFAULT_LANGUAGE = "en"
WISH = "LADDER_LANG"
"""The variable that names a language for this tool alone; the machine's own come after it."""
LOCALES = ("LC_ALL", "LC_MESSAGES", "LANG")
"""In POSIX's order: the first that is set counts."""

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


def preferred_language(environment: Mapping[str, str]) -> str:
    """Return the language that `environment` asks for: LADDER_LANG as it is, else the locale's where we have it."""
    if environment.get(WISH):
        return environment[WISH]
    locale = next((environment[name] for name in LOCALES if environment.get(name)), "")
    tag = locale.partition(".")[0].partition("@")[0].replace("_", "-")
    if tag in ("", "C", "POSIX"):
        return DEFAULT_LANGUAGE
    known = languages()
    return next((name for name in (tag, tag.partition("-")[0]) if name in known), DEFAULT_LANGUAGE)


def say(key: str, /, **fields: object) -> str:
    """Return the sentence for `key` with `fields` filled in; KeyError when the catalogue lacks the key."""
    room, _, name = key.partition(".")
    sentence = sentences(room)[name]
    return sentence.format(**fields) if fields else sentence


def sentences(room: str, language: str | None = None) -> Mapping[str, str]:
    """Return every sentence of `room` in `language` (the one in use by default)."""
    return _room(language or _language.get(), room)


@cache
def _room(language: str, room: str) -> dict[str, str]:
    import yaml

    default = {} if language == DEFAULT_LANGUAGE else _room(DEFAULT_LANGUAGE, room)
    path = LOCALE / language / "messages" / f"{room}.yaml"
    if default and not path.exists():
        return default
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as file:
        return {**default, **yaml.load(file, Loader=loader)}  # noqa: S506 - both loaders are the safe ones
