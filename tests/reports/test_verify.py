"""`verify` finds what was changed behind the program's back, and nothing else."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event

from reports.stored.fold import fold
from reports.stored.verify import verify
from storage.database.connect import open_engine
from storage.index import tallies
from tests.support.offices import Chance, count, draft, office, respond, run, unit_row

CELL = "SMST, pajak, skm-14-2017, 2026-11 (chat, unverified)"
SUMS = "The sums of SMST, skm-14-2017, 2026-Q4 are not what its 3 rows add up to."


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST"), unit_row("DUKCAPIL")) as engine:
        chance = Chance()
        with engine.begin() as connection:
            for values in (3, 4, [1, 2, 3, None, 4, 3, 2, 1, None]):
                respond(connection, "SMST", chance, draft(values=values))
            respond(connection, "DUKCAPIL", chance, draft())
        fold(engine)
        yield engine


ONE = "id = (SELECT min(id) FROM response WHERE unit_id = 1)"


def test_what_was_kept_and_folded_is_as_it_should_be(engine):
    assert verify(engine) == []


def test_a_changed_answer_is_found_by_its_tally_and_its_receipt(engine):
    run(engine, f"""UPDATE response SET answers = '{{"cost": 1}}' WHERE {ONE}""")
    assert verify(engine) == [
        f"The tally of {CELL} is not what its 3 rows add up to.",
        "1 responses of SMST are not what their receipts commit to.",
    ]


@pytest.mark.parametrize("change", ["local_date = '2026-11-18'", "salt = leaf"])
def test_a_row_that_is_not_what_was_committed_to_is_found(engine, change):
    run(engine, f"UPDATE response SET {change} WHERE {ONE}")
    assert verify(engine) == ["1 responses of SMST are not what their receipts commit to."]


def test_a_changed_tally_is_found(engine):
    run(engine, """UPDATE tally SET data = replace(data, '"n":3', '"n":4') WHERE unit_id = 1""")
    assert verify(engine) == [f"The tally of {CELL} is not what its 3 rows add up to."]


@pytest.mark.parametrize(
    "change",
    ["n = 4", "mean = '99'", "variance = 0.25", """data = replace(data, '"n":3', '"n":4')"""],
)
def test_changed_sums_of_a_quarter_are_found(engine, change):
    run(engine, f"UPDATE quarter SET {change} WHERE unit_id = 1")
    assert verify(engine) == [SUMS]


def test_removed_sums_of_a_quarter_are_found(engine):
    run(engine, "DELETE FROM quarter WHERE unit_id = 1")
    assert verify(engine) == [SUMS]


def test_a_cell_that_holds_no_tally_is_found(engine):
    run(engine, "UPDATE tally SET data = '{}' WHERE unit_id = 1")
    assert verify(engine) == [f"The tally of {CELL} is not what its 3 rows add up to."]


def test_a_removed_row_is_found(engine):
    run(engine, f"DELETE FROM response WHERE {ONE}")
    assert verify(engine) == [f"The tally of {CELL} is not what its 2 rows add up to."]


def test_a_removed_tally_is_found(engine):
    run(engine, "DELETE FROM tally WHERE unit_id = 1")
    assert verify(engine) == [f"The tally of {CELL} is not what its 3 rows add up to."]


def test_a_cell_of_no_unit_is_told(sqlite_url, monkeypatch):
    """Whoever holds the file can leave out what it refuses."""
    with office(sqlite_url, unit_row("SMST")) as engine, engine.connect() as connection:
        driver = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys=OFF")
        driver.execute("INSERT INTO tally VALUES (9, 'a', 'skm-14-2017', '2026-11', 'chat', 0, '')")
        driver.execute("PRAGMA foreign_keys=ON")
        (told,) = verify(engine)
    assert told.startswith("The tally of a unit 9 that is not there, a, skm-14-2017, 2026-11")


def test_profile_and_extra_answers_are_in_the_tally_too(engine):
    run(engine, f"""UPDATE response SET profile = '{{"sex": "male"}}' WHERE {ONE}""")
    assert verify(engine) == [f"The tally of {CELL} is not what its 3 rows add up to."]


def test_what_is_folded_meanwhile_is_no_difference(engine, monkeypatch):
    """The rows are read after the tallies; in between another process folds a new response."""
    other = open_engine(engine.url.render_as_string(hide_password=False))
    of_units = tallies.of_units

    def later(connection, units):
        with other.begin() as writer:
            respond(writer, "SMST", Chance(9), draft())
        assert fold(other) == 1
        return of_units(connection, units)

    monkeypatch.setattr(tallies, "of_units", later)
    assert verify(engine) == []
    other.dispose()
    assert (count(engine, "response"), count(engine, "unfolded")) == (5, 0)


def test_verifying_waits_for_no_writer(sqlite_url):
    with office(sqlite_url, unit_row("SMST")) as engine:
        impatient = open_engine(sqlite_url)
        event.listen(impatient, "connect", lambda c, _: c.execute("PRAGMA busy_timeout=10"))
        with engine.begin() as connection:
            respond(connection, "SMST", Chance(), draft())
            assert verify(impatient) == []
        impatient.dispose()
