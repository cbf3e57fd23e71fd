"""Publishing by chat: what is logged of it, and who may not."""

import json
from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, text

from storage.office import roles
from tests.support.extra_questions import texts
from tests.support.offices import NOON, Chance, Person, office, scoped, unit_row, working

BATAM, CIVIL = "SMST-BTM", "DUKCAPIL"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    rows = (unit_row(BATAM), unit_row(CIVIL, agency="Pemko Batam"))
    with office(sqlite_url, *rows) as engine:
        with engine.begin() as connection:
            for scope, address in ((BATAM, "tg:1"), ("*", "tg:3")):
                token = roles.invite(connection, "admin", scoped(scope), NOON, Chance(address))
                roles.join(connection, token, address, NOON)
        yield engine


async def add(admin: Person, *places: str, question: str = "Ada musala?") -> None:
    await admin.open("/pertanyaan")
    for choice in (*places, "add"):
        await admin.tap(choice)
    await admin.type(question)
    for choice in ("yes_no", "always", "yes", "publish"):
        await admin.tap(choice)


def logged(engine: Engine) -> list[tuple[str, dict, dict]]:
    query = "SELECT scope, before, after FROM audit_entry WHERE action = 'edit_questions'"
    with engine.connect() as connection:
        rows = connection.execute(text(query + " ORDER BY id"))
        return [(row.scope, json.loads(row.before), json.loads(row.after)) for row in rows]


async def test_each_publication_is_logged_with_what_was_and_what_became_of_it(engine: Engine):
    with working(engine) as turns:
        joko, rahma = Person(turns, "tg:1"), Person(turns, "tg:3")
        await add(joko)
        await add(rahma, "*", question="Ada kantin?")
    (scope, before, after), (everywhere, _, both) = logged(engine)
    assert (scope, before) == (BATAM, {"id": "skm-14-2017", "version": 1})
    assert after["id"].startswith("skm-14-2017+")
    assert (after["version"], after["changes"]) == (2, "+ Ada musala?")
    assert (everywhere, both["units"], both["changes"]) == ("*", 2, "+ Ada kantin?")
    assert texts(engine, CIVIL) == ["Ada kantin?"]


@pytest.mark.parametrize("place", [CIVIL, "Pemko Batam", "*", "Pemprov Contoh", "nowhere"])
async def test_whoever_names_another_place_by_hand_is_refused(engine: Engine, place: str):
    with working(engine) as turns:
        joko = Person(turns, "tg:1")
        shown = await joko.open(f"/pertanyaan {place} #0")
    assert shown.body[0].key == "question.denied"


async def test_what_changes_nothing_is_said_and_not_logged(engine: Engine):
    with working(engine) as turns:
        joko = Person(turns, "tg:1")
        await add(joko)
        await joko.open("/pertanyaan")
        shown = await joko.tap("order")
        assert shown.notes[0].key == "question.order.few"
        await joko.tap("official")
        for choice in ("pajak", "cost", "official", "publish"):
            shown = await joko.tap(choice)
        assert shown.notes[0].key == "question.change.none"
    assert len(logged(engine)) == 1


async def test_an_agency_is_found_by_its_name_however_long(engine: Engine):
    with working(engine) as turns:
        rahma = Person(turns, "tg:3")
        await rahma.open("/pertanyaan")
        shown = await rahma.type("pemko")
        await rahma.tap(shown.choices[0].choice)
        await rahma.tap("add")
        await rahma.type("Ada kantin?")
        for choice in ("yes_no", "always", "yes", "publish"):
            shown = await rahma.tap(choice)
    assert shown.body[0].key == "question.published"
    assert (texts(engine, BATAM), texts(engine, CIVIL)) == ([], ["Ada kantin?"])
