"""The cost of an update (a tap, or the /start before them), bots in turn, round after round.

CPU is the whole process's, all threads, less what the citizens themselves used; a database server
in another process is not in it, but its answer is waited for in the wall time.
"""

import asyncio
import gc
import statistics
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tests.bench.crowd import Crowd
from tests.bench.network import Network
from tests.bench.parts import Parts, timing
from tests.bench.subject import Subject

FIRST_CHAT = 7_000_000_000
PATIENCE = 120  # seconds for one round; a bot that sends no next screen must not hang it


@dataclass(frozen=True)
class Cost:
    """`cpu`: CPU milliseconds an update, mean. `wall`: milliseconds until its screen, median.
    `parts`: CPU milliseconds an update in each of the parts that were timed, largest first.
    """

    cpu: float
    wall: float
    parts: Mapping[str, float] = field(default_factory=dict)


async def answer(crowd: Crowd, turns_open: int, citizens: int) -> None:
    """So many citizens answer, `turns_open` of them at any time.

    The first of each line gives up after some taps, so that the lines do not march in step.
    TimeoutError when a bot leaves citizens waiting.
    """

    async def line(number: int) -> None:
        taps = number % len(crowd.subject.buttons)
        if taps:
            await crowd.survey(FIRST_CHAT + number, taps)
        for chat in range(FIRST_CHAT + 1000 + number, FIRST_CHAT + 1000 + citizens, turns_open):
            await crowd.survey(chat)

    try:
        async with asyncio.timeout(PATIENCE):
            await asyncio.gather(*map(line, range(turns_open)))
            await crowd.settle()
    except TimeoutError:
        unfinished = f"{crowd.subject.name}: a screen or an answer to a callback never came"
        raise TimeoutError(
            f"{unfinished} ({PATIENCE} s, {len(crowd.walls)} updates done)"
        ) from None


async def cost(subject: Subject, turns_open: int, citizens: int, parts: Parts) -> Cost:
    """What an update costs on a fresh bot that one citizen has warmed up."""
    network = Network()
    with timing(parts) as clock:
        async with subject.open(network) as receive:
            first = Crowd(subject, receive, network)
            await first.survey(FIRST_CHAT - 1)
            await first.settle()
            crowd = Crowd(subject, receive, network)
            clock.used.clear()
            gc.collect()
            gc.freeze()  # as `skm run` does: no bot's program is searched for garbage
            began = time.process_time()
            await answer(crowd, turns_open, citizens)
            cpu = time.process_time() - began - crowd.own_cpu
    share = 1000 / len(crowd.walls)
    used = {part: seconds * share for part, seconds in clock.used.most_common()}
    return Cost(cpu * share, 1000 * statistics.median(crowd.walls), used)


def rounds(subjects: Sequence[Subject], turns_open: int, citizens: int, n: int) -> list[list[Cost]]:
    """n rounds, every subject once in each, in turn: what slows the machine slows them alike."""
    return [
        [asyncio.run(cost(subject, turns_open, citizens, parts={})) for subject in subjects]
        for _ in range(n)
    ]


def table(subjects: Sequence[Subject], costs: list[list[Cost]]) -> list[str]:
    """One line a subject: medians over the rounds; ratios to the first subject, round by round."""
    return [
        _line(subject.name, [(row[i], row[0]) for row in costs])
        for i, subject in enumerate(subjects)
    ]


def _line(name: str, pairs: list[tuple[Cost, Cost]]) -> str:
    cpu = statistics.median(own.cpu for own, _ in pairs)
    ratios = sorted(own.cpu / first.cpu for own, first in pairs)
    wall = statistics.median(own.wall for own, _ in pairs)
    spread = f"({ratios[0]:.2f}–{ratios[-1]:.2f})"
    return f"  {name:<32}{cpu:>8.3f}{statistics.median(ratios):>8.2f} {spread:<13}{wall:>8.2f}"


def breakdown(subject: Subject, turns_open: int, citizens: int) -> list[str]:
    """One line a part of the bot: its CPU microseconds an update and its share in percent."""
    whole = asyncio.run(cost(subject, turns_open, citizens, subject.parts))
    rest = whole.cpu - sum(whole.parts.values())
    return [
        f"  {1000 * cpu:>6.0f} µs {100 * cpu / whole.cpu:>4.0f} %  {part}"
        for part, cpu in {**whole.parts, "everything else": rest}.items()
    ]
