"""Tables that are meant to harm whoever reads them cost one sentence: nothing of them is read in
this process, and what reads them ends at its limits."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from storage.files import spreadsheet, table_process
from storage.files.spreadsheet import FILE, SENT, Limits, SpreadsheetUnread, read, table
from storage.files.table_process import LOCKED
from tests.support.hostile_tables import CELL, bomb, far_cell, merged, sheet, with_sheet
from tests.support.paths import ROOT

BROKEN = "is too large or damaged. Copy its rows into a new workbook"
UNPACKED = "too large once it is unpacked"


def refusal(name: str, content: bytes) -> str:
    with pytest.raises(SpreadsheetUnread) as refused:
        table(name, content)
    return str(refused.value)


def python(code: str, *args: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", code, *args], capture_output=True, text=True, cwd=ROOT
    )


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("XFD1048576", BROKEN),
        ("XFD9000", BROKEN),
        ("B1048576", "reaches row 1,048,576; at most 2,000 rows"),
        ("XFD2", "reaches column 16,384; at most 200"),
    ],
)
def test_a_cell_far_away_is_refused(tmp_path: Path, last: str, said: str) -> None:
    assert said in refusal("unit.xlsx", far_cell(tmp_path, last))


def test_a_far_cell_takes_little_memory_of_an_operator_too(tmp_path: Path) -> None:
    (tmp_path / "far.xlsx").write_bytes(far_cell(tmp_path))
    code = """
import resource, sys
from pathlib import Path
from storage.files.spreadsheet import SpreadsheetUnread, read
try:
    read(Path(sys.argv[1]))
except SpreadsheetUnread:
    print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
    done = python(code, str(tmp_path / "far.xlsx"))
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) < 200_000  # kB at the highest, of all processes it waited for


def test_merged_ranges_over_each_other_are_read_as_one(tmp_path: Path) -> None:
    content = merged(tmp_path, 2_000, 30_000)
    assert len(content) < 25_000
    rows = [["code", str(row)] for row in range(2, 2_002)]
    assert table("unit.xlsx", content) == {"Unit": [["code", ""], *rows]}


def test_whatever_is_merged_no_cell_is_filled_twice() -> None:
    """60 million fillings, were each range filled by itself."""
    filled: list[int] = []

    class Row(list[str]):
        def __setitem__(self, place, value):
            filled.append(place)
            super().__setitem__(place, value)

    rows = [Row(["a", "", "c"]) for _ in range(2_000)]
    everywhere = [((top, left), (2_000, left)) for top in range(1_000) for left in range(30)]
    assert [*table_process.unmerged(rows, everywhere)] == [["a", "", "c"]] * 2_000
    assert len(filled) <= 2_000 * 3


def test_a_bomb_is_refused_before_it_is_unpacked_and_one_that_lies_is_not_believed(
    tmp_path: Path,
) -> None:
    assert UNPACKED in refusal("unit.xlsx", bomb(tmp_path, 60))
    content = bomb(tmp_path, 200, lies=True)
    assert len(content) < SENT.bytes
    assert "unit.xlsx" in refusal("unit.xlsx", content)


@pytest.mark.parametrize(
    ("limit", "most", "said"),
    [
        ("text", 1_000, UNPACKED),
        ("unpacked", 1_000, UNPACKED),
        ("rows", 99_998, "reaches row 100,000; at most 99,998"),
        ("bytes", 999, "is too large, 0 MB at most"),
    ],
)
def test_each_limit_holds_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, most: int, said: str
) -> None:
    cells = (f'<row r="{r}"><c r="A{r}"><v>{r}</v></c></row>' for r in range(1, 100_001))
    content = with_sheet(tmp_path, [sheet("".join(cells))])
    wide = Limits(10**8, 10**9, 10**6, 10**4, 10**8, 2 * 10**9, 600)
    monkeypatch.setattr(spreadsheet, "SENT", wide)
    assert spreadsheet.cells_in(table("unit.xlsx", content)) == 100_000
    monkeypatch.setattr(spreadsheet, "SENT", replace(wide, **{limit: most}))
    assert said in refusal("unit.xlsx", content)


@pytest.mark.parametrize(
    "does",
    [
        "while True: pass",
        "bytearray(400_000_000)",
        "out = sys.stdout.buffer\nwhile True: out.write(bytes(1_000_000))",
        "open('/etc/hostname')",
        "import socket; socket.socket()",
    ],
)
def test_what_reads_a_table_can_do_no_more_than_that(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str
) -> None:
    """Whatever a parser might be brought to do: the very limits, and another program."""
    process = tmp_path / "process.py"
    begin = f"import sys; sys.path.insert(0, {str(ROOT / 'storage/files')!r})\n"
    begin += "import socket; from table_process import bound; bound(300_000_000, 1, 1_000_000)\n"
    process.write_text(f"{begin}{does}\nprint('[]')")
    monkeypatch.setattr(spreadsheet, "PROCESS", process)
    assert BROKEN in refusal("unit.csv", b"code\n")
    process.write_text(f"{begin}print('[]')")
    assert table("unit.csv", b"code\n") == {}


@pytest.mark.parametrize("does", ["time.sleep(600)", "print('[[1]]')", "print('[')", "pass"])
def test_one_that_hangs_or_answers_nonsense_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, does: str
) -> None:
    process = tmp_path / "process.py"
    process.write_text(f"import time\n{does}")
    monkeypatch.setattr(spreadsheet, "PROCESS", process)
    monkeypatch.setattr(spreadsheet, "PATIENCE", 0.4)
    assert BROKEN in refusal("unit.csv", b"code\n")


def test_it_inherits_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    process = tmp_path / "process.py"
    process.write_text("import json, os; print(json.dumps([['', [[*os.environ]]]]))")
    monkeypatch.setattr(spreadsheet, "PROCESS", process)
    monkeypatch.setenv("SKM_SECRET_KEY", "rahasia")
    (inherited,) = table("unit.csv", b"code\n")[""]
    assert set(inherited) <= {"LD_LIBRARY_PATH", "LC_CTYPE"}  # the latter Python sets itself


def entities(text: str) -> str:
    tenfold = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    outside = '<!ENTITY f SYSTEM "file:///etc/passwd">'
    kind = f'<!DOCTYPE worksheet [<!ENTITY e0 "lol">{tenfold}{outside}]>'
    return sheet(f'<row r="1">{CELL.format(place="A1", text=text)}</row>', before=kind)


@pytest.mark.parametrize("text", ["&e9;", "&f;"])
def test_an_entity_is_neither_expanded_nor_followed(tmp_path: Path, text: str) -> None:
    said = refusal("unit.xlsx", with_sheet(tmp_path, [entities(text)]))
    assert text in said
    assert "lollol" not in said
    assert "root:" not in said


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("unit.csv", b"code,name\nU-1,Sam\0sat\n", "Row 2 holds what is no text"),
        ("unit.csv", b"\0" * 9_000, "Row 1 holds what is no text"),
        ("unit.csv", b"a" * 1_900_000, "field larger than field limit"),
        ("unit.csv", b"," * 1_000_000 + b"x", "reaches column 1,000,001; at most 200"),
        ("unit.csv", b"x,y\n" * 400_000, "reaches row 400,000; at most 2,000"),
        ("unit.csv", b"a" * 2_000_001, "unit.csv is too large, 2 MB at most"),
        ("unit.csv", b"code\n\x81", "is not UTF-8"),
        ("unit.xlsx", LOCKED + bytes(5_000), "has a password, or is an old .xls"),
        ("unit.xlsx", b"PK\x03\x04" + b"\xff" * 5_000, "is no workbook that can be read"),
        ("unit.xlsx", b"", "is no workbook that can be read"),
        ("\u202eunit" + "x" * 900 + ".xlsx", b"", "�unitx"),
    ],
)
def test_what_cannot_be_read_is_one_short_sentence(name: str, content: bytes, said: str) -> None:
    sentence = refusal(name, content)
    assert said in sentence
    assert len(sentence) < 250


def test_what_is_empty_beyond_a_table_is_no_fault() -> None:
    blank = "," * 300 + "\n"
    rows = table("unit.csv", ("code,name\n" + "U-1,Samsat\n" + blank * 3_000).encode())[""]
    assert len(rows) == 1 + SENT.rows
    assert {len(row) for row in rows} == {2, SENT.columns}


def test_an_operators_file_has_limits_too(tmp_path: Path) -> None:
    with (tmp_path / "answers.csv").open("wb") as file:
        file.truncate(100_000_000)
    with pytest.raises(SpreadsheetUnread, match="is too large, 50 MB at most"):
        read(tmp_path / "answers.csv")
    (tmp_path / "answers.csv").write_text("a\n" * (FILE.rows + 2))
    with pytest.raises(SpreadsheetUnread, match=r"reaches row 200,002; at most 200,000"):
        read(tmp_path / "answers.csv")
    (tmp_path / "answers.csv").write_text("a\n" * (FILE.rows + 1))
    assert spreadsheet.cells_in(read(tmp_path / "answers.csv")) == FILE.rows + 1
