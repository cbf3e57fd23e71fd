"""Whoever gives a low score may say why, after the last item: the two lowest, each on a screen; of
equal ones first what is about people, then papers and places."""

from collections.abc import Iterator, Mapping, Sequence

from flows.engine.form import Line, Lowest, Step
from flows.instrument import Instrument
from flows.survey.extra import SKIP, WHY

LOW = 2  # values up to this one
ASKED = 2  # of all low scores at most so many
REASON = 300  # characters


def why_steps(instrument: Instrument, items: Mapping[str, Sequence[str]]) -> Iterator[Step]:
    """`items`: item → the steps that ask it."""
    first = sorted(instrument.items, key=lambda item: not item.people)
    every = tuple(step for item in first for step in items[item.key])
    low = frozenset(str(value) for value in instrument.values if value <= LOW)
    for item in first:
        mine = frozenset(items[item.key])
        yield Step(
            WHY + item.key,
            Line("survey.why", {"title": Line(instrument.title_key(item))}),
            (SKIP,),
            writes=REASON,
            when=(Lowest(mine, every, low, ASKED),),
            title=Line("survey.why.title", {"title": Line(instrument.title_key(item))}),
        )
