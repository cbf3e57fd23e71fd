"""Who is ranked, and by what: a quarter's figures from its sums, others from the cells."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from fractions import Fraction

import pytest
from sqlalchemy import Engine

from flows.loader import instrument
from reports.statistics.counting import tally_of_rows
from reports.statistics.inference import Estimate
from reports.statistics.tally import Row
from reports.stored.fold import fold
from reports.stored.standings import Measured, measured, ranked
from storage import units
from storage.periods import parse
from storage.scope import EVERYTHING
from tests.support.instruments import CURRENT, index_estimate
from tests.support.offices import ITEMS, Chance, draft, office, respond, unit_row

SKM = instrument("skm-14-2017")
QUARTER = parse("2026-Q4")
# Krejcie and Morgan: of 10 users 10, of 50 users 44 (the published table).
ROWS = (
    unit_row("A", population=10),
    unit_row("B", population=10),
    unit_row("C", population=50),
    unit_row("D", population=None),
    unit_row("E", population=None, period="month"),
    unit_row("F", population=10, period="month"),
)
VALUES = {"A": 4, "B": 3, "C": 4, "D": 2, "F": 4}


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    """Ten responses of each of A to D and F, in October and November; 20 more of D in December."""
    with office(database_url, *ROWS) as engine:
        chance = Chance()
        with engine.begin() as connection:
            for code, value in VALUES.items():
                for n in range(10):
                    nine = [value, *[value - n % 2] * 8]
                    respond(connection, code, chance, draft(noon(10 + n % 2, 5 + n), nine))
            for n in range(20):
                respond(connection, "D", chance, draft(noon(12, 1 + n), 2))
        fold(engine)
        yield engine


def noon(month: int, day: int) -> int:
    return int(datetime(2026, month, day, 5, tzinfo=UTC).timestamp())


def places(engine: Engine, name: str) -> tuple[list[tuple[str, int]], dict[str, tuple[int, int]]]:
    """Code and rank of those ranked; n and needed of those that are not."""
    with engine.connect() as connection:
        ranking, left = ranked(
            connection, units.in_scope(connection, EVERYTHING), parse(name), CURRENT
        )
    codes = [(of.unit.code, place.rank) for of, place in ranking]
    return codes, {each.unit.code: (each.n, each.needed) for each in left}


def test_only_units_with_enough_answers_are_ranked(engine):
    assert places(engine, "2026-Q4") == (
        [("A", 1), ("B", 2), ("D", 3)],
        # F's ten users are those of a month, so that those of the quarter are not known.
        {"C": (10, 44), "E": (0, 30), "F": (10, 30)},
    )


def test_users_of_another_period_say_nothing(engine):
    codes, left = places(engine, "2026")
    assert codes == [("D", 1)]
    assert left["A"] == (10, 30)
    assert places(engine, "2026-11")[1]["F"] == (5, 10)
    assert places(engine, "2026-W41")[1]["A"] == (4, 30)  # 5 to 11 October, every second day


def test_figures_of_a_quarter_are_those_of_its_rows(engine):
    rows = [Row(dict.fromkeys(ITEMS, 4) | dict.fromkeys(ITEMS[1:], 4 - n % 2)) for n in range(10)]
    by_hand = index_estimate(tally_of_rows(ITEMS, rows))
    assert by_hand is not None
    for name in ("2026-Q4", "2026-S2"):
        with engine.connect() as connection:
            _, left = ranked(
                connection, units.in_scope(connection, EVERYTHING), parse(name), CURRENT
            )
            ranking, _ = ranked(
                connection, units.in_scope(connection, EVERYTHING), parse(name), CURRENT
            )
        found = {each.unit.code: each for each in (*left, *(of for of, _ in ranking))}["A"].estimate
        assert found is not None
        assert (found.value, found.n) == (by_hand.value, 10)
        assert float(found.variance) == pytest.approx(float(by_hand.variance))


def test_the_interval_is_that_of_the_unit_alone(engine):
    with engine.connect() as connection:
        unit = units.in_scope(connection, EVERYTHING)[0]
    of = Measured(unit, 1000, 278, Estimate(Fraction(90), Fraction(4), 101))
    low, high = of.interval(SKM) or (0, 0)
    # t(100) at 97.5 % is 1.98397; 2 × √(899/999) × t = 3.7641.
    assert (low, high) == (pytest.approx(86.2359, abs=1e-4), pytest.approx(93.7641, abs=1e-4))
    assert Measured(unit, None, 30, None).interval(SKM) is None


def test_nobody_is_never_enough(engine):
    with engine.connect() as connection:
        everyone = units.in_scope(connection, EVERYTHING)
    (of,) = measured(everyone[:1], {}, date(2026, 10, 1), date(2026, 12, 31))
    assert (of.n, of.enough, of.standing()) == (0, False, None)
