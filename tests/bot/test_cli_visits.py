"""`skm link --once`, its sheet, and `skm index --verified`."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.commands.files import visits as cli_visits
from flows.loader import words
from reports.printed import visit_sheet
from storage import units
from storage.answers import visits
from storage.answers.visits import Visit
from storage.database.connect import open_engine
from storage.vault import Vault
from tests.support.command_line import clean_desk, data, refusal, skm, with_units
from tests.support.offices import SECRET, Chance, draft, respond

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)  # Monday in Batam still, Tuesday in Sorong


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, sqlite_url: str) -> Iterator[Engine]:
    clean_desk(monkeypatch, tmp_path)
    monkeypatch.setenv("SKM_SECRET_KEY", SECRET)
    monkeypatch.setattr(cli_visits.time, "time", NOW.timestamp)
    engine = open_engine(with_units(monkeypatch, sqlite_url))
    yield engine
    engine.dispose()


def read(links: str) -> list[Visit]:
    start = "https://t.me/skm_uji_bot?start=v_"
    assert all(link.startswith(start) for link in links.splitlines())
    found = [visits.read(Vault(SECRET), link.removeprefix(start)) for link in links.splitlines()]
    return [visit for visit in found if visit]


def test_links_one_a_line_each_another_of_the_units_own_day(engine):
    made = read(skm("link", "samsat-bc", "--once", "3").stdout)
    assert len({visit.token for visit in made}) == 3
    assert {(visit.unit_id, visit.day) for visit in made} == {(1, date(2026, 11, 23))}
    (sorong,) = read(skm("link", "RSUD-1", "--once", "1").stdout)
    assert (sorong.unit_id, sorong.day) == (3, date(2026, 11, 24))


def test_how_many_were_made_is_counted_by_the_day_they_are_for(engine):
    skm("link", "SAMSAT-BC", "--once", "3")
    skm("link", "SAMSAT-BC", "--once", "2")
    skm("link", "SAMSAT-BC", "--once", "4", "--date", "2026-12-01")
    with engine.connect() as connection:
        first, last = date(2026, 11, 23), date(2026, 12, 1)
        assert visits.number_issued(connection, 1, first, first) == 5
        assert visits.number_issued(connection, 1, first, last) == 9
        assert visits.number_issued(connection, 2, first, last) == 0


def test_for_a_service_and_another_day(engine):
    asked = ("link", "SAMSAT-BC", "--once", "1", "--service", "Balik nama", "--date", "2026-12-01")
    (made,) = read(skm(*asked).stdout)
    assert made.day == date(2026, 12, 1)
    assert (made.is_of("balik-nama"), made.is_of("pajak-tahunan")) == (True, False)


def test_a_sheet_to_print(engine):
    done = skm("link", "SAMSAT-BC", "--once", "25", "--sheet", "visits.pdf")
    assert len(read(done.stdout)) == 25
    assert Path("visits.pdf").read_bytes().startswith(b"%PDF")


def test_the_codes_of_a_sheet_are_in_no_order(engine, monkeypatch):
    printed: list[str] = []
    monkeypatch.setattr(visit_sheet, "qr_svg", lambda link: printed.append(link) or "")
    monkeypatch.setattr(visit_sheet, "drawn", lambda paper, data: b"")
    with engine.connect() as connection:
        unit = units.by_id(connection, 1)
    links, sheets = [f"https://t.me/x?start=v_{n}" for n in range(30)], []
    for seed in range(3):
        visit_sheet.visit_sheet(unit, "", links, date(2026, 12, 1), words("id"), Chance(seed))
        sheets.append([*printed])
        printed.clear()
    assert [sorted(sheet) for sheet in sheets] == [sorted(links)] * 3
    assert len({tuple(order) for order in (links, *sheets)}) == 4


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("--once", "1", "--date", "1-12-2026"), "no date; write it as 2026-11-30"),
        (("--once", "1", "--date", "2026-11-01"), "Give a day from 2026-11-16 to 2027-11-24."),
        (("--once", "1", "--sheet", "visits.png"), "name it visits.pdf"),
        (("--once", "1", "--service", "x"), "has no service “x”"),
    ],
)
def test_what_cannot_be_made_is_said(engine, given, said):
    assert said in refusal("link", "SAMSAT-BC", *given)
    assert list(Path().glob("visits.*")) == []


@pytest.mark.parametrize(
    "given", [("--once", "0"), ("--once", "1001"), ("--sheet", "x.pdf"),
              ("--once", "1", "--qr", "x.png"), ("--date", "2026-11-23")]
)  # fmt: skip
def test_options_that_do_not_go_together(engine, given):
    assert skm("link", "SAMSAT-BC", *given).exit_code == 2


def test_without_a_secret_no_link_is_signed(engine, monkeypatch):
    monkeypatch.delenv("SKM_SECRET_KEY")
    assert "SKM_SECRET_KEY must have at least 32" in refusal("link", "SAMSAT-BC", "--once", "1")


def test_the_index_of_verified_visits_alone(engine):
    """By hand: nine 4s are an IKM of 100, nine 2s one of 50, so all six together 75."""
    given = [(4, True), (4, True), (4, True), (2, False), (2, False), (2, False)]
    with engine.begin() as connection:
        for seed, (value, verified) in enumerate(given):
            said = draft(values=value, service="umum", verified=verified)
            respond(connection, "SAMSAT-SK", Chance(seed), said)
    everyone, verified = data("index", "--unit", "SAMSAT-SK"), data("index", "--verified")
    assert (everyone["n"], everyone["ikm"]) == (6, "75.00")
    assert (verified["n"], verified["ikm"]) == (3, "100.00")
    assert data("index", "--unit", "SAMSAT-SK", "--service", "umum", "--verified")["n"] == 3
    shown = skm("index", "--unit", "SAMSAT-SK", "--verified").stdout
    assert "Samsat Sekupang · verified visits" in shown
    assert data("index", "--unit", "RSUD-1", "--verified")["ikm"] is None
