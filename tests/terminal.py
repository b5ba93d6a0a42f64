"""A real terminal for the tests: runs `ladder` in one and reads the screen a person would see."""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from types import TracebackType
from typing import Any

import pexpect
import pyte

PATIENCE = 20.0
HEAD = re.compile(r"question (\d+) of about (\d+)")


class Terminal:
    """`ladder` with `arguments` in a terminal of the given size; waits for what the screen shows, never for time."""

    def __init__(
        self,
        folder: Path,
        *arguments: str,
        columns: int = 80,
        lines: int = 24,
        unset: tuple[str, ...] = (),
        **more: str,
    ) -> None:
        environment = {**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", **more}
        for name in ("NO_COLOR", "COLUMNS", "LINES", *unset):
            if name not in more:
                environment.pop(name, None)
        self.screen = pyte.HistoryScreen(columns, lines, history=5000)
        self._stream = pyte.ByteStream(self.screen)
        self.raw = b""
        command: list[Any] = ["-m", "generator", *arguments]
        self.child = pexpect.spawn(
            sys.executable, command, cwd=str(folder), env=environment, dimensions=(lines, columns), timeout=PATIENCE
        )
        self.child.delaybeforesend = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.child.close(force=True)

    @property
    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def below(self, mark: str) -> str:
        return self.text.rpartition(mark)[2] if mark in self.text else ""

    def wait(self, *wanted: str) -> None:
        """Return when all `wanted` are on the screen."""
        self._until(lambda: all(part in self.text for part in wanted), f"{wanted}")

    def printed(self, head: str, then: str = "") -> None:
        """Return when `then` was printed after `head`, even if it has left a small screen since."""
        found = re.compile(re.escape(head.encode()) + b".*" + re.escape(then.encode()), re.DOTALL)
        self._until(lambda: bool(found.search(self.raw)), f"{head} ... {then}")

    def question(self, number: int) -> None:
        """Return when question `number` waits for its answer."""
        self._until(lambda: self.is_asking(number), f"question {number}")

    def is_asking(self, number: int) -> bool:
        heads = list(HEAD.finditer(self.text))
        rest = self.text[heads[-1].end() :] if heads else ""
        ready = "(quit:" in rest or "s skip, q quit):" in rest
        return bool(heads) and int(heads[-1][1]) == number and ready

    def send(self, keys: str) -> None:
        self.child.send(keys)

    def answer(self, number: int, typed: str = "12") -> None:
        """Answer question `number` with the first choice, or a number where one is asked."""
        self.question(number)
        self.send(f"{typed}\r" if "s skip, q quit):" in self.below("of about") else "\r")

    def end(self) -> int:
        """Return the exit code once the program has ended, everything it wrote read."""
        while self._read():
            pass
        self.child.close()
        return -self.child.signalstatus if self.child.signalstatus else int(self.child.exitstatus)

    def _until(self, holds: Any, what: str) -> None:
        limit = time.monotonic() + PATIENCE
        while not holds():
            if not self._read() and not holds():
                raise AssertionError(f"ended without {what}:\n{self.text}")
            if time.monotonic() > limit:
                raise AssertionError(f"no {what} on the screen:\n{self.text}")

    def _read(self) -> bool:
        try:
            data = self.child.read_nonblocking(65536, timeout=0.2)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        for request in re.findall(rb"\x1b\[6n", data):
            assert request
            self.child.send(f"\x1b[{self.screen.cursor.y + 1};1R")
        self._stream.feed(data)
        return True
