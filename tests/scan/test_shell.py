"""Shell text to commands: what would run, without what only wraps, shows or stores."""

from __future__ import annotations

import pytest

from generator.scan.shell import commands


def words(script: str) -> list[str]:
    return [" ".join(command.words) for command in commands(script, "f")]


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("FOO=1 BAR='a b' pytest -q", ["pytest -q"]),
        ("poetry run python -m train", ["python -m train"]),
        ("sudo -u x env A=1 timeout 10 pytest", ["pytest"]),
        ("conda run -n env python train.py", ["python train.py"]),
        ("docker compose run --rm -e A=1 api poetry run pytest", None),
        ('bash -c "make a && make b"', None),
        ("a && b || c; d | e & f", ["a", "b", "c", "d", "e", "f"]),
        ("if a; then b; else c; fi\nfor x in y; do d; done\nf() { e; }", ["a", "b", "c", "d", "e"]),
        ("cat <<EOF\nkubectl apply -f x\nEOF\n", ["cat"]),
        ("# kubectl apply\nx # y", ["x"]),
        ("python train.py \\\n  --lr 1", ["python train.py --lr 1"]),
        ('python train.py --lr "${{ inputs.lr }}"', ["python train.py --lr EXPR"]),
    ],
)
def test_a_script_is_the_commands_it_would_run(script: str, expected: list[str] | None) -> None:
    if expected is None:
        assert words(script)[-1] in {"pytest", "make b"}
    else:
        assert words(script) == expected


def test_lines_are_those_of_the_file_the_script_stands_in() -> None:
    assert [command.place.first for command in commands("a\n\nb\n", "f", 10)] == [10, 12]


@pytest.mark.parametrize(
    ("script", "swallowed"),
    [("a || true", True), ("a || echo failed", True), ("a || exit 1", False), ("a && b || true", True), ("a", False)],
)
def test_a_failure_that_nobody_sees_is_marked(script: str, swallowed: bool) -> None:
    assert commands(script, "f")[0].swallowed is swallowed
