"""The official report of a unit, as a file in the chat: /laporan, or the button under a digest.

Never newer figures than were shown: of a published period its sheet's; while a period is not
published, those of its weeks that digests showed, and the report is called provisional.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace

from sqlalchemy import Connection

from bot.core.channel import Document, WithPhotos
from bot.core.dialogue import Dialogue, send_file
from bot.core.links import Links
from bot.core.turns.new_conversation import Begin, Said
from bot.core.turns.turn_context import TurnContext
from bot.office.digests.first_digest import first_digest
from bot.office.periods import agency_report, public_report
from bot.office.scope import Rows, allowed, which_unit
from flows.commands import REPORT, SIGNING, announce
from flows.engine.conversation import Answers, Conversation
from flows.engine.events import Told
from flows.engine.form import Line
from flows.formats import period_row
from flows.loader import words
from flows.office.report import CARDS, REPORT_FORM, format_of
from reports.official_report.card import card_of
from reports.official_report.formats import ENDINGS, written
from reports.official_report.gathered import of_sheet, of_weeks, weeks_shown
from reports.official_report.report import Report
from reports.printed.redrawing import PictureRefused, redrawn
from storage import units
from storage.index import sheets
from storage.office import paper_details, permissions
from storage.periods import parse, previous
from storage.units import Unit

PROVISIONAL = "report.period.provisional"
PHOTOS = 6  # in one report, the latest
PUBLISHED = 6  # periods that are offered, the newest first


def begin(context: TurnContext, said: str) -> Begin | Said | Line:
    """`said`: nothing, or a unit's code."""
    unit = which_unit(context, REPORT, said)
    if isinstance(unit, Begin):  # asks which
        rows = agency_report.offered(context) + unit.offered["scope"]
        return replace(unit, offered={"scope": rows})
    if not isinstance(unit, Unit):
        return unit
    rows = _periods(context.connection, unit, context.at)
    if not rows:
        return first_digest(context, unit, "first.report")
    only = rows[0] if len(rows) == 1 else None
    return Begin(
        "report",
        str(context.at),  # what it lists changes with time: never the very same again
        Line("resume.report"),
        f"{REPORT} {unit.code}",
        about={"unit": unit.code, "unit_name": unit.name},
        answers={"period": only["id"]} if only else {},
        offered={"period": rows},
        note=_only(unit, only) if only else None,
    )


def send(context: TurnContext, talk: Conversation, given: Answers) -> Told:
    """Made when it is sent (`made`)."""
    unit, period = allowed(context, REPORT, talk), str(given["period"])
    if isinstance(unit, Told):
        return unit
    published = sheets.newest(sheets.of_unit(context.connection, unit.id), period)
    if given["format"] in CARDS and not published:
        return Told("report.card.provisional")
    if (
        given["format"] in CARDS
        and published
        and json.loads(published.content)["index"]["ikm"] is None
    ):
        return Told("report.card.withheld")
    send_file(
        context,
        talk,
        "report",
        unit=unit.code,
        period=period,
        format=format_of(given["format"]),
        at=str(context.at),
    )
    unsigned = not paper_details.of_unit(context.connection, unit).person
    sign = {"id": "sign", "key": "signing.new", "opening": f"{SIGNING} {unit.scope}"}
    rows = [sign] if unsigned and given["format"] not in CARDS else []
    if published:
        opening = announce(unit.code, period)
        rows.insert(0, {"id": "announce", "key": "announce.new", "opening": opening})
        if given["format"] not in CARDS:
            rows[1:1] = public_report.offer(context, unit, period)
        return Told("report.sent", rows=rows)
    return Told("report.sent.provisional", rows=rows)


def made(
    connection: Connection, address: str, body: Mapping[str, str], links: Links
) -> Document | WithPhotos | None:
    """None where the chat may not have it any more, or there is nothing to tell."""
    unit = units.by_code(connection, body["unit"])
    if unit is None or not permissions.may(connection, address, "read_figures", unit):
        return None
    of = connection, unit, parse(body["period"]), int(body["at"])
    found = of_sheet(*of) or of_weeks(*of)  # as it was published; else provisional
    format = next(each for each in ENDINGS if each == body["format"])
    if found is None:
        return None
    if format in CARDS.values() and card_of(found) is None:
        return None
    key = "report.caption.provisional" if found.state == "provisional" else "report.caption"
    said = Line(key, {"unit": unit.name, "period": found.period.name})
    kind = format.replace("card", "kartu-ikm") if format in CARDS.values() else "laporan-skm"
    name = f"{kind}-{unit.code}-{found.period.name}.{ENDINGS[format]}"
    caption = words(body["language"]).line(said)

    def with_photos(photos: Mapping[str, bytes]) -> Document:
        shown = replace(found, photos=_pictures(found, photos))
        return Document(name, written(shown, format), caption)

    files = () if format in CARDS.values() else tuple(_photos(found, address).values())
    return WithPhotos(files, with_photos) if files else with_photos({})


def _photos(found: Report, address: str) -> dict[int, str]:
    """Follow-up → the photo that proves it, of those that were sent in this chat's channel."""
    done = [each for each in (*found.earlier, *found.follow_ups) if each.status == "done"]
    channel = address.partition(":")[0]
    of = {e.id: e.file for e in done if e.file and e.file.kind == "photo"}
    here = {id: file.file for id, file in of.items() if file.channel == channel}
    return dict([*here.items()][-PHOTOS:])


def _pictures(found: Report, photos: Mapping[str, bytes]) -> dict[int, bytes]:
    """Drawn anew; what is no picture is left out."""
    there = {each.id: each.file.file for each in (*found.earlier, *found.follow_ups) if each.file}
    pictures = {}
    for id, file in there.items():
        with suppress(PictureRefused):
            if file in photos:
                pictures[id] = redrawn(photos[file], "photo")
    return pictures


def _periods(connection: Connection, unit: Unit, at: int) -> Rows:
    """The published ones, then the running one and the one before, as far as weeks were shown."""
    days = {sheet.period: sheet.days for sheet in sheets.of_unit(connection, unit.id)}
    published = sorted(days.values(), key=lambda period: period.first, reverse=True)
    running = unit.period_at(at)
    others = [
        period
        for period in (running, previous(running))
        if not any(each.overlaps(period.first, period.last) for each in published)
        and weeks_shown(connection, unit, period)
    ]
    rows = [period_row(each.name) for each in published[:PUBLISHED]]
    return rows + [{**period_row(p.name), "key": PROVISIONAL} for p in others]


def _only(unit: Unit, row: Mapping[str, str]) -> Line:
    key = "report.only.provisional" if row["key"] == PROVISIONAL else "report.only"
    return Line(key, {"unit": unit.name, "period": row["id"]})


DIALOGUE = Dialogue(
    REPORT,
    ("/report",),
    needs="read_figures",
    menu="roles",
    opens=begin,
    form=REPORT_FORM,
    writes=send,
    sends={"report": made},
)
