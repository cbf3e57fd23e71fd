"""A unit with twenty responses, and its official report."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Connection, Engine

from reports.official_report.gathered import of_period
from reports.official_report.report import Report
from reports.stored.fold import fold
from storage.periods import parse
from tests.support.offices import NOON, Chance, draft, office, respond, unit_of, unit_row

Q4 = parse("2026-Q4")


SLOW = [3, 3, 2, 3, 3, 3, 3, 3, 3]


WHY = {"why_completion_time": {"text": "Antre lama, kata Pak Budi Santoso"}}


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    with office(sqlite_url, unit_row("SMST-BTM", name="Samsat #Batam *Centre*")) as engine:
        yield engine


def answer(connection: Connection, number: int, values: object, at: int = NOON, **more) -> None:
    chance = Chance(f"{number} {values} {at} {more}")
    for n in range(number):
        respond(connection, "SMST-BTM", chance, draft(at + 600 * n, values, **more))


def twenty(connection: Connection) -> None:
    """12 who say 3, and 2 of the time it took; 8 who say 4.

    Every mean is (12 · 3 + 8 · 4) / 20 = 3.4, that of the time (12 · 2 + 8 · 4) / 20 = 2.8; so
    IKM = 25/9 · (8 · 3.4 + 2.8) = 83.333.
    """
    answer(connection, 12, SLOW, profile={"sex": "male", "education": "sma"}, extra=WHY)
    answer(connection, 5, 4, profile={"sex": "female", "education": "sma"}, service="stnk")
    answer(connection, 3, 4, profile={"sex": "female", "education": "s3"}, service="stnk")


def all_of(engine: Engine, period=Q4, at: int = NOON) -> Report:
    fold(engine)
    with engine.connect() as connection:
        return of_period(connection, unit_of(connection, "SMST-BTM"), period, at)


def answer_on(connection: Connection, day: date, number: int, values: object) -> None:
    chance = Chance(str(day))
    for _ in range(number):
        respond(connection, "SMST-BTM", chance, draft(day, values))  # type: ignore[arg-type]
