"""The measurement composes and hands over one picture for each unit."""

from tests.bench.monday import measure


def test_a_small_monday_is_measured(empty_sqlite_url: str) -> None:
    lines = measure(empty_sqlite_url, 4)
    assert [line.split("  ")[1] or line.split("  ")[2] for line in lines] == [
        "composed and put in the outbox",
        "made and handed to a canned sender",
        "of it what is read beside",
        "of it its words",
        "of it the picture",
        "both",
    ]
    assert all(float(line.split()[-1]) > 0 for line in lines)
