"""The bench of the turn thread says what it measured, of a nation that is small."""

from tests.bench.held import Size, measured


def test_the_thread_is_measured_alone_and_beside_long_work(empty_sqlite_url: str) -> None:
    alone, beside = measured(empty_sqlite_url, Size(units=8, responses=200, citizens=8))
    # Eight citizens at once, each: link, consent, nine answers, profile, [Kirim], each in a batch.
    assert min(len(alone), len(beside)) >= 12
