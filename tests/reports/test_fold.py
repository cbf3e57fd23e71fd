"""Folding adds each response exactly once, in whatever batches and order, through any crash."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from threading import Barrier, BrokenBarrierError
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.dialects import sqlite

import reports.stored.fold
from bot.commands.figures.fold import folded
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally
from reports.stored.fold import ALONE, BATCH, adding, decoded, fold, fold_batch
from reports.stored.verify import verify
from storage.answers.responses import Draft
from storage.database.connect import migrate, open_engine
from storage.index import quarters, tallies
from storage.index.quarters import Quarter, quarter_of
from storage.index.tallies import CELLS, Cell
from tests.support.deep import times
from tests.support.offices import (
    ITEMS,
    NOON,
    Chance,
    count,
    draft,
    office,
    respond,
    run,
    tallied,
    unit_row,
)
from tests.support.postgres import one_waits

MONTH = 31 * 86_400
CODES = ("SMST", "DUKCAPIL")


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    with office(database_url, *map(unit_row, CODES)) as engine:
        yield engine


value = st.sampled_from([None, 1, 2, 3, 4])
response = st.tuples(
    st.sampled_from(CODES),
    st.builds(
        draft,
        at=st.sampled_from([NOON, NOON + MONTH]),
        values=st.lists(value, min_size=9, max_size=9).filter(any),
        service=st.sampled_from(["pajak", "stnk"]),
        source=st.sampled_from(["chat", "assisted"]),
        verified=st.booleans(),
        profile=st.sampled_from([{}, {"sex": "male"}, {"sex": "female", "age": "17-25"}]),
        extra=st.sampled_from([{}, {"a": "1"}, {"a": "2", "b": {"text": "Baik."}}]),
    ),
)
step = st.one_of(
    response,
    st.tuples(st.just("fold"), st.integers(1, 5)),
    st.tuples(st.just("crash"), st.integers(1, 5)),
)


class Crash(Exception):
    pass


def take_steps(engine: Engine, steps: list[tuple[str, Any]], chance: Chance) -> None:
    for what, detail in steps:
        with suppress(Crash), engine.begin() as connection:
            if isinstance(detail, Draft):
                respond(connection, what, chance, detail)
            else:
                fold_batch(connection, detail)
            if what == "crash":
                raise Crash


def by_hand(steps: list[tuple[str, Any]]) -> dict[Cell, Tally]:
    """What the raw responses add up to, cell by cell."""
    groups: dict[Cell, list[Row]] = {}
    for code, detail in steps:
        if isinstance(detail, Draft):
            month = "2026-11" if detail.at == NOON else "2026-12"
            cell = Cell(
                CODES.index(code) + 1, detail.service, "skm-14-2017", month, detail.source,
                detail.verified,
            )  # fmt: skip
            extra = {k: "text" if isinstance(v, dict) else v for k, v in detail.extra.items()}
            row = Row(dict(detail.answers), dict(detail.profile), extra)
            groups.setdefault(cell, []).append(row)
    return {cell: tally_of_rows(ITEMS, rows) for cell, rows in groups.items()}


@settings(
    max_examples=times(8, deep=100),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=st.lists(step, max_size=20))
def test_any_batches_and_crashes_add_up_to_the_raw_rows(engine, steps):
    run(engine, *(f"DELETE FROM {name}" for name in ("unfolded", "response", "tally", "quarter")))
    take_steps(engine, steps, Chance())
    fold(engine, batch=3)
    cells = by_hand(steps)
    assert tallied(engine) == cells
    of_quarters: dict[Quarter, list[Tally]] = {}
    for cell, tally in cells.items():
        of_quarters.setdefault(quarter_of(cell), []).append(tally)
    with engine.connect() as connection:
        kept = {Quarter(*q[:3]): decoded(q.data) for q in quarters.of_units(connection, [1, 2])}
    assert kept == {quarter: Tally.together(ITEMS, of) for quarter, of in of_quarters.items()}
    assert count(engine, "unfolded") == 0
    assert verify(engine) == []


@pytest.mark.parametrize("at", ["CELLS", "QUARTERS"])
def test_a_crash_before_all_is_added_leaves_nothing_half_done(engine, monkeypatch, at):
    with engine.begin() as connection:
        respond(connection, "SMST", Chance(), draft())

    class Crashing:
        def change(self, connection, wanted, made_of):
            raise Crash

    with monkeypatch.context() as broken, pytest.raises(Crash):
        broken.setattr(reports.stored.fold, at, Crashing())
        fold(engine)
    assert (tallied(engine), count(engine, "unfolded")) == ({}, 1)
    assert [fold(engine), fold(engine)] == [1, 0]
    assert verify(engine) == []


def keep_many(engine: Engine, number: int, seed: int = 0) -> None:
    """So many responses, by turns of two services; each ten begin with another one."""
    chance, services = Chance(seed), ("pajak", "stnk")
    with engine.begin() as connection:
        for n in range(number):
            given = replace(draft(values=1 + n % 4), service=services[(n + n // 10) % 2])
            respond(connection, "SMST", chance, given)


def fold_twice_at_once(url: str, batch: int) -> list[int]:
    def work(_: int) -> int:
        engine = open_engine(url)
        try:
            return fold(engine, batch)
        finally:
            engine.dispose()

    with ThreadPoolExecutor() as pool:
        return list(pool.map(work, range(2)))


@pytest.mark.parametrize("folded_before", [0, 4])
def test_two_processes_that_fold_into_one_cell_at_once_add_up(
    postgres_url, monkeypatch, folded_before
):
    """Both have claimed their rows before either makes the cell, or adds to the one there is."""
    claim = tallies.claim_unfolded
    claimed, read = Barrier(2), Barrier(2)

    def together(connection, most):
        rows = claim(connection, most)
        if rows:
            claimed.wait(10)
        return rows

    def slowly(cells):
        def add(cell, row):
            with suppress(BrokenBarrierError):
                read.wait(0.2)
            return adding(cells)(cell, row)

        return add

    with office(postgres_url, unit_row("SMST")) as engine:
        keep_many(engine, folded_before)
        fold(engine)
        keep_many(engine, 20, seed=1)
        monkeypatch.setattr(reports.stored.fold.tallies, "claim_unfolded", together)
        monkeypatch.setattr(reports.stored.fold, "adding", slowly)
        assert fold_twice_at_once(postgres_url, batch=10) == [10, 10]
        assert sum(tally.n for tally in tallied(engine).values()) == 20 + folded_before
        assert verify(engine) == []


@pytest.mark.parametrize("made_before", [False, True])
def test_cells_are_changed_in_one_order_so_that_neither_of_two_waits_for_the_other(
    postgres_url, made_before
):
    """One holds the first of two cells when the other, given both the wrong way round, begins."""
    tally = tally_of_rows(ITEMS, [Row({"cost": 4})])
    first, second = (Cell(1, name, "skm-14-2017", "2026-11", "chat", False) for name in "ab")

    made_of = adding(dict.fromkeys((first, second), tally))

    def add(engine: Engine, *cells: Cell) -> None:
        with engine.begin() as connection:
            CELLS.change(connection, cells, made_of)

    with office(postgres_url, unit_row("SMST")) as engine, ThreadPoolExecutor() as pool:
        if made_before:
            add(engine, first, second)
        with engine.begin() as connection:
            CELLS.change(connection, [first], made_of)
            other = pool.submit(add, engine, second, first)
            assert one_waits(engine)
            CELLS.change(connection, [second], made_of)
        other.result(10)
        assert [found.n for found in tallied(engine).values()] == [2 + made_before] * 2


def test_what_is_not_folded_is_found_by_its_key_not_among_all(sqlite_url):
    """Read in the order of the key, and taken out as far as it was read."""
    plans = {tallies._FIRST: (10, 0), tallies._PASSED: (1, "a")}
    with office(sqlite_url, unit_row("SMST")) as engine, engine.connect() as connection:
        steps = [
            step[-1]
            for statement, values in plans.items()
            for step in connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {statement.compile(dialect=sqlite.dialect())}", values
            )
        ]
    assert steps == [
        "SCAN unfolded",
        "SEARCH response USING INDEX sqlite_autoindex_response_1 (id=?)",
        "SEARCH unfolded USING PRIMARY KEY ((unit_id,id)<(?,?))",
    ]


@pytest.mark.parametrize(("running", "asked"), [([], ALONE), (["process 7"], BATCH)])
def test_a_command_lets_others_in_only_where_some_run(sqlite_url, monkeypatch, running, asked):
    batches: list[int] = []

    def full(connection, most):  # as if there were always one more batch, but once
        batches.append(most)
        return most if len(batches) == 1 else 0

    monkeypatch.setattr("bot.commands.figures.fold.runners", lambda connection: running)
    monkeypatch.setattr(reports.stored.fold, "fold_batch", full)
    monkeypatch.setattr(reports.stored.fold, "PAUSE", 0)
    with office(sqlite_url, unit_row("SMST")) as engine:
        folded(engine)
    assert batches == [asked] * 2


def test_a_filled_database_of_before_is_folded_on(empty_database_url):
    """Of two responses the former release had folded one."""
    migrate(empty_database_url, "0016")
    engine = open_engine(empty_database_url)
    one = (
        "INSERT INTO response (id, unit_id, service, instrument, questionnaire, channel, source,"
        " verified, local_date, slot, consent, answers, profile, extra, salt, leaf, folded, told,"
        " file) VALUES ('{0}', 1, 's', 'skm-14-2017', 'q', 'tg', 'chat', false, '2026-11-19', '',"
        " '', '{{\"cost\": 4}}', '{{}}', '{{}}', '1', '{0}', {1}, '', '')"
    )
    run(
        engine,
        "INSERT INTO questionnaire (id, content) VALUES ('q', '{}')",
        "INSERT INTO unit (id, code, name, folded_code, folded_name, agency, region, timezone,"
        " kind, period, opening_hours, services, retired, users, questionnaire, web) VALUES (1,"
        " 'A1', 'A', 'a1', 'a', 'I', 'R', 'Asia/Jakarta', '', 'quarter', '', '[]', '[]', '{}', 'q',"
        " '')",
    )
    with engine.begin() as connection:
        for id, is_folded in (("before", "true"), ("waits", "false")):
            connection.exec_driver_sql(one.format(id, is_folded))
    engine.dispose()
    migrate(empty_database_url)
    engine = open_engine(empty_database_url)
    assert count(engine, "unfolded", "id = 'waits'") == count(engine, "unfolded") == 1
    assert [fold(engine), fold(engine)] == [1, 0]
    assert [tally.n for tally in tallied(engine).values()] == [1]
    engine.dispose()
