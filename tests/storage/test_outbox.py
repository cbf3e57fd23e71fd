"""What is to be sent: composed once, never lost, given to one sender at a time."""

import ast
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import sqlite

from storage.chat import outbox
from storage.chat.outbox import LEASE, Parcel
from storage.database import leases
from storage.database.upsert import table_of
from storage.tables import Outbox
from tests.support.offices import NOON, office
from tests.support.paths import ROOT


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def put(connection: Connection, key: str, kind: str = "screen", at: int = NOON) -> bool:
    reply_to = "7" if kind == "screen" else ""
    return outbox.put(connection, key, kind, "tg:1", {"text": "Halo 👋"}, at, reply_to)


def claim(
    connection: Connection, at: int = NOON, most: int = 64, bulk: bool = False
) -> list[Parcel]:
    if bulk:
        return outbox.claim_bulk(connection, at, most, "tg")
    return outbox.claim(connection, at, most)


def rows(connection: Connection) -> list:
    return list(connection.execute(select(table_of(Outbox)).order_by(table_of(Outbox).c.id)))


def test_what_is_put_twice_is_there_once_as_it_was_first(connection):
    assert put(connection, "a") is True
    assert outbox.put(connection, "a", "digest", "tg:2", {}, NOON + 9) is False
    (parcel,) = claim(connection)
    assert (parcel.kind, parcel.address, parcel.body) == ("screen", "tg:1", {"text": "Halo 👋"})


def test_what_is_due_is_claimed_in_order_and_not_before(connection):
    for key, at in (("late", NOON + 1), ("second", NOON), ("first", NOON - 1), ("third", NOON)):
        put(connection, key, at=at)
    assert [parcel.key for parcel in claim(connection)] == ["first", "second", "third"]
    assert [parcel.key for parcel in claim(connection, NOON + 1)] == ["late"]


def test_replies_and_bulk_are_claimed_apart(connection):
    for kind in ("digest", "screen", "extras"):
        put(connection, kind, kind)
    assert [parcel.key for parcel in claim(connection)] == ["screen"]
    assert outbox.claim_bulk(connection, NOON, 64, "wa") == []
    assert [parcel.key for parcel in claim(connection, bulk=True, most=1)] == ["digest"]
    assert [parcel.key for parcel in claim(connection, bulk=True)] == ["extras"]


def test_a_lapsed_lease_is_claimed_again_and_counted(connection):
    put(connection, "a")
    (first,) = claim(connection)
    assert (first.attempts, first.again, first.until) == (1, False, NOON + LEASE)
    assert claim(connection, NOON + LEASE - 1) == []
    (second,) = claim(connection, NOON + LEASE)
    assert (second.attempts, second.again) == (2, True)
    assert rows(connection)[0].resent == 1


def test_what_is_postponed_gives_its_lease_back_and_is_no_re_send(connection):
    put(connection, "a")
    (parcel,) = claim(connection)
    outbox.postpone(connection, parcel.id, NOON + 5, "429")
    assert claim(connection, NOON + 4) == []
    (again,) = claim(connection, NOON + 5)
    assert (again.attempts, again.again) == (2, False)
    assert (rows(connection)[0].resent, rows(connection)[0].error) == (0, "429")


@pytest.mark.parametrize("done", [outbox.sent, lambda *args: outbox.failed(*args, "blocked")])
def test_what_is_sent_or_given_up_is_never_claimed_and_forgets_what_it_said(connection, done):
    put(connection, "a")
    done(connection, claim(connection)[0].id, NOON)
    assert claim(connection, NOON + 10 * LEASE) == []
    assert "Halo" not in str(rows(connection))
    assert put(connection, "a") is False


def test_replies_that_are_done_are_forgotten_with_the_chat_they_went_to(connection):
    for key, kind in (("a", "screen"), ("b", "screen"), ("c", "screen"), ("d", "digest")):
        put(connection, key, kind)
    first, second, _ = claim(connection)
    outbox.sent(connection, first.id, NOON)
    outbox.failed(connection, second.id, NOON, "blocked")
    outbox.sent(connection, claim(connection, bulk=True)[0].id, NOON)
    assert outbox.forget_replies(connection, NOON - 1) == 0
    assert outbox.forget_replies(connection, NOON) == 2
    assert [row.key for row in rows(connection)] == ["c", "d"]


def test_two_processes_claim_different_rows(postgres_url):
    with office(postgres_url) as engine:
        with engine.begin() as connection:
            for number in range(10):
                put(connection, str(number))
        with engine.begin() as one, engine.begin() as two:
            two.exec_driver_sql("SET lock_timeout = 2000")
            mine, theirs = claim(one, most=6), claim(two, most=6)
    keys = [parcel.key for parcel in (*mine, *theirs)]
    assert len(mine) == 6
    assert len(theirs) == 4
    assert len(set(keys)) == 10


def test_a_lease_has_one_holder_until_it_lapses(connection):
    assert leases.hold(connection, "bulk", "one", NOON, 30)
    assert not leases.hold(connection, "bulk", "two", NOON + 29, 30)
    assert leases.hold(connection, "bulk", "one", NOON + 29, 30)  # renewed
    assert not leases.hold(connection, "bulk", "two", NOON + 30, 30)
    assert leases.hold(connection, "other", "two", NOON + 30, 30)
    assert leases.hold(connection, "bulk", "two", NOON + 59, 30)
    assert not leases.hold(connection, "bulk", "one", NOON + 59, 30)


def test_what_is_held_until_somebody_writes_is_a_reply_from_then_on(connection):
    """All of theirs and nobody else's; what only knocked is not sent any more."""
    for key, address in (("a", "wa:1"), ("b", "wa:1"), ("c", "wa:2")):
        outbox.put(connection, key, "digest", address, {}, NOON)
    outbox.put(connection, "k", outbox.KNOCK, "wa:1", {}, NOON)
    for parcel in outbox.claim_bulk(connection, NOON, 3, "wa"):
        outbox.hold(connection, parcel.id, NOON + 86_400, NOON)
    assert outbox.held(connection) == (3, 2)
    assert outbox.release(connection, "wa:1", "7", NOON + 5) == 2
    assert outbox.release(connection, "wa:1", "8", NOON + 6) == 0
    assert outbox.held(connection) == (1, 1)
    replies = outbox.claim(connection, NOON + 5, 64)
    assert [(each.key, each.is_reply) for each in replies] == [("a", True), ("b", True)]
    # Looking at what was held, again and again, was no failure.
    assert {(each.attempts, each.held_since) for each in replies} == {(1, None)}
    assert outbox.claim_bulk(connection, NOON + 5, 64, "wa") == []


def test_whoever_writes_is_looked_up_by_an_index_not_among_all_that_waits(sqlite_url):
    """Each event on a channel with a window asks for it."""
    plan = outbox._RELEASED.compile(dialect=sqlite.dialect())
    given = (0,) * len(plan.positiontup or ())
    with office(sqlite_url) as engine, engine.connect() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {plan}", given).all()
    assert steps[0][-1] == "SEARCH outbox USING INDEX ix_outbox_held (address=?)"


def writers() -> list[tuple[str, str]]:
    """Of each call of `outbox.put` its file, and what it says is answered; "": it is bulk."""
    found = []
    files = (path for part in ("bot", "reports", "storage") for path in (ROOT / part).rglob("*.py"))
    for path in files:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "outbox.put":
                named = [each.value for each in node.keywords if each.arg == "reply_to"]
                answered = [*node.args[6:], *named]
                found.append((str(path.relative_to(ROOT)), "".join(map(ast.unparse, answered))))
    return found


def test_only_what_answers_a_persons_own_event_is_not_paced():
    """What names no event is bulk by default; and nothing that the scheduler starts, or that goes
    to somebody else, has the event of whom it goes to."""
    found = writers()
    answers = {file for file, answered in found if answered}
    assert {answered for _, answered in found} == {"", "context.event", "event", "event.id"}
    assert not [file for file in answers if not file.startswith("bot/")]
    own = [file for file, answered in found if answered == "event"]
    assert own == ["bot/core/sending/post.py"]
    assert len(found) > 10
