"""A broadcast reaches each head of its scope once, and says what became of it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, select

from storage.chat import outbox
from storage.database.upsert import table_of
from storage.office import broadcasts, roles
from storage.office.broadcasts import Reached
from storage.scope import EVERYTHING
from storage.tables import Outbox
from tests.support.offices import NOON, Chance, office, scoped, unit_row

AGENCY = "Pemprov Contoh"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    elsewhere = {**unit_row("MKSR"), "agency": "Kota Lain"}
    rows = (unit_row("SMST-A"), unit_row("SMST-B"), elsewhere)
    with office(database_url, *rows) as engine, engine.begin() as connection:
        for address, role, scope in (
            ("tg:1", "head", "SMST-A"),
            ("tg:1", "head", "smst-b"),
            ("tg:2", "head", "SMST-B"),
            ("tg:3", "head", "MKSR"),
            ("tg:4", "officer", "SMST-A"),
            ("tg:5", "admin", AGENCY),
        ):
            token = roles.invite(connection, role, scoped(scope), NOON, Chance(address + scope))
            roles.join(connection, token, address, NOON)
        yield connection


@pytest.mark.parametrize(
    ("scope", "chats"),
    [
        ("SMST-A", {1}),
        ("smst-b", {1, 2}),
        (AGENCY, {1, 2}),
        (EVERYTHING.name, {1, 2, 3}),
        ("None", set()),
    ],
)
def test_it_goes_to_each_head_of_its_scope_once(connection, scope, chats):
    assert sum(broadcasts.heads(connection, scoped(scope)).values()) == len(chats)
    assert broadcasts.send(connection, "a_b%c", scoped(scope), "Rapat {x} 100%", NOON, {}) == len(
        chats
    )
    assert broadcasts.send(connection, "a_b%c", scoped(scope), "lain", NOON, {}) == 0
    due = outbox.claim_bulk(connection, NOON, 10, "tg")
    assert {each.address for each in due} == {f"tg:{chat}" for chat in chats}
    assert {each.body["text"] for each in due} <= {"Rapat {x} 100%"}
    assert outbox.claim(connection, NOON, 10) == []


def test_each_gets_it_when_it_is_due_in_the_zone_of_the_unit(connection):
    change = "UPDATE unit SET timezone = 'Asia/Jayapura' WHERE code = 'SMST-B'"
    connection.exec_driver_sql(change)
    assert broadcasts.heads(connection, scoped(AGENCY)) == {"Asia/Jakarta": 1, "Asia/Jayapura": 1}
    due = {"Asia/Jakarta": NOON, "Asia/Jayapura": NOON + 10}
    assert broadcasts.send(connection, "a", scoped(AGENCY), "Rapat", NOON, due) == 2
    came = [outbox.claim_bulk(connection, NOON + later, 10, "tg") for later in (9, 10)]
    assert [[each.address for each in those] for those in came] == [["tg:1"], ["tg:2"]]


def test_what_became_of_it_is_counted_and_kept(connection):
    broadcasts.send(connection, "a_b", EVERYTHING, "Rapat", NOON, {})
    broadcasts.send(connection, "axb", scoped("MKSR"), "lain", NOON, {})
    rows = table_of(Outbox)
    mine = select(rows.c.id).where(rows.c.key.like("broadcast:a$_b:%", escape="$"))
    first, second, _ = connection.execute(mine.order_by(rows.c.address)).scalars()
    outbox.sent(connection, first, NOON)
    outbox.failed(connection, second, NOON, "blocked")
    outbox.forget_replies(connection, NOON + 10**6)
    assert broadcasts.reached(connection, "a_b") == Reached(3, 1, 1)
    assert broadcasts.reached(connection, "axb") == Reached(1, 0, 0)
