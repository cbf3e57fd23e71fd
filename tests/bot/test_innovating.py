"""An innovation in chat: its element before and after, no word of cause; writes are logged."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from flows.engine.screen import Screen
from flows.loader import words
from reports.digest.unit_week import release
from storage.office import innovations, roles
from storage.office.innovations import Novelty
from tests.support.digest_weeks import digest, uneven
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    audit_of,
    office,
    run,
    scoped,
    unit_of,
    unit_row,
    working,
)

QUEUE = Novelty("cost", "Papan tarif", "Tarif dipasang.", date(2026, 10, 15), "")


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        with engine.begin() as connection:
            unit = unit_of(connection, "SMST-BTM")
            token = roles.invite(connection, "head", scoped(unit.code), NOON, Chance("head"))
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
    assert "responden tidak dipilih acak" in lines[5]


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
        taken, put = audit_of(connection, [scoped("SMST-BTM")], 9)
        assert [
            each.name for each in (i.novelty for i in innovations.of_unit(connection, 1, 9))
        ] == ["Ruang laktasi"]
    assert put.after == {
        "element": "facilities", "name": "Ruang laktasi", "started_on": "2026-11-01",
    }  # fmt: skip
    assert (taken.before or {})["name"] == "Papan tarif"
    assert taken.after is None


async def change_start(head: Person, day: str) -> Screen:
    await head.open("/inovasi")
    await head.tap("1")
    await head.tap("change")
    await head.tap("start")
    return await head.type(day)


async def test_whoever_moves_its_first_day_is_seen_to_have_moved_it(engine):
    with working(engine) as turns:
        sari = Person(turns, "tg:1")
        for day in ("2-11-2026", "1-10-2026"):
            await change_start(sari, day)
            assert (await sari.tap("save")).body[0].key == "innovation.changed"
        await sari.open("/inovasi")
        await sari.tap("1")
        lines = read(await sari.tap("show"))
    # Both weeks lie after it now: none is left to compare with.
    assert lines[0] == "Papan tarif · Biaya/Tarif, sejak 1 Okt 2026"
    assert lines[2] == "Sebelum: belum ada nilai di ringkasan"
    assert lines[-1] == "Tanggal mulainya diubah; yang dicatat pertama: 15 Okt 2026."
    with engine.begin() as connection:
        last, first = audit_of(connection, [scoped("SMST-BTM")], 9)
    days = [(each.before or {})["started_on"] for each in (first, last)]
    assert days == ["2026-10-15", "2026-11-02"]
    assert (last.after or {}) == {
        "element": "cost", "name": "Papan tarif", "started_on": "2026-10-01",
    }  # fmt: skip


async def test_of_two_who_change_it_the_second_looks_again(engine):
    with engine.begin() as connection:
        token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance("second"))
        roles.join(connection, token, "tg:2", NOON)
    with working(engine) as turns:
        sari, budi = Person(turns, "tg:1"), Person(turns, "tg:2")
        await change_start(sari, "1-10-2026")
        await change_start(budi, "2-10-2026")
        await sari.tap("save")
        shown = read(await budi.tap("save"))
        assert "Sebelumnya: 1 Okt 2026" in shown
        run(engine, "DELETE FROM role WHERE address = 'tg:2'")
        assert (await budi.tap("save")).body[0].key == "of_unit.denied"
    with engine.begin() as connection:
        (kept,) = innovations.of_unit(connection, 1, 9)
    assert kept.novelty.started_on == date(2026, 10, 1)


def test_only_what_it_was_is_changed(engine):
    """Another one was quicker, or it is another unit's."""
    with engine.begin() as connection:
        (kept,) = innovations.of_unit(connection, 1, 9)
        new = Novelty("cost", "Papan", "Baru.", date(2026, 10, 1), "x")
        assert not innovations.change(connection, 2, kept.id, QUEUE, new)
        assert innovations.change(connection, 1, kept.id, QUEUE, new)
        assert not innovations.change(connection, 1, kept.id, QUEUE, QUEUE)
        (now,) = innovations.of_unit(connection, 1, 9)
    assert (now.novelty, now.first_started_on) == (new, QUEUE.started_on)
