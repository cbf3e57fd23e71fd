"""Answers are erased by those who gave them while the jobs stood still for weeks, or beside them:
nobody is accused of it, and the period is published as any other."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, text

from reports.jobs.due import JOBS
from reports.sheets.publish import publish
from reports.stored.amending import erase
from reports.stored.fold import fold
from reports.stored.verify import verify
from reports.transparency.leaving import Outlets, checkpoints
from reports.transparency.signing import LogKey
from storage.answers import responses
from storage.index import closed_periods, sheets
from storage.index import transparency_log as log
from storage.periods import parse
from tests.support.offices import NOON, Chance, office, unit_of, unit_row
from tests.support.publishing import DAY, LATER, answered, closed, show_week

KEY = LogKey.make("contoh.go.id/skm", Chance("log"))
STOPPED = NOON + 20 * DAY  # 9 December: the last night on which the log was kept
AGAIN = NOON + 95 * DAY  # 22 February


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST")) as engine:
        with engine.begin() as connection:
            answered(connection, "SMST", 20)
            answered(connection, "SMST", 10, STOPPED + DAY)
            show_week(connection, "SMST", "2026-W47")
        fold(engine)
        for day in range(1, 21):
            kept(engine, NOON + day * DAY)
        yield engine


def kept(engine: Engine, at: int) -> None:
    JOBS["log"](engine, at)
    checkpoints(engine, at, Outlets(KEY))


def erased(engine: Engine, number: int, where: str) -> list[bytes]:
    """By whoever gave them (`bot.citizen.receipt_erase`)."""
    query = text(f"SELECT leaf FROM response WHERE {where} ORDER BY leaf LIMIT {number}")
    with engine.begin() as connection:
        found = [bytes(leaf) for leaf in connection.execute(query).scalars()]
        closed_periods.lock(connection, unit_of(connection, "SMST").id)
        for leaf in found:
            erase(connection, responses.found(connection, (leaf, leaf), lock=True))
    assert len(found) == number
    return found


TOLD, UNTOLD = "told <> ''", "told = ''"


@pytest.mark.parametrize("number", [1, 3, 8])
def test_what_is_erased_while_the_jobs_stand_still_accuses_nobody(engine, number):
    """The log says so weeks after the keys should have gone; but it said nothing meanwhile."""
    erased(engine, number, TOLD)
    erased(engine, number, UNTOLD)  # of days that never came into the log
    assert verify(engine, (), KEY.public) == []
    JOBS["keys"](engine, AGAIN)
    kept(engine, AGAIN)
    assert verify(engine, (), KEY.public) == []
    kept(engine, AGAIN + DAY)
    assert verify(engine, (), KEY.public) == []


def test_where_the_log_was_kept_nobody_can_have_asked_so_late(engine):
    """Beside the test above: the same, but the log was kept. So nobody can have asked for it."""
    for day in range(21, 96):
        kept(engine, NOON + day * DAY)
    erased(engine, 1, TOLD)
    kept(engine, AGAIN + DAY)
    (said,) = verify(engine, (), KEY.public)
    assert said == "1 answers of SMST are erased, and not by whoever gave them."


@pytest.mark.parametrize("number", [1, 4, 5, 10])
def test_the_period_is_published_whatever_was_erased_meanwhile(engine, number):
    """What a digest told stays counted, what none did is not there; no figure is withheld."""
    erased(engine, number, TOLD)
    gone = number if number < 6 else 5
    erased(engine, gone, UNTOLD)
    with engine.begin() as connection:
        content = publish(connection, unit_of(connection, "SMST"), parse("2026-Q4"), AGAIN)
    assert (content["n"], content["index"]["ikm"]) == (30 - gone, "75.00")
    assert verify(engine, (), KEY.public) == []
    kept(engine, AGAIN)
    assert verify(engine, (), KEY.public) == []
    assert shown(engine) == "75.00"


def test_a_published_period_whose_answers_are_erased_while_the_jobs_stand_still(engine):
    with engine.begin() as connection:
        closed(connection, "SMST", at=LATER)
    erased(engine, 6, "true")  # by the 14th; the correcting sheet comes when the jobs do
    assert verify(engine, (), KEY.public) == []
    for job in ("keys", "corrections"):
        JOBS[job](engine, AGAIN)
    kept(engine, AGAIN)
    assert verify(engine, (), KEY.public) == []
    assert shown(engine) == "75.00"


def shown(engine: Engine) -> str | None:
    """The index of the newest sheet."""
    with engine.connect() as connection:
        newest = sheets.of_unit(connection, unit_of(connection, "SMST").id)[-1]
    index: dict[str, str | None] = json.loads(newest.content)["index"]
    return index["ikm"]


def test_what_is_erased_while_its_day_comes_into_the_log_is_no_answer_that_was_lost(
    engine, monkeypatch
):
    """Leaves are read before the log is locked; meanwhile one is erased, which has no entry yet, so
    nothing of it is left."""
    read, gone = log.unlogged, list[bytes]()

    def slowly(*given: Any) -> list[bytes]:
        found = read(*given)
        if not gone:
            gone.extend(erased(engine, 1, UNTOLD))
        return found

    monkeypatch.setattr(log, "unlogged", slowly)
    kept(engine, AGAIN)
    with engine.connect() as connection:
        assert log.position(connection, gone[0]) is None
    assert verify(engine, (), KEY.public) == []
