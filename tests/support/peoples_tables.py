"""Tables as people's programs make them, each with what must come of it (tests/storage's and the
commands' readers are held to them, docs/tables.md shows them). Made by hand, no real person in any.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any

import xlsxwriter

U = [f"U{number}" for number in range(1, 10)]
THREES, FOURS = ["3"] * 9, ["4"] * 9
DAY = "2026-08-03"
QUESTIONS = [
    "Bagaimana pendapat Saudara tentang kesesuaian persyaratan pelayanan dengan jenis "
    "pelayanannya?",
    "Bagaimana pemahaman Saudara tentang kemudahan prosedur pelayanan di unit ini?",
    "Bagaimana pendapat Saudara tentang kecepatan waktu dalam memberikan pelayanan?",
    "Bagaimana pendapat Saudara tentang kewajaran biaya/tarif dalam pelayanan?",
    "Bagaimana pendapat Saudara tentang kesesuaian produk pelayanan antara yang tercantum dalam "
    "standar pelayanan dengan hasil yang diberikan?",
    "Bagaimana pendapat Saudara tentang kompetensi/kemampuan petugas dalam pelayanan?",
    "Bagaimana pendapat Saudara perilaku petugas dalam pelayanan terkait kesopanan dan keramahan?",
    "Bagaimana pendapat Saudara tentang kualitas sarana dan prasarana?",
    "Bagaimana pendapat Saudara tentang penanganan pengaduan pengguna layanan?",
]
LOOSE = [  # as units word them in forms of their own
    "1. Menurut Anda, apakah persyaratannya jelas?",
    "2. Apakah alur pelayanan kami mudah diikuti?",
    "3. Seberapa cepat pelayanan kami (kecepatan)?",
    "4. Apakah biaya yang Anda bayar wajar?",
    "5. Apakah hasil pelayanan sesuai yang dijanjikan?",
    "6. Bagaimana kemampuan petugas kami?",
    "7. Bagaimana keramahan petugas kami?",
    "8. Bagaimana fasilitas di kantor kami?",
    "9. Bagaimana kami menangani keluhan?",
]
ENGLISH = [
    "Requirements", "Procedure", "Speed of service", "Fees", "Product of the service",
    "Competence of the officers", "Friendly staff", "Facilities", "Complaints",
]  # fmt: skip
WORDS = [
    *("Sangat sesuai", "Mudah", "Cepat", "Gratis", "Sesuai", "Kompeten", "Sopan dan ramah"),
    *("Baik", "Dikelola dengan baik"),
]  # 4 3 3 4 3 3 3 3 4
SAID_WORDS = "433433334"

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class Case:
    """`what` it is; `name`, `content`: the file; `options` besides its unit. `answers`: of each new
    response its nine values, "-" of none; `days`: theirs. `said`: what is told of it; `refused`:
    what is said where nothing is taken. `unit`: of another case, which was brought in before."""

    what: str
    name: str
    content: bytes
    options: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    refused: str = ""
    beside: dict[str, Any] = field(default_factory=dict)  # column of `response` → its one value
    unit: str = ""


def csv(rows: Rows, separator: str = ",", encoding: str = "utf-8", first: str = "") -> bytes:
    lines = [separator.join(_quoted(str(cell), separator) for cell in row) for row in rows]
    return (first + "".join(f"{line}\n" for line in lines)).encode(encoding)


def _quoted(cell: str, separator: str) -> str:
    return f'"{cell}"' if any(mark in cell for mark in (separator, "\n")) else cell


def book(
    *sheets: tuple[str, Rows], hidden: Sequence[str] = (), **more: Callable[..., None]
) -> bytes:
    """A workbook; days and times as Excel keeps them. `draw`: what else is done to it."""
    file = BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True, "default_date_format": "d/m/yyyy h:mm:ss"})
    for name, rows in sheets:
        sheet = made.add_worksheet(name)
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                sheet.write(number, place, cell)
        if name in hidden:
            sheet.hide()
        elif hidden:
            sheet.activate()
            sheet.set_first_sheet()
    for draw in more.values():
        draw(made)
    made.close()
    return file.getvalue()


def merged(rows: Rows) -> bytes:
    """The annex as units fill it in: a head of two rows, its first cell over both."""
    file = BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet("Lampiran")
    sheet.merge_range(0, 0, 0, 9, "PENGOLAHAN INDEKS KEPUASAN MASYARAKAT PER RESPONDEN")
    sheet.merge_range(2, 0, 3, 0, "No. Resp")
    sheet.merge_range(2, 1, 2, 9, "NILAI UNSUR PELAYANAN")
    sheet.write_row(3, 1, U)
    for number, row in enumerate(rows, start=4):
        sheet.write_row(number, 0, row)
    made.close()
    return file.getvalue()


ONE = [["date", *U], [DAY, *THREES]]
ANNEX = [
    ["Nilai/unsur", *[""] * 9], ["NRR/unsur", *["3"] * 9], ["NRR tertimbang", *["0.33"] * 9],
    ["IKM Unit pelayanan", "75"],
]  # fmt: skip
MEANS = ["Rata - Rata", "Rerata", "Nilai rata2", "Mean", "Mutu", "Bobot nilai"]
SIGNED = [[""] * 10, ["Keterangan: U1 sampai U9 = unsur pelayanan"], ["Batam, 4 Agustus 2026"],
          ["Kepala Unit Pelayanan"]]  # fmt: skip
T3 = "3" * 9

CASES: dict[str, Case] = {
    # Where the table is
    "semicolons": Case("cells parted by ;", "a.csv", csv(ONE, ";"), (), (T3,), (DAY,)),
    "tabs": Case("tabs in a .csv", "a.csv", csv(ONE, "\t"), (), (T3,), (DAY,)),
    "sep": Case("Excel's own line sep=;", "a.csv", csv(ONE, ";", first="sep=;\n"), (), (T3,)),
    "comma in quotes": Case(
        "separators inside quotes",
        "a.csv",
        csv([["date", *U, "catatan; bebas, dan lain, lain"], [DAY, *THREES, "x, y; z"]], ";"),
        (),
        (T3,),
        (DAY,),
    ),
    "utf16": Case("UTF-16, as Excel's Unicode text", "a.csv", csv(ONE, "\t", "utf-16"), (), (T3,)),
    "bom": Case("UTF-8 with a byte-order mark", "a.csv", csv(ONE, ";", "utf-8-sig"), (), (T3,)),
    "cp1252": Case(
        "Windows-1252 with é in a remark",
        "a.csv",
        csv([["date", *U, "catatan"], [DAY, *THREES, "café"]], ";", "cp1252"),
        (),
        (T3,),
    ),
    "titles": Case(
        "titles above the header",
        "a.xlsx",
        book(
            (
                "Data",
                [["REKAP SKM"], ["Unit: Kantor A"], [], ["No", "Tanggal", *U], [1, DAY, *[3] * 9]],
            )
        ),
        (),
        (T3,),
        (DAY,),
    ),
    "annex": Case(
        "the annex: a head of two rows, sums below",
        "a.xlsx",
        merged([[1, *[3] * 9], [2, *[4] * 9], *ANNEX]),
        ("--date", DAY),
        ("4" * 9, T3),
        (DAY, DAY),
        ("Rows of sums were left out: 7, 8, 9, 10.",),
    ),
    "means": Case(
        "rows of means, however they are called: Rata - Rata, Rerata, Nilai rata2, Mean, Mutu",
        "a.csv",
        csv(
            [
                ["No", "Nama", *U, "Jumlah"],
                [1, "Ani", *THREES, 27],
                [2, "Rataningsih", *FOURS, 36],
                *(["", label, *THREES, ""] for label in MEANS),
            ]
        ),
        ("--date", DAY),
        (T3, "4" * 9),
        said=("Rows of sums were left out: 4, 5, 6, 7, 8, 9.",),
    ),
    "signed": Case(
        "notes, place, date and signature below",
        "a.csv",
        csv([["No", *U], ["1", *THREES], *SIGNED]),
        ("--date", DAY),
        (T3,),
        (DAY,),
        (
            "Row 4 is no data and was left out: “Keterangan: U1",
            "Row 6 is no data and was left out: “Kepala Unit Pelayanan”",
        ),
    ),
    "numbering": Case(
        "a row (1) (2) (3) … under the header",
        "a.xlsx",
        book(("Data", [["No", "date", *U], [f"({n})" for n in range(1, 12)], [1, DAY, *[3] * 9]])),
        (),
        (T3,),
        (DAY,),
    ),
    "numbers and names": Case(
        "U1 to U9 over the elements' names: complaints are 8th",
        "a.xlsx",
        book(
            (
                "Data",
                [
                    ["date", *U],
                    [
                        "",
                        "Persyaratan",
                        "Prosedur",
                        "Waktu",
                        "Biaya/tarif",
                        "Produk layanan",
                        "Kompetensi petugas",
                        "Perilaku petugas",
                        "Pengaduan",
                        "Sarana prasarana",
                    ],
                    [DAY, *[4] * 7, 1, 3],
                ],
            )
        ),
        (),
        ("444444431",),
        (DAY,),
    ),
    "prefilled": Case(
        "numbers filled in before, most rows empty",
        "a.xlsx",
        book(("Data", [["No", "date", *U], [1, DAY, *[3] * 9], *[[n] for n in range(2, 6)]])),
        (),
        (T3,),
        (DAY,),
        ("4 rows without any answer were left out.",),
    ),
    # Which sheet
    "hidden": Case(
        "a hidden sheet of last year first",
        "a.xlsx",
        book(("Lama", [["date", *U], ["2025-08-01", *[1] * 9]]), ("Jawaban", ONE), hidden=["Lama"]),
        (),
        (T3,),
        (DAY,),
        ("Sheet “Jawaban” is read.",),
    ),
    "recap": Case(
        "answers on the second sheet, a recap on the first",
        "a.xlsx",
        book(("Rekap", [["Unsur", "NRR"], ["U1", 3.1], ["U2", 3.2]]), ("Jawaban", ONE)),
        (),
        (T3,),
        (DAY,),
        ("Sheet “Jawaban” is read, not Rekap.",),
    ),
    "two sheets": Case(
        "two sheets of answers",
        "a.xlsx",
        book(("Juli", ONE), ("Agustus", ONE)),
        refused="Several sheets hold such a table: Juli, Agustus.",
    ),
    "questions and a summary": Case(
        "a form's questions as headings, a summary by number beside",
        "a.xlsx",
        book(
            ("Rekap", [["date", *U], [DAY, *THREES]]),
            ("Jawaban", [["Timestamp", *QUESTIONS], ["2026/08/03 9:05:11 AM GMT+7", *FOURS]]),
        ),
        refused="Several sheets hold such a table: Rekap, Jawaban.",
    ),
    "sheet named": Case(
        "… and one is named",
        "a.xlsx",
        book(("Juli", [["date", *U], ["2026-07-01", *FOURS]]), ("Agustus", ONE)),
        ("--sheet", "agustus"),
        (T3,),
        (DAY,),
        ("Sheet “Agustus” is read.",),
    ),
    "sheet unknown": Case(
        "… and none has that name",
        "a.xlsx",
        book(("Juli", ONE), ("Agustus", ONE)),
        ("--sheet", "Mei"),
        refused="There is no sheet “Mei”. There are: Juli, Agustus.",
    ),
    # Forms
    "google csv": Case(
        "Google Forms, its own .csv",
        "a.csv",
        csv([["Timestamp", *QUESTIONS], ["2026/08/03 9:05:11 AM GMT+7", *WORDS]]),
        (),
        (SAID_WORDS,),
        (DAY,),
        ("“Timestamp” is read as date.",),
    ),
    "google sheets": Case(
        "Google Sheets in English: 8/23/2026 9:05:11",
        "a.csv",
        csv(
            [
                ["Timestamp", *QUESTIONS],
                ["8/3/2026 9:05:11", *WORDS],
                ["8/23/2026 21:05:11", *WORDS],
            ]
        ),
        (),
        (SAID_WORDS, SAID_WORDS),
        (DAY, "2026-08-23"),
        ("The month stands first in its days.",),
    ),
    "google id": Case(
        "Google Sheets in Indonesian: 23/08/2026 21.05.11",
        "a.csv",
        csv([["Stempel waktu", *QUESTIONS], ["23/08/2026 21.05.11", *WORDS]]),
        (),
        (SAID_WORDS,),
        ("2026-08-23",),
        ("The day stands first in its days.",),
    ),
    "google xlsx": Case(
        "Google Forms as .xlsx: times as Excel keeps them",
        "a.xlsx",
        book(
            (
                "Form Responses 1",
                [["Timestamp", *QUESTIONS], [datetime(2026, 8, 3, 23, 59, 59), *WORDS]],
            )
        ),
        (),
        (SAID_WORDS,),
        (DAY,),
    ),
    "google grid": Case(
        "a grid of questions: Penilaian [Persyaratan]",
        "a.csv",
        csv(
            [
                [
                    "Cap waktu",
                    *(
                        f"Penilaian [{name}]"
                        for name in (
                            "Persyaratan",
                            "Prosedur",
                            "Waktu Penyelesaian",
                            "Biaya/Tarif",
                            "Produk",
                            "Kompetensi Pelaksana",
                            "Perilaku Pelaksana",
                            "Sarana dan Prasarana",
                            "Penanganan Pengaduan",
                        )
                    ),
                ],
                ["2026/08/03 9:05:11 AM GMT+7", *THREES],
            ]
        ),
        (),
        (T3,),
        (DAY,),
    ),
    "microsoft": Case(
        "Microsoft Forms: ID, Start time, Completion time, Email, Name",
        "a.xlsx",
        book(
            (
                "Sheet1",
                [
                    ["ID", "Start time", "Completion time", "Email", "Name", *QUESTIONS],
                    [
                        1,
                        datetime(2026, 8, 2, 23, 58),
                        datetime(2026, 8, 3, 0, 3),
                        "anonymous",
                        "",
                        *WORDS,
                    ],
                ],
            )
        ),
        (),
        (SAID_WORDS,),
        (DAY,),
        (
            "“Completion time” is read as date.",
            "Columns that were not read: Start time, Email, Name.",
        ),
    ),
    "microsoft id": Case(
        "Microsoft Forms in Indonesian: Waktu penyelesaian is a time",
        "a.xlsx",
        book(
            (
                "Sheet1",
                [
                    ["ID", "Waktu mulai", "Waktu penyelesaian", "Email", "Nama", *QUESTIONS],
                    [
                        1,
                        datetime(2026, 8, 3, 9, 0),
                        datetime(2026, 8, 3, 9, 3),
                        "anonymous",
                        "",
                        *WORDS,
                    ],
                ],
            )
        ),
        (),
        (SAID_WORDS,),
        (DAY,),
    ),
    "microsoft next": Case(
        "… another form of it, which counts from 1, too",
        "a.xlsx",
        book(
            (
                "Sheet1",
                [
                    ["ID", "Waktu mulai", "Waktu penyelesaian", "Email", "Nama", *QUESTIONS],
                    [
                        1,
                        datetime(2026, 8, 4, 9, 0),
                        datetime(2026, 8, 4, 9, 3),
                        "anonymous",
                        "",
                        *WORDS,
                    ],
                ],
            )
        ),
        (),
        (SAID_WORDS, SAID_WORDS),
        (DAY, "2026-08-04"),
        unit="microsoft id",
    ),
    "serials": Case(
        "days that became numbers: 46237.378",
        "a.csv",
        csv([["Tanggal", *U], ["46237.378", *THREES]]),
        (),
        (T3,),
        ("2026-08-03",),
    ),
    "loose": Case(
        "questions in a unit's own words",
        "a.csv",
        csv([["Timestamp", *LOOSE], ["2026/08/03 9:05:11 AM GMT+7", *"444333221"]]),
        (),
        ("444333221",),
        (DAY,),
        ("“9. Bagaimana kami menangani keluhan?” is read as Handling of Complaints",),
    ),
    "typo": Case(
        "a name mistyped: Persyaratn, Fasilitsa",
        "a.csv",
        csv([["date", "Persyaratn", *U[1:7], "Fasilitsa", "Keluhan"], [DAY, *"234444441"]]),
        (),
        ("234444441",),
        (DAY,),
    ),
    "english": Case(
        "a form in English",
        "a.csv",
        csv(
            [["Timestamp", *ENGLISH], ["2026/08/03 9:05:11 AM GMT+7", "Very suitable", *"33333333"]]
        ),
        (),
        ("433333333",),
        (DAY,),
    ),
    "two languages": Case(
        "each answer in two languages",
        "a.csv",
        csv(
            [
                [
                    "Tanggal / Date",
                    *(f"{q} / {e}" for q, e in zip(QUESTIONS, ENGLISH, strict=True)),
                ],
                [DAY, "Sangat sesuai / Very suitable", *"33333333"],
            ]
        ),
        (),
        ("433333333",),
        (DAY,),
    ),
    "branches": Case(
        "a form that parts by language: 18 columns",
        "a.csv",
        csv(
            [
                ["Timestamp", *QUESTIONS, *ENGLISH],
                ["2026/08/03 9:05:11 AM GMT+7", *WORDS, *[""] * 9],
                ["2026/08/04 9:05:11 AM GMT+7", *[""] * 9, *FOURS],
            ]
        ),
        (),
        (SAID_WORDS, "4" * 9),
        (DAY, "2026-08-04"),
    ),
    "branches with sums": Case(
        "… with a row of sums, which fills both halves",
        "a.csv",
        csv(
            [
                ["Timestamp", *QUESTIONS, *ENGLISH],
                ["2026/08/03 9:05:11 AM GMT+7", *THREES, *[""] * 9],
                ["2026/08/04 9:05:11 AM GMT+7", *[""] * 9, *FOURS],
                ["Jumlah", *THREES, *FOURS],
            ]
        ),
        (),
        (T3, "4" * 9),
        (DAY, "2026-08-04"),
    ),
    "beside": Case(
        "profile, service and suggestions beside",
        "a.csv",
        csv(
            [
                [
                    "Timestamp",
                    "Jenis Kelamin",
                    "Usia",
                    "Pendidikan Terakhir",
                    "Pekerjaan",
                    "Jenis layanan",
                    *U,
                    "Kritik dan saran",
                ],
                [
                    "2026/08/03 9:05:11 AM GMT+7",
                    "Pria",
                    "34 tahun",
                    "SMA/SMK",
                    "Wiraswasta",
                    "kk",
                    *THREES,
                    "Antre lama",
                ],
            ]
        ),
        (),
        (T3,),
        (DAY,),
        ("“Timestamp” is read as date.",),
        beside={"service": "kk", "comment": "Antre lama"},
    ),
    "not understood": Case(
        "a heading that nobody understands",
        "a.csv",
        csv([["date", "Skor layanan", *U[1:]], [DAY, *THREES]]),
        refused="Columns that were not understood: Skor layanan.",
    ),
    "mapped": Case(
        "… and somebody says what it is",
        "a.csv",
        csv([["date", "Skor layanan", *U[1:]], [DAY, *"233333333"]]),
        ("--map", "Skor layanan=requirements"),
        ("233333333",),
        (DAY,),
        ("“Skor layanan” is read as Requirements.",),
    ),
    "mapped again": Case(
        "… the next file with that header needs no word",
        "a.csv",
        csv([["date", "Skor layanan", *U[1:]], ["2026-08-04", *"133333333"]]),
        (),
        ("233333333", "133333333"),
        (DAY, "2026-08-04"),
        unit="mapped",
    ),
    "two meanings": Case(
        "a heading that may be two elements",
        "a.csv",
        csv([["date", *U[:2], "Waktu penanganan pengaduan", *U[3:]], [DAY, *THREES]]),
        refused="The header has no column U3",
    ),
    "twice": Case(
        "satisfaction and expectation: each element twice",
        "a.csv",
        csv([["date", *QUESTIONS, *(f"Harapan: {q}" for q in QUESTIONS)], [DAY, *THREES, *FOURS]]),
        refused="more than once; keep one column each.",
    ),
    # Answers
    "words": Case(
        "answers in words", "a.csv", csv([["date", *U], [DAY, *WORDS]]), (), (SAID_WORDS,)
    ),
    "prefixed": Case(
        "“4 - Sangat sesuai”, “b. Kurang mudah”, “(3) Cepat”, “Gratis (4)”",
        "a.csv",
        csv(
            [
                ["date", *U],
                [
                    DAY,
                    "4 - Sangat sesuai",
                    "b. Kurang mudah",
                    "(3) Cepat",
                    "Gratis (4)",
                    "3. Sesuai",
                    "3 = Kompeten",
                    *"333",
                ],
            ]
        ),
        (),
        ("423433333",),
    ),
    "contradicts": Case(
        "“1 - Sangat sesuai”",
        "a.csv",
        csv([["date", *U], [DAY, "1 - Sangat sesuai", *THREES[1:]]]),
        refused="Row 2, column U1: “1 - Sangat sesuai” is not 1, 2, 3, 4 or empty.",
    ),
    "minus": Case(
        "- where nothing was answered",
        "a.csv",
        csv([["date", *U], [DAY, "-", *THREES[1:]]]),
        refused='If these say that nothing was answered, say it so: --blank "-"',
    ),
    "minus declared": Case(
        "… and somebody says so",
        "a.csv",
        csv([["date", *U], [DAY, "-", *THREES[1:]]]),
        ("--blank", "-"),
        ("-33333333",),
        (DAY,),
        ("Read as empty: -.",),
    ),
    "nothing": Case(
        "0, N/A, #N/A, x",
        "a.csv",
        csv([["date", *U], [DAY, "0", "N/A", "#N/A", "x", *THREES[4:]]]),
        refused='--blank "0" --blank "N/A" --blank "#N/A"',
    ),
    "error": Case(
        "#N/A in a workbook",
        "a.xlsx",
        book(
            ("Data", ONE[:1]),
            draw=lambda made: (
                made.worksheets()[0].write_row(1, 0, [DAY, *[3] * 8]),
                made.worksheets()[0].write_formula(1, 9, "=NA()", None, "#N/A"),
            ),
        ),
        refused="Row 2, column U9: “#N/A” is not 1, 2, 3, 4 or empty.",
    ),
    "decimals": Case(
        "3,00 and 3.0: a column formatted as a number",
        "a.csv",
        csv([["date", *U], [DAY, "3,00", "3.0", *THREES[2:]]], ";"),
        (),
        ("333333333",),
    ),
    "former": Case(
        "U1 to U14: the rule of 2004",
        "a.csv",
        csv([["date", *(f"U{n}" for n in range(1, 15))], [DAY, *["3"] * 14]]),
        refused="U1 to U14 are elements of the rule of 2004",
    ),
    "five": Case(
        "a 5 on a scale of 4",
        "a.csv",
        csv([["date", *U], [DAY, "5", *THREES[1:]]]),
        refused="“5” is not 1, 2, 3, 4 or empty.",
    ),
    "scale": Case(
        "a scale of 1 to 5",
        "a.csv",
        csv([["date", *U], [DAY, *"454545454"], [DAY, *THREES]]),
        refused="The scale of this table goes to 5, the survey's is 1, 2, 3, 4.",
    ),
    "satisfied": Case(
        "Puas, Sangat puas: words of another questionnaire",
        "a.csv",
        csv([["date", *U], [DAY, *["Puas"] * 5, *["Sangat Puas"] * 4]]),
        refused='If these words mean so, say it so: --word "puas=3" --word "sangat puas=4"',
    ),
    "satisfied, said": Case(
        "… and somebody says what they count",
        "a.csv",
        csv([["date", *U], [DAY, *["Puas"] * 5, *["4. Sangat Puas"] * 2, "Baik", "3"]]),
        ("--word", "Puas = 3", "--word", "sangat puas=4"),
        ("333334433",),
        (DAY,),
        ("Words are read as values: “sangat puas” = 4, “puas” = 3.",),
    ),
    "agreement": Case(
        "Sangat tidak setuju, Tidak setuju, Setuju: the lowest is the first",
        "a.csv",
        csv([["date", *U], [DAY, "Sangat tidak setuju", "Tidak setuju", *["Setuju"] * 7]]),
        refused='--word "sangat tidak setuju=1" --word "tidak setuju=2" --word "setuju=3"',
    ),
    "degrees in letters": Case(
        "SP, P, KP, TP: sangat puas to tidak puas",
        "a.csv",
        csv([["date", *U], [DAY, "SP", "P", "KP", "TP", *["P"] * 5]]),
        refused='--word "sp=4" --word "p=3" --word "kp=2" --word "tp=1"',
    ),
    "letters of two scales": Case(
        "SP and SB: letters of two scales",
        "a.csv",
        csv([["date", *U], [DAY, "SP", "SB", "KB", "TP", *["P"] * 5]]),
        refused="Other words cannot be counted. Write 1, 2, 3, 4, or the answers as the",
    ),
    "letters a to d": Case(
        "a, b, c, d",
        "a.csv",
        csv([["date", *U], [DAY, *"abcdabcda"]]),
        refused="Other words cannot be counted. Write 1, 2, 3, 4, or the answers as the",
    ),
    "degrees of two scales": Case(
        "Tidak puas, Puas, Sangat puas: the lowest may be another",
        "a.csv",
        csv([["date", *U], [DAY, "Tidak puas", *["Puas"] * 4, *["Sangat puas"] * 4]]),
        refused="Other words cannot be counted. Write 1, 2, 3, 4, or the answers as the",
    ),
    "five degrees": Case(
        "Kurang puas, Cukup puas, Puas, Sangat puas: the upper four of five",
        "a.csv",
        csv([["date", *U], [DAY, "Kurang puas", "Cukup puas", *["Puas"] * 6, "Sangat puas"]]),
        refused="Other words cannot be counted. Write 1, 2, 3, 4, or the answers as the",
    ),
    "turned round": Case(
        "1. Sangat puas, 2. Puas: the numbers say the contrary",
        "a.csv",
        csv([["date", *U], [DAY, *["1. Sangat puas"] * 5, *["2. Puas"] * 4]]),
        refused="Other words cannot be counted. Write 1, 2, 3, 4, or the answers as the",
    ),
    "other words wrongly said": Case(
        "… and somebody gives a value that there is not",
        "a.csv",
        csv([["date", *U], [DAY, *["Puas"] * 9]]),
        ("--word", "puas=5"),
        refused="--word “puas=5”: write “words=value”; a value is 1, 2, 3, 4.",
    ),
    # Order and days
    "order": Case(
        "U8 is 1",
        "a.csv",
        csv([["date", *U], [DAY, *"444444414"]]),
        (),
        ("444444414",),
        (DAY,),
        ("U8 is read as Facilities and Infrastructure, U9 as Handling of Complaints",),
    ),
    "order list": Case(
        "… in the order of the annex's list",
        "a.csv",
        csv([["date", *U], [DAY, *"444444414"]]),
        ("--order", "list"),
        ("444444441",),
        (DAY,),
        ("U8 is read as Handling of Complaints",),
    ),
    "doubtful": Case(
        "3/4/2026: day or month first?",
        "a.csv",
        csv([["date", *U], ["3/4/2026 9:05:11", *THREES], ["3/5/2026 9:05:11", *THREES]]),
        refused="“3/4/2026 9:05:11” is 2026-04-03 if the day stands first, 2026-03-04 if the month",
    ),
    "doubt said": Case(
        "… and somebody says it",
        "a.csv",
        csv([["date", *U], ["3/4/2026", *THREES]]),
        ("--days", "month"),
        (T3,),
        ("2026-03-04",),
        ("The month stands first in its days.",),
    ),
    "doubt known": Case(
        "… the next file with that header needs no word",
        "a.csv",
        csv([["date", *U], ["5/6/2026", *FOURS]]),
        (),
        (T3, "4" * 9),
        ("2026-03-04", "2026-05-06"),
        unit="doubt said",
    ),
    "doubt told": Case(
        "25/8/2026 in the same column tells it",
        "a.csv",
        csv([["date", *U], ["3/8/2026", *THREES], ["25/8/2026", *THREES]]),
        (),
        (T3, T3),
        (DAY, "2026-08-25"),
        ("The day stands first in its days.",),
    ),
    "months": Case(
        "days in words: 3 Agustus 2026, Senin, 3 Agu 2026, August 3, 2026, 03-Aug-26",
        "a.csv",
        csv(
            [
                ["Tanggal", *U],
                *(
                    [day, *THREES]
                    for day in (
                        "3 Agustus 2026",
                        "Senin, 3 Agu 2026",
                        "August 3, 2026",
                        "03-Aug-26",
                    )
                ),
            ]
        ),
        (),
        (T3,) * 4,
        (DAY,) * 4,
    ),
    "no day": Case(
        "no day at all",
        "a.csv",
        csv([U, THREES]),
        refused="The header has no column date; add it, or give --date for all rows.",
    ),
    "to come": Case(
        "a day to come",
        "a.csv",
        csv([["date", *U], ["2999-01-01", *THREES]]),
        refused="“2999-01-01” is in the future",
    ),
    # The same rows
    "grown": Case(
        "two rows",
        "a.csv",
        csv([["date", *U], [DAY, *FOURS], [DAY, *THREES]]),
        (),
        ("4" * 9, T3),
        (DAY, DAY),
    ),
    "grown more": Case(
        "… the same download with a third",
        "a.csv",
        csv([["date", *U], [DAY, *FOURS], [DAY, *THREES], ["2026-08-10", *THREES]]),
        (),
        ("4" * 9, T3, T3),
        (DAY, DAY, "2026-08-10"),
        ("2 of 3 rows are the same as",),
        unit="grown",
    ),
    "grown around": Case(
        "… in another order",
        "a.csv",
        csv([["date", *U], ["2026-08-10", *THREES], [DAY, *THREES], [DAY, *FOURS]]),
        (),
        ("4" * 9, T3, T3),
        (DAY, DAY, "2026-08-10"),
        ("3 of 3 rows are the same as",),
        unit="grown",
    ),
    "grown again": Case(
        "… and they are other people",
        "a.csv",
        csv([["date", *U], [DAY, *THREES], [DAY, *FOURS]]),
        ("--again",),
        ("4" * 9, T3, T3, T3, "4" * 9),
        (DAY, DAY, "2026-08-10", DAY, DAY),
        ("They are counted again.",),
        unit="grown",
    ),
}

HEAD = ["code", "name", "agency", "region", "timezone", "services", "population"]
UNIT = ["K-1", "Kantor A", "Setda", "Kota X", "WIB"]
SCORES = [
    [str(n), numeral, "4"]
    for numeral, times in {"I": 9, "II": 7, "III": 6, "IV": 3, "V": 3, "VI": 2}.items()
    for n in range(1, times + 1)
]

OTHERS: dict[str, tuple[tuple[str, ...], Case]] = {
    "services on lines": (
        ("units",),
        Case(
            "units: services on lines of one cell",
            "u.csv",
            csv([HEAD, [*UNIT, "KTP\nKK\nAkta", "1"]]),
            said=("1 unit added",),
        ),
    ),
    "services numbered": (
        ("units",),
        Case(
            "units: services as a list, 1. 2. 3.",
            "u.xlsx",
            book(("Unit", [HEAD, [*UNIT, "1. KTP\n2. KK", "1"]])),
            said=("updated.",),
        ),
    ),
    "letters": (
        ("units",),
        Case(
            "units: names in Javanese, Arabic, Balinese and Chinese letters, an emoji",
            "u.csv",
            csv(
                [HEAD, ["K-2", "Kantor ꦲꦏ꧀ꦱꦫ الهداية 😀", "Setda 中文", *UNIT[3:], "Izin ᬅᬓ᭄ᬱᬭ", ""]]
            ),
            said=("No font has these letters: 中文. On posters a dot stands for each.",),
        ),
    ),
    "services by commas": (
        ("units",),
        Case(
            "units: “KTP, KK, Akta”",
            "u.csv",
            csv([HEAD, [*UNIT, "KTP, KK, Akta", "1"]]),
            refused="is “KTP, KK, Akta” one service or several (KTP; KK; Akta)?",
        ),
    ),
    "services in a row": (
        ("units",),
        Case(
            "units: “1. KTP 2. KK”",
            "u.csv",
            csv([HEAD, [*UNIT, "1. KTP 2. KK", "1"]]),
            refused="is “1. KTP 2. KK” one service or several (KTP; KK)?",
        ),
    ),
    "units titled": (
        ("units",),
        Case(
            "units: titles above, headings in Indonesian, a sum below",
            "u.xlsx",
            book(
                (
                    "Daftar",
                    [
                        ["DAFTAR UNIT"],
                        [],
                        [
                            "No",
                            "Kode",
                            "Nama Unit",
                            "Instansi",
                            "Wilayah",
                            "Zona waktu",
                            "Jenis layanan",
                            "Jumlah pengguna",
                        ],
                        [1, *UNIT, "KTP; KK", 120],
                        ["Jumlah", *[""] * 6, 120],
                    ],
                )
            ),
            said=("Columns that were not read: No.",),
        ),
    ),
    "standards": (
        ("standards", "--unit", "K-1"),
        Case(
            "standards: two titles above, headings in Indonesian",
            "s.xlsx",
            book(
                (
                    "Standar",
                    [
                        ["STANDAR PELAYANAN"],
                        [],
                        ["Layanan", "Unsur", "Uraian", "Berlaku sejak"],
                        ["", "cost", "Gratis", date(2026, 8, 3)],
                    ],
                )
            ),
            said=("1 promise kept",),
        ),
    ),
    "standards in doubt": (
        ("standards", "--unit", "K-1"),
        Case(
            "standards: from 3/4/2026",
            "s.csv",
            csv([["element", "text", "valid_from"], ["cost", "Gratis", "3/4/2026"]]),
            refused="“3/4/2026” is 2026-04-03 if the day stands first",
        ),
    ),
    "wordings": (
        ("wording", "--unit", "K-1"),
        Case(
            "wordings: a title above",
            "w.csv",
            csv(
                [
                    ["KATA-KATA", *[""] * 5],
                    ["layanan", "unsur", "1", "2", "3", "4"],
                    ["KTP", "cost", "Jauh di atas", "Di atas", "Sesuai", "Di bawah"],
                ]
            ),
            said=("is in force",),
        ),
    ),
    "f02": (
        ("f02", "--unit", "K-1", "--year", "2026"),
        Case(
            "F-02: titles above, sums below",
            "f.xlsx",
            book(
                (
                    "F02",
                    [
                        ["FORMULIR F-02"],
                        [],
                        ["Indikator", "Aspek", "Nilai"],
                        *SCORES,
                        ["Jumlah", "", "120"],
                    ],
                )
            ),
            said=("30",),
        ),
    ),
}
