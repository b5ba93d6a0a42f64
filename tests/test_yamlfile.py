"""YAML from strangers: tricks are refused, lines are remembered."""

from pathlib import Path

import pytest

from generator.errors import LadderError
from generator.yamlfile import LARGEST, read


def test_every_place_knows_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("a: 1\nb:\n  - c: 2\n  - d: 3\n", encoding="utf-8")
    document = read(path)
    assert document.value == {"a": 1, "b": [{"c": 2}, {"d": 3}]}
    assert (document.line(("b", 1, "d")), document.line(("b", 1, "nowhere"))) == (4, 4)


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b"a: 1\na: 2\n", "yaml.duplicate"),
        (b"a: &x [1]\nb: [*x, *x]\n", "yaml.alias"),
        (b"a: [1\n", "yaml.syntax"),
        (b"a: \xff\xfe\n", "yaml.encoding"),
        (b"? [a]\n: 1\n", "yaml.key"),
        (b"a: !!python/object/apply:os.system [ls]\n", "yaml.syntax"),
        (b"[" * 40 + b"]" * 40, "yaml.deep"),
        (b"#" * (LARGEST + 1), "yaml.large"),
        (b"a: 1\nb: \x00\n", "yaml.character"),
    ],
)
def test_a_trick_is_refused_by_name(tmp_path: Path, content: bytes, key: str) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    with pytest.raises(LadderError) as refused:
        read(path)
    assert refused.value.key == key
    assert str(path) in str(refused.value)


def test_a_missing_file_is_an_expected_error(tmp_path: Path) -> None:
    with pytest.raises(LadderError, match="not there"):
        read(tmp_path / "none.yaml")
