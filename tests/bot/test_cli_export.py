"""`skm export responses`: a file that is whole or not there, and can be read again."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database.connect import open_engine
from tests.support.answer_files import BC, NUMBERS, imported, refused, table
from tests.support.command_line import clean_desk, data, refusal, skm, with_units

ROWS = [*["4,4,3,,2,4,4,1,3,pajak-tahunan"] * 9, *["1,2,3,4,1,2,3,4,,balik-nama"] * 6]
OUT = ("--out", "rows.csv")


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Iterator[Engine]:
    engine = open_engine(with_units(monkeypatch, database_url))
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> str:
    return with_units(monkeypatch, sqlite_url)


def published() -> None:
    imported(table(*ROWS, header=f"{NUMBERS},service"), "--date", "2026-05-05")
    assert skm("publish", "SAMSAT-BC", "--period", "2026-Q2", "--yes").exit_code == 0


@pytest.mark.usefixtures("engine")
def test_what_is_exported_gives_the_same_index() -> None:
    published()
    done = skm("export", "responses", *OUT)
    assert (done.exit_code, done.stdout) == (0, "15 responses written to rows.csv.\n")
    index = data("index", *BC, "--period", "2026-Q2")
    known = ("n", "elements", "skm", "ikm", "grade", "label")
    read = data("index", "--answers", "rows.csv")
    assert {name: read[name] for name in known} == {name: index[name] for name in known}
    again = ("import", "responses", "rows.csv", "--unit", "RSUD-1", "--date", "2026-05-05")
    assert skm(*again, "--service", "umum").stdout == "15 responses imported into RSUD-1.\n"
    assert data("index", "--unit", "RSUD-1")["elements"] == index["elements"]
    (fault, *_) = refused(table("1,1,1,1,1,1,1,1,1"), "--date", "2026-04-01")
    assert "lies in 2026-Q2, which is published" in fault
    assert sorted(path.name for path in Path().glob("rows*")) == ["rows.csv"]


@pytest.mark.usefixtures("sqlite")
def test_nothing_is_written_where_there_is_nothing() -> None:
    Path("rows.csv").write_text("before")
    said = refusal("export", "responses", *OUT)
    assert said.startswith("There is nothing to export: no published period lies in what was ask")
    published()
    assert refusal("export", "responses", *OUT, "--period", "2026-05").startswith("There is noth")
    assert refusal("export", "responses", *OUT, "--unit", "RSUD-1").startswith("There is nothing")
    assert (Path("rows.csv").read_text(), list(Path().glob("*.part"))) == ("before", [])
    done = skm("export", "responses", *OUT, "--period", "2026", "--unit", "samsat-bc")
    assert done.stdout == "15 responses written to rows.csv.\n"


@pytest.mark.usefixtures("sqlite")
def test_what_is_left_out_is_named() -> None:
    imported(table(*ROWS[:4], header=f"{NUMBERS},service"), "--date", "2026-01-05")
    assert skm("publish", "SAMSAT-BC", "--period", "2026-Q1", "--yes").exit_code == 0
    said = refusal("export", "responses", *OUT).splitlines()
    assert said[0] == "There is nothing to export."
    assert said[1].startswith("Left out: SAMSAT-BC 2026-Q1 (4): its sheet withholds its figures")
    published()
    assert skm("export", "responses", *OUT).stderr.splitlines() == said[1:]


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--out", "rows.xlsx"), "--out writes a CSV table; name it rows.csv."),
        (("--out", "none/rows.csv"), "none/rows.csv cannot be written: No such file"),
        ((*OUT, "--period", "Q2"), "There is no period “Q2”. Write a year"),
        ((*OUT, "--unit", "SAMSAT"), "There is no unit “SAMSAT”. Near it"),
    ],
)
def test_what_cannot_be_asked(options: tuple[str, ...], said: str) -> None:
    assert refusal("export", "responses", *options).startswith(said)


@pytest.mark.usefixtures("sqlite")
def test_no_cell_is_a_formula() -> None:
    row = "-2-3,Kantor,Dinas,Batam,WIB,,\n"
    Path("more.csv").write_text("code,name,agency,region,timezone,services,population\n" + row)
    skm("import", "units", "more.csv")
    file = table(*["4,4,4,4,4,4,4,4,4"] * 5)
    assert skm("import", "responses", file, "--unit=-2-3", "--date", "2026-05-05").exit_code == 0
    assert skm("publish", "--yes", "--period", "2026-Q2", "--", "-2-3").exit_code == 0
    skm("export", "responses", *OUT)
    assert {line[:5] for line in Path("rows.csv").read_text().splitlines()[1:]} == {"'-2-3"}
