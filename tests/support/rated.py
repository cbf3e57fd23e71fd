"""Somebody who has rated a service of SMST in a chat, with the receipt."""

import re

from bot.core.turns.turn_worker import Turns
from flows.engine.say import say
from flows.engine.screen import Screen
from flows.loader import words
from tests.support.offices import NOON, Person


def said(screen: Screen) -> str:
    return say(screen, words("id")).text


async def rated(turns: Turns, address: str, value: int = 3) -> tuple[Person, str]:
    """Somebody who has rated a service of SMST, and the receipt."""
    person = Person(turns, address, at=NOON)
    thanks = said(await person.survey("SMST_pajak", value))
    found = re.search(r"(?i)tanda terima:\n(\S+)", thanks)
    assert found
    return person, found[1]


async def erased(person: Person, code: str) -> str:
    await person.open(f"/hapus {code}")
    return said(await person.tap("erase"))
