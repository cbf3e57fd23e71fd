"""Urgent news to heads: at most one a day for a unit, the most important that they want to hear.

On working days, from nine in the morning, each head's unit is looked at once. What is told of
answers is read off the last week's released digest and off nothing else: so an alert tells no more
than that digest, and rests on as many answers. It goes to nobody whom a digest tells anyway. Each
thing is told once (its key stays in the outbox).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from sqlalchemy import Connection, Engine

from flows.commands import details, mute
from flows.engine.form import Line
from flows.engine.say import Words
from flows.formats import number
from flows.loader import instrument, words
from flows.office.digest_settings import ALERTS
from reports.digest.caption import since
from reports.digest.composed import Digest
from reports.digest.context_figures import Beside, flags
from reports.digest.unit_week import weekly
from reports.digest.words import element_name, grade_label, period, phrase
from reports.jobs.holidays import working_day
from reports.jobs.isolation import isolated
from reports.jobs.quiet_hours import AWAKE_UNTIL
from reports.statistics.index import rounded
from storage import units
from storage.chat import outbox
from storage.office import digest_settings
from storage.office.digest_settings import Wish
from storage.office.roles import Head
from storage.periods import local_time, period_of, previous
from storage.units import Unit

FROM = 9  # local hour: a digest of eight o'clock comes first
EARLY = 4  # a sample is not late in the first quarter of its period
AT_ONCE = 500  # heads in one go

_WEEKEND = 5


class News(NamedTuple):
    """`what`: told once. `opening`: of a button that shows more, or ""."""

    kind: str
    what: str
    text: str
    opening: str = ""


@dataclass(frozen=True, slots=True)
class _Look:
    """One head's unit on one day."""

    connection: Connection
    head: Head
    unit: Unit
    wish: Wish
    today: date
    now: int
    beside: Beside

    @property
    def words(self) -> Words:
        return words(self.head.language)

    def told_by_digest(self, week: str) -> bool:
        """Whether a digest of this week was sent, or will be today."""
        today = self.wish.rhythm != "month" and self.wish.weekday == self.today.weekday()
        return today or digest_settings.was_told(
            self.connection, self.head.address, self.unit.id, week
        )


def alerts(engine: Engine, now: int) -> int:
    """Look at the units of heads for whom nobody looked today; the number of alerts put."""
    put, beside = 0, Beside()
    with engine.begin() as connection:
        zones = digest_settings.zones(connection)
    for timezone in zones:
        local = local_time(now, timezone)
        if not FROM <= local.hour < AWAKE_UNTIL or not _is_working(local.date()):
            continue
        with engine.begin() as connection:
            day = local.date().isoformat()
            heads = digest_settings.unlooked(connection, timezone, day, AT_ONCE)
        put += sum(
            isolated(f"the look at {head.code}", _look, engine, head, local.date(), now, beside)
            for head in heads
        )
    return put


def _is_working(day: date) -> bool:
    return day.weekday() < _WEEKEND and working_day(day) == day


def _look(engine: Engine, head: Head, today: date, now: int, beside: Beside) -> int:
    with engine.begin() as connection:
        unit = units.by_code(connection, head.code)
        assert unit is not None
        if not digest_settings.look(connection, head.address, unit.id, today.isoformat()):
            return 0  # another process was first
        wish = digest_settings.of(connection, head.address, unit.id)
        look = _Look(connection, head, unit, wish, today, now, beside)
        return int(any(_put(look, news) for news in _found(look)))


def _found(look: _Look) -> Iterator[News]:
    """The most important first; a kind that is muted is not even looked for."""
    finders = dict(zip(ALERTS, (_fall, _lows, _radar, _behind), strict=True))
    for kind, find in finders.items():
        if kind not in look.wish.muted:
            yield from find(look)


def _put(look: _Look, news: News) -> bool:
    code, spoken = look.unit.code, look.words
    more = [[phrase(spoken, "button.details"), news.opening]] if news.opening else []
    quiet = [spoken.line(Line("alert.mute")), mute(code, news.kind)]
    body = {"text": news.text, "opens": [*more, quiet]}
    key = f"alert:{code}:{look.head.address}:{news.kind}:{news.what}"
    return outbox.put(look.connection, key, "alert", look.head.address, body, look.now)


def _last_week(look: _Look) -> Digest | None:
    """None where a digest tells of it."""
    week = previous(period_of("week", look.today))
    if look.told_by_digest(week.name):
        return None
    return weekly(look.connection, look.unit, week, look.now, look.beside)


def _fall(look: _Look) -> Iterator[News]:
    digest = _last_week(look)
    course = digest.course if digest else None
    if digest is None or course is None or course.verdict != "fell":
        return
    spoken, more = look.words, details(look.unit.code, digest.week)
    said = {"unit": look.unit.name, "week": since(course, spoken)}
    points = number(course.points.lstrip("-"), spoken)
    half_width = number(course.half_width, spoken)
    line = Line("alert.fall", {**said, "points": points, "half_width": half_width})
    yield News("fall", digest.sample.period, spoken.line(line), more)


def _lows(look: _Look) -> Iterator[News]:
    """Elements that are surely of the lowest grade: the whole interval lies below the next one."""
    digest = _last_week(look)
    by = instrument(digest.instrument) if digest else None
    if digest is None or by is None or len(by.grades) < 2:
        return
    limit = by.grades[-2].lowest / by.times
    low = [e for e in digest.elements if e.mean and e.interval and Fraction(e.interval[1]) < limit]
    for element in sorted(low, key=lambda each: Fraction(each.mean or 0)):
        said = {
            "unit": look.unit.name,
            "element": element_name(digest, element.key, look.words),
            "mean": number(element.mean or "", look.words),
            "limit": number(rounded(limit, 2), look.words),
            "label": grade_label(by.grades[-1].grade, look.words),
        }
        yield News(
            "lows",
            f"{element.key}:{digest.sample.period}",
            look.words.line(Line("alert.lows", said)),
            details(look.unit.code, digest.week),
        )


def _radar(look: _Look) -> Iterator[News]:
    running = period_of(look.unit.period, look.today)
    names = flags(look.connection, look.unit, running)
    if names:
        marks = tuple(Line(f"radar.name.{name}") for name in names)
        before = previous(running).name
        line = Line("alert.radar", {"unit": look.unit.name, "period": before, "marks": marks})
        yield News("radar", before, look.words.line(line))


def _behind(look: _Look) -> Iterator[News]:
    running = period_of(look.unit.period, look.today)
    days, gone = (running.last - running.first).days + 1, (look.today - running.first).days
    digest = _last_week(look) if gone * EARLY >= days else None
    sample = digest.sample if digest else None
    if sample is None or sample.on_schedule is not False or not sample.per_week:
        return
    params = {"n": sample.n, "needed": sample.needed or 0, "per_week": sample.per_week}
    said = {"unit": look.unit.name, "period": period(sample, look.words)}
    line = Line("alert.behind", {**said, **params})
    yield News("behind", sample.period, look.words.line(line))
