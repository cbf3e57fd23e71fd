"""What is folded, changed and erased in any order adds up to the rows; only its giver erases."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

import reports.stored.fold
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally
from reports.stored.amending import Published, edit, erase
from reports.stored.fold import fold, fold_batch
from reports.stored.verify import verify
from storage.answers import receipts, responses
from storage.database.connect import open_engine
from storage.index import closed_periods
from tests.support.offices import (
    ITEMS,
    Chance,
    count,
    draft,
    office,
    respond,
    run,
    tallied,
    unit_of,
    unit_row,
)
from tests.support.postgres import one_waits
from tests.support.publishing import answered, closed


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, unit_row("SMST"), unit_row("DUKCAPIL")) as engine:
        yield engine


def locked(connection: Connection, code: str) -> Any:
    leaves = receipts.leaves_of(code)
    assert leaves is not None
    return responses.found(connection, leaves, lock=True)


class Crash(Exception):
    pass


values = st.lists(st.sampled_from([None, 1, 2, 3, 4]), min_size=9, max_size=9).filter(any)
drafts = st.builds(
    draft,
    values=values,
    source=st.sampled_from(["chat", "assisted"]),
    verified=st.booleans(),
    profile=st.sampled_from([{}, {"sex": "male"}]),
    extra=st.sampled_from([{}, {"a": "1"}, {"b": {"text": "Baik."}}]),
)
which = st.integers(0, 9)
step = st.one_of(
    st.tuples(st.just("respond"), st.just(0), drafts),
    st.tuples(st.just("fold"), st.integers(1, 4), st.none()),
    st.tuples(st.just("edit"), which, drafts),
    st.tuples(st.just("erase"), which, st.none()),
)
crashes = st.sampled_from([False, False, False, True])
steps = st.lists(st.tuples(step, crashes), max_size=25)


def take(connection: Connection, kept: dict[str, Any], chance: Chance, one: Any) -> None:
    """One step, on the database and on `kept`: receipt code → what was said."""
    what, number, given = one
    code = list(kept)[number % len(kept)] if kept else None
    match what:
        case "respond":
            kept[respond(connection, "SMST", chance, given)] = given
        case "fold":
            fold_batch(connection, number)
        case "edit" if code:
            unit = unit_of(connection, "SMST")
            new = edit(connection, unit, locked(connection, code), given, chance)
            del kept[code]
            kept[new] = given
        case "erase" if code:
            assert not erase(connection, locked(connection, code))
            del kept[code]


def by_hand(kept: dict[str, Any]) -> Tally:
    rows = [
        Row(
            dict(said.answers),
            dict(said.profile),
            {k: "text" if isinstance(v, dict) else v for k, v in said.extra.items()},
        )
        for said in kept.values()
    ]
    return tally_of_rows(ITEMS, rows)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=steps)
def test_any_order_of_folding_changing_and_erasing_adds_up_to_the_rows(engine, steps):
    """Also where a step is undone by a crash before it commits."""
    run(engine, "DELETE FROM response", "DELETE FROM tally", "DELETE FROM quarter")
    kept: dict[str, Any] = {}
    chance = Chance()
    for one, crashes in steps:
        before = dict(kept)
        with suppress(Crash), engine.begin() as connection:
            take(connection, kept, chance, one)
            if crashes:
                kept = before
                raise Crash
        assert verify(engine) == []
    fold(engine)
    cells = tallied(engine).values()
    assert sum(cells, Tally.zero(ITEMS)) == by_hand(kept)
    assert count(engine, "response") == len(kept)


def test_what_was_folded_and_is_changed_is_counted_once_as_changed(engine):
    with engine.begin() as connection:
        code = respond(connection, "SMST", Chance(), draft(values=1))
    fold(engine)
    with engine.begin() as connection:
        unit = unit_of(connection, "SMST")
        edit(connection, unit, locked(connection, code), draft(values=4, verified=True), Chance(2))
    assert verify(engine) == []
    assert fold(engine) == 1
    counted = {cell.verified: tally.n for cell, tally in tallied(engine).items()}
    assert counted == {False: 0, True: 1}
    assert verify(engine) == []


def test_a_changed_response_has_another_receipt_and_the_day_it_had(engine):
    with engine.begin() as connection:
        code = respond(connection, "SMST", Chance(), draft(values=1))
        row = locked(connection, code)
        new = edit(connection, unit_of(connection, "SMST"), row, draft(0, 4), Chance(2))
        assert locked(connection, code) is None
        changed = locked(connection, new)
    assert (changed.id, changed.local_date, changed.slot) == (row.id, row.local_date, row.slot)
    assert changed.submitted_at == row.submitted_at
    assert changed.salt != row.salt
    assert set(changed.answers.values()) == {4}


def test_a_response_of_a_published_period_is_not_changed(engine):
    with engine.begin() as connection:
        code = respond(connection, "SMST", Chance(), draft())
        closed(connection, "SMST")
        unit = unit_of(connection, "SMST")
        with pytest.raises(Published, match="SMST on 2026-11-19 is in a published sheet"):
            edit(connection, unit, locked(connection, code), draft(values=4), Chance(2))
    assert verify(engine) == []


def test_what_somebody_folds_meanwhile_is_subtracted_too(postgres_url, monkeypatch):
    """The folder has taken the response, not yet added it, while it is to be erased."""
    claim, held, go = reports.stored.fold.tallies.claim_unfolded, Event(), Event()

    def slowly(connection, most):
        rows = claim(connection, most)
        if rows:
            held.set()
            go.wait(10)
            assert one_waits(connection.engine)  # whoever takes it out meanwhile is kept waiting
        return rows

    def folds() -> int:
        other = open_engine(postgres_url)
        try:
            return fold(other)
        finally:
            other.dispose()

    def erases(code: str) -> None:
        held.wait(10)
        with engine.begin() as connection:
            row = locked(connection, code)
            go.set()
            erase(connection, row)

    with office(postgres_url, unit_row("SMST")) as engine, ThreadPoolExecutor() as pool:
        with engine.begin() as connection:
            code = respond(connection, "SMST", Chance(), draft())
        monkeypatch.setattr(reports.stored.fold.tallies, "claim_unfolded", slowly)
        folding, erasing = pool.submit(folds), pool.submit(erases, code)
        assert folding.result(30) == 1
        erasing.result(30)
        assert count(engine, "response") == 0
        assert verify(engine) == []


def test_erasing_leaves_of_a_published_response_only_the_leaf(engine):
    with engine.begin() as connection:
        answered(connection, "SMST", 6)
        code = respond(connection, "SMST", Chance(), draft(comment="Jangan disimpan."))
        closed(connection, "SMST")
    fold(engine)
    with engine.begin() as connection:
        assert erase(connection, locked(connection, code))
    assert count(engine, "response") == 6
    assert count(engine, "response", "comment IS NOT NULL") == 0
    assert count(engine, "sheet_leaf") == 7
    assert count(engine, "sheet_leaf", "erased") == 1
    assert verify(engine) == []


def test_nothing_is_changed_while_its_period_is_being_closed(postgres_url: str):
    """On SQLite only one writes at all. A sheet counts what it lists."""
    with office(postgres_url, unit_row("SMST")) as engine:
        with engine.begin() as connection:
            code = respond(connection, "SMST", Chance(1), draft())
        with engine.begin() as closing, engine.begin() as changing:
            closed_periods.lock(closing, unit_of(closing, "SMST").id)
            changing.exec_driver_sql("SET LOCAL lock_timeout = 50")
            unit, row = unit_of(changing, "SMST"), locked(changing, code)
            with pytest.raises(OperationalError, match="lock timeout"):
                edit(changing, unit, row, draft(values=1), Chance(2))
