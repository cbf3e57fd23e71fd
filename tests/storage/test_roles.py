"""An invitation gives one chat a role, once; heads are found by their units."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine, select

from bot.core.pseudonyms import names
from storage import units
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.office import audit, digest_settings, holders, roles
from storage.office.roles import VALID, Head, Held, InviteRefused, join
from storage.tables import Invite
from tests.support.offices import NOON, Chance, count, office, scoped, unit_of, unit_row

JAKARTA = "Asia/Jakarta"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST-BTM"), unit_row("MKSR", "WITA")) as engine:
        yield engine


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    with engine.begin() as connection:
        yield connection


def head(connection: Connection, address: str, scope: str = "SMST-BTM", at: int = NOON) -> None:
    """Make a chat a head by a link of its own."""
    chance = Chance(address + scope)
    join(connection, roles.invite(connection, "head", scoped(scope), at, chance), address, at)


def test_a_link_gives_its_role_and_scope_to_the_first_chat_only(connection):
    token = roles.invite(connection, "admin", scoped("Pemprov Contoh"), NOON, Chance())
    assert join(connection, token, "tg:1", NOON) == Held("admin", scoped("Pemprov Contoh"))
    assert roles.held(connection, "tg:1") == [Held("admin", scoped("Pemprov Contoh"))]
    with pytest.raises(InviteRefused) as refused:
        join(connection, token, "tg:2", NOON)
    assert refused.value.reason == "used"
    assert roles.held(connection, "tg:2") == []


def test_the_chat_that_used_it_may_come_again_by_it(connection):
    token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance())
    join(connection, token, "tg:1", NOON)
    assert join(connection, token, "tg:1", NOON + 5) == Held("head", scoped("SMST-BTM"))
    assert roles.held(connection, "tg:1") == [Held("head", scoped("SMST-BTM"))]


def test_a_function_comes_with_the_role_and_is_known_after_it_has_ended(connection):
    token = roles.invite(
        connection, "head", scoped("SMST-BTM"), NOON, Chance(), "tg:9", "Kepala Samsat"
    )
    (out,) = holders.invitations(connection, scoped("SMST-BTM"), NOON)
    assert out.function == "Kepala Samsat"
    assert join(connection, token, "tg:1", NOON).function == "Kepala Samsat"
    head(connection, "tg:2")
    held = holders.held_in(connection, scoped("SMST-BTM"))
    assert {each.address: each.function for each in held} == {"tg:1": "Kepala Samsat", "tg:2": ""}

    for by, said in (("abc", {"role": "head", "function": "Kepala Samsat"}), ("def", {})):
        audit.note(connection, NOON, by, "join", scoped("SMST-BTM"), after={"role": "head", **said})
    audit.note(connection, NOON, "abc", "join", scoped("MKSR"), after={"function": ""})
    audit.note(connection, NOON, "def", "invite", scoped("MKSR"), after={"function": "Admin"})
    for address in ("tg:1", "tg:2"):
        assert holders.end(connection, address, "head", scoped("SMST-BTM"))
    assert audit.functions(connection, ["abc", "def"]) == {"abc": "Kepala Samsat"}
    assert names(connection, ["abc", "def", "operator"]) == {
        "abc": "ABC (Kepala Samsat)", "def": "DEF", "operator": "operator",
    }  # fmt: skip


def test_a_link_is_good_for_a_week(connection):
    early, late = (
        roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance(n)) for n in (1, 2)
    )
    join(connection, early, "tg:1", NOON + VALID - 1)
    with pytest.raises(InviteRefused) as refused:
        join(connection, late, "tg:2", NOON + VALID)
    assert refused.value.reason == "expired"


def test_a_link_that_nobody_made_is_unknown(connection):
    with pytest.raises(InviteRefused) as refused:
        join(connection, "x" * 24, "tg:1", NOON)
    assert refused.value.reason == "unknown"


def test_only_the_hash_of_a_link_is_kept(connection):
    token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance())
    kept = connection.execute(select(table_of(Invite))).one()
    assert token not in str(kept)
    assert token.encode() not in kept.hash


def test_of_two_chats_that_use_a_link_at_once_one_gets_the_role(postgres_url):
    both = Barrier(2)

    def use(address: str) -> bool:
        engine = open_engine(postgres_url)
        try:
            with engine.begin() as connection:
                both.wait(10)
                join(connection, token, address, NOON)
            return True
        except InviteRefused:
            return False
        finally:
            engine.dispose()

    with office(postgres_url, unit_row("SMST-BTM")) as engine, ThreadPoolExecutor() as pool:
        with engine.begin() as connection:
            token = roles.invite(connection, "head", scoped("SMST-BTM"), NOON, Chance())
        assert sorted(pool.map(use, ("tg:1", "tg:2"))) == [False, True]
        assert count(engine, "role") == 1


def test_capitals_of_a_code_are_no_matter_and_a_code_stays_as_first_written(connection):
    """Receipts commit to the code and roles name it: a later file may not take it from them."""
    head(connection, "tg:1", "smst-BTM")
    again = unit_row("smst-btm", name="Samsat Batam Centre", questionnaire="other")
    assert units.save(connection, [again]) == (0, 1)
    unit = unit_of(connection, "SMST-BTM")
    assert (unit.code, unit.name) == ("SMST-BTM", "Samsat Batam Centre")
    assert unit.questionnaire == "skm-14-2017"
    (waiting,) = digest_settings.waiting(connection, "week", JAKARTA, "2026-W47")
    assert waiting.head == Head("tg:1", "SMST-BTM", "id")


def test_when_a_chat_with_a_role_last_wrote(connection):
    """The latest of all, whatever comes late; of others nothing is kept."""
    head(connection, "wa:1")
    head(connection, "wa:1", "MKSR", NOON + 5)
    assert roles.last_heard(connection, "wa:1") == NOON + 5
    for at in (NOON + 60, NOON + 30):
        roles.heard(connection, "wa:1", at)
    assert roles.last_heard(connection, "wa:1") == NOON + 60
    roles.heard(connection, "wa:2", NOON)
    assert roles.last_heard(connection, "wa:2") == 0
