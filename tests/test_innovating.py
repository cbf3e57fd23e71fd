"""An innovation in chat: its element before and after, no word of cause; writes are logged."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from flows.files import words
from flows.screen import Screen
from reports.digest.unit_week import release
from storage import audit, innovations, roles
from storage.innovations import Novelty
from tests.digest_weeks import digest, uneven
from tests.offices import NOON, Chance, Person, office, run, unit_of, unit_row, working

QUEUE = Novelty("cost", "Papan tarif", "Tarif dipasang.", date(2026, 10, 15), "")


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST-BTM")
            token = roles.invite(connection, "head", unit.code, NOON, Chance("head"))
            roles.join(connection, token, "tg:1", NOON)
            innovations.keep(connection, unit.id, QUEUE, NOON, "abc")
            for week, twos in (("2026-W41", 20), ("2026-W44", 2)):
                tally = uneven(40, cost=twos)
                release(connection, unit, digest(tally, week=week), tally, 0)
        yield engine


def read(shown: Screen) -> list[str]:
    return [line for each in shown.body for line in words("id").line(each).split("\n")]


async def test_an_element_before_and_after(engine):
    with working(engine) as turns:
        sari = Person(turns, "tg:1")
        await sari.open("/inovasi")
        await sari.tap("1")
        lines = read(await sari.tap("show"))
    # SciPy: t.interval(0.95, 39, mean, sem) of 20 twos and 20 threes, of 2 twos and 38 threes.
    assert lines[:5] == [
        "Papan tarif · Biaya/Tarif, sejak 15 Okt 2026",
        "Tarif dipasang.",
        "Sebelum: 2,50 (2,34–2,66), 40 jawaban",
        "Sesudah: 2,95 (2,88–3,02), 40 jawaban",
        "Perubahan nyata, belum tentu karena inovasi ini.",
    ]
    assert "seolah-olah responden dipilih acak" in lines[5]


async def test_whose_role_ended_sees_and_writes_nothing(engine):
    with working(engine) as turns:
        sari = Person(turns, "tg:1")
        await sari.open("/inovasi")
        await sari.tap("1")
        shown = sari.shown
        run(engine, "DELETE FROM role")
        assert (await sari.tap("show")).body[0].key == "of_unit.denied"
        assert shown is not None
        assert (await sari.open("/inovasi")).body[0].key == "role.none"


async def test_what_is_put_in_and_taken_out_is_logged(engine):
    with working(engine) as turns:
        sari = Person(turns, "tg:1")
        await sari.open("/inovasi")
        for tapped in ("new", "facilities"):
            await sari.tap(tapped)
        for typed in ("Ruang laktasi", "Satu ruang", "1-11-2026"):
            await sari.type(typed)
        await sari.tap("-skipped")
        assert (await sari.tap("save")).body[0].key == "innovation.kept"
        await sari.open("/inovasi")
        await sari.tap("1")
        await sari.tap("remove")
        assert (await sari.tap("save")).body[0].key == "innovation.removed"
    with engine.begin() as connection:
        taken, put = audit.latest(connection, ["SMST-BTM"], 9)
        assert [
            each.name for each in (i.novelty for i in innovations.of_unit(connection, 1, 9))
        ] == ["Ruang laktasi"]
    assert put.after == {
        "element": "facilities", "name": "Ruang laktasi", "started_on": "2026-11-01",
    }  # fmt: skip
    assert (taken.before or {})["name"] == "Papan tarif"
    assert taken.after is None
