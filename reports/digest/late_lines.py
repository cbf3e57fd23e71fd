"""What is read when a digest is sent: a citizen's words, what is still to be done, who does better.

None of it is kept with the figures: what is erased or finished meanwhile is told no more.
"""

from datetime import date

from sqlalchemy import Connection

from flows.engine.form import Line, cut
from flows.engine.say import Words
from flows.formats import day_line, number
from reports.comments.quotes import quote_of
from reports.digest.caption import More
from reports.digest.composed import Digest, Example
from reports.digest.words import element_name, phrase
from reports.follow_up import open_for
from storage.answers import responses
from storage.index import sheets
from storage.periods import period_of, previous
from storage.units import Unit

UNIT, DID = 40, 60  # characters


def more_of(connection: Connection, unit: Unit, digest: Digest, today: date, words: Words) -> More:
    """`today`: the unit's local day."""
    return More(
        quote=quote_of(connection, unit.id, digest),
        unpublished=_unpublished(connection, unit, today, words),
        doing=_doing(connection, unit.id, today, words),
        example=example_text(digest, words),
    )


def _unpublished(connection: Connection, unit: Unit, today: date, words: Words) -> str:
    """The last period that is over, if anybody answered in it and it has no sheet."""
    over = previous(period_of(unit.period, today))
    if over.name in sheets.periods(connection, unit.id):
        return ""
    n = responses.number(
        connection, unit.id, unit.instrument_on(over.first).id, over.first, over.last
    )
    return phrase(words, "unpublished", period=over.name) if n else ""


def _doing(connection: Connection, unit_id: int, today: date, words: Words) -> str:
    found = open_for(connection, unit_id, today)
    if found is None:
        return ""
    key = "doing.overdue" if found.overdue else "doing"
    due = words.line(day_line(found.due))
    return phrase(words, key, n=found.number, overdue=found.overdue, due=due)


def example_text(digest: Digest, words: Words) -> str:
    """Who does better at a weak element; "" where there is no example."""
    if not digest.examples:
        return ""
    element = element_name(digest, digest.examples[0].element, words)
    units = "; ".join(_unit(each, words) for each in digest.examples)
    return words.line(Line("digest.example", {"element": element, "units": units}))


def _unit(example: Example, words: Words) -> str:
    said = {"unit": cut(example.unit, UNIT), "mean": number(example.mean, words)}
    if not example.did:
        return words.line(Line("digest.example.unit", said))
    return words.line(Line("digest.example.did", {**said, "did": cut(example.did, DID)}))
