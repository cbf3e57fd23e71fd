"""A report gathered from the database: of a period as it was published, of its responses for the
operator's eyes, or, while nothing is published, of the weeks that digests showed.

Theory. A published report says what its sheet says. Counts of who answered and how stand in none of
what was shown before, so they may stand beside it; they must never move again, so they are told
only while the very responses of the sheet are all there. A provisional report adds up weeks that
were shown (`reports.digest.shown_weeks`), and tells no counts: nothing can be subtracted.

The operator's report of a period that is not published may not be passed on, and says so first. It
obeys the release rule in itself, and beside the one before it: it counts the responses that the
last one counted, until those that are there differ from them by answers that hide each other. So
who has it made before and after a visit reads nothing of the visitor.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection

from flows.instrument import Instrument
from flows.loader import instrument
from reports.digest import shown_weeks
from reports.digest.composed import Digest
from reports.disclosure import OWN, Size, size_of
from reports.official_report import context, counts, trend
from reports.official_report.counted import Content, extremes, figures_in, parts_in
from reports.official_report.report import Counts, Figures, Measure, Report, Standing
from reports.radar.findings import Findings
from reports.sheets.counted import Counted, Piece, Uncounted, as_there, together
from reports.sheets.release import Before, Shown, shown
from reports.sheets.sheet import counted_of, shown_in
from reports.statistics.order import differ, places
from reports.statistics.tally import Tally
from reports.stored.figures import population_of
from storage import questionnaires
from storage.index import released_figures, sheets
from storage.index.sheets import Sheet
from storage.office import paper_details
from storage.periods import Period
from storage.units import Unit


def of_period(
    connection: Connection, unit: Unit, period: Period, at: int, radar: Findings | None = None
) -> Report:
    """For the operator: as it was published, or as the rows are now. It keeps what it counted.
    `at`: Unix seconds; `radar`: what it found, of a period that is not published."""
    kept = sheets.of_unit(connection, unit.id)
    sheet = sheets.newest(kept, period.name)
    by = _instrument(unit, period)
    rows = sheets.responses(connection, unit.id, by.id, period.first, period.last)
    if sheet:
        made = _published(connection, unit, sheet, json.loads(sheet.content), rows, at)
    else:
        rows, left = _as_reported(connection, unit, period, rows, at)
        made = _unpublished(connection, unit, period, by, rows, at, radar if not left else None)
        made = replace(made, left=left)
    if made.has_counts:
        made = replace(made, services=counts.services(unit, by, rows))
    return _with_trend(made, kept)


def _as_reported(
    connection: Connection, unit: Unit, period: Period, rows: Sequence[Any], at: int
) -> tuple[Sequence[Any], int]:
    """The responses to count, and how many that are there, or were erased, make no difference yet.
    Where any that the last report counted is gone, none of them: less the rest it would be told."""
    last = released_figures.reported(connection, unit.id, period.name)
    there = {row.leaf for row in rows}
    new = [row for row in rows if last is not None and row.leaf not in last]
    gone = len(last - there) if last else 0
    if last is not None and (gone or new) and _tell_few(new, gone):
        return ([] if gone else [row for row in rows if row.leaf in last]), len(new) + gone
    released_figures.keep_reported(connection, unit.id, period.name, there, at)
    return rows, 0


def _tell_few(new: Sequence[Any], gone: int) -> bool:
    """Whether these, with so many that are gone, are few of any item. Citizens alone erase, each
    their own answer: to any item."""
    items = {item for row in new for item in row.answers}
    answered = ([row for row in new if row.answers.get(i) is not None] for i in items)
    return any((size_of(of) + Size(gone, gone)).tells for of in (new, *answered))


def of_sheet(connection: Connection, unit: Unit, period: Period, at: int) -> Report | None:
    """As it was published; None where it was not."""
    kept = sheets.of_unit(connection, unit.id)
    sheet = sheets.newest(kept, period.name)
    if sheet is None:
        return None
    content = json.loads(sheet.content)
    rows = sheets.responses(connection, unit.id, content["instrument"], period.first, period.last)
    made = _published(connection, unit, sheet, content, rows, at)
    return _with_trend(made, kept)


def of_weeks(connection: Connection, unit: Unit, period: Period, at: int) -> Report | None:
    """Provisional, of the period's weeks that digests showed; None where there are none."""
    names = weeks_shown(connection, unit, period)
    by = _instrument(unit, period)
    tally = shown_weeks.of_unit(connection, unit.id, names, by)
    if not tally.n:
        return None
    all_of_it = Counted(tally.items, (), {Piece("", False, ""): tally})
    content = counted_of(all_of_it, by, None, Shown(True, frozenset(by.keys), True))
    found = figures_in(content, by)
    elements = tuple(replace(each, n=None) for each in found.elements)
    figures = replace(found, elements=elements, items=(), alpha=None)
    made = _begun(connection, unit, period, by, at, figures, "provisional")
    made = replace(made, weeks=tuple(names))
    return _with_trend(made, sheets.of_unit(connection, unit.id))


def weeks_shown(connection: Connection, unit: Unit, period: Period) -> list[str]:
    """The weeks within the period that digests showed, the earliest first."""
    texts = released_figures.weeks(connection, unit.id)
    shown = [Digest.from_json(json.loads(text)) for text in texts]
    within = [d for d in shown if period.first <= d.first and d.last <= period.last]
    asked = _instrument(unit, period).id
    return sorted(d.week for d in within if d.instrument == asked and d.ikm is not None)


def _instrument(unit: Unit, period: Period) -> Instrument:
    """A period longer than the unit's own may lie in the days of two: it tells of the later one,
    and the trend of the report names what was asked before."""
    return unit.instrument_on(period.last)


def _published(
    connection: Connection,
    unit: Unit,
    sheet: Sheet,
    content: Content,
    rows: Sequence[Any],
    at: int,
) -> Report:
    by = instrument(content["instrument"])
    proof = context.proof_of(connection, sheet)
    figures = figures_in(content, by, content["population"])
    made = _begun(connection, unit, sheet.days, by, at, figures, "published")
    whole = not proof.erased and proof.corrects is None and len(rows) == proof.leaves
    made = replace(
        made,
        sources=parts_in(content),
        verified=content["verified"]["n"],
        radar=context.marked_in(content["radar"]),
        wordings=_wordings(content["wordings"]),
        promised=tuple(sorted({each["element"] for each in content["promised"]})),
        proof=proof,
    )
    if not whole or not figures.headline:
        return made
    return _with_counts(connection, made, rows, shown_in(content).uncounted)


def _unpublished(
    connection: Connection,
    unit: Unit,
    period: Period,
    by: Instrument,
    rows: Sequence[Any],
    at: int,
    radar: Findings | None,
) -> Report:
    population = population_of(unit, period.first, period.last)
    rows = [_untold(row) for row in rows]
    there = as_there(by, rows)
    allowed = shown(there, period, Before())
    content = counted_of(there, by, population, allowed)
    figures = figures_in(content, by, population)
    made = _begun(connection, unit, period, by, at, figures, "unpublished")
    said = questionnaires.wordings(connection, {row.questionnaire for row in rows})
    made = replace(
        made,
        sources=parts_in(content),
        verified=content["verified"]["n"],
        radar=context.marked_of(radar, by) if figures.headline else None,
        wordings=_wordings(said),
    )
    if not figures.headline:
        return made
    return _with_counts(connection, made, rows, allowed.uncounted)


def _untold(row: Any) -> Any:
    """As if no digest had told of it: this report is read beside those like it alone."""
    return SimpleNamespace(**{**row._mapping, "told": ""})


def _begun(
    connection: Connection,
    unit: Unit,
    period: Period,
    by: Instrument,
    at: int,
    figures: Figures,
    state: Any,
) -> Report:
    weakest, strongest = extremes(figures.elements)
    planned, earlier = context.plans(connection, unit.id, period)
    return Report(
        unit,
        period,
        state,
        unit.day_at(at),
        by.id,
        figures,
        weakest=weakest,
        strongest=strongest,
        details=paper_details.of_unit(connection, unit, period.name),
        follow_ups=planned,
        earlier=earlier,
        publications=context.published(connection, unit.id, period),
    )


def _with_counts(
    connection: Connection, made: Report, rows: Sequence[Any], uncounted: Uncounted
) -> Report:
    """What the means do not count is neither in what is told beside them of the answers: counts
    less means would tell it."""
    unit, period, elements = made.unit, made.period, made.figures.elements
    by = instrument(made.instrument)
    given = (connection, unit.id, made.instrument, period)
    parts = as_there(by, rows).parts_without(uncounted)
    whole = together(by, parts)
    return replace(
        made,
        profile=counts.profile(unit, by, rows),
        answers=_of_shown(counts.answers(by, whole, together(by, parts, OWN)), made.figures),
        reasons=context.reasons(*given, elements, made.weakest),
        suggestions=context.suggestions(*given),
        standing=_standing(by, whole, made),
    )


def _standing(by: Instrument, whole: Tally, made: Report) -> Standing:
    """Over the elements whose means are shown."""
    shown = {each.key for each in made.figures.elements if each.mean is not None}
    items = [item for item, of in by.elements.items() if of in shown]
    tally = whole.only(items)
    return Standing(places(tally, by), differ(tally, by, made.weakest))


def _of_shown(answers: Sequence[Counts], figures: Figures) -> tuple[Counts, ...]:
    """Nothing of the answers to elements whose mean is withheld."""
    shown = {each.key for each in figures.elements if each.mean is not None}
    return tuple(
        each if each.key in shown else replace(each, counts=(None,) * len(each.counts))
        for each in answers
    )


def _wordings(by_questionnaire: Mapping[str, Any]) -> tuple[tuple[str, Mapping[str, Any]], ...]:
    said = [each for asked in by_questionnaire.values() for each in asked.items()]
    return tuple(pair for place, pair in enumerate(said) if pair not in said[:place])


def _with_trend(made: Report, kept: Sequence[Sheet]) -> Report:
    left_out, keys = set(made.figures.left_out), [each.key for each in made.figures.elements]
    answered = frozenset(key for key in keys if key not in left_out)
    now = Measure(made.instrument, answered)
    points = trend.before(made.period, kept)
    return replace(made, trend=trend.compared(points, now))
