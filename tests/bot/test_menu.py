"""`/bantuan` shows what this chat's roles may do, and nothing else."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from bot.dialogues import DIALOGUES
from bot.office.people.log import MORE
from flows.engine.events import Asked
from flows.engine.say import say
from flows.loader import words
from storage.office import roles
from storage.office.permissions import ALLOWED
from tests.support.offices import NOON, Chance, Person, office, scoped, unit_row, working


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row("SMST-BTM")) as engine:
        yield engine


async def commands_of(engine: Engine, *held: roles.RoleName) -> list[str]:
    with engine.begin() as connection:
        for role in held:
            token = roles.invite(connection, role, scoped("SMST-BTM"), NOON, Chance(role))
            roles.join(connection, token, "tg:1", NOON)
    with working(engine) as turns:
        shown = await Person(turns, "tg:1").send(Asked("1", NOON, "help"))
    lines = say(shown, words("id")).text.split("\n")
    _, _, below = "\n".join(lines).partition("Untuk peran Anda:\n")
    below = below.partition("Ketuk tombol")[0]  # what everybody may do follows
    return [line.split()[0] for line in below.split("\n") if line]


@pytest.mark.parametrize("held", [(), ("officer",), ("head",), ("head", "officer"), ("admin",)])
async def test_the_menu_shows_what_its_roles_may_do(engine, held):
    wanted = [
        command
        for command, action in DIALOGUES.menu.items()
        if (ALLOWED[action] & set(held) if action else held)
    ]
    assert await commands_of(engine, *held) == wanted


async def test_the_menu_stands_above_the_help_also_while_a_survey_is_open(engine):
    with engine.begin() as connection:
        token = roles.invite(connection, "admin", scoped("SMST-BTM"), NOON, Chance())
        roles.join(connection, token, "tg:1", NOON)
    with working(engine) as turns:
        admin = Person(turns, "tg:1")
        await admin.open("SMST-BTM")
        shown = await admin.send(Asked("2", NOON, "help"))
    keys = [line.key for line in shown.notes]
    assert (keys[0], keys[-1]) == ("menu", "help")
    assert shown.conversation
    assert shown.choices


def test_whatever_is_logged_has_its_words():
    said = words("id").texts
    assert [name for name in (*ALLOWED, *MORE) if f"log.{name}" not in said] == []
