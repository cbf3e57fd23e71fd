"""`skm import responses`: answers on paper or of an online form, all or nothing, each once."""

import json
import shutil
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import Engine, text

from bot.commands.files import responses as responses_command
from flows.loader import instrument
from reports.incoming.cells import choice
from reports.incoming.drafts import Filed, Incoming, incoming
from reports.incoming.responses import Imported, keep, stage
from reports.stored.verify import verify
from storage import units
from storage.answers import imports, responses
from storage.database.connect import open_engine
from storage.files import spreadsheet
from storage.files.response_file import AnswersRefused
from tests.support.answer_files import BC, FOURS, NUMBERS, imported, refused, table
from tests.support.command_line import clean_desk, data, skm, with_units
from tests.support.command_line import keep as keep_chat
from tests.support.instruments import CURRENT
from tests.support.offices import Chance, count
from tests.support.workbook import workbook


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


def rows(engine: Engine, what: str) -> list[tuple[object, ...]]:
    with engine.connect() as connection:
        query = text(f"SELECT {what} FROM response ORDER BY local_date, service, source")
        return [tuple(row) for row in connection.execute(query)]


def test_answers_become_responses_of_every_figure(engine: Engine) -> None:
    """Two imported and one from a chat: (4 + 1 + 2) / 3 × 25 = 58.33."""
    keep_chat(engine, "SAMSAT-BC", "2026-08-03", 2)
    file = table(f"{FOURS},2026-08-01", "1,1,1,1,1,1,1,,1,02/08/2026", header=NUMBERS + ",date")
    assert imported(file, "--days", "day") == "2 responses imported into SAMSAT-BC."
    read = data("index", *BC, "--period", "2026-08")
    elements = read["elements"]
    assert isinstance(elements, dict)
    # Facilities are asked 8th: 4 and 2, mean 3; the others 7 / 3.
    assert (read["n"], elements["facilities"]) == (3, {"n": 2, "mean": 3.0})
    assert read["ikm"] == "60.19"  # (8 × 7/3 + 3) / 9 × 25 = 60.185
    assert verify(engine) == []
    kept = rows(engine, "local_date, source, channel, verified, submitted_at, slot, comment, claim")
    days = [date.fromisoformat(str(row[0])) for row in kept]
    assert days == [date(2026, 8, 1), date(2026, 8, 2), date(2026, 8, 3)]
    assert [tuple(row[1:]) for row in kept[:2]] == 2 * [
        ("imported", "file", False, None, "", None, None)
    ]
    assert count(engine, "voice") == 0
    sources = rows(engine, "source")
    assert sources.count(("imported",)) == 2  # beside the headline, by their source


@pytest.mark.usefixtures("engine")
def test_real_answers_come_out_as_their_unit_published_them(published: Path) -> None:
    known = json.loads((published / "index.json").read_text())["respondents"]
    for year, entry in enumerate(known, 2020):
        said = imported(str(published / entry["file"]), "--date", f"30/06/{year}")
        assert said == f"{entry['n']} responses imported into SAMSAT-BC."
        read = data("index", *BC, "--period", str(year))
        assert float(str(read["ikm"])) == pytest.approx(entry["ikm_exact"], abs=0.0051)


def test_the_same_file_is_imported_once(engine: Engine) -> None:
    file = table(FOURS, "1,2,3,4,1,2,3,4,1")
    imported(file, "--date", "2026-08-01")
    shutil.copy(file, "another name.csv")
    for again in (file, "another name.csv"):
        said = imported(again, "--date", "2026-09-09", "--order", "list")
        assert said.startswith("0 responses imported: this file was imported into SAMSAT-BC on 20")
    workbook(Path("same.xlsx"), [NUMBERS.split(","), [4.0] * 9, [1, 2, 3, 4, 1, 2, 3, 4, 1]])
    assert imported("same.xlsx", "--date", "2026-08-01").startswith("0 responses")
    assert count(engine, "response") == 2
    # Another unit's answers are others, whatever they are.
    done = skm("import", "responses", file, "--unit", "RSUD-1", "--date", "2026-08-01")
    assert done.stdout == "2 responses imported into RSUD-1.\n"


def test_rows_with_an_id_are_imported_once(engine: Engine) -> None:
    header = NUMBERS + ",id,date"
    imported(table(f"{FOURS},a,2026-08-01", f"{FOURS},b,2026-08-01", header=header))
    grown = table(
        f"1,{FOURS[2:]},b,2026-08-01", f"{FOURS},c,2026-08-02", f"{FOURS},A,2026-08-02",
        header=header,
    )  # fmt: skip
    assert imported(grown) == "2 responses imported into SAMSAT-BC. 1 were known by their id."
    assert (count(engine, "response"), data("index", *BC)["ikm"]) == (4, "100.00")
    # Ids may be names or numbers of people: what is kept of them cannot be read.
    assert count(engine, "imported", "what LIKE 'row:%' AND length(what) = 68") == 4


def test_a_forms_rows_are_the_same_in_its_workbook_and_in_its_csv(engine: Engine) -> None:
    """Its ids begin with 1, as the next form's do: the minute tells those apart."""
    header = NUMBERS + ",id,Completion time"
    imported(
        table(f"{FOURS},1,8/3/2026 9:05:11 AM", f"{FOURS},2,8/13/2026 21:40", header=header),
        "--days", "month",
    )  # fmt: skip
    workbook_of_it = [f"{FOURS},1,2026-08-03 09:05:11", f"{FOURS},2,2026-08-13T21:40:00"]
    other_form = f"{FOURS},1,2026-08-03 09:07:00"
    grown = table(*workbook_of_it, other_form, f"{FOURS},3,46247.9031", header=header)
    assert imported(grown) == "2 responses imported into SAMSAT-BC. 2 were known by their id."
    assert count(engine, "response") == 4


def filed_of(engine: Engine) -> Filed:
    with engine.connect() as connection:
        unit = units.by_code(connection, "SAMSAT-BC")
    assert unit is not None
    return Filed(unit, instrument(CURRENT), date(2026, 11, 1), day=date(2026, 8, 1))


def test_an_import_cut_short_leaves_nothing(engine: Engine) -> None:
    read, filed = spreadsheet.read(Path(table(*[FOURS] * 9))), filed_of(engine)

    def cut(done: int) -> None:
        raise KeyboardInterrupt

    key, found = imports.file_key(read[""]), incoming(read, filed)
    with pytest.raises(KeyboardInterrupt), engine.begin() as connection:
        stage(connection, filed, found, Chance(), cut)
    assert (count(engine, "response"), count(engine, "imported")) == (0, 0)
    assert kept(engine, filed, key, found, 5).new == 9
    assert kept(engine, filed, key, found, 9).before == 5  # another who read the file before
    assert count(engine, "response") == 9


def kept(engine: Engine, filed: Filed, key: str, found: Incoming, at: int, **more: Any) -> Imported:
    with engine.connect() as connection:
        with connection.begin():
            stage(connection, filed, found, Chance(key))
        return keep(connection, filed, key, found, at, **{"mark": f"{at}"} | more)


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reports.incoming.responses.BATCH", 3)


@pytest.mark.usefixtures("in_parts")
def test_between_the_parts_of_a_file_citizens_write(engine: Engine, monkeypatch) -> None:
    """To move 100,000 rows at once held a SQLite file for 1.2 s of processor time."""
    monkeypatch.setattr("storage.database.sqlite.BUSY", 0.05)
    read, filed, seen = spreadsheet.read(Path(table(*[FOURS] * 8))), filed_of(engine), []

    def pause() -> None:
        keep_chat(engine, "SAMSAT-BC", "2026-08-03", 2)
        seen.append(count(engine, "response", "source = 'imported'"))

    found = incoming(read, filed)
    assert kept(engine, filed, "file:a", found, 5, pause=pause).new == 8
    assert seen == [3, 6]


@pytest.mark.usefixtures("in_parts")
def test_what_an_import_left_that_ended_amid_is_said_and_made_good(engine: Engine) -> None:
    header = NUMBERS + ",id"
    file = table(*(f"{FOURS},{n}" for n in range(8)), header=header)
    read, filed = spreadsheet.read(Path(file)), filed_of(engine)
    key, found = imports.file_key(read[""]), incoming(read, filed)

    def killed() -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        kept(engine, filed, key, found, 5, pause=killed)
    assert count(engine, "response") == 3
    said = skm("doctor").output
    assert "not all of a file is in SAMSAT-BC" in said
    assert "skm import undo --unit SAMSAT-BC" in said
    listed = skm("import", "undo", *BC).stdout
    assert "not to its end" in listed
    assert imported(file, "--date", "2026-08-01") == "8 responses imported into SAMSAT-BC."
    assert count(engine, "response") == 8
    assert "Imports" not in skm("doctor").output
    assert "not to its end" not in skm("import", "undo", *BC).stdout
    assert imported(file).startswith("0 responses imported: this file was imported")
    assert verify(engine) == []


@pytest.mark.usefixtures("in_parts")
def test_an_import_that_another_replaced_adds_nothing(engine: Engine) -> None:
    read, filed = spreadsheet.read(Path(table(*[FOURS] * 8))), filed_of(engine)
    found, others = incoming(read, filed), []

    def replaced() -> None:
        if not others:
            others.append(kept(engine, filed, "file:a", found, 7))

    with pytest.raises(AnswersRefused, match="Another import of this file"):
        kept(engine, filed, "file:a", found, 5, pause=replaced)
    assert (others[0].new, count(engine, "response")) == (8, 8)


def test_while_its_rows_are_made_citizens_write(engine: Engine, monkeypatch) -> None:
    """It took 17 s for 100,000 rows, and nobody else's answer was kept meanwhile."""
    monkeypatch.setattr("storage.database.sqlite.BUSY", 0.05)
    file, wrote = table(*[FOURS] * 9), []

    def made(*given: object) -> list[dict[str, object]]:
        keep_chat(engine, "SAMSAT-BC", "2026-08-03", 2)
        wrote.append(count(engine, "response", "source = 'imported'"))
        return rows_of(*given)

    rows_of = responses.rows_of
    monkeypatch.setattr(responses, "rows_of", made)
    assert imported(file, "--date", "2026-08-01") == "9 responses imported into SAMSAT-BC."
    assert wrote == [0]
    assert count(engine, "response") == 10


def test_while_rows_are_compared_citizens_write(engine: Engine, monkeypatch) -> None:
    """It held a SQLite file for 4 s of 100,000 rows, as whoever writes does."""
    monkeypatch.setattr("storage.database.sqlite.BUSY", 0.05)
    compare, wrote = responses_command.moved, []

    def compared(*given: Any) -> Any:
        keep_chat(engine, "SAMSAT-BC", "2026-08-03", 2)
        wrote.append(True)
        return compare(*given)

    monkeypatch.setattr(responses_command, "moved", compared)
    file = table(*[FOURS] * 9)
    assert imported(file, "--date", "2026-08-01") == "9 responses imported into SAMSAT-BC."
    assert wrote == [True]


def test_two_at_once_import_a_file_and_its_rows_once(engine: Engine) -> None:
    header = NUMBERS + ",id"
    read = spreadsheet.read(Path(table(*(f"{FOURS},{n}" for n in range(50)), header=header)))
    filed = filed_of(engine)
    found, begin = incoming(read, filed), Barrier(3)

    def run(key: str) -> int:
        begin.wait()
        return kept(engine, filed, key, found, 0).new

    with ThreadPoolExecutor() as pool:
        assert sorted(pool.map(run, ["file:a", "file:a", "file:b"])) == [0, 0, 50]
    assert count(engine, "response") == 50


def test_services_by_id_and_name_and_profiles(engine: Engine) -> None:
    header = f"{NUMBERS},service,sex,age,Occupation"
    file = table(
        f"{FOURS},Balik nama,L,26-35,PNS",
        f"{FOURS},pajak-tahunan,female,12,polri",
        f"{FOURS},,Perempuan,,",
        header=header,
    )
    result = skm("import", "responses", file, *BC, "--date", "2026-08-01")
    assert "1 cell of Age left out: none of its choices." in result.stderr
    kept = {str(row[0]): row[1] for row in rows(engine, "service, CAST(profile AS text)")}
    assert json.loads(str(kept["balik-nama"]))["sex"] == "male"
    assert json.loads(str(kept["pajak-tahunan"])) == {"sex": "female", "occupation": "polri"}
    assert json.loads(str(kept[""])) == {"sex": "female"}
    one = table(f"{FOURS},mutasi", header=f"{NUMBERS},service", name="one.csv")
    fault, cure = refused(one, "--date", "2026-08-01")
    assert fault.startswith("Row 2, column service: “mutasi” is no service of SAMSAT-BC; write")
    assert cure == "Are all rows of one service, say it so: --service NAME"
    imported(one, "--date", "2026-08-02", "--service", "Balik nama")  # of all rows
    assert rows(engine, "service")[-1] == ("balik-nama",)


def test_a_unit_with_one_service_needs_no_name_of_it(engine: Engine) -> None:
    skm("import", "responses", table(FOURS), "--unit", "RSUD-1", "--date", "2026-08-01")
    assert rows(engine, "service") == [("umum",)]


def test_the_order_of_numbered_columns(engine: Engine) -> None:
    imported(table("4,4,4,4,4,4,4,2,1"), "--date", "2026-08-01", "--order", "list")
    elements = data("index", *BC)["elements"]
    assert isinstance(elements, dict)
    assert (elements["facilities"]["mean"], elements["complaint_handling"]["mean"]) == (1.0, 2.0)


def test_days_as_people_and_workbooks_write_them(engine: Engine) -> None:
    given = ["2026-8-1", "01/08/2026", "1/8/2026 23.59.59", "2026-08-01 08:15:00.123", "2026-08-01"]
    file = table(*(f"{FOURS},{day}" for day in given), header=f"{NUMBERS},Date")
    assert imported(file, "--days", "day") == "5 responses imported into SAMSAT-BC."
    head: list[object] = [*NUMBERS.split(","), "date", "note"]
    workbook(Path("a.xlsx"), [head, [4.0] * 9 + [date(2026, 8, 1), "=1+1"], [4.0] * 9 + [None] * 2])
    assert (
        imported("a.xlsx", "--date", "2026-07-31", "--again")
        == "2 responses imported into SAMSAT-BC."
    )
    days = [str(row[0]) for row in rows(engine, "local_date")]
    assert days == ["2026-07-31"] + 6 * ["2026-08-01"]


def test_another_instrument_has_its_own_items_and_values(engine: Engine) -> None:
    """F-03: 14 items from 0 to 5, of which 11 online."""
    row = ",".join(["0", "5", *[""] * 12])
    file = table(row, header=",".join(f"U{number}" for number in range(1, 15)))
    options = ("--date", "2026-08-01", "--instrument", "f-03")
    assert imported(file, *options) == "1 response imported into SAMSAT-BC."
    assert (data("index", *BC)["n"], rows(engine, "instrument")) == (0, [("f-03",)])
    (fault,) = refused(
        table(row.replace("5", "6"), header=Path(file).read_text().split()[0]), *options
    )
    assert fault == "Row 2, column U2: “6” is not 0, 1, 2, 3, 4, 5 or empty."
    assert verify(engine) == []


@pytest.mark.parametrize(
    ("written", "band"),
    [
        ("17 - 25 tahun", "17-25"),
        ("26–35 Tahun", "26-35"),
        ("36-45 th.", "36-45"),
        ("66 tahun ke atas", "66-up"),
        ("34 thn", "26-35"),
        ("34", "26-35"),
        ("21-30 tahun", ""),  # lies in two
        ("tahun", ""),
    ],
)
def test_an_age_as_forms_write_it(written: str, band: str) -> None:
    odd = Counter[str]()
    age = next(each for each in instrument("skm-14-2017").bands if each.key == "age")
    assert choice(age, odd)(written) == band
    assert odd["age"] == (not band)
