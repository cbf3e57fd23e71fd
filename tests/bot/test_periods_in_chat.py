"""/periode beside others: two heads who close at once, an answer that is erased between look and
tap, a role that ended, users that another wrote."""

from collections.abc import AsyncIterator, Iterator
from datetime import date

import pytest
from sqlalchemy import Engine

from flows.engine.say import say
from flows.engine.screen import Screen
from flows.loader import words
from reports.digest.late_lines import more_of
from reports.sheets.check import differences
from storage.office import roles
from tests.support.digest_weeks import EMPTY, digest
from tests.support.offices import (
    Chance,
    Person,
    audit_of,
    count,
    office,
    run,
    scoped,
    unit_of,
    unit_row,
    working,
)
from tests.support.publishing import DAY, LATER, answered


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST", population=100), unit_row("LAIN")) as engine:
        with engine.begin() as connection:
            answered(connection, "SMST", 6, values=3)
            answered(connection, "SMST", 4, values=4)
        yield engine


@pytest.fixture
async def heads(engine: Engine) -> AsyncIterator[tuple[Person, Person]]:
    with engine.begin() as connection:
        for number, (role, scope) in enumerate((("head", "SMST"), ("admin", "SMST")), 1):
            token = roles.invite(connection, role, scoped(scope), LATER - DAY, Chance(number))
            roles.join(connection, token, f"tg:{number}", LATER - DAY)
    with working(engine) as turns:
        yield Person(turns, "tg:1", at=LATER), Person(turns, "tg:2", at=LATER)


def said(screen: Screen | None) -> str:
    assert screen is not None
    return say(screen, words("id")).text


def logged(engine: Engine) -> list[object]:
    with engine.connect() as connection:
        return [each.after for each in audit_of(connection, [scoped("SMST")], 9)]


async def test_of_two_who_close_a_period_one_makes_its_sheet(engine, heads):
    for head in heads:
        await head.open("/periode")
        await head.tap("2026-Q4")
    first, second = [said(await head.tap("publish")) for head in heads]
    # 3.4 × 25: tests/reports/test_publish.py has the same answers, worked out by hand.
    assert first.startswith("Lembar 1 terbit: Kantor SMST, Triwulan IV 2026.\nIKM 85,00 · B (Baik)")
    assert second == "Tidak diterbitkan. Triwulan IV 2026 sudah terbit sebagai lembar 1."
    assert logged(engine) == [{"period": "2026-Q4", "sheet": 1}]
    assert count(engine, "sheet") == 1
    with engine.connect() as connection:
        assert list(differences(connection)) == []


async def test_only_the_sheet_that_was_looked_at_is_published(engine, heads):
    head, _ = heads
    await head.open("/periode SMST")
    assert "10 jawaban" in said(await head.tap("2026-Q4"))
    run(engine, "DELETE FROM response WHERE id = (SELECT min(id) FROM response)")
    shown = said(await head.tap("publish"))
    assert shown.startswith("Jawaban periode ini baru saja berubah.")
    assert "9 jawaban" in shown
    assert count(engine, "sheet") == 0
    assert said(await head.tap("publish")).startswith("Lembar 1 terbit")


async def test_no_figure_is_told_before_it_is_public(engine, heads):
    await heads[0].open("/periode")
    assert "85" not in said(await heads[0].tap("2026-Q4"))


async def test_a_role_that_ended_meanwhile_closes_nothing_and_writes_nothing(engine, heads):
    head, admin = heads
    await head.open("/periode")
    await head.tap("2026-Q4")
    await admin.open("/periode")
    await admin.tap("users")
    await admin.tap("2026-Q4")
    await admin.type("500")
    run(engine, "DELETE FROM role")
    for shown in (await head.tap("publish"), await admin.tap("save")):
        assert shown.body[0].key == "of_unit.denied"
    assert count(engine, "sheet") == 0
    assert logged(engine) == []


async def test_users_that_another_wrote_are_shown_first(engine, heads):
    with engine.begin() as connection:
        token = roles.invite(connection, "admin", scoped("SMST"), LATER - DAY, Chance(3))
        roles.join(connection, token, "tg:1", LATER - DAY)
    for head, users in zip(heads, ("500", "600"), strict=True):
        await head.open("/periode")
        await head.tap("users")
        await head.tap("2026-Q4")
        await head.type(users)
    await heads[0].tap("save")
    shown = said(await heads[1].tap("save"))
    assert "500 → 600" in shown
    await heads[1].tap("save")
    assert logged(engine) == [{"users": {"2026-Q4": 600}}, {"users": {"2026-Q4": 500}}]


async def test_users_of_a_published_period_stay(engine, heads):
    head, admin = heads
    await admin.open("/periode")
    await admin.tap("users")
    await admin.tap("2026-Q4")
    await admin.type("500")
    await head.open("/periode")
    await head.tap("2026-Q4")
    await head.tap("publish")
    assert said(await admin.tap("save")).startswith("Triwulan IV 2026 sudah terbit")
    shown = await admin.open("/periode")
    assert [button.choice for button in shown.choices] == ["users"]


async def test_a_head_does_not_say_how_large_the_sample_has_to_be(engine, heads):
    head, _ = heads
    shown = await head.open("/periode")
    assert [button.choice for button in shown.choices] == ["2026-Q4"]
    await head.tap("2026-Q4")
    await head.tap("publish")
    # Nothing is left to do: it is said, and not asked.
    shown = await head.open("/periode")
    assert (shown.choices, said(shown).count("lembar 1")) == ((), 1)


async def test_a_digest_names_a_period_that_is_over_until_it_is_published(engine, heads):
    assert unpublished(engine) == "Triwulan IV 2026 sudah berakhir, belum terbit: /periode"
    assert unpublished(engine, "LAIN") == ""  # nobody answered
    head, _ = heads
    await head.open("/periode")
    await head.tap("2026-Q4")
    await head.tap("publish")
    assert unpublished(engine) == ""


def unpublished(engine: Engine, code: str = "SMST") -> str:
    with engine.connect() as connection:
        unit = unit_of(connection, code)
        return more_of(connection, unit, digest(EMPTY), date(2027, 1, 4), words("id")).unpublished


async def test_a_unit_that_is_no_ones_here(engine, heads):
    assert (await heads[0].open("/periode LAIN")).body[0].key == "where.denied"
