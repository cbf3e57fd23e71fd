"""What stands beside the figures of a report: plans, publications, what citizens wrote, marks, the
sheet."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import Connection

from flows import loader
from flows.engine.form import cut
from flows.instrument import Instrument
from flows.survey.extra import WHY
from reports.comments.read import in_no_order, readable
from reports.comments.substance import says_something
from reports.comments.themes import element_of
from reports.disclosure import least
from reports.official_report.counted import Content, headline_in, headline_of
from reports.official_report.report import Element, Marked, Part, Proof
from reports.radar.findings import Findings
from reports.radar.release import LEFT_OUT
from storage.answers import responses
from storage.answers.responses import Unmasked
from storage.index import sheets
from storage.index.sheets import Sheet
from storage.office import follow_ups, result_publications
from storage.office.follow_ups import FollowUp
from storage.office.result_publications import ResultPublication
from storage.periods import Period, period_of

QUOTED, LETTERS = 4, 160  # texts about an element, characters of one
MANY = 500  # publications of a unit that are looked through


Plans = tuple[FollowUp, ...]


def plans(connection: Connection, unit_id: int, period: Period) -> tuple[Plans, Plans]:
    """Follow-ups that were planned in the period or until the end of the one after it, because of
    its figures; and those planned before it, because of earlier ones, and open within it."""
    after = period_of(period.kind, period.last + timedelta(days=1))
    planned = follow_ups.planned_in(connection, unit_id, date.min, after.last)
    there = [e for e in planned if not e.finished_on or e.finished_on >= period.first]
    return (
        tuple(each for each in there if each.planned_on >= period.first),
        tuple(each for each in there if each.planned_on < period.first),
    )


def published(
    connection: Connection, unit_id: int, period: Period
) -> tuple[ResultPublication, ...]:
    """Where the period's results were made known, the earliest first."""
    found = result_publications.latest(connection, unit_id, MANY)
    return tuple(reversed([each for each in found if each.period == period.name]))


def reasons(
    connection: Connection,
    unit_id: int,
    instrument: str,
    period: Period,
    elements: Iterable[Element],
    weakest: Sequence[str],
) -> dict[str, tuple[str, ...]]:
    """Element → some of what citizens wrote of why they scored it low, masked and in no order; of
    weak elements whose mean is shown and for which 5 or more gave a reason."""
    shown = {each.key for each in elements if each.mean is not None}
    rows = responses.written(connection, unit_id, instrument, period.first, period.last)
    found = {}
    for key in (key for key in weakest if key in shown):
        said = [extra[WHY + key] for _, extra in rows if WHY + key in extra]
        if len(said) >= least():
            found[key] = _quoted(said)
    return found


def suggestions(
    connection: Connection, unit_id: int, instrument: str, period: Period
) -> dict[str, tuple[str, ...]]:
    """Element → some of the comments that are about it, masked and in no order; "" those about
    none, or about one of which fewer than 5 wrote. Nothing of fewer than 5."""
    rows = responses.written(connection, unit_id, instrument, period.first, period.last)
    found: dict[str, list[Unmasked]] = defaultdict(list)
    for comment, _ in rows:
        if comment and says_something(comment.text):
            found[element_of(comment.text)].append(comment)
    for key in [key for key, said in found.items() if key and len(said) < least()]:
        found[""] += found.pop(key)
    return {
        key: _quoted(found[key])
        for key in (*dict.fromkeys(loader.instrument(instrument).elements.values()), "")
        if len(found.get(key, ())) >= least()
    }


def _quoted(said: Iterable[Unmasked]) -> tuple[str, ...]:
    some = in_no_order(set(said))[:QUOTED]
    return tuple(cut(readable(each), LETTERS) for each in some)


def marked_in(radar: Content | None) -> Marked | None:
    """What a sheet says of the radar."""
    if radar is None:
        return None
    marks = {
        name: (mark["n"], mark["checked"]) if mark else None
        for name, mark in radar["marks"].items()
    }
    without = radar["without_marked"]
    told = None if without["n"] is None else Part("", without["n"], headline_in(without))
    return Marked(marks, told)


def marked_of(found: Findings | None, by: Instrument) -> Marked | None:
    """What the radar found, as far as anybody but the operator may see it."""
    if found is None:
        return None
    marks: Mapping[str, tuple[int, int] | None] = {
        mark.name: (mark.n, mark.checked) if mark.name in found.shown else None
        for mark in found.marks
    }
    rest = found.without_left_out()
    may = LEFT_OUT in found.shown and rest.n >= least()
    return Marked(marks, Part("", rest.n, headline_of(rest, by)) if may else None)


def proof_of(connection: Connection, sheet: Sheet) -> Proof:
    content = json.loads(sheet.content)
    corrects = content["corrects"]
    return Proof(
        sheet.number,
        sheet.hash.hex(),
        content["leaves"]["root"],
        content["leaves"]["number"],
        content["published"],
        corrects["number"] if corrects else None,
        sheets.erased(connection, 1).get(sheet.id, 0),
    )
