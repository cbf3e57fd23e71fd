"""Units in memory: as fresh as the database, the nearest first."""

from math import nan

import pytest
from sqlalchemy import Engine

from storage import units
from storage.finding.directory import Directory, Place, Places
from tests.support.offices import office, unit_row


def codes(places: list[Place]) -> list[str]:
    return [place.code for place in places]


def test_a_process_sees_what_another_imports(database_url: str):
    with office(database_url, unit_row("A1", name="Samsat Batam")) as engine:
        mine, others = Directory(), Directory()
        assert found(engine, mine, "samsat") == found(engine, others, "samsat") == ["A1"]
        with engine.begin() as connection:
            units.save(connection, [unit_row("B1", name="Samsat Sekupang")])
        assert found(engine, mine, "sekupang") == ["B1"]
        with engine.begin() as connection:
            units.save(connection, [unit_row("B1", name="Samsat Nongsa")])
        assert found(engine, others, "nongsa") == ["B1"]
        assert found(engine, mine, "sekupang") == []


def test_names_are_read_once(database_url: str):
    with office(database_url, unit_row("A1", name="Samsat Batam")) as engine:
        mine = Directory()
        with engine.connect() as connection:
            assert mine.now(connection) is mine.now(connection)


def found(engine: Engine, directory: Directory, text: str) -> list[str]:
    with engine.connect() as connection:
        return codes(directory.now(connection).like(text, 8))


def at(code: str, latitude: float | None, longitude: float | None) -> Place:
    return Place(code, f"Kantor {code}", "", "", "", latitude, longitude)


NEAR = Places(
    [
        *(at("FAR", 1.6, 104.0), at("B", 1.2, 104.0), at("A", 1.1, 104.0)),
        *(at("NO", None, None), at("SEA", 0.0, 0.0)),
    ]
)


def test_the_nearest_come_first_and_what_is_far_does_not():
    # A degree of latitude is 111.2 km: FAR lies 55.6 km from 1.1.
    assert codes(NEAR.near(1.1, 104.0, 8)) == ["A", "B"]
    assert codes(NEAR.near(1.17, 104.0, 8)) == ["B", "A", "FAR"]
    assert codes(NEAR.near(1.1, 104.0, 1)) == ["A"]


@pytest.mark.parametrize(
    ("latitude", "longitude"), [(0, 0), (-6.2, 106.8), (91, 0), (0, 999), (nan, nan)]
)
def test_nothing_is_near_a_place_that_is_none(latitude: float, longitude: float):
    assert NEAR.near(latitude, longitude, 8) == []
    assert Places([at("NO", None, None)]).near(latitude, longitude, 8) == []


def test_the_other_side_of_the_date_line_is_near():
    line = Places([at("EAST", -8.0, -179.9)])
    assert codes(line.near(-8.0, 179.9, 8)) == ["EAST"]
