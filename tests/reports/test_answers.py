"""A table of answers: what is read, and how a bad one is refused in one go."""

from pathlib import Path

import pytest

from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row
from storage.files import response_file
from storage.files.response_file import AnswersRefused, Asked, Order
from storage.files.spreadsheet import SpreadsheetUnread
from tests.support.workbook import workbook

ELEMENTS = (
    "requirements",
    "procedure",
    "completion_time",
    "cost",
    "product",
    "officer_competence",
    "officer_conduct",
    "facilities",
    "complaint_handling",
)
KEYS = ",".join(ELEMENTS)
NUMBERS = "U1,U2,U3,U4,U5,U6,U7,U8,U9"


@pytest.fixture(autouse=True)
def _an_own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def read(file: Path, order: Order = "questionnaire") -> list[Row]:
    asked = Asked(ELEMENTS, range(1, 5), order)
    return [Row(line.answers) for line in response_file.read(file, asked)]


def parse(text: str, order: Order = "questionnaire") -> list[Row]:
    file = Path("table.csv")
    file.write_text(text, "utf-8")
    return read(file, order)


def refusal(text: str) -> list[str]:
    with pytest.raises(AnswersRefused) as refused:
        parse(text)
    return str(refused.value).splitlines()


def test_keys_in_any_order_empty_cells_and_other_columns() -> None:
    rows = parse(f"id,{','.join(reversed(ELEMENTS))},note\n7,4,3,2,1,4, 3 ,2,1,,x\n")
    assert len(rows) == 1
    assert rows[0].answers == dict(
        zip(reversed(ELEMENTS), (4, 3, 2, 1, 4, 3, 2, 1), strict=False)
    ) | {"requirements": None}


@pytest.mark.parametrize(
    ("order", "eighth", "ninth"),
    [
        ("questionnaire", "facilities", "complaint_handling"),
        ("list", "complaint_handling", "facilities"),
    ],
)
def test_numbers_in_two_orders(order: Order, eighth: str, ninth: str) -> None:
    (row,) = parse(f"{NUMBERS}\n4,4,4,4,4,4,3,2,1\n", order)
    assert (row.answers["officer_conduct"], row.answers[eighth], row.answers[ninth]) == (3, 2, 1)


def test_order_does_not_touch_keys() -> None:
    (row,) = parse(f"{KEYS}\n4,4,4,4,4,4,4,2,1\n", "list")
    assert (row.answers["facilities"], row.answers["complaint_handling"]) == (2, 1)


def test_what_spreadsheets_write(tmp_path: Path) -> None:
    """A byte-order mark, semicolons, Windows line ends, quotes, cells and lines left over."""
    file = tmp_path / "answers.csv"
    header = NUMBERS.lower().replace(",", ";")
    text = (
        f'{header};"catatan, bebas"\r\n"4";4;4;4;4;4;4;4;4;"a;\r\nb";;\r\n\r\n3;3;3;;3;3;3;3;;\r\n'
    )
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    tally = tally_of_rows(ELEMENTS, read(file))
    assert tally.n == 2
    assert (tally.answered("cost"), tally.total("requirements")) == (1, 7)


def test_row_without_answers_is_read_and_not_counted() -> None:
    rows = parse(f"{KEYS}\n,,,,,,,,\n4,4,4,4,4,4,4,4,4\n")
    assert (len(rows), tally_of_rows(ELEMENTS, rows).n) == (2, 1)


def test_every_bad_cell_is_named_at_once() -> None:
    faults = refusal(f"{NUMBERS}\n4,4,4,4,4,4,4,4,4\n7,4,4,4,4,4,4,4,4\n4,4,4,4,4,4,4,x,4.5\n1,2\n")
    assert faults == [
        "Row 3, column U1: “7” is not 1, 2, 3, 4 or empty.",
        "Row 4, column U8: “x” is not 1, 2, 3, 4 or empty.",
        "Row 4, column U9: “4.5” is not 1, 2, 3, 4 or empty.",
        "Row 5 has 2 cells, the header 9.",
    ]


@pytest.mark.parametrize("cell", ["0", "5", "-1", "3,5", "sangat baik", "٣", "1e0", "None"])
def test_values_are_one_to_four(cell: str) -> None:
    faults = refusal(f'{KEYS}\n"{cell}",4,4,4,4,4,4,4,4\n')
    assert faults == [f"Row 2, column requirements: “{cell}” is not 1, 2, 3, 4 or empty."]


def test_a_decimal_comma_does_not_shift_the_cells() -> None:
    assert refusal(f"{KEYS}\n3,5,4,4,4,4,4,4,4,4\n") == ["Row 2 has 10 cells, the header 9."]


def test_missing_and_double_columns() -> None:
    assert refusal("U1,U2,U3,U4,U5,U6,U7,U1\n") == [
        "The header names U1 more than once; keep one column each.",
        "The header has no column U8, U9; add it (cells may be empty). "
        "Names are the element keys or U1, U2, …",
    ]
    (fault,) = refusal("nama,umur\nx,1\n")
    assert "no column requirements, procedure, " in fault


def test_mixed_header() -> None:
    (fault,) = refusal("requirements,U2,U3\n4,4,4\n")
    assert fault.startswith("The header mixes element keys (requirements) with numbers (U2)")


@pytest.mark.parametrize("text", ["", "\n", " , \n1,2\n"])
def test_no_header(text: str) -> None:
    assert refusal(text) == ["The first line is empty; it must be a header naming the elements."]


@pytest.mark.parametrize("text", [KEYS, f"{KEYS}\n\n\n"])
def test_no_rows(text: str) -> None:
    assert refusal(text) == ["The table has a header and no rows; add one line per response."]


def test_what_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(SpreadsheetUnread, match="is no CSV table:"):
        parse(f'{KEYS}\n"4,4\n')
    with pytest.raises(SpreadsheetUnread, match="cannot be read: No such file"):
        read(tmp_path / "nothing.csv")
    book = tmp_path / "book.csv"
    book.write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(SpreadsheetUnread, match="is not UTF-8; save it as"):
        read(book)


def test_a_workbook(tmp_path: Path) -> None:
    """Its numbers are all floats; a row of empty cells is no answer."""
    file = tmp_path / "answers.xlsx"
    workbook(file, [list(ELEMENTS), [4.0] * 8 + ["3"], [None] * 9], "K1:K1")
    assert read(file)[0].answers["complaint_handling"] == 3
    workbook(file, [list(ELEMENTS), [4.0] * 8 + [3.5]], "K1:K1")
    with pytest.raises(AnswersRefused, match=r"“3\.5” is not 1, 2, 3, 4 or empty"):
        read(file)
