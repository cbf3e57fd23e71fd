"""Too late, too often, by another: whatever is changed, the last word is what counts."""

import asyncio
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text

from flows.engine.ended import GRACE
from flows.engine.screen import ENDED
from reports.jobs.due import expiries
from reports.stored.fold import fold
from reports.stored.verify import verify
from tests.support.changing import change, code, engine, said  # noqa: F401  (a fixture)
from tests.support.offices import (
    Person,
    count,
    office,
    run,
    unit_row,
    working,
)
from tests.support.publishing import closed


async def test_after_the_grace_time_nothing_is_changed_and_erasing_remains(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", value=1)
        receipt = code(rini)
        rini.at += GRACE
        first, tap = rini.tapped("edit"), rini.tapped("edit")
        shown = await rini.send(first)
        assert [line.key for line in (*shown.notes, *shown.body)] == ["ended.over"]
        expiries(engine, rini.at)
        assert (await turns.do("tg:1", tap)).body[0].key == "ended.over"
        await rini.open(f"/hapus {receipt}")
        assert (await rini.tap("erase")).body[0].key == "erase.done"
    assert count(engine, "response") == 0


async def test_a_change_sent_too_late_leaves_the_former_answer(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", value=1)
        receipt = code(rini)
        await change(rini, 4)
        rini.at += GRACE
        shown = await rini.tap("send")
    assert (shown.body[0].key, shown.body[0].params["code"]) == ("survey.late", receipt)
    assert said(engine) == [("pajak", {1})]


async def test_a_change_that_nobody_sends_ends_by_itself_and_its_person_is_told(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", value=1)
        receipt = code(rini)
        await change(rini, 4)
    expiries(engine, rini.at + GRACE)
    assert count(engine, "conversation") == count(engine, "dropout") == 0
    assert said(engine) == [("pajak", {1})]
    with engine.connect() as connection:
        (body,) = connection.execute(text("SELECT body FROM outbox")).scalars()
    assert "Jawaban semula tetap dihitung" in body
    assert receipt not in body


@pytest.mark.parametrize(("every", "times"), [(13 * 60, 1), (4 * 60, 3)])
async def test_thirty_corrections_do_not_prolong_the_grace_time(engine, every, times):
    """As many are taken as were begun within it. After it the chat lies beside no answer."""
    taken = 0
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", value=1)
        sent = rini.at
        for number in range(1, 31):
            rini.at = sent + number * every
            expiries(engine, rini.at)
            if rini.at >= sent + GRACE:
                assert count(engine, "conversation") == 0
                assert (await rini.tap("edit")).body[0].key == "ended.over"
                break
            await change(rini, 1 + number % 4)
            thanks = (await rini.tap("send")).body[0]
            assert thanks.key == "survey.thanks"
            assert int(thanks.params["minutes"]) <= max(1, (sent + GRACE - rini.at) // 60)
            taken += 1
        await rini.open("/ubah")
        assert rini.shown.body[0].key == "ended.over"
    assert taken == times
    assert said(engine) == [("pajak", {1 + times % 4})]


async def test_a_correction_left_open_ends_with_the_grace_time_of_the_first(engine):
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", value=1)
        sent = rini.at
        rini.at += 600
        await change(rini, 2)
        await rini.tap("send")
        rini.at += 200
        await change(rini, 3)
    expiries(engine, sent + GRACE - 1)
    assert count(engine, "conversation") == 2
    expiries(engine, sent + GRACE)
    assert count(engine, "conversation") == 0
    assert said(engine) == [("pajak", {2})]


async def test_an_answer_of_a_period_published_meanwhile_is_not_changed(engine):
    new_year = int(datetime(2027, 1, 1, tzinfo=ZoneInfo("Asia/Jakarta")).timestamp())
    with working(engine) as turns:
        rini = Person(turns, "tg:1", at=new_year - 120)
        await rini.survey("SMST", value=1)
        rini.at = new_year  # a change begun earlier would hold up the sheet
        await change(rini, 4)
        with engine.begin() as connection:
            closed(connection, "SMST")
        assert (await rini.tap("send")).body[0].key == "survey.late"
    assert said(engine) == [("pajak", {1})]
    assert verify(engine) == []


async def test_nobody_changes_what_another_chat_sent(engine):
    with working(engine) as turns:
        rini, budi = Person(turns, "tg:1"), Person(turns, "tg:2")
        await rini.survey("SMST", value=1)
        tap = rini.tapped("edit")
        assert (await turns.do("tg:2", tap)).body[0].key == "ended.over"
        shown = await budi.open(f"/ubah {tap.conversation}")
        assert shown.body[0].key == "ended.over"


acts = st.lists(
    st.tuples(st.sampled_from(["change", "change", "withdraw", "keep", "fold", "late"]),
              st.sampled_from([1, 2, 3, 4])),
    max_size=6,
)  # fmt: skip


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(acts=acts)
def test_whatever_is_changed_the_last_word_is_what_counts(sqlite_office, acts):
    """Against a model: one number, or nothing."""
    run(sqlite_office, *(f"DELETE FROM {table}" for table in TABLES))
    assert asyncio.run(lived(sqlite_office, acts)) == said(sqlite_office)
    assert verify(sqlite_office) == []


TABLES = ("response", "tally", "quarter", "voice", "conversation", "heard", "outbox")


@pytest.fixture
def sqlite_office(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row("SMST")) as engine:
        yield engine


async def lived(engine: Engine, acts: list[tuple[str, int]]) -> list[Any]:
    """Live it; what should be kept after it."""
    last: int | None = 3
    with working(engine) as turns:
        rini = Person(turns, "tg:1")
        await rini.survey("SMST", value=3)
        for act, value in acts:
            can = (
                rini.shown is not None
                and rini.shown.choices[:1]
                and (rini.shown.choices[0].step == ENDED)
            )
            if act == "fold":
                fold(engine)
            elif not can:
                continue
            elif act in ("change", "late"):
                await change(rini, value)
                rini.at += GRACE if act == "late" else 0
                await rini.tap("send")
                last = value if act == "change" else last
            else:
                await rini.tap("withdraw")
                await rini.tap("erase" if act == "withdraw" else "kept")
                last = None if act == "withdraw" else last
    return [] if last is None else [("pajak", {last})]
