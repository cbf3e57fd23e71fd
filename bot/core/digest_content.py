"""A digest as it is sent: its picture, words and buttons, and the messages behind it.

The figures are those that were released. What is written beside them is read when it is sent: what
was erased or finished since is told no more.
"""

import json

from sqlalchemy import Engine

from bot.core.channel import Picture
from flows import commands
from flows.commands import FOLLOW_UP, POSTER, REPORT
from flows.engine.form import Line
from flows.engine.push_buttons import opens
from flows.engine.say import Label, Message, Words, rows
from flows.loader import words
from reports.comments.read import comments_message
from reports.digest.caption import CAPTION, digest_text
from reports.digest.composed import Digest
from reports.digest.late_lines import more_of
from reports.digest.picture import picture
from reports.digest.words import extra_text
from storage import units
from storage.chat.outbox import Parcel
from storage.index import released_figures
from storage.periods import local_date, zone


def digest_content(
    engine: Engine, parcel: Parcel, at: int, room: int = CAPTION
) -> Message | Picture | None:
    """None where nothing is left to say. `room`: length of the words under a picture, on its
    channel. About 40 ms of CPU: call it in a thread."""
    body, spoken = parcel.body, words(parcel.body["language"])
    with engine.connect().execution_options(reads=True) as connection:
        figures = released_figures.get(connection, body["unit"], body["week"])
        assert figures is not None, "a digest is put in the outbox with its figures"
        digest = Digest.from_json(json.loads(figures))
        if parcel.kind == "comments":
            return comments_message(connection, body["unit"], digest, spoken)
        if parcel.kind == "extras":
            text = extra_text(digest, spoken)
            return Message(text, ()) if text else None
        unit = units.by_id(connection, body["unit"])
        today = local_date(at, zone(unit.timezone))
        more = more_of(connection, unit, digest, today, spoken)
    caption = digest_text(digest, spoken, more, min(room, CAPTION))
    return Picture(picture(digest, spoken), caption, buttons(digest, spoken))


def buttons(digest: Digest, spoken: Words) -> tuple[tuple[Label, ...], ...]:
    """What a head may do next; each asks again what this chat may do."""
    code = digest.office.code
    offers = [(Line("digest.button.settings"), commands.settings(code))]
    if digest.ikm is None:
        offers.insert(0, (Line("digest.button.poster"), f"{POSTER} {code}"))
    else:
        details = commands.details(code, digest.week)
        plan = (Line("digest.button.follow_up"), f"{FOLLOW_UP} {code}")
        report = (Line("digest.button.report"), f"{REPORT} {code}")
        offers = [(Line("digest.button.details"), details), plan, report, *offers]
    return tuple(rows(opens(*offers), spoken))
