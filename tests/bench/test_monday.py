"""The measurement composes and hands over one picture for each unit, on both databases."""

import pytest

from tests.bench.monday import measure


@pytest.mark.parametrize("empty", ["empty_sqlite_url", "empty_postgres_url"])
def test_a_small_monday_is_measured(request: pytest.FixtureRequest, empty: str) -> None:
    lines = measure(request.getfixturevalue(empty), 8)
    assert [line.split("  ")[1] or line.split("  ")[2] for line in lines] == [
        "composed and put in the outbox",
        "made and handed to a canned sender",
        "of it what is read beside",
        "of it its words",
        "of it the picture",
        "both",
    ]
    assert all(float(line.split()[-1]) > 0 for line in lines)
