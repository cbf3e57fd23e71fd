"""What comes into the transparency log, when, and in which order."""

import json
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event, insert, text

from reports.jobs.due import JOBS
from reports.sheets.publish import made, publish
from reports.stored.amending import erase
from reports.transparency import appending, tree
from storage.answers import responses, visits
from storage.database.upsert import table_of
from storage.index import transparency_log as log
from storage.index_tables import Tombstone
from storage.office import audit
from storage.periods import parse
from storage.scope import EVERYTHING
from tests.support.auditor import mth
from tests.support.instruments import CURRENT
from tests.support.offices import NOON, Chance, draft, office, respond, unit_of, unit_row
from tests.support.publishing import DAY, LATER, answered, closed, corrected, erase_some

# NOON is noon of the 19th in Jakarta; its day is over at 17:00 UTC.
NIGHT = int(datetime(2026, 11, 19, 18, 0, tzinfo=UTC).timestamp())  # 01:00 of the 20th in Jakarta


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    units = unit_row("SMST"), unit_row("JYP", timezone="WIT")
    with office(database_url, *units) as engine:
        yield engine


def appended(engine: Engine, at: int) -> int:
    return JOBS["log"](engine, at)


def hashes(engine: Engine) -> list[bytes]:
    with engine.connect() as connection:
        return [bytes(row.hash) for row in log.entries(connection)]


def said(engine: Engine) -> list[dict]:
    with engine.connect() as connection:
        return [json.loads(row.says) for row in log.spoken(connection)]


def leaves(engine: Engine, where: str = "true") -> list[bytes]:
    query = text(f"SELECT leaf FROM response WHERE {where} ORDER BY leaf")
    with engine.connect() as connection:
        return [bytes(leaf) for leaf in connection.execute(query).scalars()]


def test_the_leaves_of_a_day_come_once_it_is_over_in_an_order_that_tells_nothing(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 8)
        answered(connection, "SMST", 4, NOON + DAY)
    assert appended(engine, NIGHT - 3_600) == 0  # its last answers may still be changed
    assert appended(engine, NIGHT) == 8
    assert hashes(engine) == leaves(engine, "local_date = '2026-11-19'")
    assert appended(engine, NIGHT + 3_600) == 0  # done today
    assert appended(engine, NIGHT + DAY) == 4
    assert hashes(engine)[8:] == leaves(engine, "local_date = '2026-11-20'")
    with engine.connect() as connection:
        kept = log.checkpoints(connection)
    assert [(each.size, each.day) for each in kept] == [
        (8, date(2026, 11, 20)),
        (12, date(2026, 11, 21)),
    ]
    assert [each.root for each in kept] == [mth(hashes(engine)[:size]) for size in (8, 12)]


def test_a_day_is_over_in_the_zone_of_its_unit(engine):
    """At 23:30 UTC of the 19th it is 08:30 of the 20th in Jayapura, and 06:30 in Jakarta."""
    early = int(datetime(2026, 11, 19, 15, 30, tzinfo=UTC).timestamp())  # the 20th in Jayapura
    with engine.begin() as connection:
        for code in ("SMST", "JYP"):
            respond(connection, code, Chance(code), draft(at=early))
    assert leaves(engine, "local_date = '2026-11-20'") == leaves(engine, "unit_id = 2")
    assert appended(engine, NIGHT) == 1
    assert hashes(engine) == leaves(engine, "unit_id = 1")


def test_what_is_erased_later_leaves_its_leaf_and_that_it_is_gone(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 8)
        answered(connection, "SMST", 1, LATER)  # of a day that is not over
    appended(engine, NIGHT)
    first, (late,) = hashes(engine), leaves(engine, "local_date > '2026-12-01'")
    with engine.begin() as connection:
        for leaf in (first[3], late):
            erase(connection, responses.found(connection, (leaf, leaf), lock=True))
    assert appended(engine, LATER + DAY) == 1
    assert hashes(engine)[:8] == first
    assert said(engine) == [{"gone": first[3].hex()}]
    assert appended(engine, LATER + 2 * DAY) == 0


def test_sheets_and_changes_come_into_it(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 8)
        audit.note(connection, LATER - DAY, "op", "run_periods", EVERYTHING, None, {"a": 1})
        closed(connection, "SMST")
        sheet = bytes(connection.execute(text("SELECT hash FROM sheet")).scalar_one())
    appended(engine, LATER + DAY)
    appended(engine, LATER + 2 * DAY)
    with engine.begin() as connection:
        audit.note(connection, LATER, "op", "run_periods", EVERYTHING)
        audit.note(connection, LATER, "op", "run_periods", EVERYTHING)
    appended(engine, LATER + 3 * DAY)
    assert {"sheet": sheet.hex()} in said(engine)
    changes = [each["changes"] for each in said(engine) if "changes" in each]
    assert [(each["after"], each["last"], each["n"]) for each in changes] == [(0, 1, 1), (1, 3, 2)]
    with engine.connect() as connection:
        assert audit.digest(connection, 1, 3)[1].hex() == changes[1]["hash"]


def test_subtrees_are_kept_whatever_is_added_at_once(engine):
    """The tree that is read is the one of all hashes, where subtrees are kept and where not."""
    made = [log.Entry(Chance(n)(32)) for n in range(1_000)]
    sizes = (3, 256, 259, 700, 1_000)
    with engine.begin() as connection:
        log.lock(connection)
        start = 0
        for end in sizes:
            assert appending.add(connection, made[:end], date(2026, 11, 20)) == end - start
            start = end
        read = appending.reader(connection)
        assert connection.execute(text("SELECT count(*) FROM log_node")).scalar_one() == 3
        for size in sizes:
            assert tree.root_at(read, size) == mth([each.hash for each in made[:size]])


def test_what_another_process_has_added_is_not_added_again(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 3)
    assert appended(engine, NIGHT) == 3
    again = [log.Entry(leaf) for leaf in hashes(engine)]
    with engine.begin() as connection:
        log.lock(connection)
        assert appending.add(connection, again, date(2026, 11, 20)) == 0


def test_a_sheet_rests_on_the_log_and_is_in_it(engine):
    """Its leaves are among the entries of the root that it names, the day's last ones too."""
    with engine.begin() as connection:
        answered(connection, "SMST", 6)
        answered(connection, "SMST", 3, NOON + DAY)
    appended(engine, NIGHT)
    with engine.begin() as connection:
        content = closed(connection, "SMST")
        sheet = connection.execute(text("SELECT content, hash FROM sheet")).one()
    assert json.loads(sheet.content) == content
    rests = content["log"]
    assert rests == {"size": 9, "root": mth(hashes(engine)[:9]).hex()}
    assert set(leaves(engine)) == set(hashes(engine)[:9])
    assert said(engine) == [{"sheet": bytes(sheet.hash).hex()}]
    with engine.connect() as connection:
        kept = log.checkpoints(connection)
    assert (kept[-2].size, kept[-2].root.hex()) == (rests["size"], rests["root"])
    assert (kept[-1].size, kept[-1].root) == (10, mth(hashes(engine)))


def test_a_correcting_sheet_rests_on_it_too(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 12)
        closed(connection, "SMST")
    erase_some(engine, 5)
    assert corrected(engine) == 1
    with engine.connect() as connection:
        contents = connection.execute(text("SELECT content FROM sheet ORDER BY number")).scalars()
        rests = [json.loads(each)["log"]["size"] for each in contents]
    assert rests == [12, 13]
    appended(engine, LATER + DAY)
    assert [next(iter(each)) for each in said(engine)] == ["sheet", "sheet", *["gone"] * 5]


def test_the_log_is_locked_no_longer_the_more_was_ever_erased_and_published(engine):
    """What is asked of the database between locking and letting go: as many statements and values
    with 30 tombstones and with 3,000, where one is new."""
    costs = []
    for at, number in ((NIGHT, 30), (NIGHT + DAY, 3_000)):
        with engine.begin() as connection:
            _bury(connection, at, number)
        appended(engine, at)
        with engine.begin() as connection:
            _bury(connection, at + 1, 1)
        with engine.connect() as connection:
            due = appending.unsaid(connection)
        assert [len(each) for each in due] == [1, 1, 0]
        with engine.begin() as connection, counted(engine) as cost:
            log.lock(connection)
            assert appending.rest(connection, due, at, date(2026, 11, 30)) == 2
        costs.append(cost)
    assert costs[0] == costs[1]


def _bury(connection: Connection, at: int, number: int) -> None:
    """So many that were erased after a digest had told of them."""
    row = {
        "unit_id": 1,
        "instrument": CURRENT,
        "local_date": date(2026, 11, 18),
        "told": "2026-W46",
    }
    chance = Chance(str(at))
    rows = [{**row, "leaf": chance(32), "source": "chat"} for _ in range(number)]
    connection.execute(insert(table_of(Tombstone)), rows)


@contextmanager
def counted(engine: Engine) -> Iterator[Counter[str]]:
    """Statements, and values that go with them."""
    cost: Counter[str] = Counter()

    def note(_: Any, __: Any, ___: Any, params: Any, ____: Any, _____: Any) -> None:
        cost["statements"] += 1
        cost["values"] += len(params)

    event.listen(engine, "before_cursor_execute", note)
    yield cost
    event.remove(engine, "before_cursor_execute", note)


def test_a_sheet_says_how_many_visit_links_were_made_and_how_many_used(engine):
    """Of its own days: of another day are not its."""
    with engine.begin() as connection:
        answered(connection, "SMST", 6, verified=True)
        answered(connection, "SMST", 5)
        for number, day in (
            (20, date(2026, 11, 19)),
            (5, date(2026, 12, 31)),
            (7, date(2027, 1, 1)),
        ):
            visits.issue(connection, 1, day, number)
        visits.issue(connection, 2, date(2026, 11, 19), 100)
        content = closed(connection, "SMST")
    assert content["visits"] == {"issued": 25, "used": 6}


def test_who_publishes_sends_no_leaf_to_the_database(engine):
    """While a sheet is kept, others wait on SQLite: the database copies its list by itself."""
    with engine.begin() as connection:
        answered(connection, "SMST", 10)
        answered(connection, "JYP", 70)
    appended(engine, LATER)
    cost = {}
    for code in ("SMST", "JYP"):
        with engine.begin() as connection:
            unit = unit_of(connection, code)
            ready = made(connection, unit, parse("2026-Q4"), LATER)
            with counted(engine) as cost[code]:
                publish(connection, unit, parse("2026-Q4"), LATER, ready)
    assert abs(cost["JYP"]["values"] - cost["SMST"]["values"]) < 10
    assert abs(cost["JYP"]["statements"] - cost["SMST"]["statements"]) < 10
