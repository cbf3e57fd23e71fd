"""The figures of the public site: those of the sheet wherever they stand, and none that it does not
show; its tables of data and of anonymous rows."""

import csv
import io
import json
from collections.abc import Iterator, Mapping
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from sqlalchemy import Engine

from flows.formats import indonesian
from reports.official_report.gathered import of_sheet
from reports.sheets import exporting
from reports.site import addresses, catalogue, open_data, preview
from reports.site.rows import rows_of
from storage.index import published, sheets
from storage.periods import parse
from tests.support.offices import NOON, Chance, draft, office, respond, unit_of, unit_row
from tests.support.public_site import (
    files,
    logged,
    nation,
    tags,
    text,
    written,
)
from tests.support.publishing import DAY, LATER, closed, erase_some


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with nation(database_url) as engine:
        yield engine


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> dict[str, bytes]:
    logged(engine)
    written(engine, tmp_path / "site")
    return files(tmp_path / "site")


def test_figures_are_the_same_in_pages_data_badge_feed_and_report(engine, site):
    sheet = json.loads(site["log/sheets/SMST-0002.json"])
    ikm, grade = sheet["index"]["ikm"], sheet["index"]["grade"]
    said = f"{indonesian(ikm)} {grade}"
    assert said in text(site, "unit/SMST/index.html")
    assert said in text(site, "unit/SMST/2026-Q4/index.html")
    assert said in text(site, "unit/SMST/card.html")
    assert f"{ikm} {grade}" in text(site, "en/unit/SMST/2026-Q4/index.html")
    assert said in site["unit/SMST/badge.svg"].decode()
    assert said in site["feed.atom"].decode()
    rows = list(csv.DictReader(io.StringIO(site["data/2026-Q4/sheets.csv"].decode())))
    (mine,) = [row for row in rows if row["unit"] == "SMST"]
    assert (mine["ikm"], mine["grade"], mine["n"]) == (ikm, grade, str(sheet["n"]))
    assert [mine["ci95_low"], mine["ci95_high"]] == sheet["index"]["ci95"]
    listed = json.loads(site["data/2026-Q4/sheets.json"])
    assert {each["ikm"] for each in listed if each["unit"] == "SMST"} == {ikm}
    own = json.loads(site["unit/SMST/data.json"])["periods"][-1]
    assert (own["ikm"], own["elements"]) == (ikm, sheet["index"]["elements"])
    elements = csv.DictReader(io.StringIO(site["data/2026-Q4/elements.csv"].decode()))
    means = {row["element"]: row["mean"] for row in elements if row["unit"] == "SMST"}
    assert means == sheet["index"]["elements"]
    for mean in means.values():
        assert indonesian(mean) in text(site, "unit/SMST/2026-Q4/index.html")
    with engine.connect() as connection:
        unit = unit_of(connection, "SMST")
        report = of_sheet(connection, unit, parse("2026-Q4"), LATER + DAY)
    assert report.figures.headline.ikm == ikm


def test_a_sheet_that_was_counted_by_hand_is_the_same_to_the_cent_wherever_it_stands(
    sqlite_url, tmp_path
):
    """Ten give 4 to all nine, ten give 3, ten give 3 and to the first element 2. So the first has
    (40 + 30 + 20) / 30 = 3, each other (40 + 30 + 30) / 30 = 3 1/3; the index is
    25 * (3 + 8 * 10/3) / 9 = 82.407; B is from 76.61 (PermenPANRB 14/2017)."""
    answers = [[4] * 9, [3] * 9, [2, *[3] * 8]]
    with office(sqlite_url, unit_row("HAND", population=None, kind="samsat")) as engine:
        with engine.begin() as connection:
            for days, values in enumerate(answers):
                for n in range(10):
                    given = draft(NOON - days * DAY + 600 * n, values)
                    respond(connection, "HAND", Chance(f"{days} {n}"), given)
            closed(connection, "HAND")
        written(engine, tmp_path / "site")
    site = files(tmp_path / "site")
    for name in (
        "unit/HAND/index.html", "unit/HAND/2026-Q4/index.html", "unit/HAND/card.html",
        addresses.region("Contoh") + "index.html", addresses.ranking("samsat") + "index.html",
    ):  # fmt: skip
        assert "82,41 B" in text(site, name), name
        assert "82.41 B" in text(site, f"en/{name}"), name
    for name in ("unit/HAND/badge.svg", "feed.atom"):
        assert "82,41 B" in site[name].decode(), name
    sheet = json.loads(site["log/sheets/HAND-0001.json"])["index"]
    (period,) = json.loads(site["unit/HAND/data.json"])["periods"]
    (row,) = csv.DictReader(io.StringIO(site["data/2026-Q4/sheets.csv"].decode()))
    (unit,) = csv.DictReader(io.StringIO(site["data/units.csv"].decode()))
    (listed,) = json.loads(site["data/2026-Q4/sheets.json"])
    (place,) = json.loads(site["data/ranking.json"])["ranking"]
    for each in (sheet, period, row, unit, listed, place):
        assert (each["ikm"], each["grade"]) == ("82.41", "B")
    means = ["3.0000", *["3.3333"] * 8]
    elements = csv.DictReader(io.StringIO(site["data/2026-Q4/elements.csv"].decode()))
    assert [each["mean"] for each in elements] == means
    assert list(period["elements"].values()) == means
    cells = tags(ElementTree.fromstring(site["unit/HAND/2026-Q4/index.html"]), "td")
    said = [each.text for each in cells if each.get("class") == "n"][:9]
    assert said == [indonesian(each) for each in means]


def test_below_the_minimum_there_is_no_figure_anywhere(site):
    sheet = json.loads(site["log/sheets/FEW-0001.json"])
    ikm = sheet["index"]["ikm"]
    assert ikm == "75.00"  # seven answers of 3; the sheet itself has what was published
    mine = [name for name in site if name.startswith(("unit/FEW/", "en/unit/FEW/"))]
    assert len(mine) == 9
    mine.remove("unit/FEW/preview.png")  # the test below
    for name in (*mine, "data/units.csv", "data/2026-Q4/sheets.csv", "feed.atom"):
        content = site[name].decode("utf-8", "replace")
        for line in content.splitlines() if name not in mine else [content]:
            if "FEW" in line or name in mine:
                assert "75,00" not in line, name
                assert "75.00" not in line, name
                assert "3.0000" not in line, name
    assert "Belum cukup" in text(site, "unit/FEW/index.html")
    assert "7 responden dari minimum 278" in text(site, "unit/FEW/index.html")
    assert "Belum cukup" in site["unit/FEW/badge.svg"].decode()
    assert "FEW" not in site["data/ranking.json"].decode()


def test_below_the_minimum_no_picture_has_a_figure(engine, tmp_path, monkeypatch):
    """What is drawn, as a picture tells no test what it says."""

    def told(paper: Path, data: Mapping[str, Any], kind: str) -> bytes:
        return json.dumps(data, ensure_ascii=False).encode()

    monkeypatch.setattr(preview, "drawn", told)
    written(engine, tmp_path / "site")
    site = files(tmp_path / "site")
    drawn = json.loads(site["unit/FEW/preview.png"])
    assert (drawn["ikm"], drawn["grade"], drawn["label"]) == (None, "", "")
    assert "75" not in site["unit/FEW/preview.png"].decode()
    sheet = json.loads(site["log/sheets/SMST-0002.json"])
    assert json.loads(site["unit/SMST/preview.png"])["ikm"] == indonesian(sheet["index"]["ikm"])


def test_without_a_number_of_users_thirty_are_the_minimum(site):
    page = text(site, "unit/PLAIN/index.html")
    assert "31 responden dari minimum 30" in page
    assert "Jumlah pengguna tidak diketahui" in page


def test_anonymous_rows_come_once_nobody_can_erase_an_answer(engine, tmp_path):
    logged(engine)
    written(engine, tmp_path / "site")
    assert not [name for name in files(tmp_path / "site") if "Q4/rows" in name]
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM period_key")
    late = LATER + 30 * DAY
    written(engine, tmp_path / "site", late)
    table = files(tmp_path / "site")["unit/SMST/2026-Q4/rows.csv"].decode().splitlines()
    assert len(table) == 1 + 29
    assert says_rows(tmp_path / "site") == (True, True)
    assert table[1:] == sorted(table[1:])
    assert written(engine, tmp_path / "site", late).files == 0
    erase_some(engine, 1, "unit_id = 1 AND local_date > '2026-10-01'")
    written(engine, tmp_path / "site", late)
    assert "unit/SMST/2026-Q4/rows.csv" not in files(tmp_path / "site")
    assert says_rows(tmp_path / "site") == (False, False)


def says_rows(out: Path) -> tuple[bool, bool]:
    """Whether the period's page and the unit's JSON name a table of rows."""
    page = (out / "unit/SMST/2026-Q4/index.html").read_text()
    data = json.loads((out / "unit/SMST/data.json").read_text())
    return "rows.csv" in page, data["periods"][-1]["rows"] is not None


def test_that_there_are_rows_is_said_without_making_them(engine, monkeypatch):
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM period_key")
    monkeypatch.setattr(exporting, "blurred", None)
    with engine.connect() as connection:
        unit = unit_of(connection, "SMST")
        kept = sheets.of_unit(connection, unit.id)
        found = rows_of(lambda: nullcontext(connection), unit, kept, date(2027, 2, 1))
        assert found.has("2026-Q4")
        assert not found.has("2026-Q2")


def test_what_a_column_is_called_says_what_it_holds():
    """Each table's columns, as a program that reads datapackage.json takes them."""
    columns = {*open_data._SHEETS, *open_data._ELEMENTS, *open_data._UNITS}
    assert columns >= open_data._INTEGERS | open_data._NUMBERS


def test_the_tables_of_a_period_read_each_sheet_once(engine, monkeypatch):
    """And hold no two of them: a nation's are some gigabytes."""
    alive, most, number = 0, 0, 0

    class Watched(dict[str, Any]):
        def __init__(self, *given: Any) -> None:
            nonlocal alive, most, number
            super().__init__(*given)
            alive, number = alive + 1, number + 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    result = catalogue.result
    monkeypatch.setattr(catalogue, "result", lambda said, hash: result(Watched(said), hash))
    with engine.connect() as connection:
        heads = [each for each in published.heads(connection) if each.period == "2026-Q4"]
        pages = open_data.of_period(lambda: nullcontext(connection), "2026-Q4", heads)
        made = {name: make() or b"" for name, make in pages.items()}
    assert (len(made), number, most) == (3, len(heads), 2)  # the last one, and the one that is read
    assert all(content.count(b"FEW") for content in made.values())
