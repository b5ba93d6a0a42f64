"""Draw docs/terminal.svg: real commands, run in a real terminal, their screen drawn as it was.

python tools/terminal_picture.py
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import pexpect
import pyte
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
COLUMNS, ROWS = 84, 48
COMMANDS = ("ladder score example.yaml | head -n 21", "ladder new flights --level 1", "ladder check flights")


def main() -> None:
    """Run the commands and write the picture."""
    screen = pyte.Screen(COLUMNS, ROWS)
    stream = pyte.Stream(screen)
    with tempfile.TemporaryDirectory() as folder:
        example = ROOT / "generator" / "bank" / "example.yaml"
        Path(folder, "example.yaml").write_bytes(example.read_bytes())
        for command in COMMANDS:
            stream.feed(f"$ {command}\r\n")
            child = pexpect.spawn("bash", ["-c", command], cwd=folder, dimensions=(ROWS, COLUMNS), encoding="utf-8")
            stream.feed(child.read())
    console = Console(record=True, width=COLUMNS, file=open("/dev/null", "w"))  # noqa: SIM115, PTH123
    for line in "\n".join(line.rstrip() for line in screen.display).rstrip().split("\n"):
        console.print(Text(line, style="bold" if line.startswith("$ ") else ""))
    console.save_svg(str(ROOT / "docs" / "terminal.svg"), title="ladder")


if __name__ == "__main__":
    main()
