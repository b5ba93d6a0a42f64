"""Files as people have them: each gives a sound description and a plain copy, or one error that says what to do."""

from __future__ import annotations

import csv
import random
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from generator.cli import main
from generator.data.api import Own, understand
from generator.errors import LadderError
from generator.model.data import BINARY, MULTICLASS, REGRESSION, UNUSED, Wish

ROWS = 200


def table(rows: int = ROWS, **more: Callable[[int], str]) -> list[dict[str, str]]:
    """A sound table: an id, a day, a number, a category and a target that both help to guess."""
    random.seed(1)
    made = []
    for n in range(rows):
        size, kind = round(random.gauss(10, 3), 2), random.choice("abc")
        row = {
            "id": str(1000 + n),
            "day": f"2020-{n // 28 % 12 + 1:02}-{n % 28 + 1:02}",
            "size": str(size),
            "kind": kind,
            "good": "yes" if size + (kind == "a") * 3 + random.gauss(0, 2) > 11 else "no",
        }
        made.append(row | {name: cell(n) for name, cell in more.items()})
    return made


def text(rows: list[dict[str, str]], delimiter: str = ",") -> str:
    lines = [list(rows[0]), *(list(row.values()) for row in rows)]
    return "\n".join(delimiter.join(_cell(cell, delimiter) for cell in line) for line in lines) + "\n"


def _cell(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell or "\n" in cell else cell


def read(tmp_path: Path, content: str | bytes, target: str = "good", name: str = "table.csv", **wish: object) -> Own:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    return understand(path, Wish(target=target, **wish), scratch)


def plain(own: Own) -> list[dict[str, str]]:
    with own.table.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def roles(own: Own) -> dict[str, str]:
    return {column.name: column.role for column in own.description.columns}


SOUND = {"id": "id", "day": "time", "size": "feature", "kind": "feature", "good": "target"}


@pytest.mark.parametrize(
    ("encode", "delimiter"),
    [
        (lambda t: t.encode("utf-8-sig"), ","),
        (lambda t: t.encode("utf-16"), ","),
        (lambda t: t.encode("utf-16-le"), ";"),
        (lambda t: t.encode("latin-1"), ","),
        (lambda t: t.encode("cp1252"), "\t"),
        (lambda t: t.encode(), ";"),
        (lambda t: t.encode(), "|"),
        (lambda t: t.replace("\n", "\r\n").encode(), ","),
        (lambda t: t.rstrip("\n").encode(), ","),
    ],
    ids=["bom", "utf-16", "utf-16 no bom", "latin-1", "tabs", "semicolons", "bars", "crlf", "no last newline"],
)
def test_any_encoding_and_separator_gives_the_same_table(
    tmp_path: Path, encode: Callable[[str], bytes], delimiter: str
) -> None:
    rows = table(ort=lambda n: ("Köln", "Genève")[n % 2])
    own = read(tmp_path, encode(text(rows, delimiter)))
    assert plain(own) == [
        row | {"day": row["day"] + "T00:00:00"} for row in sorted(rows, key=lambda r: (r["day"], int(r["id"])))
    ]
    assert roles(own) == SOUND | {"ort": "feature"}
    assert own.description.bounds["ort"].values == ("Genève", "Köln")


def test_decimal_commas_and_thousands_points_are_numbers(tmp_path: Path) -> None:
    rows = table(price=lambda n: f"{n % 7}.{n % 900 + 100},5")
    for row in rows:
        row["size"] = row["size"].replace(".", ",")
    own = read(tmp_path, text(rows, ";"))
    assert roles(own) == SOUND | {"price": "feature"}
    first = plain(own)[1]
    assert float(first["price"]) == 1101.5
    assert "." in first["size"] or first["size"].isdigit()


def test_thousands_commas_between_quotes_are_numbers(tmp_path: Path) -> None:
    own = read(tmp_path, text(table(price=lambda n: f"{n % 9 + 1},{n + 100}.25")))
    assert plain(own)[0]["price"] == "1100.25"


DATES = ["2020-03-{d:02}", "{d:02}.03.2020", "2020/03/{d:02}", "{d:02}-Mar-2020", "Mar {d:02}, 2020"]


def test_five_ways_to_write_a_day_in_one_column_are_one_time(tmp_path: Path) -> None:
    rows = table()
    for n, row in enumerate(rows):
        row["day"] = DATES[n % 5].format(d=n % 28 + 1)
    own = read(tmp_path, text(rows))
    days = [row["day"] for row in plain(own)]
    assert days == sorted(days)
    assert {day[:8] for day in days} == {"2020-03-"}
    assert own.description.time == "day"


@pytest.mark.parametrize(
    ("pattern", "first"), [("{d:02}/{m:02}/2020", "2020-01-13"), ("{m:02}/{d:02}/2020", "2020-01-13")]
)
def test_slashes_are_read_as_the_days_allow(tmp_path: Path, pattern: str, first: str) -> None:
    rows = table()
    for n, row in enumerate(rows):
        row["day"] = pattern.format(d=n % 16 + 13, m=n // 20 + 1)
    assert plain(read(tmp_path, text(rows)))[0]["day"].startswith(first)


def test_slashes_that_allow_both_are_read_by_the_order_of_the_rows_or_refused(tmp_path: Path) -> None:
    rows = table(120)
    for n, row in enumerate(rows):
        row["day"] = f"{n % 12 + 1:02}/{n // 12 + 1:02}/2020"  # the day first, in order
    assert plain(read(tmp_path, text(rows)))[1]["day"].startswith("2020-01-02")
    random.shuffle(rows)
    (tmp_path / "again").mkdir()
    own = read(tmp_path / "again", text(rows))
    assert own.description.time is None or own.description.time == "day"


def test_years_and_seconds_order_rows_when_they_are_said_to(tmp_path: Path) -> None:
    own = read(tmp_path, text(table(year=lambda n: str(1990 + n % 9))), time="year")
    assert plain(own)[0]["year"] == "1990-01-01T00:00:00"
    (tmp_path / "again").mkdir()
    own = read(tmp_path / "again", text(table(at=lambda n: str(1_600_000_000 - n))), time="at")
    assert [row["id"] for row in plain(own)][:2] == ["1199", "1198"]
    assert own.description.ordered is False


def test_double_empty_and_unicode_headers_get_names_of_their_own(tmp_path: Path) -> None:
    body = text(table(a=lambda n: str(n % 5), b=lambda n: str(n % 6), c=lambda n: str(n % 7)))
    _, rest = body.split("\n", 1)
    own = read(
        tmp_path, 'id,day, "größe" ,kind,好,kind,,"two\nlines"\n'.replace(' "größe" ', "größe") + rest, target="好"
    )
    assert list(plain(own)[0]) == ["id", "day", "größe", "kind", "好", "kind_2", "column_7", "two lines"]
    assert own.description.renamed == 3


def test_quotes_and_newlines_in_cells_survive(tmp_path: Path) -> None:
    said = ['he said "no"', "two\nlines", "a,b", "plain"]
    own = read(tmp_path, text(table(said=lambda n: said[n % 4])))
    assert sorted({row["said"] for row in plain(own)}) == sorted(said)
    assert own.description.rows == ROWS


def test_a_few_odd_cells_do_not_turn_numbers_into_text(tmp_path: Path) -> None:
    own = read(tmp_path, text(table(mixed=lambda n: "broken" if n == 7 else "n/a" if n == 8 else str(n % 13))))
    column = next(c for c in own.description.columns if c.name == "mixed")
    assert (column.kind, column.why, column.fields) == ("integer", "data.why-odd", {"count": "2"})
    assert plain(own)[7]["mixed"] == ""


def test_a_category_may_be_empty_in_some_rows(tmp_path: Path) -> None:
    own = read(tmp_path, text(table(maybe=lambda n: ("a", "b", "")[n % 3])))
    bound = own.description.bounds["maybe"]
    assert bound.values == ("a", "b")
    assert 0.5 < bound.missing < 0.6


def test_half_text_half_numbers_is_a_category(tmp_path: Path) -> None:
    own = read(tmp_path, text(table(mixed=lambda n: str(n % 3) if n % 2 else f"x{n % 3}")))
    assert own.description.bounds["mixed"].values == ("0", "1", "2", "x0", "x1", "x2")


def test_codes_led_by_zeros_stay_as_they_are_written(tmp_path: Path) -> None:
    own = read(tmp_path, text(table(zip=lambda n: f"0{n % 9}10")))
    assert own.description.bounds["zip"].values[0] == "0010"


def test_useless_and_leaking_columns_are_left_out_with_the_reason(tmp_path: Path) -> None:
    rows = table(constant=lambda n: "x", nothing=lambda n: "", note=lambda n: f"free text {n}")
    for row in rows:
        row["copy"] = row["good"]
        row["code"] = "1" if row["good"] == "yes" else "0"
        row["paid_on"] = "3" if row["good"] == "yes" else ""
    own = read(tmp_path, text(rows))
    why = {c.name: c.why.removeprefix("data.why-") for c in own.description.columns if c.role == UNUSED}
    assert why == {
        "constant": "constant",
        "nothing": "empty",
        "note": "text",
        "copy": "equal",
        "code": "determines",
        "paid_on": "determines",
    }


def test_rows_without_a_target_are_left_out_and_counted(tmp_path: Path) -> None:
    rows = table()
    rows[3]["good"] = rows[4]["good"] = ""
    own = read(tmp_path, text(rows))
    assert (own.description.rows, own.description.dropped) == (ROWS - 2, 2)


@pytest.mark.parametrize(
    ("cell", "task", "classes"),
    [
        (lambda n: str(n % 2), BINARY, (0, 1)),
        (lambda n: ("true", "false")[n % 2], BINARY, (0, 1)),
        (lambda n: ("no", "yes")[n % 3 == 0], BINARY, ("no", "yes")),
        (lambda n: ("often", "rare")[n % 9 == 0], BINARY, ("often", "rare")),
        (lambda n: "xyz"[n % 3], MULTICLASS, ("x", "y", "z")),
        (lambda n: str(n % 5), MULTICLASS, (0, 1, 2, 3, 4)),
        (lambda n: str(n % 50), REGRESSION, ()),
        (lambda n: str(n / 7), REGRESSION, ()),
    ],
)
def test_the_task_follows_from_the_target(
    tmp_path: Path, cell: Callable[[int], str], task: str, classes: tuple[str | int, ...]
) -> None:
    own = read(tmp_path, text(table(y=cell)), target="y")
    assert (own.description.task, own.description.classes) == (task, classes)


def test_parquet_is_read_like_csv(tmp_path: Path) -> None:
    import duckdb

    (tmp_path / "t.csv").write_text(text(table()), encoding="utf-8")
    duckdb.execute(f"COPY (FROM '{tmp_path / 't.csv'}') TO '{tmp_path / 't.parquet'}'")
    own = read(tmp_path, (tmp_path / "t.parquet").read_bytes(), name="t.parquet")
    assert roles(own) == SOUND
    assert plain(own)[0]["day"] == "2020-01-01T00:00:00"
    (tmp_path / "scratch").rename(tmp_path / "old")
    with pytest.raises(LadderError, match="cannot be read"):
        read(tmp_path, (tmp_path / "t.parquet").read_bytes()[:600], name="t.parquet")


REFUSALS = {
    "empty": (b"", "is empty"),
    "spaces": (b"  \n \n", "is empty"),
    "header only": (b"a,b,good\n", "no rows"),
    "binary": (bytes(range(256)) * 40, "neither text nor Parquet"),
    "random bytes": (random.Random(1).randbytes(5000), "neither text nor Parquet"),
    "spreadsheet": (b"PK\x03\x04" + bytes(3000), "spreadsheet"),
    "no header": (("\n".join(f"{n},2020-01-01,{n / 3:.2f}" for n in range(90))).encode(), "line 1 holds values"),
    "one column": (b"good\nyes\nno\n", "one column"),
    "five rows": (text(table(5)).encode(), "5 rows have a good; at least 60"),
    "one class": (text(table(good=lambda n: "yes")).encode(), "is yes in every row"),
    "empty target": (text(table(good=lambda n: "")).encode(), "is empty in every row"),
    "target missing": (text(table()).replace("good", "goods", 1).encode(), "did you mean goods"),
    "nothing alike": (b"alpha,beta\n1,2\n", "it has alpha, beta"),
    "many classes": (text(table(good=lambda n: f"g{n % 90}")).encode(), "at most 30 classes"),
    "rare class": (text(table(good=lambda n: "odd" if n < 3 else "ab"[n % 2])).encode(), "in only 3 rows"),
    "ragged": (text(table()).replace("\n1050,", "\n1050,extra,").encode(), "line 52: 6 cells where the header names 5"),
    "too wide": (f"{','.join(f'c{n}' for n in range(3000))}\n{','.join('1' * 3000)}\n".encode(), "3000 columns"),
    "nothing to learn from": (text([{k: r[k] for k in ("id", "good")} for r in table()]).encode(), "no column is left"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_file_no_project_can_be_made_of_is_refused_with_what_to_do(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    content, said = REFUSALS[case]
    with pytest.raises(LadderError, match=said):
        read(tmp_path, content)
    command = ["new", str(tmp_path / "p"), "--level", "1", "--data", str(tmp_path / "table.csv"), "--target", "good"]
    assert main(command) == 1
    assert not (tmp_path / "p").exists()
    assert len(capsys.readouterr().err.splitlines()) <= 2


def test_what_makes_no_sense_together_is_wrong_usage(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text(table()), encoding="utf-8")
    new = ["new", str(tmp_path / "p"), "--level"]
    assert main([*new, "1", "--data", str(path)]) == 2
    assert main([*new, "1", "--target", "good"]) == 2
    own = ["--data", str(path), "--target", "good"]
    assert main([*new, "3", *own]) == 1
    assert "levels 0 to 2" in capsys.readouterr().err
    for wrong in (["--time", "kind"], ["--group", "kinds"], ["--task", "ranking"], ["--task", "regression"]):
        assert main([*new, "1", *own, *wrong]) == 1, wrong
    assert not (tmp_path / "p").exists()


@pytest.mark.parametrize("level", [0, 1, 2])
def test_awkward_names_and_cells_give_files_that_can_be_read_back(tmp_path: Path, level: int) -> None:
    awkward = 'say "hi" {{7*7}} \\ {% raw %} #é'
    rows = [
        {awkward if k == "kind" else k: v for k, v in row.items()}
        for row in table(kind2=lambda n: awkward + str(n % 3))
    ]
    path = tmp_path / "my table's {{x}}.csv"
    path.write_text(text(rows), encoding="utf-8")
    project = tmp_path / "p"
    assert (
        main(["new", str(project), "--level", str(level), "--data", str(path), "--target", "good", "--group", awkward])
        == 0
    )
    described = tomllib.loads((project / "data.toml").read_text(encoding="utf-8"))
    assert described["columns"]["groups"] == [awkward]
    assert described["bounds"]["kind2"]["values"] == [awkward + str(n) for n in range(3)]
    with (project / described["source"]["path"]).open(encoding="utf-8", newline="") as file:
        assert awkward in next(csv.reader(file))
    assert not (project / "data/source/flights.csv").exists()


def test_without_duckdb_the_command_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.data.source.importlib.util.find_spec", lambda name: None)
    with pytest.raises(LadderError, match=r"pip install 'mlops-ladder\[data\]'"):
        read(tmp_path, text(table()))


def test_times_of_any_zone_are_put_into_one(tmp_path: Path) -> None:
    rows = table()
    for n, row in enumerate(rows):
        row["day"] = f"2020-03-{n % 28 + 1:02}T12:00:00{('Z', '+02:00', '')[n % 3]}"
    own = read(tmp_path, text(rows))
    assert {row["day"][11:] for row in plain(own)} == {"12:00:00", "10:00:00"}
