"""How the work on a text grows with its length: a ratio of two measurements of one process, so that
it is the same on a slow or a busy machine."""

import time
from collections.abc import Callable

TIMES = 8  # as long
MOST = 22.0  # between 8, where work grows with the length, and 64, where it grows with its square


ROUNDS = 10


def growth(work: Callable[[str], object], piece: str, *, short: int = 150) -> float:
    """How many times longer this process works on a text that is 8 times as long: beside 8 short
    ones in the same round, so that what slows the machine slows both. The least of some rounds; no
    more once it is below `MOST`."""
    texts = [(piece * length)[:length] for length in (short, TIMES * short)]
    found = float("inf")
    for _ in range(ROUNDS):
        of_short = _seconds(work, texts[0], TIMES) / TIMES
        found = min(found, _seconds(work, texts[1], 1) / of_short)
        if found < MOST:
            break
    return found


def _seconds(work: Callable[[str], object], text: str, times: int) -> float:
    began = time.process_time_ns()
    for _ in range(times):
        work(text)
    return max(1, time.process_time_ns() - began)
