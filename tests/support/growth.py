"""How the work on a text grows with its length: a ratio of two measurements of one process, so that
it is the same on a slow or a busy machine."""

import time
from collections.abc import Callable

TIMES = 8  # as long
MOST = 22.0  # between 8, where work grows with the length, and 64, where it grows with its square


def growth(work: Callable[[str], object], piece: str, *, short: int = 150) -> float:
    """How many times longer this process works on a text that is 8 times as long. Of each the least
    of some rounds: whatever else runs makes a round longer, never shorter."""
    of_short, of_long = (
        min(_seconds(work, (piece * length)[:length]) for _ in range(rounds))
        for length, rounds in ((short, 6), (TIMES * short, 3))
    )
    return of_long / of_short


def _seconds(work: Callable[[str], object], text: str) -> float:
    began = time.process_time_ns()
    work(text)
    return max(1, time.process_time_ns() - began)
