"""What the console greets its officer with: what is due, and how the units stand.

Every line leads to the list or the form that does it. All is of the units of one page, so that a
nation's admin waits no longer than a town's; where there are more, it is counted in how many of all
of them something waits, and these can be looked through alone. Figures are those that were told
already: of digests, and of sheets where there are none yet (docs/decisions/0009).
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection, or_

from bot.core.turns.turn_context import TurnContext
from bot.office.people.log import Reader
from bot.office.periods.period_overview import periods_of
from bot.web.console.form_filling import said
from flows.engine.form import Line, cut
from flows.formats import day_line, days, indonesian
from flows.formats import number as figure
from flows.instrument import Instrument
from flows.loader import instrument, words
from reports.digest.caption import course_text
from reports.digest.composed import Course, Digest, Progress
from reports.digest.weekly import Running, progress
from reports.statistics.index import grade_of, rounded
from storage import units
from storage.index import released_figures, sheets
from storage.office import audit, digest_settings, follow_ups, permissions, waiting
from storage.scope import Scope
from storage.units import Unit

PAGE = 25  # units
SOON = timedelta(days=14)  # before a plan's day
PLANS = 10  # of a unit, that are looked at
CHANGES = 5  # that are listed
WIDTH, HEIGHT = 104, 28  # of a line of weeks
READ: permissions.Action = "read_figures"


@dataclass(frozen=True, slots=True)
class Due:
    """`order`: what is over before what is near. `key`, `pk`: the list and the row that does it."""

    order: tuple[int, date]
    unit: str
    text: str
    key: str
    pk: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """An element of a unit. `grade`: of its mean, "" where none is shown."""

    name: str
    mean: str = ""
    grade: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """A unit. `of`: which days its figures tell of; `weeks`: the line of the last 13, as the points
    of SVG polylines, one for each run of weeks that were told."""

    code: str
    name: str
    sample: str
    n: int
    needed: int | None
    is_behind: bool
    of: str = ""
    ikm: str = ""
    grade: str = ""
    course: str = ""
    weeks: Sequence[str] = ()
    cells: Sequence[Cell] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """`elements`: the names over the cells; `number`: how many units there are in all, or with
    `waits` of those in which something waits. `counts`: of how many units what waits, where not all
    of them are on this page."""

    due: list[Due]
    seen: list[Seen]
    elements: list[str]
    changes: list[str]
    number: int
    first: int = 0
    text: str = ""
    waits: bool = False
    counts: Sequence[str] = ()

    @property
    def span(self) -> str:
        """Which units are told of, where these are not all."""
        if not self.ways:
            return ""
        last = self.first + len(self.seen)
        of = {"first": self.first + 1, "last": last, "number": self.number}
        key = "desk.span.waits" if self.waits else "desk.span"
        return said(Line(key, of)) if self.seen else ""

    @property
    def ways(self) -> list[tuple[str, int]]:
        """To the pages before and after: what is said, and from which unit on."""
        before = [(said(Line("desk.before")), max(self.first - PAGE, 0))] if self.first else []
        more = self.first + PAGE < self.number
        return [*before, *([(said(Line("desk.after")), self.first + PAGE)] if more else [])]


def desk(context: TurnContext, text: str, first: int, waits: bool) -> Desk:
    """Of the units from that place on whose names hold all words of the text; `waits`: of those in
    which something does."""
    connection, address = context.connection, context.address
    scopes = permissions.scopes(connection, address, READ)
    number = units.number(connection, scopes, text)
    waiting_for = waiting.conditions(connection, context.at, SOON) if number > PAGE else {}
    where: Any = or_(False, *waiting_for.values()) if waits and waiting_for else True
    found = units.page(connection, scopes, text, first, PAGE, where)
    due, seen = list[Due](), list[Seen]()
    failed = digest_settings.failing(connection, [unit.id for unit in found])
    for unit in found:
        mine, shown = _unit(context, unit, failed.get(unit.id, 0))
        due += mine
        seen.append(shown)
    names = [*dict.fromkeys(cell.name for each in seen for cell in each.cells)]
    return Desk(
        sorted(due, key=lambda each: each.order),
        [replace(each, cells=below(names, each.cells)) for each in seen],
        names,
        _changes(context),
        units.number(connection, scopes, text, where) if waits else number,
        first,
        text,
        waits and bool(waiting_for),
        [*_counts(connection, scopes, text, waiting_for)],
    )


def _counts(
    connection: Connection, scopes: Sequence[Scope], text: str, waiting_for: Mapping[str, Any]
) -> Iterator[str]:
    """In how many of all these units something waits; nothing of what waits nowhere."""
    for what, where in waiting_for.items():
        if number := units.number(connection, scopes, text, where):
            yield said(Line(f"desk.waits.{what}", {"number": indonesian(str(number))}))


def below(names: Sequence[str], cells: Sequence[Cell]) -> list[Cell]:
    """One for each name: units may be asked by instruments of which each has its own elements."""
    known = {cell.name: cell for cell in cells}
    return [known.get(name, Cell(name)) for name in names]


def _unit(context: TurnContext, unit: Unit, failed: int) -> tuple[list[Due], Seen]:
    connection, today = context.connection, unit.day_at(context.at)
    periods = periods_of(connection, unit, context.at)
    runs = periods.runs
    running = Running(runs, periods.answers(runs.name), unit.users_in(runs))
    far = progress(running, today)
    due = [*_plans(context, unit, today)]
    for each in periods.over:
        line = Line("desk.publish", {"period": each.name, "n": periods.answers(each.name)})
        due.append(_due(unit, line, "periods", each.name, each.last, is_late=True))
    if failed:
        line = Line("desk.failed", {"count": failed})
        due.append(_due(unit, line, "roles", "", today, is_late=True))
    return due, _seen(context, unit, far)


def _plans(context: TurnContext, unit: Unit, today: date) -> Iterator[Due]:
    for each in follow_ups.open_of(context.connection, unit.id, PLANS):
        plan = each.plan
        if plan.due > today + SOON:
            continue
        key = "desk.plan.late" if plan.due < today else "desk.plan.soon"
        line = Line(key, {"programme": cut(plan.programme, 60), "day": day_line(plan.due)})
        yield _due(unit, line, "follow_ups", str(each.id), plan.due, is_late=plan.due < today)


def _due(unit: Unit, line: Line, key: str, id: str, day: date, *, is_late: bool) -> Due:
    pk = f"{unit.code}~{id}" if id else ""
    return Due((not is_late, day), unit.name, said(line), key, pk, is_late)


def _seen(context: TurnContext, unit: Unit, far: Progress) -> Seen:
    shown = Seen(
        unit.code,
        unit.name,
        said(_sample(far)),
        far.n,
        far.needed,
        far.on_schedule is False,
    )
    return _figures(context, unit, shown)


def _sample(far: Progress) -> Line:
    if far.needed is None:
        return Line("desk.sample.unknown", {"n": far.n})
    said_of = {"n": far.n, "needed": far.needed}
    if far.on_schedule is not False or not far.per_week:
        return Line("desk.sample.of", said_of)
    return Line("desk.sample.behind", {**said_of, "week": far.per_week})


def _figures(context: TurnContext, unit: Unit, seen: Seen) -> Seen:
    """With what was told last of it, if anything was."""
    connection, spoken = context.connection, words("id")
    kept = released_figures.last(connection, unit.id, "week")
    digest = Digest.from_json(json.loads(kept)) if kept else None
    if digest and digest.ikm:
        by = instrument(digest.instrument)
        told: dict[str, Any] = {"of": days(digest.first, digest.last, spoken)}
        told |= {"ikm": figure(digest.ikm, spoken), "grade": digest.grade or ""}
        told["course"] = course_text(digest.course, spoken) if digest.course else ""
        weeks = weeks_line(digest.course) if digest.course else []
        return replace(seen, **told, weeks=weeks, cells=_cells(digest.means, by))
    published = sheets.of_unit(connection, unit.id)
    if not published:
        return seen
    content = json.loads(published[-1].content)
    index, by = content["index"], instrument(content["instrument"])
    shown: dict[str, Any] = {"of": said(Line("period.named", {"period": published[-1].period}))}
    if index["ikm"]:
        shown |= {"ikm": figure(index["ikm"], spoken), "grade": index["grade"] or ""}
    return replace(seen, **shown, cells=_cells(index["elements"], by))


def _cells(means: Mapping[str, str | None], by: Instrument) -> list[Cell]:
    """In questionnaire order."""
    return [
        Cell(
            by.element_name(element),
            figure(rounded(Fraction(mean), 2), words("id")),
            _grade(mean, by),
        )
        if (mean := means.get(element))
        else Cell(by.element_name(element))
        for element in dict.fromkeys(by.elements.values())
    ]


def _grade(mean: str, by: Instrument) -> str:
    """That of the mean as it was told, with 2 decimals or a sheet's 4; an instrument may have
    none."""
    return grade_of(Fraction(mean) * by.times, by.grades).grade if by.grades else ""


def weeks_line(course: Course) -> list[str]:
    """A week of which nothing was told leaves a gap."""
    known = {at: float(week.ikm) for at, week in enumerate(course.weeks) if week.ikm}
    if len(known) < 2:
        return []
    low, high = min(known.values()) - 1, max(known.values()) + 1
    step = (WIDTH - 8) / max(len(course.weeks) - 1, 1)
    points = {
        at: f"{4 + step * at:.1f},{4 + (HEIGHT - 8) * (high - value) / (high - low):.1f}"
        for at, value in known.items()
    }
    runs = [[next(iter(points))]]
    for before, now in pairwise(points):
        if now == before + 1:
            runs[-1].append(now)
        else:
            runs.append([now])
    return [" ".join(points[at] for at in run) for run in runs]


def _changes(context: TurnContext) -> list[str]:
    connection = context.connection
    held = permissions.scopes(connection, context.address, "read_log")
    found = audit.page(connection, held, CHANGES) if held else []
    reader = Reader.of(context, held, found, words("id"))
    return [cut(reader.sentence(entry), 200) for entry in found]
