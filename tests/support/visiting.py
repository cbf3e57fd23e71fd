"""Visits' links, roles and what was kept, for tests of who takes part."""

from datetime import date
from typing import Any

from sqlalchemy import Engine, text

from flows.intents import visit_payload
from storage.answers import visits
from storage.office import roles
from storage.office.roles import RoleName
from tests.support.offices import NOON, VAULT, Chance, Person, scoped, unit_of

TODAY = date(2026, 11, 19)
DAY = 86_400
_chance = Chance("visits")


def visit(engine: Engine, service: str = "", day: date = TODAY, code: str = "SMST") -> str:
    """A link's payload."""
    with engine.connect() as connection:
        token = visits.make(VAULT, unit_of(connection, code), service, day, _chance)
    return visit_payload(token)


def give(engine: Engine, address: str, role: RoleName, scope: str = "SMST") -> None:
    with engine.begin() as connection:
        roles.join(
            connection, roles.invite(connection, role, scoped(scope), NOON, _chance), address, NOON
        )


def rows(engine: Engine, *columns: str) -> list[Any]:
    """Of every response."""
    with engine.connect() as connection:
        found = connection.execute(text(f"SELECT {', '.join(columns)} FROM response ORDER BY id"))
        return [tuple(row) for row in found]


def ended(person: Person) -> str:
    """The key of what this person was told last."""
    assert person.shown is not None
    return person.shown.body[-1].key
