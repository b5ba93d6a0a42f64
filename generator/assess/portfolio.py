"""Many files to one portfolio: answers files scored now, saved results as they were scored then, and what failed."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from generator import yamlfile
from generator.assess.answersreader import MOST_TEXT, Reader
from generator.assess.history import portfolio_of
from generator.assess.judge import Scorer
from generator.assess.lineread import LineReader
from generator.assess.reading import Values, read
from generator.assess.target import decide_targets
from generator.errors import LadderError
from generator.model.assessment import LEVELS, Answers, Ballot, Bank, Value
from generator.model.history import Point, Portfolio, Unread

SUFFIXES = (".yaml", ".yml", ".json")
Key = tuple[str | None, str | None, str | None]


def read_portfolio(paths: Iterable[Path], bank: Bank) -> Portfolio:
    """Return what the files, and the files in the folders, come to; a file that cannot be read is listed, not fatal.

    Files about the same team on the same day are its respondents. Evidence counts as named: nothing is looked at here.
    """
    groups: dict[Key, list[tuple[str, Answers]]] = {}
    points, unread = [], []
    reader = LineReader(bank)
    for path in files_of(paths):
        try:
            found = _saved(path) if path.suffix == ".json" else _answers(path, bank, reader)
        except LadderError as error:
            unread.append(Unread(file=str(path), problem=str(error)))
            continue
        if isinstance(found, Point):
            points.append(found)
        else:
            groups.setdefault(_key(path, found), []).append((str(path), found))
    scorer = _Scored(bank)
    points += [scorer.point(key, group) for key, group in groups.items()]
    version = bank.rules.scoring_version
    return portfolio_of(points, unread, bank_version=bank.version, scoring_version=version)


def files_of(paths: Iterable[Path]) -> list[Path]:
    """Return the files among `paths` and those in its folders (YAML and JSON, hidden ones left out), each once."""
    found: dict[Path, None] = {}
    for path in paths:
        inside = sorted(_inside(path)) if path.is_dir() else [path]
        found |= dict.fromkeys(inside)
    return list(found)


def _inside(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.suffix in SUFFIXES and not hidden and path.is_file():
            yield path


def _key(path: Path, answers: Answers) -> Key:
    nameless = answers.organization is None and answers.team is None
    return answers.organization, path.stem if nameless else answers.team, answers.date


def _answers(path: Path, bank: Bank, reader: LineReader) -> Answers | Point:
    text = yamlfile.text_of(path)
    plain = reader.read(text)
    if plain is not None:
        return plain
    document = yamlfile.parse(path, text)
    try:
        return Reader(document, bank).answers()
    except LadderError as error:
        if error.key != "answers.bank":
            raise
        return _foreign(path, document.value)


def _foreign(path: Path, table: dict[str, Any]) -> Point:
    """Return a point without a level: the answers are to the questions of another bank."""
    names = {key: _name(table.get(key)) for key in ("organization", "team", "date")}
    return _point(path, "answers", names, str(table.get("bank")), None)


def _name(value: object) -> str | None:
    if isinstance(value, dt.date):
        return value.isoformat()
    return value if isinstance(value, str) and value.isprintable() and len(value) < MOST_TEXT else None


def _saved(path: Path) -> Point:
    """Return the point that a saved `ladder score --json` holds, as it was scored then."""
    try:
        table = json.loads(yamlfile.text_of(path))
        names = {key: _name(table.get(key)) for key in ("organization", "team", "date")}
        low, high = (_level(end) for end in table["interval"])
        shown = table.get("evidenced_level")
        return _point(
            path,
            "stored",
            names,
            _version(table["bank_version"]),
            _version(table["scoring_version"]),
            level=_level(table["level"]),
            interval=(low, high),
            target=_level(table["target"]["level"]),
            evidenced_level=None if shown is None else _level(shown),
            dimensions={str(name): _share(entry["score"]) for name, entry in table["dimensions"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise LadderError("portfolio.not-a-result", file=path) from error


def _point(
    path: Path,
    source: str,
    names: dict[str, str | None],
    bank: str,
    scoring: str | None,
    **rest: Any,  # noqa: ANN401
) -> Point:
    empty: dict[str, Any] = {"level": None, "interval": None, "target": None, "evidenced_level": None, "dimensions": {}}
    nameless = names["organization"] is None and names["team"] is None
    return Point(
        files=(str(path),),
        source=source,
        organization=names["organization"],
        team=path.stem if nameless else names["team"],
        date=names["date"],
        bank_version=bank,
        scoring_version=scoring,
        **{**empty, **rest},
    )


def _level(value: object) -> int:
    if type(value) is not int or value not in LEVELS:
        raise ValueError(value)
    return value


def _version(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise ValueError(value)
    return value


def _share(value: object) -> float | None:
    if value is not None and not (isinstance(value, int | float) and 0 <= value <= 1):
        raise ValueError(value)
    return None if value is None else float(value)


@dataclass(slots=True)
class _Scored:
    """Scores groups of answers against one bank: only what a point holds."""

    bank: Bank
    scorer: Scorer
    members: dict[str, list[str]]

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.scorer = Scorer(bank)
        self.members = {name: [c.id for c in bank.capabilities if c.dimension == name] for name in bank.dimensions}

    def point(self, key: Key, group: Sequence[tuple[str, Answers]]) -> Point:
        """Return the point of one team on one day, of one respondent or several."""
        organization, team, date = key
        reading = read(self.bank, [Ballot(label=file, answers=answers) for file, answers in group], "")
        target = decide_targets(self.bank, [answers.profile for _, answers in group])
        return Point(
            files=tuple(sorted(file for file, _ in group)),
            source="answers",
            organization=organization,
            team=team,
            date=date,
            bank_version=self.bank.version,
            scoring_version=self.bank.rules.scoring_version,
            level=self.scorer.level(reading.values),
            interval=(self.scorer.level(reading.worst), self.scorer.level(reading.best)),
            target=target.level,
            evidenced_level=self.scorer.level(reading.evidenced),
            dimensions={name: self._score(ids, reading.values) for name, ids in self.members.items()},
        )

    def _score(self, ids: Sequence[str], values: Values) -> float | None:
        points = self.bank.rules.points
        applicable = [value for id_ in ids if (value := values[id_]) is not Value.NOT_APPLICABLE]
        best = max(points.values()) * len(applicable)
        return sum(points.get(value, 0.0) for value in applicable) / best if applicable else None
