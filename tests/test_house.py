"""The README keeps its promises: commands, levels and the two blocks that do all the set-up."""

from __future__ import annotations

import re
from pathlib import Path

from generator.cli import COMMANDS
from generator.scaffold.levels import read_levels

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```bash\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_readme_is_short_and_names_every_command() -> None:
    assert len(README.splitlines()) <= 150
    assert [command for command in COMMANDS if f"`ladder {command}" not in README] == []


def test_readme_names_no_command_that_is_not_there() -> None:
    assert set(re.findall(r"`ladder (\w+)", README)) <= set(COMMANDS)


def test_readme_tells_each_level_as_the_templates_do() -> None:
    for level in read_levels():
        row = next(line for line in README.splitlines() if line.startswith(f"| {level.number} {level.name} |"))
        assert level.cannot in row


def test_two_blocks_do_all_the_set_up() -> None:
    assert "ladder start" in BLOCKS[0]
    assert "pytest" in BLOCKS[1]


def test_nothing_speaks_of_a_package_index_or_a_machine() -> None:
    for path in [
        *ROOT.glob("*.md"),
        *ROOT.glob("*.toml"),
        *(ROOT / "generator").rglob("*.py"),
        *(ROOT / "docs").glob("*.md"),
    ]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"pypi\.org|/opt/|/root/|/work/", text), path
