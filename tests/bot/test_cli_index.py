"""`skm index`: of a table of answers, and of the database."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from storage.database.connect import open_engine
from tests.support.command_line import (
    KEYS,
    clean_desk,
    data,
    in_indonesian,
    keep,
    refusal,
    skm,
    with_units,
)


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


def table(*rows: str, header: str = ",".join(KEYS)) -> str:
    Path("answers.csv").write_text("\n".join((header, *rows)) + "\n")
    return "answers.csv"


def complete(n: int, total: int) -> list[str]:
    """n complete rows whose 9n answers add up to `total`."""
    low, more = divmod(total, 9 * n)
    cells = [str(low + (place < more)) for place in range(9 * n)]
    return [",".join(cells[9 * row : 9 * row + 9]) for row in range(n)]


@pytest.mark.parametrize(
    ("n", "total", "ikm", "grade"),
    [
        (19, 524, "76.61", "B"),
        (26, 717, "76.60", "C"),
        (43, 1367, "88.31", "A"),
        (58, 1357, "64.99", "D"),
    ],
)
def test_totals_that_fall_between_the_printed_grades(
    n: int, total: int, ikm: str, grade: str
) -> None:
    read = data("index", "--answers", table(*complete(n, total)))
    assert (read["n"], read["ikm"], read["grade"]) == (n, ikm, grade)


def test_the_json_of_a_table_worked_out_by_hand() -> None:
    """Means 3.5, 2, 4 × 6, 1 (one of two answered): SKM = 30.5 / 9, IKM = 84.7222…"""
    file = table("4,2,4,4,4,4,4,4,", "3,2,4,4,4,4,4,4,1", ",,,,,,,,")
    means = [3.5, 2.0, 4.0, 4.0, 4.0, 4.0, 4.0, 4.0, 1.0]
    assert data("index", "--answers", file) == {
        "n": 2,
        "elements": {
            key: {"n": 1 if key == "complaint_handling" else 2, "mean": mean}
            for key, mean in zip(KEYS, means, strict=True)
        },
        "skm": "3.3889",
        "ikm": "84.72",
        "grade": "B",
        "label": "Baik",
        "method": "exact",
        "ci95": None,
        # Of the eight items that both answered only one varies: 8/7 × (1 − 0.5 / 0.5).
        "alpha": 0.0,
        "sample": None,
        "item_total": dict.fromkeys(KEYS),
    }


def test_the_printed_weight_of_old_reports() -> None:
    file = table("4,4,4,4,4,4,4,4,4")
    read = data("index", "--answers", file, "--weights", "0.11")
    assert (read["ikm"], read["method"]) == ("99.00", "0.11")
    assert data("index", "--answers", file)["ikm"] == "100.00"
    without = table("4,4,4,,4,4,4,4,4")
    said = refusal("index", "--answers", without, "--weights", "0.11")
    assert said.endswith("Use --weights exact.")


def test_numbered_columns_in_two_orders() -> None:
    file = table("4,4,4,4,4,4,4,2,1", header="U1,U2,U3,U4,U5,U6,U7,U8,U9")
    for order, mean in (("questionnaire", 2.0), ("list", 1.0)):
        elements = data("index", "--answers", file, "--order", order)["elements"]
        assert isinstance(elements, dict)
        assert elements["facilities"]["mean"] == mean


def test_a_table_with_bad_cells() -> None:
    faults = refusal("index", "--answers", table("7,4,4,4,4,4,4,4,x")).splitlines()
    assert faults == [
        "Row 2, column requirements: “7” is not 1, 2, 3, 4 or empty.",
        "Row 2, column complaint_handling: “x” is not 1, 2, 3, 4 or empty.",
    ]
    assert "cannot be read: No such file" in refusal("index", "--answers", "nothing.csv")


def test_the_table_for_people() -> None:
    said = in_indonesian("index", "--answers", table(*complete(19, 524))).stdout
    for line in (
        "IKM · answers.csv",
        "IKM 76,61 · B (Baik) · 19 responden",
        "SKM 3,0643 · metode exact (bobot 1/k, dibulatkan sekali di akhir)",
    ):
        assert line in said.splitlines()
    assert "seolah-olah responden dipilih acak; tidak mencakup" in said
    assert max(map(len, said.splitlines())) <= 80


def test_real_tables_come_out_as_their_units_published_them(published: Path) -> None:
    known = json.loads((published / "index.json").read_text())["respondents"]
    for entry in known:
        read = data("index", "--answers", str(published / entry["file"]))
        assert read["n"] == entry["n"]
        assert float(str(read["ikm"])) == pytest.approx(entry["ikm_exact"], abs=0.0051)
        assert read["grade"] == entry["grade_exact"]


def test_the_index_of_a_unit_a_period_and_all(engine: Engine) -> None:
    keep(engine, "SAMSAT-BC", "2026-09-30", 1)
    keep(engine, "SAMSAT-BC", "2026-10-01", 3, number=3)
    keep(engine, "SAMSAT-BC", "2026-11-16", 4)
    keep(engine, "RSUD-1", "2026-11-16", 2)
    keep(engine, "RSUD-1", "2026-12-31", None)  # nothing answered, so not counted
    found = {
        "SAMSAT-BC": (5, "70.00"),  # (1 + 3 × 3 + 4) / 5 = 2.8
        "SAMSAT-BC --period 2026-Q4": (4, "81.25"),  # 13 / 4
        "samsat-bc --period 2026-W47": (1, "100.00"),
        "SAMSAT-BC --from 2026-09-30 --to 2026-10-31": (4, "62.50"),  # 10 / 4
        "SAMSAT-BC --from 2026-10-02": (1, "100.00"),
        "SAMSAT-BC --to 2026-09-30": (1, "25.00"),
        "RSUD-1": (1, "50.00"),
    }
    for args, (n, ikm) in found.items():
        read = data("index", "--unit", *args.split())
        assert (args, read["n"], read["ikm"]) == (args, n, ikm)
    pooled = data("index")
    assert (pooled["n"], pooled["ikm"]) == (6, "66.67")  # 16 / 6
    assert data("index", "--period", "2026-11")["n"] == 2


def test_the_sample_belongs_to_one_period_of_one_unit(engine: Engine) -> None:
    keep(engine, "SAMSAT-BC", "2026-11-16", 4, number=2)
    of_quarter = {"population": 5000, "needed": 357, "enough": False}
    unit = ("index", "--unit", "SAMSAT-BC")
    assert data(*unit, "--period", "2026-Q4")["sample"] == of_quarter
    assert data(*unit, "--from", "2026-10-01", "--to", "2026-12-31")["sample"] == of_quarter
    assert data(*unit)["sample"] is None
    assert data(*unit, "--period", "2026-11")["sample"] is None
    assert data("index", "--period", "2026-Q4")["sample"] is None
    assert data("index", "--unit", "RSUD-1", "--period", "2026-Q4")["sample"] is None


@pytest.mark.usefixtures("url")
def test_without_any_answer_every_figure_is_null() -> None:
    read = data("index", "--unit", "SAMSAT-BC", "--period", "2026-Q4")
    assert read["elements"] == {key: {"n": 0, "mean": None} for key in KEYS}
    others = ("skm", "ikm", "grade", "label", "ci95", "alpha", "sample")
    assert (read["n"], {read[name] for name in others}) == (0, {None})
    assert "Belum ada jawaban." in in_indonesian("index").stdout


@pytest.mark.usefixtures("url")
@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--period", "2026-13"), "There is no period “2026-13”. Write a year (2026)"),
        (("--from", "1 Nov"), "--from “1 Nov” is no date; write it as 2026-11-30."),
        (("--to", "9999-12-31"), "--to “9999-12-31” is no date"),
        (("--from", "2026-02-01", "--to", "2026-01-01"), "--from 2026-02-01 comes after --to "),
        (("--unit", "SAMSAT"), "There is no unit “SAMSAT”. Near it: SAMSAT-"),
    ],
)
def test_what_the_index_cannot_be_asked(args: tuple[str, ...], said: str) -> None:
    assert refusal("index", *args).startswith(said)


@pytest.mark.parametrize(
    "args",
    [
        ("--period", "2026", "--from", "2026-01-01"),
        ("--answers", "a.csv", "--unit", "U-1"),
        ("--weights", "0.11"),
        ("--order", "list"),
        ("--answers", "a.csv", "--weights", "0.1"),
    ],
)
def test_options_that_do_not_go_together(args: tuple[str, ...]) -> None:
    assert skm("index", *args).exit_code == 2
