"""Climbing: what was not edited becomes the next level, what was edited survives, and nothing is ever half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generator.cli import main
from generator.scaffold import api
from generator.scaffold.base import with_base
from generator.scaffold.climb import decide_climb
from generator.scaffold.render import render

OPTIONS = {"project_name": "Project", "project_slug": "project"}


def generate(folder: Path, level: int) -> Path:
    target = folder / "project"
    api.new(api.draft(target, level, {}), target, git=False)
    return target


def contents(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def expected(level: int) -> dict[str, bytes]:
    return {path: file.content for path, file in with_base(render(level, OPTIONS)).items()}


@pytest.mark.parametrize(("start", "to"), [(0, 1), (1, 2), (2, 3), (0, 3)])
def test_an_unedited_project_becomes_the_level_itself(tmp_path: Path, start: int, to: int) -> None:
    project = generate(tmp_path, start)
    assert main(["upgrade", str(project), "--to", str(to)]) == 0
    assert contents(project) == expected(to)
    assert main(["upgrade", str(project), "--to", str(to)]) == 0
    assert contents(project) == expected(to)


def test_step_by_step_is_the_same_as_at_once(tmp_path: Path) -> None:
    project = generate(tmp_path, 0)
    for level in (1, 2, 3):
        assert main(["upgrade", str(project), "--to", str(level)]) == 0
    assert contents(project) == expected(3)


def test_edits_outside_the_changed_lines_survive(tmp_path: Path) -> None:
    project = generate(tmp_path, 1)
    readme = project / "README.md"
    title, rest = readme.read_text(encoding="utf-8").split("\n", 1)
    readme.write_text(f"{title}\n\nOur own opening words.\n{rest}", encoding="utf-8")
    params = project / "params.yaml"
    params.write_text(params.read_text(encoding="utf-8").replace("trees: 120", "trees: 99"), encoding="utf-8")
    (project / "ours.py").write_text("x = 1\n", encoding="utf-8")
    (project / "docs/level1.md").unlink()
    assert main(["upgrade", str(project), "--to", "2"]) == 0
    assert "Our own opening words." in readme.read_text(encoding="utf-8")
    assert "MLOps level 2" in readme.read_text(encoding="utf-8")
    assert "trees: 99" in params.read_text(encoding="utf-8")
    assert (project / "ours.py").exists()
    assert not (project / "docs/level1.md").exists()
    assert main(["check", str(project)]) == 0


def test_a_clash_becomes_an_inline_conflict_and_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = generate(tmp_path, 1)
    readme = project / "README.md"
    text = readme.read_text(encoding="utf-8")
    line = next(line for line in text.splitlines() if "MLOps level 1" in line)
    readme.write_text(text.replace(line, "We stand on our own feet."), encoding="utf-8")
    assert main(["upgrade", str(project), "--to", "2"]) == 1
    assert "README.md" in capsys.readouterr().err
    merged = readme.read_text(encoding="utf-8")
    assert "We stand on our own feet." in merged
    assert merged.count("<<<<<<< yours") == merged.count("||||||| generated") == merged.count(">>>>>>> template") >= 1


def test_a_file_the_template_drops_stays_when_it_was_edited(tmp_path: Path) -> None:
    project = generate(tmp_path, 0)
    runbook = project / "RUNBOOK.md"
    runbook.write_text("our steps\n", encoding="utf-8")
    assert main(["upgrade", str(project), "--to", "1"]) == 0
    assert runbook.read_text(encoding="utf-8") == "our steps\n"
    assert not (project / "scripts").exists()


def test_a_dry_run_shows_the_plan_and_changes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project = generate(tmp_path, 1)
    before = contents(project)
    assert main(["upgrade", str(project), "--to", "2", "--dry-run"]) == 0
    shown = capsys.readouterr().out
    assert "+ delivery/gate.py" in shown
    assert "+++ b/delivery/gate.py" in shown
    assert contents(project) == before


def test_going_down_or_nowhere_is_refused(tmp_path: Path) -> None:
    project = generate(tmp_path, 1)
    assert main(["upgrade", str(project), "--to", "0"]) == 1
    assert main(["upgrade", str(project), "--to", "9"]) == 1
    assert main(["upgrade", str(project)]) == 2
    assert main(["set", str(project), "ci=bamboo"]) == 1
    assert main(["set", str(project), "ci"]) == 2
    assert main(["set", str(project), "ci=github"]) == 0
    assert main(["update", str(project)]) == 0
    assert contents(project) == expected(1)


def test_uncommitted_changes_are_refused_with_the_mend(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    target = tmp_path / "project"
    api.new(api.draft(target, 1, {}), target)
    (target / "new.txt").write_text("x", encoding="utf-8")
    assert main(["upgrade", str(target), "--to", "2"]) == 1
    assert "commit" in capsys.readouterr().err
    (target / "new.txt").unlink()
    assert main(["upgrade", str(target), "--to", "2"]) == 0


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_edit_of_any_file_survives_or_is_marked(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project = generate(tmp_path_factory.mktemp("climb"), 1)
    texts = [
        path
        for path in render(1, OPTIONS)
        if path.endswith((".py", ".md", ".toml", ".yaml", ".yml")) and not path.startswith(".ladder")
    ]
    path = data.draw(st.sampled_from(texts))
    rows = (project / path).read_text(encoding="utf-8").splitlines(keepends=True)
    rows.insert(data.draw(st.integers(0, len(rows))), "# a line of ours, 4711\n")
    (project / path).write_text("".join(rows), encoding="utf-8")
    climb = decide_climb(project, level=2)
    code = main(["upgrade", str(project), "--to", "2"])
    after = (project / path).read_text(encoding="utf-8")
    assert "# a line of ours, 4711" in after
    assert (code == 1) == bool(climb.conflicts) == ("<<<<<<< yours" in after)
