"""No turn asks much of a large database: what takes long is put off, in every dialogue there is."""

from collections.abc import Iterator
from datetime import date
from itertools import islice

import pytest
from sqlalchemy import Engine, insert

from bot.dialogues import DIALOGUES
from flows.extra_question import Extra
from flows.instrument import Questionnaire
from reports.sheets.publish import publish
from storage import publications, units
from storage.answers import receipts
from storage.database.connect import open_engine
from storage.database.upsert import table_of
from storage.files.spreadsheet import Sheets
from storage.office import follow_ups
from storage.office.follow_ups import Plan
from storage.periods import parse
from storage.scope import EVERYTHING
from storage.tables import Response, Role
from tests.bench import nation
from tests.support.explored import Explored
from tests.support.instruments import CURRENT
from tests.support.offices import run, unit_of
from tests.support.publishing import LATER

UNITS, RESPONSES = 1_200, 6_000  # all of the responses in one unit, of one year
MOST_ROWS, MOST_STEPS, MOST_STATEMENTS = 800, 200, 60  # steps in thousands: 5 to 10 ms
# Behind a list that this walk does not open yet.
UNREACHED = {
    ("announce", "announced_on"),
    ("follow_up", "follow_up_ended"),
    "announce",
    "agency_report",
}
BY_CITIZENS = {"survey", "erase"}  # no `Write`
UNIT, TODAY = "U00001", date(2027, 1, 4)


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    nation.fill(sqlite_url, 0, UNITS)
    rows = nation._responses(RESPONSES, 1)
    nation._into_sqlite(sqlite_url, iter(lambda: list(islice(rows, 20_000)), []))
    engine = open_engine(sqlite_url)
    heads = [(f"tg:{n}", "head", "unit", f"U{n:05}") for n in range(1, UNITS + 1)]
    held = [*heads, ("tg:1", "admin", EVERYTHING.kind, EVERYTHING.name)]
    with engine.begin() as connection:
        columns = ("address", "role", "scope_kind", "scope")
        named = [dict(zip(columns, each, strict=True)) for each in held]
        connection.execute(insert(table_of(Role)), [{**each, "since": 1} for each in named])
    run(engine, "UPDATE unit SET population = 9000000")
    extras = [Extra(f"k{n}", f"Pertanyaan {n}?", "yes_no") for n in (1, 2)]
    with engine.begin() as connection:
        asked = Questionnaire(CURRENT, tuple(extras))
        plan = Plan("cost", "Papan tarif", date(2027, 3, 31), "Kasi")
        own = unit_of(connection, UNIT).id
        old, _ = (follow_ups.keep(connection, own, plan, TODAY, LATER, "uji") for _ in range(2))
        follow_ups.drop(connection, own, old, TODAY)
        publications.publish_one(connection, unit_of(connection, UNIT), asked, LATER, "uji")
        publish(connection, unit_of(connection, UNIT), parse("2026-Q1"), LATER)
    yield engine
    engine.dispose()


def code_of(engine: Engine) -> str:
    """A receipt of the sheet that is published."""
    leaf = table_of(Response).c
    with engine.connect() as connection:
        query = table_of(Response).select().order_by(leaf.local_date).limit(1)
        return receipts.code(connection.execute(query).one().leaf)


def table(engine: Engine) -> Sheets:
    """As many rows as may be sent, each of which changes a unit."""
    with engine.connect() as connection:
        found = units.in_scope(connection, EVERYTHING)[:2_000]
    head = ["code", "name", "agency", "region", "timezone", "services", "population"]
    more = ["WIB", "Baru;Perpanjangan", "900"]
    rows = [[u.code, f"{u.name} Baru", u.agency, u.region, *more] for u in found]
    return {"": [head, *rows]}


OPENINGS = (
    "", UNIT, f"{UNIT}__spak", "v_abc", "i_abcdefgh", "/pertanyaan Pemkab 3", "/cek {code}",
    "/hapus {code}", f"/komentar {UNIT} 2026-W40", "/cabut abc",
    f"/laporanpublik {UNIT} 2026-Q1",
)  # fmt: skip


def test_no_turn_of_any_dialogue_asks_much(engine):
    walked = Explored(
        engine, LATER, table(engine), ("Kantor U0290", "Ada parkir?\nYa", "5000", "3/1/2027")
    )
    commands = {each.command for each in DIALOGUES.all if each.command and each.opens}
    each_scope = [f"{c} {scope}".strip() for c in sorted(commands) for scope in ("", UNIT, "*")]
    opened = [opening.format(code=code_of(engine)) for opening in OPENINGS]
    walked.walk(*opened, *each_scope)
    much = {
        name: cost
        for name, cost in walked.costs.items()
        if cost.rows > MOST_ROWS or cost.steps > MOST_STEPS or cost.statements > MOST_STATEMENTS
    }
    assert much == {}
    forms = DIALOGUES.of_form.items()
    assert walked.looks == {(id, look) for id, each in forms for look in each.looks} - UNREACHED
    assert walked.writes == {id for id, each in forms if each.writes} - UNREACHED - BY_CITIZENS
    assert walked.openings == commands | set(DIALOGUES.links)
    assert walked.put_off
