"""The units file: what is read from either kind, and how a bad one is refused in one go."""

import re
from pathlib import Path

import pytest

from flows.extra_question import Extra
from flows.instrument import Questionnaire
from flows.loader import words
from storage import publications, questionnaires, units
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.files.found_table import names_of
from storage.files.refused import FileRefused
from storage.files.spreadsheet import SpreadsheetUnread
from storage.files.unit_file import CELLS, UnitFile, read
from storage.tables import Unit
from tests.support.instruments import CURRENT
from tests.support.paths import ROOT
from tests.support.workbook import workbook

HEADER = "code,name,agency,region,timezone,services,population"
ROW = "U-1,Samsat Batam Centre,Bapenda Kepri,Batam,WIB,Pajak tahunan;Balik nama,5000"


def units_in(file: Path) -> UnitFile:
    return read(file, 1_795_000_000)  # November 2026


def table(folder: Path, *lines: str, encoding: str = "utf-8") -> Path:
    file = folder / "units.csv"
    file.write_bytes("\n".join(lines).encode(encoding))
    return file


def refusal(file: Path) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        units_in(file)
    return [words("en").line(fault) for fault in refused.value.faults]


def test_a_row_and_what_follows_from_it(tmp_path: Path) -> None:
    (row,) = units_in(table(tmp_path, HEADER, ROW)).rows
    assert row == {
        "code": "U-1",
        "folded_code": "u-1",
        "name": "Samsat Batam Centre",
        "folded_name": "samsat batam centre",
        "agency": "Bapenda Kepri",
        "region": "Batam",
        "timezone": "Asia/Jakarta",
        "services": [
            {"id": "pajak-tahunan", "label": "Pajak tahunan"},
            {"id": "balik-nama", "label": "Balik nama"},
        ],
        "population": 5000,
        "questionnaire": CURRENT,
    }


FOLLOWS = {  # columns of a unit that are in no table that people send
    "id", "folded_code", "folded_name", "retired", "users", "closed_until", "questionnaire",
}  # fmt: skip


def test_each_column_of_a_unit_can_be_sent_is_called_something_and_is_explained() -> None:
    columns = {column.name for column in table_of(Unit).columns} - FOLLOWS
    for column in columns:
        assert column in CELLS, f"storage/files/unit_file.py, CELLS: nothing reads {column}"
        assert column in names_of("units"), f"storage/files/column_names.toml, [units]: no {column}"
    for page in ("operating", "operasional"):
        text = (ROOT / f"docs/{page}.md").read_text("utf-8")
        (header,) = re.findall("^code,name,.*$", text, re.MULTILINE)
        assert header.split(",") == [*CELLS], f"docs/{page}.md: the columns of units.csv"
        lacking = [column for column in CELLS if not re.search(rf"^\|.*`{column}`", text, re.M)]
        assert not lacking, f"docs/{page}.md explains no {lacking}"


def test_what_spreadsheets_of_indonesia_write(tmp_path: Path) -> None:
    """A byte-order mark, semicolons, quotes, decimal commas, empty lines, other columns."""
    file = table(
        tmp_path,
        "Code;NAME;agency;region;timezone;services;population;latitude;longitude;Catatan;period",
        'U-1;"RSUD ""Harapan"" ";Dinkes;Sorong;WIT;"Rawat jalan; rawat inap;";;-0,88;131,25;x;year',
        ";;;;;;;;;;",
        "U-2;Puskesmas;Dinkes;Sorong;Asia/Jayapura;;;;;;",
        encoding="utf-8-sig",
    )
    found = units_in(file)
    first, second = found.rows
    assert found.unread == ["Catatan"]
    assert (first["name"], first["timezone"]) == ('RSUD "Harapan"', "Asia/Jayapura")
    assert [s["label"] for s in first["services"]] == ["Rawat jalan", "rawat inap"]
    assert (first["latitude"], first["longitude"], first["period"]) == (-0.88, 131.25, "year")
    assert (first["population"], second["period"]) == (None, "quarter")
    assert second["services"] == [{"id": "umum", "label": "Pelayanan umum"}]


def test_every_bad_cell_is_named_at_once(tmp_path: Path) -> None:
    file = table(
        tmp_path,
        HEADER + ",period,latitude",
        "U,Samsat,Bapenda,Batam,WIB,,,quarter,",
        "U-2,,Bapenda,Batam,Batam,,0,month,91",
        "u_3,Samsat,*,Batam,WIT,a;A,5.000,weekly,",
        'U-4,"' + "x" * 121 + '",Bapenda,Batam,WITA,,-5,,0',
        "U-5,Samsat,Bapenda",
        "U-6,Samsat,Bapenda,Batam,WIB,,,,",
        "u-6,Samsat,Bapenda,Batam,,,,,",
    )
    assert refusal(file) == [
        "Row 2, column code: “U” cannot be taken; write 2 to 20 of A–Z a–z 0–9 and -.",
        "Row 3, column name: it is empty; write 1 to 120 characters.",
        "Row 3, column timezone: There is no time zone “Batam”. Write WIB, WITA, WIT or an IANA "
        "name such as Asia/Makassar.",
        "Row 3, column population: “0” cannot be taken; write a whole number such as 5000, or "
        "leave it empty.",
        "Row 3, column latitude: “91” cannot be taken; write degrees from -90 to 90, or leave it "
        "empty.",
        "Row 4, column code: “u_3” cannot be taken; write 2 to 20 of A–Z a–z 0–9 and -.",
        "Row 4, column agency: “*” stands for all agencies; write the agency's name.",
        "Row 4, column services: “a” is there more than once; name each service once.",
        "Row 4, column population: “5.000” cannot be taken; write a whole number such as 5000, or "
        "leave it empty.",
        "Row 4, column period: “weekly” cannot be taken; write month, quarter, semester or year.",
        "Row 5, column name: “" + "x" * 39 + "…” cannot be taken; write at most 120 printable "
        "characters.",
        "Row 5, column population: “-5” cannot be taken; write a whole number such as 5000, or "
        "leave it empty.",
        "Row 6 has 3 cells, the header 9; put quotes around cells that hold separators.",
        "Row 8, column timezone: it is empty; write WIB, WITA, WIT or an IANA name.",
        "Row 8, column code: “u-6” is the code of row 7 already. Give each unit its own (capitals "
        "make no difference).",
    ]


def test_header_faults(tmp_path: Path) -> None:
    assert refusal(table(tmp_path, "code,name,name,agency,region,timezone,services", ROW)) == [
        "The header names name more than once; keep one column each.",
        "The header (row 1) has no column population; add it. "
        "The cells of services and population may be empty.",
    ]
    assert refusal(table(tmp_path, HEADER)) == [
        "The table has a header and no rows; add one line per unit."
    ]
    (fault,) = refusal(table(tmp_path, ""))
    assert "no column code, name, agency, " in fault


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("units.csv", b"code;name\nU-1;Samsat \x81", "is not UTF-8; save it as"),
        ("units.csv", b'code,"name\n', "is no CSV table"),
        ("units.xlsx", b"code,name\n", "is no workbook that can be read"),
        ("units.xlsx", b"", "is no workbook that can be read"),
        ("units.ods", b"", "is neither .csv nor .xlsx"),
    ],
)
def test_what_is_no_table(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(SpreadsheetUnread, match=said):
        units_in(tmp_path / name)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(SpreadsheetUnread, match=r"nothing\.csv cannot be read: No such file"):
        units_in(tmp_path / "nothing.csv")


def test_service_ids_fit_a_link_and_differ(tmp_path: Path) -> None:
    long = "Pelayanan perpanjangan surat izin yang panjang sekali namanya"
    services = f"Cek fisik!;Cek fisik?;KTP-el;Akta Kelahiran & Kematian;خدمة;{long} 1;{long} 2"
    (row,) = units_in(table(tmp_path, HEADER, f"U-1,A,B,C,WIB,{services},")).rows
    ids = [service["id"] for service in row["services"]]
    assert ids[:5] == ["cek-fisik", "cek-fisik-2", "ktp-el", "akta-kelahiran-kematian", "layanan"]
    assert len(set(ids)) == 7
    assert max(map(len, ids)) <= 40


def test_a_workbook_as_a_spreadsheet_saves_it(tmp_path: Path) -> None:
    """Numbers without a fraction, a formula's value, an agency merged over two rows, a gap."""
    names = HEADER.split(",")
    first = ["U-1", "Samsat A", "Bapenda", "Batam", "WIB", "Pajak", 5000.0]
    second = [1234, "Samsat B", None, "Batam", "WITA", None, ("=2500*2", 5000)]
    file = tmp_path / "units.xlsx"
    workbook(file, [names, first, second, [None] * 7, ["U-3", *first[1:6], 7.5]], "C2:C3")
    assert refusal(file) == [
        "Row 5, column population: “7.5” cannot be taken; write a whole number such as 5000, or "
        "leave it empty."
    ]
    workbook(file, [names, first, second], "C2:C3")
    rows = units_in(file).rows
    assert [row["code"] for row in rows] == ["U-1", "1234"]
    assert [row["agency"] for row in rows] == ["Bapenda", "Bapenda"]
    assert [row["population"] for row in rows] == [5000, 5000]


def test_reading_again_updates_and_leaves_the_questionnaire(
    tmp_path: Path, database_url: str
) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        questionnaires.keep(connection, Questionnaire(CURRENT))
        first = units_in(table(tmp_path, HEADER, ROW)).rows
        assert units.save(connection, first) == (1, 0)
        unit = units.by_code(connection, "U-1")
        assert unit is not None
        asked = Questionnaire(CURRENT, (Extra("x", "Parkir?", "scale"),))
        publications.publish_one(connection, unit, asked, 0, "somebody")
        again = units_in(
            table(tmp_path, HEADER, ROW.replace("5000", "7000"), "U-2,A,B,C,WIT,,")
        ).rows
        assert units.save(connection, again) == (1, 1)
        found = units.by_code(connection, "u-1")
        assert found is not None
        assert (found.id, found.population) == (unit.id, 7000)
        assert found.questionnaire == asked.id
    engine.dispose()
