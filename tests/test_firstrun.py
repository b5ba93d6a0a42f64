"""The first run believes only what it finds: the result on disk, better than the baseline."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from generator import firstrun
from generator.cli import main
from generator.errors import LadderError

GOOD = {"brier": 0.14, "n": 900, "baseline": {"brier": 0.17}}


def write_result(project: Path, report: object) -> None:
    path = project / firstrun.RESULT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report), encoding="utf-8")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "a project"
    folder.mkdir()
    (folder / firstrun.LOCK).write_text("", encoding="utf-8")
    monkeypatch.setattr(firstrun, "prepare_environment", lambda project: Path(sys.prefix))
    return folder


def test_the_result_is_what_the_commands_left(project: Path) -> None:
    (project / "metrics").mkdir()
    write = f"open({firstrun.RESULT!r}, 'w').write({json.dumps(GOOD)!r})"
    outcome = firstrun.first_run(project, (("python", "-c", write),))
    assert outcome.result == firstrun.Result(brier=0.14, baseline=0.17, rows=900)
    assert outcome.environment == Path(sys.prefix)


def test_a_failing_command_is_named_and_nothing_after_it_runs(project: Path) -> None:
    write_result(project, GOOD)
    later = ("python", "-c", "open('later', 'w').close()")
    with pytest.raises(LadderError, match=r"sys\.exit\(3\) failed in .*activate .* run it again there"):
        firstrun.first_run(project, (("python", "-c", "import sys; sys.exit(3)"), later))
    assert not (project / "later").exists()


def test_an_interrupted_run_says_that_the_project_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(firstrun, "first_run", interrupt)
    assert main(["start", str(tmp_path / "here"), "--level", "0"]) == 130
    assert f"{tmp_path / 'here'} is written" in capsys.readouterr().err
    assert (tmp_path / "here" / "README.md").is_file()


def test_a_command_that_is_not_there_is_an_error_a_person_can_mend(project: Path) -> None:
    with pytest.raises(LadderError, match="no-such-program"):
        firstrun.first_run(project, (("no-such-program",),))


def test_a_run_that_left_no_result_has_not_finished(project: Path) -> None:
    with pytest.raises(LadderError, match=r"evaluation\.json"):
        firstrun.first_run(project, (("python", "-c", ""),))


@pytest.mark.parametrize("report", [{}, [], {"brier": 0.1, "n": 3}, {**GOOD, "brier": None}, {**GOOD, "brier": "x"}])
def test_a_result_that_lacks_something_is_none(project: Path, report: object) -> None:
    write_result(project, report)
    with pytest.raises(LadderError, match="left no result"):
        firstrun.read_result(project)


@pytest.mark.parametrize("brier", [0.17, 0.2, float("nan")])
def test_a_model_no_better_than_its_baseline_is_an_error(project: Path, brier: float) -> None:
    write_result(project, {**GOOD, "brier": brier})
    with pytest.raises(LadderError, match="no better than the baseline"):
        firstrun.read_result(project)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    done: list[Path] = []

    def install(environment: Path, lock: Path) -> None:
        environment.mkdir()
        done.append(environment)

    monkeypatch.setattr(firstrun, "_install", install)
    return done


def lock(folder: Path, text: str) -> Path:
    folder.mkdir(exist_ok=True)
    (folder / firstrun.LOCK).write_text(text, encoding="utf-8")
    return folder


def test_the_environment_is_the_projects_own_and_made_once(
    tmp_path: Path, installed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(firstrun.SHARED, raising=False)
    one = lock(tmp_path / "one", "a==1")
    assert firstrun.prepare_environment(one) == firstrun.prepare_environment(one) == one / ".venv"
    assert len(installed) == 1
    lock(one, "a==2")
    firstrun.prepare_environment(one)
    assert len(installed) == 2


def test_equal_locks_share_an_environment_where_that_is_asked_for(
    tmp_path: Path, installed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(firstrun.SHARED, str(tmp_path / "shared"))
    one, two, other = (lock(tmp_path / name, text) for name, text in (("1", "a"), ("2", "a"), ("3", "b")))
    assert firstrun.prepare_environment(one) == firstrun.prepare_environment(two)
    assert firstrun.prepare_environment(other) != firstrun.prepare_environment(one)
    assert len(installed) == 2


def test_an_installation_that_was_interrupted_is_made_again(
    tmp_path: Path, installed: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(firstrun.SHARED, raising=False)
    one = lock(tmp_path / "one", "a==1")
    (one / ".venv").mkdir()
    (one / ".venv" / "half").touch()
    firstrun.prepare_environment(one)
    assert len(installed) == 1
    assert not (one / ".venv" / "half").exists()


def test_a_python_without_venv_is_an_error_a_person_can_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def create(*_: object, **__: object) -> None:
        raise subprocess.CalledProcessError(1, "ensurepip")

    monkeypatch.delenv(firstrun.SHARED, raising=False)
    monkeypatch.setattr("venv.create", create)
    with pytest.raises(LadderError, match="python -m venv"):
        firstrun.prepare_environment(lock(tmp_path / "one", ""))


def test_an_activated_environment_comes_first_and_sends_nothing_home(tmp_path: Path) -> None:
    variables = firstrun.activated(tmp_path)
    assert variables["PATH"].startswith(str(tmp_path))
    assert variables["DVC_NO_ANALYTICS"] == "1"
    assert variables["DO_NOT_TRACK"] == "true"


def test_the_end_of_start_says_how_to_go_on_in_what_was_set_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    result = firstrun.Result(brier=0.14, baseline=0.17, rows=900)
    outcome = firstrun.FirstRun(result=result, environment=tmp_path / "my environment")
    monkeypatch.setattr(firstrun, "first_run", lambda *_: outcome)
    assert main(["start", str(tmp_path / "it's here"), "--level", "0"]) == 0
    said = capsys.readouterr().out.splitlines()
    change, activate = said[-2:]
    assert shlex.split(change) == ["cd", str(tmp_path / "it's here")]
    assert shlex.split(activate) == ["source", str(tmp_path / "my environment/bin/activate")]
