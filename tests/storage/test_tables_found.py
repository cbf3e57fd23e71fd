"""Tables of answers as people's programs make them: what is read, and what is named and refused."""

from datetime import date
from io import BytesIO
from zipfile import ZipFile

import pytest
import xlsxwriter

from flows.loader import instrument
from storage.files import instrument_columns, spreadsheet
from storage.files.response_file import AnswersRefused, Asked, found_in, lines_of
from storage.files.written_day import DaysDoubtful, day_order, written_day, written_minute
from tests.support.instruments import CURRENT

BY = instrument(CURRENT)
ASKED = Asked(BY.keys, BY.values, said=instrument_columns.answers(CURRENT))
HEAD = [f"U{number}" for number in range(1, 10)]
WORDS = [
    *("Sangat sesuai", "4 - Sangat mudah", "3. Cepat", "d. Gratis", "sesuai", "Kompeten"),
    *("Sopan dan ramah", "Baik", "Dikelola dengan baik"),
]


def csv(separator: str, *rows: list[str], first: str = "", encoding: str = "utf-8") -> bytes:
    return (first + "".join(f"{separator.join(row)}\n" for row in rows)).encode(encoding)


THREES = ["3"] * 9
READ = {
    "sep=": csv(";", HEAD, THREES, first="sep=;\n"),
    "tabs": csv("\t", HEAD, THREES),
    "semicolons": csv(";", HEAD, THREES),
    "utf-16": csv("\t", HEAD, THREES, encoding="utf-16"),
    "windows": csv(",", [*HEAD, "catatan"], [*THREES, "café"], encoding="cp1252"),
    "titles": csv(",", ["PENGOLAHAN SKM", *[""] * 8], [""] * 9, HEAD, THREES),
    "a comment of totals": csv(",", [*HEAD, "saran"], [*THREES, "Total baik"]),
    "totals": csv(",", ["No", *HEAD], ["1", *THREES], ["Jml nilai", *["3"] * 9], ["NRR", *THREES]),
}


@pytest.mark.parametrize("way", READ)
def test_the_table_is_found(way: str) -> None:
    lines = lines_of(found_in(spreadsheet.table("isi.csv", READ[way]), ASKED), ASKED)
    given = [[*line.answers.values()] for line in lines]
    assert [each for each in given if any(each)] == [[3] * 9]


@pytest.mark.parametrize(("top", "left"), [(0, 0), (2, 0), (2, 1)])
def test_a_hidden_sheet_is_passed_over_and_what_is_no_value_stays_in_its_cell(
    top: int, left: int
) -> None:
    file = BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True})
    former, sheet = book.add_worksheet("Lama & <x>"), book.add_worksheet("Isi & “B”")
    former.write_row(0, 0, [*HEAD, 1])
    sheet.write_row(top, left, ["U1", "U2"])
    sheet.write_formula(top + 1, left, "=NA()", None, "#N/A")
    sheet.write(top + 1, left + 1, 4)
    sheet.write_formula(top + 2, left + 1, "=1+1", None, "")
    former.hide()
    sheet.activate()
    sheet.set_first_sheet()
    book.close()
    found = spreadsheet.table("isi.xlsx", without_stored_values(file.getvalue()))
    before = [""] * left
    assert found["Isi & “B”"][top:] == [
        [*before, "U1", "U2"], [*before, "#N/A", "4"], [*before, "", "#FORMULA"],
    ]  # fmt: skip


def without_stored_values(workbook: bytes) -> bytes:
    """As programs write it that compute nothing: a formula, and no value beside it."""
    made = BytesIO()
    with ZipFile(BytesIO(workbook)) as of, ZipFile(made, "w") as to:
        for name in of.namelist():
            to.writestr(name, of.read(name).replace(b"<v></v>", b""))
    return made.getvalue()


def test_answers_in_words() -> None:
    (line,) = lines_of(found_in({"": [HEAD, WORDS]}, ASKED), ASKED)
    assert [*line.answers.values()] == [4, 4, 3, 4, 3, 3, 3, 3, 4]


@pytest.mark.parametrize("cell", ["#N/A", "#FORMULA", "0", "-", "1 - Sangat sesuai"])
def test_what_is_no_answer_is_named(cell: str) -> None:
    with pytest.raises(AnswersRefused, match=f"Row 2, column U1: “{cell}” is not 1, 2, 3, 4"):
        lines_of(found_in({"": [HEAD, [cell, *THREES[1:]]]}, ASKED), ASKED)


def test_a_forms_own_times_and_an_american_day() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    assert written_day("2026/08/03 9:05:11 AM GMT+7", first, last) == date(2026, 8, 3)
    assert written_day("03/08/2026 09:05", first, last) == date(2026, 8, 3)


@pytest.mark.parametrize(
    ("text", "minute"),
    [
        ("2026-08-03 21:05:59", "21:05"),
        ("03/08/2026 pukul 21.05 WIB", "21:05"),
        ("8/3/2026 9:05:59 PM", "21:05"),
        ("8/3/2026, 12:05 AM", "00:05"),
        ("2026/08/03 12:05:00 p.m. GMT+7", "12:05"),
        ("46237.8783", "21:04"),
        ("46237.99999", "23:59"),
        ("2026-08-03", ""),
        ("46237", ""),
    ],
)
def test_the_minute_of_a_time_is_the_same_however_it_is_written(text: str, minute: str) -> None:
    assert written_minute(text) == minute


def test_where_day_and_month_both_fit_both_readings_are_shown() -> None:
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    with pytest.raises(DaysDoubtful, match="2026-04-03 if the day stands first, 2026-03-04 if"):
        day_order(["3/4/2026 9:05:11", "3/5/2026 9:05:11"], first, last)
    assert day_order(["3/4/2026", "30/4/2026"], first, last) == "day"
    assert day_order(["3/4/2026", "4/30/2026"], first, last) == "month"
    assert day_order(["4/4/2026", "2026-03-04"], first, last) == "day"  # the same either way
    assert day_order(["3/12/2026", "1/4/2026"], first, date(2026, 5, 1)) == "month"  # to come
