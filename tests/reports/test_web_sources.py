"""Answers from the web and from tablets: beside the rest, judged as they are, hiding nobody."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.commands.figures.sheet_table import lines
from flows.loader import words
from flows.survey.source import NOBODYS
from reports.digest.caption import More, digest_text
from reports.digest.composed import Digest
from reports.digest.details import details_text
from reports.digest.unit_week import weekly
from reports.disclosure import Size, enough
from reports.official_report.wording import SOURCES
from reports.radar import run as radar_run
from reports.stored.fold import fold
from reports.stored.overview import Scope, overview
from reports.stored.verify import verify
from storage.index import sheets
from storage.periods import parse
from tests.support.instruments import CURRENT
from tests.support.offices import NOON, office, unit_of, unit_row
from tests.support.publishing import LATER, WEEK, answered, closed

CODE = "SMST"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row(CODE)) as engine:
        yield engine


def digest(engine: Engine) -> Digest:
    with engine.begin() as connection:
        return weekly(connection, unit_of(connection, CODE), parse("2026-W47"), LATER)


def come(engine: Engine, **numbers: int) -> None:
    with engine.begin() as connection:
        for source, number in numbers.items():
            answered(connection, CODE, number, source=source, channel="web")


def test_a_digest_says_how_many_came_from_where_nobody_is_known(engine):
    come(engine, chat=10, web=6, kiosk=2)
    made = digest(engine)
    assert (made.n, made.own, made.nobodys, made.ikm) == (18, 10, 8, "75.00")
    line = "8 di antaranya dari web atau tablet loket, tanpa tautan kunjungan."
    assert line in digest_text(made, words("id")).split("\n")
    assert line in details_text(made, words("id"), More()).split("\n")
    assert Digest.from_json(made.to_json()) == made


def test_a_digest_without_any_says_nothing_of_them(engine):
    come(engine, chat=10, assisted=5)
    assert digest(engine).nobodys == 0
    assert "web" not in digest_text(digest(engine), words("id"))


def test_a_digest_of_an_older_release_is_read_as_before(engine):
    come(engine, chat=10)
    kept = digest(engine).to_json()
    del kept["nobodys"]
    assert Digest.from_json(kept) == digest(engine)


@pytest.mark.parametrize("source", NOBODYS)
def test_they_hide_nobody(engine, source):
    """A head answers in the web twenty times: nobody reads three citizens by it."""
    come(engine, chat=3, **{source: 20})
    made = digest(engine)
    assert (made.n, made.ikm, made.means) == (23, None, {})
    assert "20 dari kertas, petugas, atau web, 3 dari obrolan" in digest_text(made, words("id"))


def test_alone_they_are_told_from_five_on(engine):
    come(engine, web=5)
    assert digest(engine).ikm == "75.00"
    rows = [type("Row", (), {"source": "web"})] * 5
    assert enough(rows)
    assert not enough(rows[:4])
    assert Size(20, 3).tells


def test_a_sheet_has_them_as_sources_of_their_own(engine):
    come(engine, chat=8, web=6, kiosk=5)
    with engine.begin() as connection:
        made = closed(connection, CODE)
        assert {name: part["n"] for name, part in made["sources"].items()} == {
            "chat": 8, "kiosk": 5, "web": 6,
        }  # fmt: skip
        (kept,) = sheets.of_unit(connection, unit_of(connection, CODE).id)
        said = "\n".join(lines(made, kept.hash, 0))
        assert "web, without a visit link: 6 respondents" in said
        assert "counter tablet: 5 respondents" in said
    assert list(verify(engine)) == []
    assert set(SOURCES) == {"chat", "assisted", "imported", "web", "kiosk"}


def test_figures_stand_beside_by_source(engine):
    come(engine, chat=8, web=6)
    fold(engine)
    autumn = parse("2026-Q4")
    with engine.connect() as connection:
        here = Scope("unit", [unit_of(connection, CODE)])
        found = overview(connection, here, autumn.first, autumn.last, CURRENT)
    assert found.sources["web"].n == 6


def test_the_radar_judges_them(engine):
    """Twenty at once from the web are a burst, as they would be from chats."""
    with engine.begin() as connection:
        for n in range(20):
            answered(connection, CODE, 1, at=NOON + n, source="web", duration=5)
        answered(connection, CODE, 20, at=NOON - WEEK)
        unit, autumn = unit_of(connection, CODE), parse("2026-Q4")
        rows = sheets.responses(connection, unit.id, CURRENT, autumn.first, autumn.last)
        found = radar_run.look(connection, unit, autumn, rows, CURRENT)
    marked = {mark.name: len(mark.ids) for mark in found.marks}
    assert marked["speeding"] == 20
