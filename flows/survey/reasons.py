"""Whoever gives a low score may say why, after the last item: the two lowest, each on a screen."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from flows.engine.conversation import Conversation
from flows.engine.form import Form, Line, Lowest, Step
from flows.engine.screen import given_line
from flows.instrument import Instrument
from flows.survey.extra import SKIP, WHY

LOW = 2  # values up to this one
ASKED = 2  # of all low scores at most so many
REASON = 300  # characters


def why_steps(instrument: Instrument, items: Mapping[str, Sequence[str]]) -> Iterator[Step]:
    """`items`: item → the steps that ask it, in their order."""
    every = tuple(step for steps in items.values() for step in steps)
    low = frozenset(str(value) for value in instrument.values if value <= LOW)
    for item in instrument.items:
        mine = frozenset(items[item.key])
        yield Step(
            WHY + item.key,
            Line("survey.why"),
            (SKIP,),
            writes=REASON,
            when=(Lowest(mine, every, low, ASKED),),
            title=Line("survey.why.title", {"title": Line(instrument.title_key(item))}),
            body=partial(_score, mine),
        )


def _score(mine: frozenset[str], form: Form, conversation: Conversation) -> tuple[Line, ...]:
    """The score that is meant."""
    given = (step for step in form.path(conversation.answers) if step.id in mine)
    return tuple(given_line("review.item", form, conversation, step) for step in given)
