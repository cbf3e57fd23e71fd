"""A digest as it is sent: its picture, words and buttons, and the messages behind it.

The figures are those that were released. What is written beside them is read when it is sent: what
was erased or finished since is told no more.
"""

import json
from collections.abc import Iterator

from sqlalchemy import Connection, Engine

from bot.core.channel import Picture
from flows import commands
from flows.commands import FOLLOW_UP, POSTER, REPORT
from flows.engine.form import Line
from flows.engine.push_buttons import opens
from flows.engine.say import Message, Words, opened_by, rows
from flows.loader import instrument, words
from reports.comments import read as comments
from reports.digest.caption import CAPTION, digest_text
from reports.digest.composed import Digest
from reports.digest.late_lines import more_of
from reports.digest.picture import picture
from reports.digest.words import extra_text
from reports.follow_up import MOST
from storage import units
from storage.chat.outbox import Parcel
from storage.index import released_figures
from storage.office import follow_ups, permissions
from storage.units import Unit

ELEMENT = 20  # characters of its name that a button has room for


def digest_content(
    engine: Engine, parcel: Parcel, at: int, room: int = CAPTION
) -> Message | Picture | None:
    """None where nothing is left to say. `room`: length of the words under a picture, on its
    channel. About 30 ms of CPU: call it in a thread."""
    body, spoken = parcel.body, words(parcel.body["language"])
    with engine.connect().execution_options(reads=True) as connection:
        figures = released_figures.get(connection, body["unit"], body["week"])
        assert figures is not None, "a digest is put in the outbox with its figures"
        digest = Digest.from_json(json.loads(figures))
        if parcel.kind == "comments":
            return comments.comments_message(connection, body["unit"], digest, spoken)
        if parcel.kind == "extras":
            text = extra_text(digest, spoken)
            return Message(text, ()) if text else None
        unit = units.by_id(connection, body["unit"])
        today = unit.day_at(at)
        more = more_of(connection, unit, digest, today, spoken)
        offers = [*_offers(connection, unit, parcel.address, digest, spoken)]
    caption = digest_text(digest, spoken, more, min(room, CAPTION))
    shown = tuple(rows(opens(*offers), spoken))
    return Picture(picture(digest, spoken), caption, shown, opened_by(spoken))


def _offers(
    connection: Connection, unit: Unit, address: str, digest: Digest, spoken: Words
) -> Iterator[tuple[Line, str]]:
    """What a head may do next; each asks again what this chat may do."""
    code = digest.office.code
    if digest.ikm is None:
        yield Line("digest.button.poster"), f"{POSTER} {code}"
    else:
        n = comments.number(connection, unit.id, digest, spoken)
        if n and permissions.may(connection, address, "unfold_comments", unit):
            yield Line("comments.all", {"n": n}), commands.read_comments(code, digest.week)
        yield _to_improve(connection, unit, digest)
        yield Line("digest.button.details"), commands.details(code, digest.week)
        yield Line("digest.button.report"), f"{REPORT} {code}"
    yield Line("digest.button.settings"), commands.settings(code)


def _to_improve(connection: Connection, unit: Unit, digest: Digest) -> tuple[Line, str]:
    """The weakest element; where a plan for it is open, or none is the weakest, the plans."""
    code, planned = digest.office.code, follow_ups.open_of(connection, unit.id, MOST)
    if not digest.weakest:
        return Line("digest.button.follow_up"), f"{FOLLOW_UP} {code}"
    weakest = digest.weakest[0]
    if weakest in [each.plan.element for each in planned]:
        return Line("follow_up.plan.title"), f"{FOLLOW_UP} {code}"
    by = instrument(digest.instrument)
    item = next(each for each in by.items if each.key == weakest)
    is_long = len(item.name) > ELEMENT
    name = Line(by.title_key(item) if is_long else f"{by.id}.{weakest}.name")
    return Line("digest.button.improve", {"element": name}), commands.improve(code, weakest)
