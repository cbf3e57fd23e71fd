"""A digest in the post: its buttons, its citizen's words, sent again; one that never arrives."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.core.channel import Blocked, SendLater
from bot.core.sending.post import TRIES
from flows.survey.extra import WHY
from reports.jobs import due
from storage.office import digest_settings, roles
from tests.support.fake_channel import Office
from tests.support.offices import (
    NOON,
    Chance,
    Person,
    draft,
    office,
    respond,
    run,
    scoped,
    unit_row,
    working,
)

BTM, WEEK = "SMST-BTM", 7 * 86_400
MONDAY = int(datetime(2026, 11, 23, 1, tzinfo=UTC).timestamp())  # 08:00 there


@pytest.fixture
def here(sqlite_url: str) -> Iterator[Office]:
    with office(sqlite_url, unit_row(BTM, name="Samsat Batam")) as engine:
        yield Office(engine)


def holds(here: Office, role: roles.RoleName, scope: str, address: str) -> None:
    with here.engine.begin() as connection:
        token = roles.invite(connection, role, scoped(scope), NOON - WEEK, Chance(address + role))
        roles.join(connection, token, address, NOON - WEEK)


async def due_at(here: Office, at: int) -> None:
    here.clock.at = at
    due.digests(here.engine, at)
    await here.post().round()


async def test_what_a_head_may_do_next_and_what_a_citizen_said(here):
    holds(here, "head", BTM, "tg:9")
    chance = Chance(1)
    with here.engine.begin() as connection:
        for n in range(12):
            why = {f"{WHY}completion_time": {"text": "antre cek fisik dua jam"}}
            given = draft(NOON, [3, 3, 2, *[3] * 6], extra=why if n < 5 else {})
            respond(connection, BTM, chance, given)
    await due_at(here, MONDAY)
    picture = here.channel.got[0][1]
    assert "1. Waktu Penyelesaian 2,00. “antre cek fisik dua jam”" in picture.caption
    assert [(label.text, label.choice) for row in picture.rows for label in row] == [
        ("Baca 5 komentar", f"/komentar {BTM} 2026-W47"),
        ("Perbaiki Waktu Penyelesaian", f"/tindaklanjut {BTM} completion_time"),
        ("Rincian", f"/rincian {BTM} 2026-W47"),
        ("Laporan", f"/laporan {BTM}"),
        ("Atur ringkasan", f"/atur {BTM}"),
    ]
    run(here.engine, "UPDATE response SET extra = '{}' WHERE unit_id = 1")
    with working(here.engine) as turns:
        sari = Person(turns, "tg:9", at=MONDAY)
        assert (await sari.open("/ringkasan")).body[0].key == "recap.sent"
    here.clock.at += 60
    await here.post().round()
    again = here.channel.got[-1][1]
    # The figures again; what was erased since is not told again.
    assert again.caption == picture.caption.replace(". “antre cek fisik dua jam”", "")


async def test_a_week_without_answers_offers_the_poster(here):
    holds(here, "head", BTM, "tg:9")
    await due_at(here, MONDAY)
    ((_, picture, _),) = here.channel.got
    assert picture.caption.splitlines()[1:3] == [
        "Belum ada jawaban minggu ini.",
        "Sampel triwulan ini 0 dari 278. Agar cukup, perlu sekitar 50 jawaban per minggu.",
    ]
    choices = [label.choice for row in picture.rows for label in row]
    assert choices == [f"/poster {BTM}", f"/atur {BTM}"]


async def test_comments_of_a_month_follow_only_for_whom_no_week_told_them(here):
    for rhythm, address in (("month", "tg:8"), ("both", "tg:9")):
        holds(here, "head", BTM, address)
        with here.engine.begin() as connection:
            digest_settings.wish(connection, address, 1, digest_settings.Wish(rhythm))
            for _ in range(6):
                given = draft(NOON, comment="Loketnya ramah")
                respond(connection, BTM, Chance(address + str(_)), given)
    december = MONDAY + 8 * 86_400  # Tuesday 1 December
    due.digests(here.engine, december)
    keys = [row.key.split(":", 2)[2] for row in here.rows()]
    assert [key for key in keys if "2026-11" in key] == [
        "tg:8:2026-11",
        "tg:8:2026-11:comments",
        "tg:9:2026-11",
    ]


async def test_three_that_do_not_arrive_are_told_to_the_agencys_admin_once(here, caplog):
    holds(here, "head", BTM, "tg:9")
    holds(here, "admin", "Pemprov Contoh", "tg:5")
    holds(here, "admin", "*", "tg:6")
    for week in range(6):
        here.channel.faults = [Blocked("bot was blocked by the user")]
        await due_at(here, MONDAY + week * WEEK)
        here.channel.faults = []
        await here.post().round()
    assert [(address, content.text) for address, content, _ in here.channel.got] == [
        (
            "tg:5",
            "Ringkasan Samsat Batam tiga kali tidak sampai ke salah satu kepala unit.\n"
            "Mintalah ia membuka lagi bot ini, atau undang kepala unit yang baru.",
        )
    ]
    failed = [row for row in here.rows() if row.kind == "digest"]
    assert len(failed) == 6
    assert all(row.failed_at and "blocked" in row.error for row in failed)


async def test_one_that_arrives_begins_the_count_anew(here):
    holds(here, "head", BTM, "tg:9")
    holds(here, "admin", "*", "tg:6")
    for week in range(6):
        here.channel.faults = [] if week == 2 else [Blocked("blocked")]
        await due_at(here, MONDAY + week * WEEK)
    told = [address for address, _, _ in here.channel.got]
    assert told == ["tg:9"]  # and after the third failure in a row:
    await here.post().round()
    assert [address for address, _, _ in here.channel.got] == ["tg:9", "tg:6"]


async def test_one_that_is_given_up_counts_too(here):
    holds(here, "head", BTM, "tg:9")
    here.clock.at = MONDAY
    due.digests(here.engine, MONDAY)
    for _ in range(TRIES):
        here.channel.faults = [SendLater(0, "502")]
        await here.post().round()
        here.clock.at = max(here.clock.at, here.rows()[0].due_at)
    with here.engine.begin() as connection:
        assert digest_settings.failed(connection, "tg:9", 1) == 2


async def test_who_lost_the_role_meanwhile_sets_nothing(here):
    holds(here, "head", BTM, "tg:9")
    with working(here.engine) as turns:
        sari = Person(turns, "tg:9", at=MONDAY)
        await sari.open("/atur")
        for choice in ("week", "4", "15"):
            await sari.tap(choice)
        run(here.engine, "DELETE FROM role")
        shown = await sari.tap("-done")
        assert shown.body[0].key == "briefing.none"
        assert (await sari.open(f"/rincian {BTM}")).body[0].key == "recap.denied"
        assert (await sari.open(f"/senyap {BTM} fall")).body[0].key == "briefing.none"
    with here.engine.connect() as connection:
        assert digest_settings.of(connection, "tg:9", 1) == digest_settings.DEFAULT
