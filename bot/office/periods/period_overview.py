"""The periods of a unit as its head sees them: the one that runs, those that are over and not
closed, and those that are published."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from bot.office.scope import Rows
from flows.engine.form import Line
from flows.engine.say import Words
from flows.formats import day_line, indonesian, number
from reports.statistics.inference import sample
from storage.index import sheets
from storage.index.sheets import Sheet
from storage.periods import Period, parse, period_of
from storage.units import Unit

LOOKED_BACK = timedelta(days=2 * 366)  # for answers of periods that are not closed
MOST = 4  # that are over, and as many that are published


@dataclass(frozen=True, slots=True)
class Periods:
    """`n`: period → responses; `over`: with responses, not published, the latest first."""

    unit: Unit
    runs: Period
    n: Counter[str]
    over: list[Period]
    published: list[Sheet]

    def answers(self, period: str) -> int:
        return self.n[period]

    def with_users(self) -> list[Period]:
        """Whose users may be written: no sheet holds them yet."""
        after = period_of(self.unit.period, self.runs.last + timedelta(days=1))
        return [self.runs, after, *self.over]

    def users(self, period: Period) -> str:
        users = self.unit.users_in(period)
        return "–" if users is None else indonesian(str(users))

    def to_close(self) -> Rows:
        return [{"id": each.name, "key": "period.close", "period": each.name} for each in self.over]

    def lines(self, spoken: Words) -> Iterator[Line]:
        runs = self.runs
        first, last = day_line(runs.first), day_line(runs.last)
        said = {"unit": self.unit.name, "period": runs.name}
        yield Line("period.runs", {**said, "first": first, "last": last})
        yield self._sample()
        if self.over:
            over = (Line("period.over.one", {"period": p.name, "n": self.n[p.name]})
                    for p in self.over)  # fmt: skip
            yield Line("period.over", {"periods": tuple(over)})
        if self.published:
            sheets = tuple(_sheet(sheet, spoken) for sheet in self.published)
            yield Line("period.published", {"sheets": sheets})

    def _sample(self) -> Line:
        n = self.n[self.runs.name]
        found = sample(n, self.unit.users_in(self.runs))
        if found is None:
            return Line("period.sample.unknown", {"n": n})
        said: dict[str, str | int] = {
            "n": n,
            "needed": found["needed"],
            "users": self.users(self.runs),
        }
        if found["enough"]:
            return Line("period.sample.enough", said)
        return Line("period.sample.missing", {**said, "missing": found["needed"] - n})


def span(unit: Unit, at: int) -> tuple[date, date]:
    """The days whose responses are counted."""
    runs = unit.period_at(at)
    return runs.first - LOOKED_BACK, runs.last


def periods_of(connection: Connection, unit: Unit, at: int) -> Periods:
    runs = unit.period_at(at)
    n: Counter[str] = Counter()
    days = span(unit, at)
    for asked in {unit.instrument_on(day).id for day in days}:
        for day, number_of_day in sheets.by_day(connection, unit.id, asked, *days).items():
            if unit.instrument_on(day).id == asked:
                n[period_of(unit.period, day).name] += number_of_day
    newest = {sheet.period: sheet for sheet in sheets.of_unit(connection, unit.id)}
    ended = sorted((parse(name) for name in n if name != runs.name), key=lambda p: p.first)
    over = [each for each in reversed(ended) if not _overlaps(each, newest)]
    last = sorted(newest.values(), key=lambda sheet: sheet.days.first, reverse=True)
    return Periods(unit, runs, n, over[:MOST], last[:MOST])


def _overlaps(period: Period, published: dict[str, Sheet]) -> bool:
    days = [sheet.days for sheet in published.values()]
    return any(period.overlaps(each.first, each.last) for each in days)


def _sheet(sheet: Sheet, spoken: Words) -> Line:
    ikm = json.loads(sheet.content)["index"]["ikm"]
    said: dict[str, str | int] = {"period": sheet.period, "number": sheet.number}
    if ikm is None:
        return Line("period.published.bare", said)
    return Line("period.published.one", {**said, "ikm": number(ikm, spoken)})
