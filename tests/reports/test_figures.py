"""Figures of any days are those of the rows of these days, however they are put together."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally
from reports.stored.figures import EVER, sums_by, tally_of
from reports.stored.fold import fold
from tests.support.instruments import CURRENT
from tests.support.offices import ITEMS, Chance, draft, office, respond, unit_row

CODES = ("SMST", "DUKCAPIL")
FIRST = date(2026, 6, 20)
VALUES = {FIRST + timedelta(days=5 * n): (1 + n % 4, CODES[n % 2]) for n in range(40)}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """One response every fifth day from June to January, all folded."""
    with office(database_url, *map(unit_row, CODES)) as engine:
        chance = Chance()
        with engine.begin() as connection:
            for day, (value, code) in VALUES.items():
                noon = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=5)
                given = draft(int(noon.timestamp()), value, profile={"sex": "male"})
                respond(connection, code, chance, given)
        fold(engine)
        yield engine


def by_hand(first: date, last: date, *codes: str) -> Tally:
    rows = [
        Row(dict.fromkeys(ITEMS, value), {"sex": "male"})
        for day, (value, code) in VALUES.items()
        if first <= day <= last and code in codes
    ]
    return tally_of_rows(ITEMS, rows)


@pytest.mark.parametrize(
    ("first", "last"),
    [
        EVER,
        (date(2026, 7, 1), date(2026, 9, 30)),  # a quarter
        (date(2026, 7, 1), date(2026, 12, 31)),  # two
        (date(2026, 6, 30), date(2026, 10, 31)),  # a day, a quarter, a month
        (date(2026, 8, 2), date(2027, 1, 30)),  # days, a month, a quarter, days
        (date(2026, 8, 1), date(2026, 8, 31)),
        (date(2026, 8, 3), date(2026, 8, 29)),
        (date(2026, 5, 1), date(2026, 5, 31)),  # nothing
    ],
)
def test_days_of_any_length(engine, first, last):
    with engine.connect() as connection:
        for number, code in enumerate(CODES, start=1):
            assert tally_of(connection, [number], first, last, CURRENT) == by_hand(
                first, last, code
            )
        assert tally_of(connection, None, first, last, CURRENT) == by_hand(first, last, *CODES)
        by_unit, all_in_one = sums_by(
            connection, None, first, last, lambda cell: cell.unit_id, lambda cell: 0, asked=CURRENT
        )
    hands = {n: by_hand(first, last, code) for n, code in enumerate(CODES, start=1)}
    wanted = {n: (hand.n, hand.gram) for n, hand in hands.items() if hand.n}
    assert {n: (tally.n, tally.gram) for n, tally in by_unit.items()} == wanted
    assert sum(tally.n for tally in all_in_one.values()) == by_hand(first, last, *CODES).n
