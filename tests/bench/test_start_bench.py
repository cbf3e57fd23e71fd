"""What it costs to start is measured once, and memory with a few open conversations."""

from tests.bench.start import lines


def test_commands_and_a_process_are_measured(empty_sqlite_url: str) -> None:
    found = list(lines(empty_sqlite_url, conversations=20, surveys=8, rounds=1))
    assert [line.split()[-1] for line in found] == ["s"] * 4 + ["MB"] * 4
    assert all(float(line.split()[-2]) > 0 for line in found)
