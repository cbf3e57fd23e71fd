"""Somebody who sent a response and changes or withdraws it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from flows.engine.form import SKIPPED
from tests.support.offices import (
    ITEMS,
    Person,
    office,
    unit_row,
)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        yield engine


def said(engine: Engine) -> list[Any]:
    """The answers that are kept, each with its service."""
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT service, answers FROM response ORDER BY service"))
        return [(service, set(answered(answers).values())) for service, answers in rows]


def answered(answers: Any) -> dict[str, int]:
    return json.loads(answers) if isinstance(answers, str) else answers


def code(person: Person) -> str:
    assert person.shown is not None
    return str(person.shown.body[0].params["receipt"])


async def change(person: Person, value: int) -> None:
    """From the thanks to the review, with another value at every item."""
    await person.tap("edit")
    for item in ITEMS:
        assert person.shown is not None
        if person.shown.choices[0].step == "review":
            await person.tap("change")
        await person.tap(item)
        shown = await person.tap(str(value))
        while shown.choices[0].step != "review":  # why it is so low
            shown = await person.tap(SKIPPED)
