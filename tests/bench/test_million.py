"""The measurement asks both sides the same, on both databases."""

import pytest

from tests.bench.million import measure


@pytest.mark.parametrize("empty", ["empty_sqlite_url", "empty_postgres_url"])
def test_a_small_nation_is_measured(request: pytest.FixtureRequest, empty: str) -> None:
    lines = measure(request.getfixturevalue(empty), 600, 12)
    assert [line.split("  ")[1] for line in lines] == [
        "fold 600 responses, once",
        "verify all of it",
        "index of a unit and quarter",
        "index of the largest unit and a quarter",
        "index of all units pooled, a quarter",
        "national ranking, a quarter",
    ]
    assert all(float(line.split()[-1]) > 0 for line in lines)
