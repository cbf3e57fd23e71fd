"""An answer that nobody can give is told once, to the head and to the admin who can reword it."""

from collections.abc import Iterator
from datetime import date, timedelta
from json import loads

import pytest
from sqlalchemy import Engine

from flows.office.questions.change import Reword
from reports.jobs.due_digests import digests
from storage import publications, questionnaire_snapshot
from storage.office import roles
from storage.scope import EVERYTHING
from tests.support.fake_channel import Office
from tests.support.offices import Chance, draft, keep_all, office, scoped, unit_of, unit_row
from tests.support.scheduled import LONG_AGO, MONDAY, WEEK, head

CODE = "SMST-BTM"
LAST = date(2026, 11, 18)  # in the week before MONDAY
FINE, PAID = [3] * 9, [4, 4, 4, 3, 4, 4, 4, 4, 4]
SAID = (
    "Samsat Batam: belum ada yang memilih “Gratis” pada Biaya/Tarif.\n"
    "Bila pilihan itu tidak mungkin di sini, misalnya karena bertarif, nilainya tidak bisa 4.\n"
)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row(CODE, name="Samsat Batam")) as engine:
        head(engine, "tg:1", CODE)
        with engine.begin() as connection:
            token = roles.invite(connection, "admin", EVERYTHING, LONG_AGO, Chance(1))
            roles.join(connection, token, "tg:2", LONG_AGO)
        yield engine


def come(engine: Engine, *given: list[int], n: int = 10) -> None:
    """In each of three weeks, n who answer so, of each kind."""
    with engine.begin() as connection:
        unit = unit_of(connection, CODE)
        for weeks in range(3):
            day = LAST - timedelta(weeks=weeks)
            drafts = [draft(day, values) for values in given for _ in range(n)]
            keep_all(connection, unit, drafts, Chance(f"{day}{given}"))


def mondays(engine: Engine) -> list[int]:
    """How many were told after each of four digests."""
    told = []
    for weeks in (-2, -1, 0, 1):
        digests(engine, MONDAY["WIB"] + weeks * WEEK)
        told.append(len(notices(engine)))
    return told


def notices(engine: Engine) -> list[tuple[str, str, list]]:
    rows = [row for row in Office(engine).rows() if row.key.startswith("ceiling:")]
    bodies = [loads(row.body) for row in rows]
    return [(row.address, b["text"], b["opens"]) for row, b in zip(rows, bodies, strict=True)]


def test_the_head_hears_it_once_and_the_admin_is_led_to_the_words(engine: Engine) -> None:
    come(engine, PAID, FINE)
    assert mondays(engine) == [0, 0, 2, 2]  # after sixty answers
    assert notices(engine) == [
        ("tg:1", SAID + "Admin dapat mengganti kata pilihannya.", []),
        (
            "tg:2",
            SAID + "Ganti kata pilihannya per layanan; nilainya tetap.",
            [["Ganti kata pilihan", f"/pertanyaan {CODE}"]],
        ),
    ]


def test_where_somebody_gave_it_nothing_is_said(
    engine: Engine,
) -> None:
    come(engine, PAID, FINE, n=9)
    come(engine, FINE, [4] * 9, n=1)
    assert mondays(engine) == [0] * 4


def test_a_unit_that_few_praise_has_no_such_ceiling(engine: Engine) -> None:
    come(engine, PAID, n=4)
    come(engine, FINE, n=16)
    assert mondays(engine) == [0] * 4


def test_where_other_words_stand_in_its_place_nothing_is_said(engine: Engine) -> None:
    with engine.begin() as connection:
        version = questionnaire_snapshot.sight(connection, [scoped(CODE)]).version
        words = ("Jauh di atas tarif", "Di atas tarif", "Sesuai tarif", "Di bawah tarif")
        change = Reword("pajak", "cost", words)
        made = publications.publish(connection, [scoped(CODE)], change, version, LONG_AGO, "tg:2")
        assert made is not None
    come(engine, PAID, FINE)
    assert mondays(engine) == [0] * 4
