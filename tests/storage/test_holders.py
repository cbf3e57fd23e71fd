"""Who may give and end which role where; invitations withdrawn with the role that gave them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Connection, Engine

from bot.core.turns.turn_context import Forms, TurnContext
from bot.dialogues import DIALOGUES
from bot.office.people import role_management
from flows.engine.conversation import Conversation
from storage.chat import outbox
from storage.office import holders, permissions, roles
from storage.office.roles import VALID, Held, InviteRefused, join
from storage.scope import EVERYTHING
from tests.support.offices import NOON, VAULT, Chance, count, office, scoped, unit_row

HERE, AGENCY = "SMST-BTM", "Pemprov Contoh"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    elsewhere = {**unit_row("MKSR"), "agency": "Kota Lain"}
    with office(database_url, unit_row(HERE), elsewhere) as engine, engine.begin() as connection:
        yield connection


def given(connection: Connection, role: roles.RoleName, scope: str, by: str = "") -> str:
    """A chat that joined by an invitation."""
    address = f"tg:{role}-{scope}-{by}"
    token = roles.invite(connection, role, scoped(scope), NOON, Chance(address), by)
    join(connection, token, address, NOON)
    return address


def test_roles_are_given_in_ones_own_scope_and_below(connection):
    wanted = {
        ("head", HERE): {HERE: ["head", "officer"]},
        ("officer", HERE): {},
        ("evaluator", AGENCY): {},
        ("admin", HERE): {HERE: ["head", "officer", "admin"]},
        ("admin", AGENCY): {HERE: ["head", "officer", "admin"], AGENCY: ["admin"]},
        ("admin", EVERYTHING.name): {
            HERE: ["head", "officer", "admin"],
            "MKSR": ["head", "officer", "admin"],
            AGENCY: ["admin", "evaluator"],
            "Kota Lain": ["admin", "evaluator"],
            EVERYTHING.name: ["admin", "evaluator"],
        },
    }
    for (role, scope), reach in wanted.items():
        address = given(connection, role, scope)
        for where in (HERE, "MKSR", AGENCY, "Kota Lain", EVERYTHING.name):
            found = permissions.gives(connection, address, scoped(where))
            assert found == reach.get(where, []), (role, scope, where)


def test_holders_and_invitations_of_a_scope(connection):
    head = given(connection, "head", HERE)
    given(connection, "head", "MKSR")
    officer = given(connection, "officer", HERE, head)
    roles.invite(connection, "officer", scoped(HERE), NOON, Chance("out"), head)
    assert [(h.address, h.role) for h in holders.held_in(connection, scoped(HERE))] == [
        (head, "head"),
        (officer, "officer"),
    ]
    (out,) = holders.invitations(connection, scoped(HERE), NOON)
    assert (out.role, out.by, out.expires_at) == ("officer", head, NOON + VALID)
    assert holders.invitations(connection, scoped(HERE), NOON + VALID) == []


def test_a_role_ends_once(connection):
    head = given(connection, "head", HERE)
    assert holders.end(connection, head, "head", scoped(HERE))
    assert not holders.end(connection, head, "head", scoped(HERE))
    assert roles.held(connection, head) == []


def test_whose_role_ends_gets_no_digest_that_waited(connection):
    head = given(connection, "head", HERE)
    for key, kind in (
        (f"digest:{HERE}:{head}:2026-W47", "digest"),
        (f"digest:{HERE}:{head}:2026-W47:comments", "comments"),
        (f"alert:{HERE}:{head}:fall:2026-W47", "alert"),
        (f"digest:MKSR:{head}:2026-W47", "digest"),
        (f"ended:{HERE}", "notice"),
    ):
        outbox.put(connection, key, kind, head, {"text": key}, NOON)
    outbox.put(connection, f"digest:{HERE}:tg:2:2026-W47", "digest", "tg:2", {}, NOON)
    holders.end(connection, head, "head", scoped(HERE))
    parcels = outbox.claim_bulk(connection, NOON, 10, "tg") + outbox.claim(connection, NOON, 10)
    left = [parcel.key for parcel in parcels]
    others = [f"digest:MKSR:{head}:2026-W47", f"digest:{HERE}:tg:2:2026-W47"]
    assert sorted(left) == [*others, f"ended:{HERE}"]


def test_a_withdrawn_link_is_refused_and_a_used_one_is_not_withdrawn(connection):
    token, used = (
        roles.invite(connection, "head", scoped(HERE), NOON, Chance(n), "tg:1") for n in (1, 2)
    )
    join(connection, used, "tg:2", NOON)
    out = holders.invitation(connection, token=token)
    assert holders.withdraw(connection, out.id, NOON)
    assert not holders.withdraw(connection, holders.invitation(connection, token=used).id, NOON)
    with pytest.raises(InviteRefused) as refused:
        join(connection, token, "tg:3", NOON)
    assert refused.value.reason == "withdrawn"
    assert holders.invitation(connection, id=out.id).used_by == ""
    assert holders.invitation(connection, token=used).used_by == "tg:2"


def test_a_chat_that_has_the_role_uses_up_no_link(connection):
    head = given(connection, "head", HERE)
    token = roles.invite(connection, "head", scoped(HERE), NOON, Chance("next"), head)
    assert join(connection, token, head, NOON) == Held("head", scoped(HERE))
    assert join(connection, token, "tg:2", NOON) == Held("head", scoped(HERE))


def test_an_old_invitation_is_forgotten_with_the_chats_it_names(connection):
    token = roles.invite(connection, "head", scoped(HERE), NOON, Chance(), "tg:1")
    last = NOON + VALID + holders.KEPT
    assert holders.forget_invitations(connection, last - 1) == 0
    assert holders.forget_invitations(connection, last) == 1
    assert holders.invitation(connection, token=token) is None


def test_of_two_heads_who_end_each_other_at_once_one_stays(postgres_url):
    """The second waits for the first, and then has no role to end another's with."""
    both = Barrier(2)

    def end(engine: Engine, me: str, other: str) -> str:
        with engine.begin() as connection:
            context = TurnContext(
                connection, VAULT, Forms(DIALOGUES), Chance(me), address=me, at=NOON
            )
            opening = f"head_{VAULT.pseudonym(other)}"
            talk = Conversation(
                "x", "roles", "1", "", "id", NOON, NOON, {"scope": str(scoped(HERE))}
            )
            both.wait(10)
            return role_management.change(context, talk, {"do": "end", "holder": opening}).key

    with office(postgres_url, unit_row(HERE)) as engine, ThreadPoolExecutor() as pool:
        with engine.begin() as connection:
            one, two = (given(connection, "head", HERE, by) for by in ("1", "2"))
        told = pool.map(end, (engine, engine), (one, two), (two, one))
        assert sorted(told) == ["roles.denied", "roles.ended"]
        assert count(engine, "role") == 1
