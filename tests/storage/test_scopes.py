"""A scope carries its kind: a unit called like an agency gives no power over that agency."""

from collections.abc import Iterator
from typing import get_args

import pytest
from sqlalchemy import Connection, text

from bot.core.turns.turn_context import Forms, TurnContext
from bot.dialogues import DIALOGUES
from bot.office.people import invitation, role_ending
from bot.office.questions import question_scope
from bot.office.scope import which
from flows.commands import ROLES
from flows.engine.conversation import Conversation
from flows.intents import Invitation
from storage import units
from storage.database.connect import migrate, open_engine
from storage.office import audit, broadcasts, holders, permissions, roles
from storage.office.holders import Holder
from storage.office.permissions import Action
from storage.scope import EVERYTHING, Scope, agency
from tests.support.offices import NOON, VAULT, Chance, office, unit_of, unit_row

TWIN = "DINKES"  # the code of a unit of one agency, and the name of another agency
VICTIM, MINE = "RSUD-1", "Pemprov Contoh"
BEFORE = "0003"  # the migration before the one that gives scopes a kind


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    rows = ({**unit_row(TWIN), "agency": MINE}, {**unit_row(VICTIM), "agency": TWIN})
    with office(database_url, *rows) as engine, engine.begin() as connection:
        yield connection


def context_of(connection: Connection, address: str) -> TurnContext:
    return TurnContext(connection, VAULT, Forms(DIALOGUES), Chance(), address=address, at=NOON)


def give(connection: Connection, address: str, role: roles.RoleName, scope: Scope) -> None:
    token = roles.invite(connection, role, scope, NOON, Chance(f"{address}{scope}"))
    roles.join(connection, token, address, NOON)


def test_an_admin_of_a_unit_called_like_an_agency_governs_no_unit_of_it(connection):
    give(connection, "tg:boss", "admin", agency(MINE))
    give(connection, "tg:head", "head", Scope("unit", VICTIM))
    audit.note(connection, NOON, "abc", "invite", agency(TWIN))
    mole = context_of(connection, "tg:mole")
    meant = which(context_of(connection, "tg:boss"), ROLES, TWIN)
    assert meant == Scope("unit", TWIN)
    assert permissions.gives(connection, "tg:boss", agency(TWIN)) == []
    token = roles.invite(connection, "admin", meant, NOON, Chance(2), "tg:boss")
    invitation.join(mole, Invitation(token))
    victim, own = unit_of(connection, VICTIM), unit_of(connection, TWIN)
    may = {a for a in get_args(Action) if permissions.may(connection, "tg:mole", a, victim)}
    assert may == set()
    assert permissions.may(connection, "tg:mole", "edit_units", own)
    assert [u.code for u in permissions.units_where(connection, "tg:mole", "edit_units")] == [TWIN]
    assert not permissions.may_in(connection, "tg:mole", "broadcast", agency(TWIN))
    assert question_scope.reach(mole, str(agency(TWIN))) == []
    assert broadcasts.heads(connection, Scope("unit", TWIN)) == {}
    held = permissions.scopes(connection, "tg:mole", "read_log")
    assert all(entry.scope == Scope("unit", TWIN) for entry in audit.page(connection, held, 9))
    assert [each.address for each in holders.held_in(connection, agency(TWIN))] == []


def test_whoever_may_both_is_asked_which_one_is_meant(connection):
    give(connection, "tg:all", "admin", EVERYTHING)
    context = context_of(connection, "tg:all")
    offered = which(context, ROLES, TWIN).offered["scope"]
    assert [row["opening"] for row in offered] == [
        f"{ROLES} unit:{TWIN}",
        f"{ROLES} agency:{TWIN}",
    ]
    assert which(context, ROLES, f"unit:{TWIN.lower()}") == Scope("unit", TWIN)
    assert which(context, ROLES, f"agency:{TWIN}") == agency(TWIN)
    assert question_scope.named(context, f"agency:{TWIN}")["scope"] == f"agency:{TWIN}"


def test_whose_role_ends_keeps_no_invitation_to_what_lay_below_it(connection):
    """Else an admin of everything, ended, comes back by a link to an agency."""
    give(connection, "tg:all", "admin", EVERYTHING)
    give(connection, "tg:two", "admin", EVERYTHING)
    give(connection, "tg:all", "admin", agency(MINE))
    kept, gone = (
        roles.invite(connection, "admin", agency(name), NOON, Chance(name), "tg:all")
        for name in (MINE, TWIN)
    )
    role_ending.end_role(
        context_of(connection, "tg:two"), Holder("tg:all", "admin", EVERYTHING, NOON, "")
    )
    assert roles.join(connection, kept, "tg:5", NOON) == roles.Held("admin", agency(MINE))
    with pytest.raises(roles.InviteRefused) as refused:
        roles.join(connection, gone, "tg:6", NOON)
    assert refused.value.reason == "withdrawn"


@pytest.mark.parametrize("whose", ["left", "moved"])
def test_an_invitation_is_good_while_whoever_gave_it_may_give_it(connection, whose):
    """Who is about to be ended invites another chat of theirs and leaves; or an agency invites into
    a unit that then becomes another agency's."""
    give(connection, "tg:boss", "admin", agency(MINE))
    give(connection, "tg:two", "admin", agency(MINE))
    boss, own = context_of(connection, "tg:boss"), Scope("unit", TWIN)
    by_boss, by_two, by_operator = (
        roles.invite(connection, "admin", own, NOON, Chance(by), by)
        for by in ("tg:boss", "tg:two", "")
    )
    if whose == "left":
        begun = role_ending.leave(boss, "")
        shown = {"offered": begun.offered, "answers": begun.answers}
        talk = Conversation("1", "leave", "1", "/keluar", "id", NOON, NOON, **shown)
        told = role_ending.left(boss, talk, {"role": "0", "sure": "yes"})
        assert (told.key, told.params) == ("leave.done.withdrawn", {"count": "1"})
    else:
        units.change(connection, unit_of(connection, TWIN), agency="Kota Lain")
    for token, is_good in ((by_boss, False), (by_two, whose == "left"), (by_operator, True)):
        address = f"tg:{token[:4]}"
        invitation.join(context_of(connection, address), Invitation(token))
        expected = [roles.Held("admin", own)] if is_good else []
        assert roles.held(connection, address) == expected


ROLES_BEFORE = {
    # (role, scope as it was) → (kind, name) as it is
    ("head", "rsud-1"): ("unit", VICTIM),
    ("officer", VICTIM): ("unit", VICTIM),
    ("admin", MINE): ("agency", MINE),
    ("admin", TWIN): ("unit", TWIN),  # of two powers the smaller
    ("evaluator", TWIN): ("agency", TWIN),  # a unit has none
    ("admin", "*"): ("everything", "*"),
    ("admin", "Dinas yang bubar"): ("agency", "Dinas yang bubar"),
}


def before(url: str) -> None:
    """A database as it was before this migration, with rows in it."""
    migrate(url, BEFORE)
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO questionnaire (id, content) VALUES ('q', '{}')"))
        for id, (code, of) in enumerate(((TWIN, MINE), (VICTIM, TWIN)), 1):
            connection.execute(
                text(
                    "INSERT INTO unit (id, code, name, folded_code, folded_name, agency, region, "
                    "timezone, kind, period, opening_hours, services, retired, users, "
                    "questionnaire) VALUES (:id, :code, :code, :folded, :folded, :of, '', "
                    "'Asia/Jakarta', '', 'quarter', '', '[]', '[]', '{}', 'q')"
                ),
                {"id": id, "code": code, "folded": code.lower(), "of": of},
            )
        for number, (role, scope) in enumerate(ROLES_BEFORE):
            row = {"a": f"tg:{number}", "r": role, "s": scope, "n": number}
            connection.execute(text("INSERT INTO role VALUES (:a, :r, :s, :n, 'id')"), row)
            connection.execute(
                text(
                    "INSERT INTO invite (hash, id, role, scope, by, expires_at, used_by) "
                    "VALUES (:h, :a, :r, :s, '', 1, '')"
                ),
                {**row, "h": bytes([number])},
            )
        connection.execute(text("INSERT INTO role VALUES ('tg:0', 'head', 'RSUD-1', 1, 'id')"))
        for scope in (TWIN, MINE, "*", "rsud-1"):
            connection.execute(
                text(
                    "INSERT INTO audit_entry (at, by, action, scope) VALUES (1, 'x', 'invite', :s)"
                ),
                {"s": scope},
            )
    engine.dispose()


def test_what_was_kept_gets_its_kind_and_never_more_power(empty_database_url, caplog):
    before(empty_database_url)
    migrate(empty_database_url)
    engine = open_engine(empty_database_url)
    with engine.begin() as connection:
        for table, of in (("role", "address"), ("invite", "id")):
            found = connection.execute(
                text(f"SELECT role, scope_kind, scope FROM {table} ORDER BY {of}")
            ).all()
            wanted = [(role, *now) for (role, _), now in ROLES_BEFORE.items()]
            assert [tuple(row) for row in found] == wanted  # 'rsud-1' and 'RSUD-1' are one
        log = connection.execute(text("SELECT scope_kind, scope FROM audit_entry ORDER BY id"))
        assert [tuple(row) for row in log] == [
            ("unit", TWIN),
            ("agency", MINE),
            ("everything", "*"),
            ("unit", VICTIM),
        ]
        twin = units.by_code(connection, TWIN)
        assert permissions.may(connection, "tg:3", "edit_units", twin)
        assert not permissions.may(
            connection, "tg:3", "edit_units", units.by_code(connection, VICTIM)
        )
    for change in ("UPDATE audit_entry SET action = ''", "DELETE FROM audit_entry"):
        with pytest.raises(Exception, match="append-only"), engine.begin() as connection:
            connection.execute(text(change))
    engine.dispose()
    assert f"skm invite admin 'agency:{TWIN}'" in caplog.text
    assert "tg:" not in caplog.text
