"""One voice per person, unit, service and period; after the period nobody can tell whose."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from storage.answers import votes
from storage.answers.votes import Keys, Person, count, destroy_keys, is_counted
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.periods import parse
from storage.tables import PeriodKey, Response
from storage.vault import SecretUnfit, Vault
from tests.support import offices
from tests.support.offices import VAULT, Chance, draft, office, respond, run, unit_row

AUTUMN, WINTER = parse("2026-Q4"), parse("2027-Q1")
RINI = Person("tg:1", 1, "pajak")
DAY = date(2026, 11, 19)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("DUKCAPIL")) as engine:
        yield engine


def sealed_key(engine: Engine) -> bytes:
    with engine.connect() as connection:
        key: bytes = connection.execute(select(table_of(PeriodKey).c.sealed)).scalar_one()
        return key


def times(engine: Engine) -> list[int | None]:
    """The exact times of all responses, by their local date."""
    table = table_of(Response)
    with engine.connect() as connection:
        query = select(table.c.submitted_at).order_by(table.c.local_date)
        return list(connection.execute(query).scalars())


def test_the_same_person_counts_once_and_is_known_from_then_on(engine):
    chance = Chance()
    with engine.begin() as connection:
        assert not is_counted(Keys(connection, VAULT), RINI, AUTUMN)
        assert count(Keys(connection, VAULT), RINI, AUTUMN, chance, DAY)
        assert not count(Keys(connection, VAULT), RINI, AUTUMN, chance, DAY)
        assert is_counted(Keys(connection, VAULT), RINI, AUTUMN)
    assert offices.count(engine, "voice") == 1


def test_another_person_service_unit_survey_or_period_counts_for_itself(engine):
    others = [
        (Person("tg:2", 1, "pajak"), AUTUMN),
        (Person("wa:1", 1, "pajak"), AUTUMN),
        (Person("tg:1", 1, "stnk"), AUTUMN),
        (Person("tg:1", 2, "pajak"), AUTUMN),
        (Person("tg:1", 1, "pajak", "spak"), AUTUMN),
        (RINI, WINTER),
    ]
    chance = Chance()
    with engine.begin() as connection:
        assert count(Keys(connection, VAULT), RINI, AUTUMN, chance, DAY)
        for person, period in others:
            assert not is_counted(Keys(connection, VAULT), person, period)
            assert count(Keys(connection, VAULT), person, period, chance, DAY)


def test_asking_makes_no_key(engine):
    with engine.begin() as connection:
        assert not is_counted(Keys(connection, VAULT), RINI, AUTUMN)
    assert offices.count(engine, "period_key") == 0


def test_a_key_is_random_and_lies_sealed(engine):
    chance, drawn = Chance(), []

    def recorded(number: int) -> bytes:
        drawn.append(chance(number))
        return drawn[-1]

    with engine.begin() as connection:
        count(Keys(connection, VAULT), RINI, AUTUMN, recorded, DAY)
    key, sealed = drawn[0], sealed_key(engine)
    assert len(key) == 32
    assert key not in sealed
    assert VAULT.unseal(sealed, "1|2026-Q4") == key


def test_a_key_of_another_unit_or_period_does_not_open(engine):
    with engine.begin() as connection:
        count(Keys(connection, VAULT), RINI, AUTUMN, Chance(), DAY)
    run(engine, "UPDATE period_key SET unit_id = 2")
    with engine.begin() as connection, pytest.raises(SecretUnfit):
        is_counted(Keys(connection, VAULT), Person("tg:1", 2, "pajak"), AUTUMN)


def test_another_secret_is_refused_with_the_cure(engine):
    with engine.begin() as connection:
        count(Keys(connection, VAULT), RINI, AUTUMN, Chance(), DAY)
        with pytest.raises(SecretUnfit, match="Set the former one again"):
            is_counted(Keys(connection, Vault("x" * 32)), RINI, AUTUMN)


def test_a_short_secret_is_refused_with_the_cure():
    Vault("x" * 32)
    with pytest.raises(SecretUnfit, match=r"at least 32 characters.*token_hex"):
        Vault("x" * 31)


def test_two_processes_that_make_the_key_at_once_agree_on_it(postgres_url):
    """Both have found no key before either makes one."""
    both = Barrier(2)

    def vote(seed: int) -> bool:
        chance, engine = Chance(seed), open_engine(postgres_url)

        def met(number: int) -> bytes:
            if number == 32:
                both.wait(10)
            return chance(number)

        with engine.begin() as connection:
            first = count(Keys(connection, VAULT), RINI, AUTUMN, met, DAY)
        engine.dispose()
        return first

    with office(postgres_url, unit_row("SMST-BTM")) as engine, ThreadPoolExecutor() as pool:
        assert sorted(pool.map(vote, (1, 2))) == [False, True]
        assert offices.count(engine, "period_key") == 1
        assert offices.count(engine, "voice") == 1


def test_fourteen_days_after_the_period_key_and_exact_times_are_gone(engine):
    # The quarter ends on 31 December; 14 January is the last of the 14 days after it.
    moments = [datetime(2026, 12, 31, 9, tzinfo=UTC), datetime(2027, 1, 2, 9, tzinfo=UTC)]
    inside, after = (int(moment.timestamp()) for moment in moments)
    chance, neighbour = Chance(), Person("tg:1", 2, "pajak")
    with engine.begin() as connection:
        for person, period in ((RINI, AUTUMN), (RINI, WINTER), (neighbour, WINTER)):
            count(Keys(connection, VAULT), person, period, chance, DAY)
        respond(connection, "SMST-BTM", chance, draft(inside))
        respond(connection, "SMST-BTM", chance, draft(after))
        assert destroy_keys(connection, date(2027, 1, 14)) == 0
        assert is_counted(Keys(connection, VAULT), RINI, AUTUMN)
        assert destroy_keys(connection, date(2027, 1, 15)) == 1
        assert not is_counted(Keys(connection, VAULT), RINI, AUTUMN)
        assert is_counted(Keys(connection, VAULT), RINI, WINTER)
    assert times(engine) == [None, after]
    assert offices.count(engine, "period_key", "period = '2026-Q4'") == 0
    assert offices.count(engine, "voice", "period = '2026-Q4'") == 0
    assert offices.count(engine, "voice") == 2


def test_nothing_about_a_person_is_kept_beside_a_voice():
    assert set(table_of(votes.Voice).columns.keys()) == {
        "unit_id",
        "period",
        "hash",
        "written_on",
    }
