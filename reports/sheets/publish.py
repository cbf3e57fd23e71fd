"""Publishing a period of a unit: closed for good, as a numbered sheet with its list of leaves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection

from flows.engine.ended import until
from flows.engine.form import Line
from flows.formats import day_line
from flows.operator_words import tr
from reports.sheets.before import before
from reports.sheets.counted import as_told
from reports.sheets.radar import marked
from reports.sheets.release import shown
from reports.sheets.sheet import Content, Heading, content
from reports.transparency.appending import keep_sheet
from storage import questionnaires, standards
from storage.answers import tombstones, visits
from storage.chat import conversations
from storage.index import closed_periods, sheets
from storage.index.sheets import Sheet
from storage.periods import Period, local_time, period_of
from storage.units import Unit

_DAY = timedelta(days=1)


class PublishRefused(Exception):
    """The period cannot be published, or not yet; the message says why and what to do, to whoever
    works at the command line, and `why` in a chat."""

    def __init__(self, says: str, why: Line) -> None:
        super().__init__(says)
        self.why = why


@dataclass(frozen=True, slots=True)
class Made:
    """A sheet's content, the leaves of its responses in order, `erased` those of erased ones, and
    how many weeks had been shown."""

    content: Content
    leaves: Sequence[bytes]
    erased: Sequence[bytes]
    weeks: int


def made(connection: Connection, unit: Unit, period: Period, at: int) -> Made:
    """The sheet of a period as it would be now (Unix seconds). Raises PublishRefused."""
    kept, by = sheets.of_unit(connection, unit.id), unit.instrument_on(period.first)
    _check_period(unit, period, kept, at)
    rows = sheets.responses(connection, unit.id, by.id, period.first, period.last)
    erased = _erased(connection, unit, period)
    _check_rows(unit, period, len(rows) + len(erased))  # before what may be waited for
    _check_conversations(connection, unit, period, at)
    seen = before(connection, unit, by.id, period, kept)
    counted = as_told(by, period, rows, erased, seen.weeks)
    today = unit.day_at(at)
    radar = marked(connection, unit, period, counted, by, today)
    allowed = shown(counted, period, seen, radar)
    wordings = questionnaires.wordings(connection, {row.questionnaire for row in rows})
    promised = standards.changed(connection, unit.id, period.first, period.last)
    last = kept[-1] if kept else None
    issued = visits.number_issued(connection, unit.id, period.first, period.last)
    heading = Heading(unit, period, at, last, None, wordings, promised, issued)
    leaves = sorted(row.leaf for row in rows)
    made = content(heading, by, counted, allowed, radar)
    return Made(made, leaves, counted.erased, len(seen.weeks))


def _erased(connection: Connection, unit: Unit, period: Period) -> list[bytes]:
    """Leaves of the period's responses that were erased after a digest had told of them."""
    asked = unit.instrument_on(period.first).id
    found = tombstones.between(connection, unit.id, asked, period.first, period.last)
    return [each.leaf for each in found if each.told]


def publish(
    connection: Connection, unit: Unit, period: Period, at: int, ready: Made | None = None
) -> Content:
    """Close a period; the content of its sheet. Raises PublishRefused.

    `ready`: the sheet made beforehand, so that the database is locked for an instant; made anew
    where anything came between.
    """
    closed_periods.lock(connection, unit.id)
    kept = sheets.of_unit(connection, unit.id)
    if ready is None or not _is_still(connection, unit, period, kept, ready):
        ready = made(connection, unit, period, at)
    else:
        _check_conversations(connection, unit, period, at)
    return keep_sheet(connection, unit.id, ready.content, at, ready.erased)


def _is_still(
    connection: Connection, unit: Unit, period: Period, kept: Sequence[Sheet], ready: Made
) -> bool:
    previous = kept[-1].hash.hex() if kept else None
    asked = unit.instrument_on(period.first).id
    leaves = sheets.leaves_between(connection, unit.id, asked, period.first, period.last)
    seen = before(connection, unit, asked, period, kept)
    return (
        ready.content["previous"] == previous
        and ready.leaves == leaves
        and ready.erased == _erased(connection, unit, period)
        and ready.weeks == len(seen.weeks)
    )


def _check_period(unit: Unit, period: Period, kept: Sequence[Sheet], at: int) -> None:
    for sheet in kept:  # first, as the unit may survey by another kind since
        if sheet.period == period.name:
            raise PublishRefused(
                tr(
                    "{0} of {1} is published already, as sheet {2}. See it: skm sheet {3} "
                    "--period {4}",
                    period.name,
                    unit.code,
                    sheet.number,
                    unit.code,
                    period.name,
                ),
                Line("period.refused.closed", {"period": period.name, "number": sheet.number}),
            )
    if period.kind != unit.period:
        wanted = period_of(unit.period, period.first).name
        raise PublishRefused(
            tr(
                "{0} surveys by the {1}, and {2} is a {3}. Write --period {4}.",
                unit.code,
                unit.period,
                period.name,
                period.kind,
                wanted,
            ),
            Line("period.refused.kind", {"period": period.name, "wanted": _named(wanted)}),
        )
    today = unit.day_at(at)
    if today < period.first:
        raise PublishRefused(
            tr(
                "{0} of {1} has not begun. It runs from {2} to {3}. Publish it from {4} on.",
                period.name,
                unit.code,
                period.first,
                period.last,
                period.last + _DAY,
            ),
            Line("period.refused.future", {"period": period.name, "last": day_line(period.last)}),
        )
    if today <= period.last:
        raise PublishRefused(
            tr(
                "{0} of {1} is still running, until the end of {2} in {3}. Publish it from {4} on.",
                period.name,
                unit.code,
                period.last,
                unit.timezone,
                period.last + _DAY,
            ),
            Line("period.refused.runs", {"period": period.name, "last": day_line(period.last)}),
        )
    for sheet in kept:
        if period.overlaps(sheet.days.first, sheet.days.last):
            raise PublishRefused(
                tr(
                    "{0} of {1} overlaps {2}, which is published as sheet {3}. Publish a period "
                    "that begins after it or ends before it.",
                    period.name,
                    unit.code,
                    sheet.period,
                    sheet.number,
                ),
                Line(
                    "period.refused.overlaps",
                    {"period": period.name, "other": _named(sheet.period)},
                ),
            )


def _check_conversations(connection: Connection, unit: Unit, period: Period, at: int) -> None:
    left = [
        until(each)
        for each in conversations.open_in(connection, unit.code, at)
        if unit.day_at(each.began) <= period.last
    ]
    if left:
        last = local_time(max(left), unit.timezone)
        raise PublishRefused(
            tr(
                "Surveys of {0} begun in {1} are still open: {2}. They end by {3:%Y-%m-%d "
                "%H:%M} ({4}). Publish then.",
                unit.code,
                period.name,
                len(left),
                last,
                unit.timezone,
            ),
            Line(
                "period.refused.open",
                {"count": len(left), "day": day_line(last.date()), "time": f"{last:%H.%M}"},
            ),
        )


def _check_rows(unit: Unit, period: Period, n: int) -> None:
    if not n:
        raise PublishRefused(
            tr(
                "{0} has no answers of {1}, so there is nothing to publish. Bring in answers "
                "on paper first: skm import responses FILE --unit {2}",
                unit.code,
                period.name,
                unit.code,
            ),
            Line("period.refused.empty", {"period": period.name}),
        )
    users = unit.users_in(period)
    if users is not None and users < n:
        own = period.name in unit.users  # which no table changes
        cure = "/periode in the chat" if own else "skm import units FILE, or /periode in the chat"
        raise PublishRefused(
            tr(
                "{0} has {1} responses in {2}, but {3} users. Correct the number of users: {4}",
                unit.code,
                n,
                period.name,
                users,
                cure,
            ),
            Line("period.refused.users", {"n": n, "users": users}),
        )


def _named(period: str) -> Line:
    return Line("period.named", {"period": period})
