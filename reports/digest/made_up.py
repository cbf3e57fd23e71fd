"""A digest of no unit: made-up answers, composed as any other, so that heads see what will come."""

from flows.instrument import Instrument
from reports.digest.composed import Digest, Office
from reports.digest.weekly import EARLIER, Past, Running, Week, compose
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally
from storage.periods import Period, period_of

THIS_WEEK, LAST_WEEK = 57, 52  # responses
USERS = 5_000


def made_up(by: Instrument, week: Period, name: str) -> Digest:
    """The same for the same week. `name` has to say that it is an example."""
    now, before = _answers(by, THIS_WEEK, 3), _answers(by, LAST_WEEK, 2)
    weeks = [Past.of(each, each) for each in (now, before, *_before(by))]
    running = period_of("quarter", week.last)
    return compose(
        Office("", name, ""),
        Week(week, now, now, weeks, weeks[1].means),
        Running(running, THIS_WEEK + LAST_WEEK, USERS),
        by,
    )


def _before(by: Instrument) -> list[Tally]:
    """A quarter, a little better and a little worse from week to week, and nothing before it."""
    quarter = [_answers(by, LAST_WEEK + place, 2 + place % 3) for place in range(11)]
    return quarter + [Tally.zero(by.keys)] * (EARLIER - 1 - len(quarter))


def _answers(by: Instrument, n: int, every: int) -> Tally:
    """Everybody answers with the best but one, some with the best; one in `every` is less pleased
    with the third element."""
    best = by.scale
    return tally_of_rows(
        by.keys,
        [
            Row({
                key: best - 1 - (place == 2 and person % every == 0) + ((person + place) % 5 > 2)
                for place, key in enumerate(by.keys)
            })
            for person in range(n)
        ],
    )  # fmt: skip
