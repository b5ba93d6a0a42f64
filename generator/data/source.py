"""A person's file, opened whatever its encoding and separator, as a table of text in a scratch database.

DuckDB reads and sorts it in bounded memory; everything else about the file is decided here, from its first bytes.
"""

from __future__ import annotations

import codecs
import csv
import importlib.util
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from generator.data.headers import clean_header, lacks_header, separator
from generator.errors import LadderError

if TYPE_CHECKING:
    import duckdb

SAMPLE = 1 << 17
MOST_COLUMNS = 1000
MEMORY = "600MB"
LONGEST_LINE = 32_000_000
CONTROL = re.compile("[\0-\x08\x0e-\x1f]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An opened table: `cells` in the database holds its rows as text, columns c0, c1, ... named by `header`."""

    path: Path
    database: duckdb.DuckDBPyConnection
    header: tuple[str, ...]
    renamed: int
    separator: str
    rows: int


def open_source(path: Path, scratch: Path, target: str) -> Source:
    """Return the table in `path`; LadderError says what is wrong with a file that is none. `scratch` is filled."""
    if importlib.util.find_spec("duckdb") is None:
        raise LadderError("data.extra")
    import duckdb

    try:
        with path.open("rb") as file:
            start = file.read(SAMPLE)
    except OSError as error:
        raise LadderError("data.no-file", path=path, reason=error.strerror or error) from error
    if not start.strip():
        raise LadderError("data.empty", path=path)
    database = duckdb.connect(str(scratch / "cells.duckdb"))
    database.execute(f"SET memory_limit='{MEMORY}'; SET temp_directory='{_quoted(scratch)}'; SET threads=2")
    try:
        if start.startswith(b"PAR1"):
            return _parquet(path, database)
        return _csv(path, start, scratch, database, target)
    except duckdb.Error as error:
        raise _explained(path, error) from error


def _parquet(path: Path, database: duckdb.DuckDBPyConnection) -> Source:
    file = f"read_parquet('{_quoted(path)}')"
    names = [str(row[0]) for row in database.execute(f"DESCRIBE SELECT * FROM {file}").fetchall()]
    header = _checked(path, names)
    picked = ", ".join(f"CAST({_name(name)} AS VARCHAR) AS c{place}" for place, name in enumerate(names))
    database.execute(f"CREATE TABLE cells AS SELECT {picked} FROM {file}")
    return _source(path, database, names, header, ".")


def _csv(path: Path, start: bytes, scratch: Path, database: duckdb.DuckDBPyConnection, target: str) -> Source:
    encoding = _encoding(path, start)
    plain = path if encoding == "utf-8" else _transcoded(path, encoding, scratch / "plain.csv")
    with plain.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        text = file.read(SAMPLE)
    if CONTROL.search(text):
        raise LadderError("data.binary", path=path)
    delimiter = separator(text)
    first = _first_lines(text, delimiter)
    if lacks_header(first, target):
        raise LadderError("data.no-header", path=path, first=", ".join(first[0])[:60])
    header = _checked(path, first[0])
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(header)))
    database.execute(
        f"CREATE TABLE cells AS SELECT * FROM read_csv('{_quoted(plain)}', auto_detect=false, header=true,"
        f" columns={{{columns}}}, delim='{delimiter}', quote='\"', escape='\"', max_line_size={LONGEST_LINE})"
    )
    return _source(path, database, first[0], header, delimiter)


def _source(
    path: Path, database: duckdb.DuckDBPyConnection, names: list[str], header: tuple[str, ...], delimiter: str
) -> Source:
    (rows,) = database.execute("SELECT count(*) FROM cells").fetchone() or (0,)
    if not rows:
        raise LadderError("data.no-rows", path=path)
    renamed = sum(name != given for name, given in zip(header, names, strict=True))
    return Source(path=path, database=database, header=header, renamed=renamed, separator=delimiter, rows=int(rows))


def _checked(path: Path, names: list[str]) -> tuple[str, ...]:
    header = clean_header(names)
    if len(header) < 2:
        raise LadderError("data.one-column", path=path, name=header[0] if header else "")
    if len(header) > MOST_COLUMNS:
        raise LadderError("data.too-wide", path=path, columns=len(header), most=MOST_COLUMNS)
    return header


def _first_lines(text: str, delimiter: str) -> list[list[str]]:
    csv.field_size_limit(LONGEST_LINE)
    lines = csv.reader(text.splitlines(keepends=True), delimiter=delimiter)
    return [line for line, _ in zip(lines, range(20), strict=False)]


def _encoding(path: Path, start: bytes) -> str:
    """Return what the bytes are written in; a zip (a spreadsheet) and bytes that are no text are refused."""
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise LadderError("data.spreadsheet", path=path)
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if start[1::2].count(0) > len(start) // 4:
        return "utf-16-le"
    if b"\0" in start:
        raise LadderError("data.binary", path=path)
    try:
        for _ in _decoded(path, "utf-8"):
            pass
    except UnicodeDecodeError:
        return "cp1252" if _reads(path, "cp1252") else "latin-1"
    return "utf-8"


def _reads(path: Path, encoding: str) -> bool:
    try:
        for _ in _decoded(path, encoding):
            pass
    except UnicodeDecodeError:
        return False
    return True


def _decoded(path: Path, encoding: str) -> Iterator[str]:
    with path.open(encoding=encoding, newline="") as file:
        while chunk := file.read(1 << 22):
            yield chunk


def _transcoded(path: Path, encoding: str, to: Path) -> Path:
    try:
        with to.open("w", encoding="utf-8", newline="") as file:
            for chunk in _decoded(path, encoding):
                file.write(chunk)
    except UnicodeError as error:
        raise LadderError("data.binary", path=path) from error
    return to


def _explained(path: Path, error: Exception) -> LadderError:
    text = str(error)
    line = re.search(r"(?:CSV Error on )?[Ll]ine:? (\d+)", text)
    columns = re.search(r"Expected Number of Columns: (\d+) Found: (\d+)", text)
    if line and columns:
        return LadderError(
            "data.ragged", path=path, line=line.group(1), found=columns.group(2), expected=columns.group(1)
        )
    reason = text.splitlines()[0][:160]
    return LadderError("data.unreadable", path=path, line=line.group(1) if line else "?", reason=reason)


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
