"""The bench of the turn thread says what it measured, of a nation that is small."""

from tests.bench.held import Size, measured


def test_the_thread_is_measured_alone_and_beside_long_work(empty_sqlite_url: str) -> None:
    alone, beside = measured(empty_sqlite_url, Size(units=8, responses=200, citizens=8))
    # Each citizen: the link, nine answers, the questions about oneself, [Kirim]; 8 at once in a batch.
    assert len(alone) > 10 and len(beside) > 10
