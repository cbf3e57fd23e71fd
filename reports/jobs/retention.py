"""What would grow without end goes after its time, once a day.

Of a response its words: what citizens write may say who they are, and is of no use once years are
compared by figures. That something was written stays, for tallies count it. Of what was sent to
heads, that it was sent. Of abandoned surveys, where they stopped. Responses themselves, sheets, the
log and what proves them stay: they are what is published, and tell of nobody.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Engine, select

from storage.answers import responses
from storage.chat import dropouts, outbox
from storage.database.connect import wipe
from storage.database.upsert import put_all, table_of
from storage.periods import CAPITAL, local_date
from storage.tables import Edition

NAME = "retention"  # of a row of Edition: the last day on which it was done

_e = table_of(Edition)


@dataclass(frozen=True, slots=True)
class Keep:
    """Days. A digest, a report and the radar read words of the last half year at most."""

    comments: int = 400
    sent: int = 400
    dropouts: int = 800


def retention(engine: Engine, now: int, keep: Keep) -> int:
    """The number of rows that are gone or lost their words; nothing where it was done today."""
    today = local_date(now, CAPITAL)
    with engine.connect().execution_options(reads=True) as connection:
        done = connection.execute(select(_e.c.number).where(_e.c.name == NAME)).scalar()
    if done is not None and done >= today.toordinal():
        return 0
    gone = _words(engine, today - timedelta(days=keep.comments))
    with engine.begin() as connection:
        gone += outbox.forget_kept(connection, now - 86_400 * keep.sent)
        gone += dropouts.forget(connection, today - timedelta(days=keep.dropouts))
        put_all(connection, _e, [{"name": NAME, "number": today.toordinal()}])
    if gone:
        wipe(engine, "response", "outbox", "dropout")
    return gone


def _words(engine: Engine, before: date) -> int:
    """Some at a time: whoever answers goes on meanwhile."""
    gone = 0
    while True:
        with engine.connect().execution_options(reads=True) as connection:
            ids = responses.with_words(connection, before)
        if not ids:
            return gone
        with engine.begin() as connection:
            gone += responses.drop_words(connection, ids)
