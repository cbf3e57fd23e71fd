"""For whoever answers for many units, the ministry above all: how far they run their surveys.

As a page and as a workbook. Regions for the nation, units for an agency.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

from starlette.requests import Request
from starlette.responses import Response
from starlette_admin.routing import route

from bot.core.turns.turn_context import TurnContext
from bot.web.console.export import Sheet, Value, download
from bot.web.console.form_filling import said
from bot.web.console.pages import Page
from bot.web.console.periods import named
from bot.web.console.session import Console
from flows.engine.form import Line
from flows.formats import number
from flows.loader import words
from reports.ipp.evidence_rules import evidence_rules
from reports.stored.coverage import LEVELS, STEP, Covered, Summary, by, covered, summary
from storage.office import permissions
from storage.periods import CAPITAL, Period, local_date, period_of, previous

PERIODS = 8  # quarters that are offered
COUNTS = ("answered", "enough", "published", "planned", "finished")


class Coverage(Page):
    path, route_name = "/coverage", "coverage"

    def __init__(self, office: Console) -> None:
        self._office, self.about = office, said(Line("console.about.coverage"))
        super().__init__(menu_label=said(Line("console.coverage")))

    def is_accessible(self, request: Request) -> bool:
        return "read_coverage" in request.state.actions

    @route("")
    async def index(self, request: Request) -> Response:
        chosen = request.query_params.get("period", "")
        of, found = await self._office.look(request, lambda context: _found(context, chosen))
        whole = summary(said(Line("coverage.all")), found)
        if "xlsx" in request.query_params:
            return await asyncio.to_thread(download, f"cakupan-{of.name}", *_sheets(whole, found))
        quarters = _offered(local_date(self._office.clock(), CAPITAL))
        context = {
            "title": self.menu_label,
            "quarters": [(each.name, named(each), each.name == of.name) for each in quarters],
            "period": of.name,
            "whole": _row(whole),
            "mean": number(whole.mean, words("id")) if whole.mean else "",
            "grades": [(grade, count, whole.published) for grade, count in whole.grades.items()],
            "bars": [(f"{start}–{start + STEP}", count) for start, count in whole.bars],
            "most": max((count for _, count in whole.bars), default=1),
            "regions": [_row(each) for each in by(found, lambda unit: unit.region)],
            "heads": _heads(),
            "levels": [(_indicator(key), counts) for key, counts in whole.levels.items()],
            "level_names": [*LEVELS],
        }
        return self.rendered(request, "console/coverage.html", context)


def _found(context: TurnContext, chosen: str) -> tuple[Period, list[Covered]]:
    connection, address = context.connection, context.address
    of = _chosen(chosen, local_date(context.at, CAPITAL))
    units = permissions.units_where(connection, address, "read_coverage")
    return of, covered(connection, units, of, evidence_rules())


def _offered(today: date) -> list[Period]:
    """The quarter before this one first, then those before it, and the one that runs last."""
    runs = period_of("quarter", today)
    found = [previous(runs)]
    while len(found) < PERIODS - 1:
        found.append(previous(found[-1]))
    return [*found, runs]


def _chosen(name: str, today: date) -> Period:
    """A quarter that is offered; of any other name the last that is over."""
    found = _offered(today)
    return next((each for each in found if each.name == name), found[0])


def _heads() -> list[str]:
    return [said(Line(f"coverage.{name}")) for name in ("units", *COUNTS, "mean")]


def _row(of: Summary) -> tuple[str, Sequence[str], str]:
    """Its name, its counts with their share of the units, its mean."""
    counts = [getattr(of, name) for name in COUNTS]
    shares = [
        f"{count} ({round(100 * count / of.units)} %)" if of.units else "0" for count in counts
    ]
    mean = number(of.mean, words("id")) if of.mean else "–"
    return of.name, [str(of.units), *shares], mean


def _indicator(key: str) -> str:
    rules = evidence_rules()
    return {"share": rules.share.name, "speed": rules.speed.name, "media": rules.media.name}[key]


def _sheets(whole: Summary, found: Sequence[Covered]) -> list[Sheet]:
    counted = [said(Line("coverage.name")), *_heads()]
    regions = [_counts(each) for each in (whole, *by(found, lambda unit: unit.region))]
    agencies = [_counts(each) for each in by(found, lambda unit: unit.agency)]
    levels: list[Sequence[Value]] = [
        (_indicator(key), *counts) for key, counts in whole.levels.items()
    ]
    each_unit = [
        said(Line(f"console.field.{name}")) for name in ("code", "unit", "agency")
    ] + [said(Line(f"coverage.unit.{name}")) for name in (
        "region", "n", "needed", "published", "ikm", "grade", "plans", "finished", "media",
        "share", "speed", "media_level",
    )]  # fmt: skip
    return [
        Sheet(said(Line("coverage.regions")), counted, regions),
        Sheet(said(Line("coverage.agencies")), counted, agencies),
        Sheet(said(Line("coverage.levels")), ["", *map(str, LEVELS)], levels),
        Sheet(said(Line("desk.units")), each_unit, [_unit(each) for each in found]),
    ]


def _counts(of: Summary) -> Sequence[Value]:
    mean = float(of.mean) if of.mean else None
    return of.name, of.units, *(getattr(of, name) for name in COUNTS), mean


def _unit(of: Covered) -> Sequence[Value]:
    unit, ikm = of.unit, float(of.ikm) if of.ikm else None
    published = said(Line("coverage.yes" if of.published else "coverage.no"))
    return (
        unit.code, unit.name, unit.agency, unit.region, of.n, of.needed, published, ikm, of.grade,
        of.plans, of.finished, of.media, of.share, of.speed, of.media_level,
    )  # fmt: skip
