"""Follow-up plans are kept in their unit, and closed once, over both databases."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from storage.office import follow_ups
from storage.office.follow_ups import Plan
from tests.support.offices import NOON, office, unit_of, unit_row

TODAY = date(2026, 11, 19)
QUEUE = Plan("completion_time", "Antrean daring", date(2026, 11, 30), "Kepala Seksi Pelayanan")
CHAIRS = Plan("facilities", "Tambah kursi", date(2026, 10, 1), "Kepala Subbagian Umum")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("MKSR")) as engine:
        yield engine


def test_what_is_overdue_stands_on_top_and_another_units_stands_nowhere(engine):
    with engine.begin() as connection:
        here, there = unit_of(connection, "SMST-BTM").id, unit_of(connection, "MKSR").id
        queue = follow_ups.keep(connection, here, QUEUE, TODAY, NOON, "abc")
        chairs = follow_ups.keep(connection, here, CHAIRS, TODAY, NOON, "abc")
        other = follow_ups.keep(connection, there, QUEUE, TODAY, NOON, "abc")
        assert [each.id for each in follow_ups.open_of(connection, here, 10)] == [chairs, queue]
        assert follow_ups.one(connection, here, other) is None
        assert not follow_ups.begin(connection, here, other)
        assert follow_ups.begin(connection, here, queue)
        assert follow_ups.one(connection, here, queue).status == "running"


def test_of_two_heads_who_close_one_only_one_does(engine):
    with engine.begin() as connection:
        here = unit_of(connection, "SMST-BTM").id
        queue = follow_ups.keep(connection, here, QUEUE, TODAY, NOON, "abc")
    with engine.begin() as connection:
        assert follow_ups.finish(connection, here, queue, TODAY, "https://contoh.id", "Beres")
    with engine.begin() as connection:
        assert not follow_ups.finish(connection, here, queue, date(2027, 1, 1), "", "")
        assert not follow_ups.drop(connection, here, queue, TODAY)
        assert not follow_ups.move(connection, here, queue, TODAY)
        kept = follow_ups.one(connection, here, queue)
        assert (kept.status, kept.finished_on, kept.told) == ("done", TODAY, "Beres")
        assert follow_ups.open_of(connection, here, 10) == []
        assert follow_ups.done_for(connection, [here], "completion_time") == {here: kept}
        assert follow_ups.done_for(connection, [here], "facilities") == {}
