"""Files that everybody may have: one of each thing, gone with it, and for good once taken off."""

import hashlib
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from reports.jobs.restored import settle
from storage.database import destroyed
from storage.database.rollback_check import Seen
from storage.office import innovations, public_files, unit_removal
from storage.office.innovations import Novelty
from tests.support.offices import NOON, office, unit_of, unit_row

NEW = Novelty("cost", "Papan tarif", "Dipasang", date(2026, 11, 1), "")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("MKSR")) as engine:
        yield engine


def test_one_of_each_in_place_of_the_one_before(engine):
    with engine.begin() as connection:
        for content in (b"old", b"new"):
            public_files.keep(connection, 1, "follow_up", "7", content, NOON, (8, 6))
        public_files.keep(connection, 1, "innovation", "7", b"other", NOON + 1, (6, 8))
        public_files.keep(connection, 2, "report", "2026-Q4", b"%PDF", NOON, made_of="ab")
    with engine.connect() as connection:
        found = public_files.of_units(connection)
        assert [(each.kind, each.size) for each in found[1]] == [
            ("innovation", 5),
            ("follow_up", 3),
        ]
        (report,) = found[2]
        assert (report.media_type, report.made_of) == ("application/pdf", "ab")
        hash = hashlib.sha256(b"new").hexdigest()
        assert public_files.content(connection, 1, hash) == b"new"
        assert public_files.content(connection, 2, hash) is None
        assert public_files.of_units(connection, [2]).keys() == {2}


def test_it_goes_with_what_it_belongs_to(engine):
    with engine.begin() as connection:
        id = innovations.keep(connection, 1, NEW, NOON, "by")
        public_files.keep(connection, 1, "innovation", str(id), b"photo", NOON, (8, 6))
        with pytest.raises(unit_removal.Needed):
            unit_removal.remove(connection, unit_of(connection, "SMST-BTM"))
        assert innovations.remove(connection, 1, id)
        assert public_files.of_units(connection) == {}
        assert not public_files.withdraw(connection, 1, "innovation", str(id))


def test_what_was_taken_off_stays_so_after_an_older_copy_was_put_back(engine):
    """But not what was put there anew since."""
    with engine.begin() as connection:
        public_files.keep(connection, 1, "follow_up", "7", b"face", NOON, (8, 6))
        public_files.withdraw(connection, 1, "follow_up", "7")
        lines = tuple(destroyed.all_of_them(connection))
        public_files.keep(connection, 1, "follow_up", "7", b"face", NOON, (8, 6))  # the copy's
        public_files.keep(connection, 1, "report", "2026-Q4", b"%PDF", NOON)
        settle(connection, Seen(NOON + 60, 1, lines), NOON + 120)
        assert [each.kind for each in public_files.of_units(connection)[1]] == ["report"]
        public_files.keep(connection, 1, "follow_up", "7", b"chairs", NOON + 90, (8, 6))
        settle(connection, Seen(NOON + 60, 1, lines), NOON + 120)
        assert len(public_files.of_units(connection)[1]) == 2
