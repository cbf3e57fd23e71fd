"""The evaluator's file: what is read from either kind, and how a bad one is refused in one go."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from reports.ipp.f02_file import read
from reports.ipp.index import Score, f02_of
from reports.ipp.rules import rules
from storage.files.refused import FileRefused
from storage.files.spreadsheet import SpreadsheetUnread
from tests.support.workbook import workbook

RULES = rules()
PER_ASPECT = {"I": 9, "II": 7, "III": 6, "IV": 3, "V": 3, "VI": 2}  # 30 in all
ROWS = [
    [str(n), numeral, "4"] for numeral, times in PER_ASPECT.items() for n in range(1, times + 1)
]


def table(folder: Path, header: str, rows: Sequence[Sequence[str]]) -> Path:
    file = folder / "f02.csv"
    file.write_text("\n".join([header, *(";".join(row) for row in rows)]), "utf-8")
    return file


def changed(number: int, *cells: str) -> list[list[str]]:
    """All rows, that of the file's row `number` replaced."""
    return [list(cells) if at == number else row for at, row in enumerate(ROWS, start=2)]


def refusal(
    folder: Path, rows: Sequence[Sequence[str]], header: str = "indicator;aspect;score"
) -> list[str]:
    with pytest.raises(FileRefused) as refused:
        read(table(folder, header, rows), RULES)
    return str(refused.value).splitlines()


def test_a_whole_file(tmp_path: Path) -> None:
    found = read(table(tmp_path, "indicator;aspect;score", ROWS), RULES).scores
    assert len(found) == 30
    assert found[0] == Score("policy", 1, 4)
    assert found[-1] == Score("innovation", 2, 4)
    assert f02_of(found, RULES).index == 4


def test_sums_and_notes_below_are_left_out_and_named(tmp_path: Path) -> None:
    below = [["Jumlah", "", "120"], ["Ketua tim evaluasi pelayanan", "", ""]]
    scores, left_out = read(table(tmp_path, "indicator;aspect;score", [*ROWS, *below]), RULES)
    assert len(scores) == 30
    assert [(line.key, line.params.get("rows", "32")) for line in left_out] == [
        ("file.totals", "32"),
        ("file.note", "32"),
    ]


def test_names_codes_and_columns_as_evaluators_write_them(tmp_path: Path) -> None:
    names = {
        "I": "Kebijakan  pelayanan",
        "II": "II. Profesionalisme SDM",
        "III": "iii",
        "IV": "information_system",
        "V": "Konsultasi dan Pengaduan",
        "VI": "INOVASI",
    }
    rows = [[score, f"{n}.a.Ak", names[aspect], "bukti"] for n, aspect, score in ROWS]
    found = read(
        table(tmp_path, "Nilai;Indikator;ASPEK;Catatan", [*rows, ["", "", "", ""]]), RULES
    ).scores
    assert found == read(table(tmp_path, "indicator;aspect;score", ROWS), RULES).scores


def test_weights_of_some_aspects(tmp_path: Path) -> None:
    parts = {"V": ["33,33", "33,33", "33,33"], "VI": ["17,5 %", "82,5%"]}
    rows = [[*row, parts[row[1]][int(row[0]) - 1] if row[1] in parts else ""] for row in ROWS]
    found = read(table(tmp_path, "indicator;aspect;score;bobot", rows), RULES).scores
    assert [score.weight for score in found[-2:]] == [Fraction("17.5"), Fraction("82.5")]
    assert f02_of(found, RULES).unweighted == ("staff", "facilities", "information_system")


def test_a_workbook_keeps_percent_as_parts_of_one(tmp_path: Path) -> None:
    """The aspect merged over its rows, a formula's 7 %, numbers that are all floats."""
    parts = [0.17, 0.14, 0.35 / 5, 0.14, 0.1, 0.17, 0.07, 0.07, 0.07]
    rows: list[list[object]] = [
        [float(n), aspect, 4.0, parts[int(n) - 1] if aspect == "I" else None]
        for n, aspect, _ in ROWS
    ]
    rows[5][2] = 5.0  # indicator 6 of aspect I: 4 + 0.17
    for row in rows[1:9]:
        row[1] = None
    file = tmp_path / "f02.xlsx"
    workbook(file, [["indicator", "aspect", "score", "weight"], *rows], "B2:B10")
    found = f02_of(read(file, RULES).scores, RULES)
    assert found.aspects["policy"] == Fraction("4.17")


def test_every_bad_cell_is_named_in_one_go(tmp_path: Path) -> None:
    rows = changed(3, "b", "VII", "6")
    rows[4] = ["5", "I", ""]
    rows[5] = ["6", "I", "3.5"]
    rows[6] = ["7", "I"]
    assert refusal(tmp_path, rows) == [
        "Row 3, column indicator: “b” cannot be taken; begin with the indicator's number, such as "
        "6 or 6.a.B.",
        "Row 3, column aspect: “VII” cannot be taken; write Kebijakan Pelayanan, Profesionalisme "
        "SDM, Sarana Prasarana, Sistem Informasi, Konsultasi dan Pengaduan, Inovasi, or I to VI.",
        "Row 3, column score: “6” cannot be taken; write 0, 1, 2, 3, 4 or 5.",
        "Row 6, column score: it is empty; write 0, 1, 2, 3, 4 or 5.",
        "Row 7, column score: “3.5” cannot be taken; write 0, 1, 2, 3, 4 or 5.",
        "Row 8 has 2 cells, the header 3.",
    ]


def test_an_indicator_twice_and_one_too_few(tmp_path: Path) -> None:
    assert refusal(tmp_path, changed(3, "1.a", "I", "4")) == [
        "Row 3, column indicator: 1 of this aspect is in row 2 already; keep one of them."
    ]
    (fault,) = refusal(tmp_path, ROWS[1:])
    assert fault.startswith("The file scores 29 indicators, F-02 has 30 (PermenPANRB 29/2022")


def test_an_aspect_without_a_row(tmp_path: Path) -> None:
    faults = refusal(tmp_path, [*ROWS[:-2], ["10", "I", "4"], ["11", "I", "4"]])
    assert faults == ["No indicator of VI. Inovasi is scored; add its rows."]


WRITE = "write percent of the aspect such as 17 or 17,5, or none."


@pytest.mark.parametrize(
    ("weights", "fault"),
    [
        (
            ("50", ""),
            "Inovasi: some indicators have a weight and some have none; fill in all or none.",
        ),
        (("50", "49"), "Inovasi: the weights add up to 99, not to 100; correct them."),
        (("0,5", "0,4"), "Inovasi: the weights add up to 0.9, not to 100; correct them."),
        (("half", "50"), f"Row 30, column weight: “half” cannot be taken; {WRITE}"),
        (("-50", "50"), f"Row 30, column weight: “-50” cannot be taken; {WRITE}"),
    ],
)
def test_bad_weights(tmp_path: Path, weights: tuple[str, str], fault: str) -> None:
    rows = [[*row, ""] for row in ROWS[:-2]]
    rows += [[*row, weight] for row, weight in zip(ROWS[-2:], weights, strict=True)]
    assert refusal(tmp_path, rows, "indicator;aspect;score;weight") == [fault]


def test_bad_headers(tmp_path: Path) -> None:
    assert refusal(tmp_path, ROWS, "indicator;aspek;aspect") == [
        "The header names aspect more than once; keep one column each.",
        "The header (row 1) has no column score; add it.",
    ]
    empty = tmp_path / "empty.csv"
    empty.write_text("")
    with pytest.raises(FileRefused, match="no column indicator, aspect, score"):
        read(empty, RULES)


def test_what_is_no_table(tmp_path: Path) -> None:
    with pytest.raises(SpreadsheetUnread):
        read(tmp_path / "f02.pdf", RULES)
