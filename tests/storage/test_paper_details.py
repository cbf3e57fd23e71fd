"""What papers say besides figures: an agency's words, and a unit's own before them."""

import pytest
from sqlalchemy import Engine

from storage.office import paper_details
from storage.office.paper_details import NOTHING_SAID
from storage.scope import agency
from tests.support.offices import office, unit_of, unit_row

HERE = agency("Pemprov Contoh")


@pytest.fixture
def engine(database_url: str):
    with office(database_url, unit_row("SMST-BTM"), unit_row("SMST-SKP", agency="Lain")) as engine:
        yield engine


def test_what_a_unit_does_not_say_its_agency_says(engine: Engine):
    with engine.begin() as connection:
        one, other = (unit_of(connection, code) for code in ("SMST-BTM", "SMST-SKP"))
        whose = {"person": "A", "rank": "IV/a", "nip": "3"}
        paper_details.keep(connection, HERE, {"place": "Batam", "logo": b"png", **whose})
        paper_details.keep(connection, one.scope, {"person": "B", "nip": "1"})
        found = paper_details.of_unit(connection, one)
        assert (found.place, found.person, found.nip, found.logo) == ("Batam", "B", "1", b"png")
        assert found.rank == ""  # A's is not B's
        assert paper_details.of_unit(connection, other) == NOTHING_SAID
        paper_details.keep(connection, one.scope, {"person": "", "nip": "2"})
        found = paper_details.of_unit(connection, one)
        assert (found.person, found.nip) == ("A", "3")
        paper_details.remove(connection, one.scope)
        assert paper_details.of_scope(connection, one.scope) == NOTHING_SAID


def test_each_period_has_a_letter_of_its_own(engine: Engine):
    with engine.begin() as connection:
        unit = unit_of(connection, "SMST-BTM")
        paper_details.keep(connection, unit.scope, {"letter": "1/2026"}, "2026-Q3")
        letters = [
            paper_details.of_unit(connection, unit, p).letter for p in ("2026-Q3", "2026-Q4")
        ]
        assert letters == ["1/2026", ""]
