"""The database under everything: how it is opened, migrated, and what it never tells a log."""

import pytest

from storage.once import insert_once, table_of
from storage.tables import Lease
from tests.offices import office


@pytest.fixture
def engine(database_url):
    with office(database_url) as engine:
        yield engine


def test_who_inserts_first_is_told_and_so_is_who_comes_second(engine):
    row = {"name": "x", "holder": "a", "until": 1}
    with engine.begin() as connection:
        assert insert_once(connection, table_of(Lease), **row) is True
        assert insert_once(connection, table_of(Lease), **row) is False
