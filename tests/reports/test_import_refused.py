"""What `skm import responses` refuses: whole files, each fault named, nothing half-written."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from flows.loader import instrument
from reports.incoming.drafts import Filed, incoming
from reports.incoming.responses import keep, stage
from storage import units
from storage.database.connect import open_engine
from storage.files import spreadsheet
from storage.files.response_file import AnswersRefused
from storage.files.table_process import LOCKED
from storage.index import sheets
from tests.support.answer_files import BC, FOURS, NUMBERS, imported, refused, table
from tests.support.command_line import KEYS, clean_desk, data, refusal, skm, with_units
from tests.support.instruments import CURRENT
from tests.support.offices import Chance, count


@pytest.fixture(autouse=True)
def _a_clean_desk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    clean_desk(monkeypatch, tmp_path)


@pytest.fixture
def url(monkeypatch: pytest.MonkeyPatch, database_url: str) -> str:
    return with_units(monkeypatch, database_url)


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    engine = open_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def sqlite(monkeypatch: pytest.MonkeyPatch, sqlite_url: str) -> str:
    """For what is refused before the database matters."""
    return with_units(monkeypatch, sqlite_url)


@pytest.mark.usefixtures("sqlite")
def test_every_bad_cell_is_named_and_nothing_is_taken() -> None:
    later = datetime.now(UTC).date() + timedelta(days=2)  # wherever the day begins
    header = f"{NUMBERS},date,id,nama"
    file = table(
        f"{FOURS},2026-08-01,1,ok",
        f"5,4,4,4,4,4,4,4,3.5,{later},2,",
        "0,x,4,4,4,4,4,4,4,2016-12-31,1,",
        f"{FOURS},,,",
        f"{FOURS},11/30/2025,3,",
        f"{FOURS},2026-08-01T23:30:00Z,4,",
        "1,2",
        header=header,
    )
    faults = refused(file)
    places = [fault.partition(":")[0].partition(" has")[0] for fault in faults]
    assert places == [
        "Row 3, column U1",
        "Row 3, column U9",
        "Row 3, column date",
        "Row 4, column U1",
        "Row 4, column U2",
        "Row 4, column date",
        "Row 4, column id",
        "Row 5, column date",
        "Row 5, column id",
        "Row 7, column date",
        "Row 8",
        "If these say that nothing was answered, say it so",  # 0
    ]
    assert "“3.5” is not 1, 2, 3, 4 or empty." in faults[1]
    assert f"“{later}” is in the future" in faults[2]
    assert "is before 2017-01-01" in faults[5]
    assert faults[6] == "Row 4, column id: row 2 has the same; give each response its own."
    assert "“2026-08-01T23:30:00Z” is no date; write 2026-11-30 or 30/11/2026." in faults[9]
    assert data("index", *BC)["n"] == 0
    good = table(f"{FOURS},2026-08-01,1,ok", header=header)
    assert imported(good) == "1 response imported into SAMSAT-BC."


@pytest.mark.usefixtures("sqlite")
@pytest.mark.parametrize(
    ("header", "options", "fault"),
    [
        (NUMBERS, (), "The header has no column date; add it, or give --date for all rows."),
        (f"{NUMBERS},date,Date", (), "The header names date more than once; keep one column each."),
        (f"{NUMBERS},U1", ("--date", "2026-08-01"), "The header names U1 more than once; keep one"),
        ("U1,U2", ("--date", "2026-08-01"), "The header has no column U3, U4, U5, U6, U7, U8, U9;"),
        (NUMBERS, ("--date", "2999-01-01"), "--date “2999-01-01” is in the future"),
        (NUMBERS, ("--date", "yesterday"), "--date “yesterday” is no date; write 2026-11-30 or"),
        (NUMBERS, ("--date", "2026-08-01", "--service", "x"), "SAMSAT-BC has no service “x”. It"),
        (NUMBERS, ("--instrument", "x"), "There is no instrument “x”. There are: skm-14-2017"),
        (
            "U1,U2,U3,U4,U5",
            ("--date", "2026-08-01", "--instrument", "spak-4", "--order", "list"),
            "These elements have no other order than their own; leave it out.",
        ),
    ],
)
def test_what_is_refused_before_any_row(header: str, options: tuple[str, ...], fault: str) -> None:
    cells = ",".join("4" for _ in header.split(","))
    (said,) = refused(table(cells, header=header), *options)
    assert said.startswith(fault)


@pytest.mark.usefixtures("sqlite")
def test_units_files_and_orders_that_there_are_not() -> None:
    file = table(FOURS)
    said = refusal("import", "responses", file, "--unit", "SAMSAT", "--date", "2026-08-01")
    assert said.startswith("There is no unit “SAMSAT”. Near it: SAMSAT-")
    assert "cannot be read: No such file" in refused("nothing.csv")[0]
    assert skm("import", "responses", file, *BC, "--order", "U").exit_code == 2


def test_nothing_is_added_to_a_published_period(engine: Engine) -> None:
    header = f"{NUMBERS},date,id"
    known = f"{FOURS},2026-06-30,1"
    imported(table(known, header=header))
    content = {"number": 1, "period": {"name": "2026-Q2"}, "instrument": CURRENT}
    with engine.begin() as connection:
        unit = units.by_code(connection, "SAMSAT-BC")
        assert unit is not None
        sheets.keep(connection, unit.id, content, 0)
    file = table(known, f"{FOURS},2026-06-30,2", f"{FOURS},2026-07-01,3", header=header)
    (fault,) = refused(file)
    assert fault.startswith("Row 3: 2026-06-30 lies in 2026-Q2, which is published")
    # Rows that are in it already are no new ones; another instrument has its own sheet.
    assert imported(table(known, f"{FOURS},2026-07-01,3", header=header)).startswith("1 response ")
    other = table("1,1,1,1,1", header="U1,U2,U3,U4,U5", name="spak.csv")
    imported(other, "--date", "2026-06-30", "--instrument", "spak-4")


def test_a_period_that_is_published_meanwhile(engine: Engine) -> None:
    read = spreadsheet.read(Path(table(FOURS)))
    with engine.connect() as connection:
        unit = units.by_code(connection, "SAMSAT-BC")
        assert unit is not None
    filed = Filed(unit, instrument(CURRENT), date(2026, 11, 1), day=date(2026, 8, 1))
    content = {"number": 1, "period": {"name": "2026-Q3"}, "instrument": CURRENT}
    with engine.begin() as connection:
        sheets.keep(connection, unit.id, content, 0)
    found = incoming(read, filed)
    with pytest.raises(AnswersRefused, match="was published meanwhile; import again"):
        with engine.connect() as connection:
            with connection.begin():
                stage(connection, filed, found, Chance())
            keep(connection, filed, "file:x", found, 0, "mark")
    with pytest.raises(AnswersRefused, match="Another file was imported into SAMSAT-BC meanwhile"):
        with engine.begin() as connection:
            stage(connection, filed, found, Chance())
            keep(connection, filed, "file:x", found, 0, "mark", frozenset({"file:y"}))
    assert (count(engine, "response"), count(engine, "imported")) == (0, 0)


@pytest.mark.usefixtures("sqlite")
def test_of_thousands_of_faults_twenty_are_named_and_the_rest_counted() -> None:
    file = table(*(f"x{n},4,4,4,4,4,4,4,y{n}" for n in range(1_000)))
    words, *named, last = refused(file, "--date", "2026-08-01")
    assert words.startswith("Other words cannot be counted. Write 1, 2, 3, 4, or the answers")
    assert (len(named), last) == (20, "… and 1,980 more.")
    assert named[-1] == "Row 11, column U9: “y9” is not 1, 2, 3, 4 or empty."


@pytest.mark.usefixtures("sqlite")
def test_what_is_wrong_everywhere_is_said_once_and_what_it_is() -> None:
    """A table on a scale of 5 gave a line a cell, and invited to write 4 for 5."""
    file = table(*["5,4,3,4,4,4,4,4,x"] * 1_000)
    assert refused(file, "--date", "2026-08-01") == [
        "The scale of this table goes to 5, the survey's is 1, 2, 3, 4. "
        "Answers on another scale cannot be counted.",
        "Row 2, column U1: “5” is not 1, 2, 3, 4 or empty.",
        "Row 2, column U9: “x” is not 1, 2, 3, 4 or empty.",
        "“5” stands in 999 more cells.",
        "“x” stands in 999 more cells.",
    ]


@pytest.mark.usefixtures("sqlite")
def test_a_cell_of_many_pages_is_not_repeated() -> None:
    (fault,) = refused(table(f"{'9' * 100_000},4,4,4,4,4,4,4,4"), "--date", "2026-08-01")
    assert len(fault) < 100


@pytest.mark.parametrize("what", ["units", "responses", "f02", "wording", "standards"])
def test_a_file_is_read_before_a_database_is_opened(
    monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    """Of two that are not there the file is named."""
    monkeypatch.setenv("SKM_DATABASE_URL", "sqlite:////nowhere/skm.db")
    unit = () if what == "units" else BC
    year = ("--year", "2026") if what == "f02" else ()
    Path("locked.xlsx").write_bytes(LOCKED)
    said = refusal("import", what, "locked.xlsx", *unit, *year)
    assert said.startswith("locked.xlsx has a password")


@pytest.mark.usefixtures("sqlite")
def test_rows_without_an_answer_are_no_responses() -> None:
    file = table(f"{FOURS},Rini", ",,,,,,,,,Budi", ",,,,,,,,,", header=f"{NUMBERS},nama")
    result = skm("import", "responses", file, *BC, "--date", "2026-08-01")
    assert result.stdout == "1 response imported into SAMSAT-BC.\n"
    assert result.stderr.splitlines()[1:3] == [
        "2 rows without any answer were left out.",
        "Columns that were not read: nama.",
    ]
    empty = table(",,,,,,,,", name="empty.csv", header=",".join(KEYS))
    assert imported(empty, "--date", "2026-08-01") == "0 responses imported into SAMSAT-BC."
