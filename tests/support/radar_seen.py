"""Responses made up for the radar's tests."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from itertools import count

from flows.loader import instrument
from reports.radar.marks import Seen

KEYS = instrument("skm-14-2017").keys
NINE = int(datetime(2026, 11, 16, 2, tzinfo=UTC).timestamp())  # Monday 09:00 in Jakarta

_numbers = count()


def seen(
    answers: Sequence[int | None],
    at: int | None = None,
    duration: int | None = None,
    id: str | None = None,
) -> Seen:
    """A response; `at`: seconds after Monday nine o'clock in Jakarta."""
    return Seen(
        id or f"r{next(_numbers)}",
        dict(zip(KEYS, answers, strict=False)),
        date(2026, 11, 16),
        None if at is None else NINE + at,
        duration,
        "umum",
        "imported" if at is None else "chat",
    )


def mixed(number: int) -> list[int]:
    """Answers to nine questions, no two numbers below 1,024 alike, never all the same."""
    return [1, 2, 3, 4, *(number // 4**digit % 4 + 1 for digit in range(5))]
