"""Every role × every action × in and out of scope, over both databases; the log only grows."""

from collections.abc import Iterator
from typing import get_args

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from storage.office import audit, permissions, roles
from storage.office.audit import Entry
from storage.office.permissions import ALLOWED, Action
from storage.office.roles import ROLES
from storage.scope import EVERYTHING
from tests.support.offices import NOON, Chance, audit_of, office, scoped, unit_of, unit_row

AGENCY = "Pemprov Contoh"


@pytest.fixture
def connection(database_url: str) -> Iterator[Connection]:
    elsewhere = {**unit_row("MKSR"), "agency": "Kota Lain"}
    with (
        office(database_url, unit_row("SMST-BTM"), elsewhere) as engine,
        engine.begin() as connection,
    ):
        yield connection


def give(connection: Connection, role: roles.RoleName, scope: str) -> str:
    address = f"tg:{role}-{scope}"
    token = roles.invite(connection, role, scoped(scope), NOON, Chance(address))
    roles.join(connection, token, address, NOON)
    return address


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gives_its_actions_in_its_scope_and_nowhere_else(connection, role):
    here, there = unit_of(connection, "SMST-BTM"), unit_of(connection, "MKSR")
    agency = here.agency
    assert agency != there.agency
    for scope, reaches in (
        (here.code, {here.code}),
        (agency, {here.code}),
        (EVERYTHING.name, {here.code, there.code}),
    ):
        address = give(connection, role, scope)
        for action in get_args(Action):
            allowed = role in ALLOWED[action]
            for unit in (here, there):
                may = permissions.may(connection, address, action, unit)
                assert may == (allowed and unit.code in reaches), (role, action, scope, unit.code)
            found = permissions.units_where(connection, address, action)
            assert {unit.code for unit in found} == (reaches if allowed else set())


def test_a_chat_without_a_role_may_do_nothing(connection):
    here = unit_of(connection, "SMST-BTM")
    assert not any(
        permissions.may(connection, "tg:nobody", action, here) for action in get_args(Action)
    )


def test_every_action_stands_in_the_table():
    assert set(ALLOWED) == set(get_args(Action))


def test_the_log_says_who_changed_what_and_from_what(connection):
    audit.note(connection, NOON, "abc", "edit_units", scoped("MKSR"), {"name": "A"}, {"name": "B"})
    audit.note(
        connection, NOON + 1, "def", "give_roles", scoped("SMST-BTM"), after={"role": "head"}
    )
    assert audit_of(connection, [scoped("SMST-BTM"), scoped("MKSR")], 10) == [
        Entry(NOON + 1, "def", "give_roles", scoped("SMST-BTM"), None, {"role": "head"}),
        Entry(NOON, "abc", "edit_units", scoped("MKSR"), {"name": "A"}, {"name": "B"}),
    ]
    assert [e.scope for e in audit_of(connection, [scoped("MKSR")], 10)] == [scoped("MKSR")]
    assert len(audit_of(connection, [scoped("SMST-BTM"), scoped("MKSR")], 1)) == 1


def test_a_log_is_read_with_what_was_done_to_its_units_from_above(connection):
    for n, (action, scope) in enumerate(
        [
            ("invite", "SMST-BTM"),
            ("invite", AGENCY),
            ("edit_questions", AGENCY),
            ("edit_questions", "Kota Lain"),
            ("edit_units", EVERYTHING.name),
            ("invite", EVERYTHING.name),
            ("invite", "MKSR"),
        ]
    ):
        audit.note(connection, NOON + n, "abc", action, scoped(scope))

    def seen(*scopes: str) -> list[int]:
        return [
            entry.at - NOON for entry in audit.page(connection, [*map(scoped, list(scopes))], 10)
        ]

    assert seen("SMST-BTM") == [4, 2, 0]
    assert seen(AGENCY) == [4, 2, 1, 0]
    assert seen("SMST-BTM", "MKSR") == [6, 4, 3, 2, 0]
    assert seen(EVERYTHING.name) == [6, 5, 4, 3, 2, 1, 0]
    third = audit.page(connection, [EVERYTHING], 3)[-1]
    assert [e.at - NOON for e in audit.page(connection, [scoped(AGENCY)], 2, third.id)] == [2, 1]


@pytest.mark.parametrize("change", ["UPDATE audit_entry SET scope = ''", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_the_log(connection, change):
    audit.note(connection, NOON, "abc", "edit_units", scoped("MKSR"), {"name": "A"}, {"name": "B"})
    before = audit_of(connection, [scoped("MKSR")], 10)
    with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
        connection.exec_driver_sql(change)
    assert audit_of(connection, [scoped("MKSR")], 10) == before


@pytest.mark.parametrize("way", ["INSERT OR REPLACE", "REPLACE"])
def test_sqlite_puts_no_entry_in_anothers_place(sqlite_url, way):
    """It deletes the one that is there, and asks no trigger on DELETE."""
    with office(sqlite_url) as engine, engine.begin() as connection:
        audit.note(connection, NOON, "abc", "end_role", EVERYTHING, {"role": "admin"})
        (before,) = audit_of(connection, [EVERYTHING], 2)
        forged = (
            "(id, at, by, action, scope_kind, scope) VALUES (:id, 1, 'x', 'y', 'everything', '*')"
        )
        with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
            connection.execute(text(f"{way} INTO audit_entry {forged}"), {"id": before.id})
        assert audit_of(connection, [EVERYTHING], 2) == [before]


def test_postgres_empties_no_log_either(postgres_url):
    with office(postgres_url) as engine, engine.begin() as connection:
        with pytest.raises(DBAPIError, match="append-only"), connection.begin_nested():
            connection.exec_driver_sql("TRUNCATE audit_entry")
