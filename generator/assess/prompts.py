"""The two prompts of the wizard: choose one, type one line.

They are questionary's, and plain numbered lines where the terminal cannot move its cursor (TERM=dumb).
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from generator import columns, console
from generator.text import say

if TYPE_CHECKING:
    import questionary

Choices = Sequence[tuple[str, Any]]
Check = Callable[[str], bool | str]

WIDEST = 100
INDENT = 5


class Stopped(Exception):  # noqa: N818 - a wish, not a fault
    """The person wants to stop here; everything answered is saved."""


def choose(prompt: str, choices: Choices, current: object = None) -> Any:  # noqa: ANN401 - one of the given values
    """Return the value of the choice taken, the one equal to `current` preselected; Stopped at the end of input."""
    if console.is_plain():
        return _choose_by_number(prompt, choices, current)
    import questionary

    listed = [questionary.Choice(_folded(title), value=value) for title, value in choices]
    default = next((choice for choice in listed if current is not None and choice.value == current), None)
    return _answer(questionary.select(prompt, choices=listed, default=default, instruction=" ", qmark=">"))


def type_in(prompt: str, check: Check, default: str = "") -> str:
    """Return a line that passes `check` (which returns True or what is wrong); Stopped at the end of input."""
    if not console.is_plain():
        import questionary

        return str(_answer(questionary.text(prompt, default=default, validate=check, qmark=">")))
    while True:
        text = _line(f"{prompt} [{default}]" if default else prompt) or default
        verdict = check(text)
        if verdict is True:
            return text
        console.write(str(verdict))


def wrapped(text: str) -> str:
    """Return `text` broken at words to the width of the terminal."""
    return columns.fill(text, _width() - 1)


def _choose_by_number(prompt: str, choices: Choices, current: object) -> Any:  # noqa: ANN401 - one of the given values
    preset = next(
        (place for place, (_, value) in enumerate(choices, 1) if current is not None and value == current), ""
    )
    for place, (title, _) in enumerate(choices, 1):
        console.write(f"{place:>3}  {_folded(title)}")

    def check(text: str) -> bool | str:
        good = text.strip().isdecimal() and 1 <= int(text) <= len(choices)
        return good or say("assess.choice", most=len(choices))

    return choices[int(type_in(say("assess.choose-number", prompt=prompt), check, str(preset))) - 1][1]


def _line(prompt: str) -> str:
    try:
        return console.ask(prompt)
    except EOFError:
        raise Stopped from None


def _answer(prompt: questionary.Question) -> Any:  # noqa: ANN401 - what the prompt gives
    try:
        return prompt.unsafe_ask()
    except EOFError:
        raise Stopped from None


def _folded(title: str) -> str:
    return f"\n{' ' * INDENT}".join(columns.wrap(title, _width() - INDENT - 1))


def _width() -> int:
    return max(min(shutil.get_terminal_size().columns, WIDEST), 30)
