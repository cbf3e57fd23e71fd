"""Weeks made up for the digest's tests: figures that can be worked out by hand."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction

from hypothesis import strategies as st

from flows.extra_question import Extra
from flows.loader import instrument
from reports.digest.composed import Course, Digest, Element, Extras, Office, Place, Point, Progress
from reports.digest.weekly import EARLIER, Past, Running, Week, compose
from reports.jobs.due_digests import last_due
from reports.statistics.counting import tally_of_rows
from reports.statistics.tally import Row, Tally
from storage.office.digest_settings import DEFAULT
from storage.periods import Period, parse
from tests.support.instruments import SKM_NOW

SKM = "skm-14-2017"
KEYS = instrument(SKM).keys
BATAM = Office("SBC", "Samsat Batam Centre", "Bapenda Kepulauan Riau")

EXTRAS = (
    Extra("door", "Apakah loket disabilitas mudah ditemukan?", "choice", ("Ya", "Tidak", "Ragu")),
    Extra("queue", "Bagaimana antreannya?", "scale"),
    Extra("best", "Apa yang paling membantu Anda?", "text"),
    Extra("again", "Apakah Anda pernah ke sini?", "choice", ("Ya", "Tidak")),
    Extra("new", "Tahu loket daring kami?", "choice", ("Ya", "Tidak")),
)


def straight(ones: int = 0, twos: int = 0, threes: int = 0, fours: int = 0) -> Tally:
    """So many who answered every question by 1, by 2, by 3, by 4."""
    times = (ones, twos, threes, fours)
    return tally_of_rows(
        KEYS,
        [Row(dict.fromkeys(KEYS, value)) for value, n in enumerate(times, 1) for _ in range(n)],
    )


EMPTY = straight()


def uneven(n: int = 40, **sums: int) -> Tally:
    """n answers of 3 to every question, but for some items a 2 from the first few: `sums`."""
    return tally_of_rows(
        KEYS,
        [
            Row({key: 2 if place < sums.get(key, 0) else 3 for key in KEYS}, {}, _extra(place))
            for place in range(n)
        ],
    )


def _extra(place: int) -> Mapping[str, str]:
    """door: 20 yes, 10 no, 10 unsure of 40; queue: 3 rate it 1; again: 39 to 1; new: 4 answer."""
    extra = {"door": "1" if place < 20 else "2" if place < 30 else "3"}
    extra["queue"] = "1" if place < 3 else "3" if place < 10 else "4"
    extra["again"] = "2" if place == 0 else "1"
    if place < 12:
        extra["best"] = "text"
    if place < 4:
        extra["new"] = "1"
    return extra


def digest(
    tally: Tally,
    *earlier: Tally,
    week: str = "2026-W47",
    period: str = "2026-Q4",
    period_n: int = 214,
    population: int | None = 5000,
    extras: Sequence[Extra] = (),
    agency: Mapping[str, Fraction] | None = None,
    office: Office = BATAM,
    own: Tally | None = None,
) -> Digest:
    """The digest of a week; weeks before those that are given had no responses."""
    before = [Past.of(each, each) for each in (*earlier, *[EMPTY] * (EARLIER - len(earlier)))]
    own = tally if own is None else own
    weeks = (Past.of(tally, own), *before)
    return compose(
        office,
        Week(parse(week), tally, own, weeks, before[0].means),
        Running(parse(period), period_n, population),
        SKM_NOW,
        extras,
        agency,
    )


def last_due_week(timezone: str, now: int) -> tuple[Period, int]:
    """The week whose digest was due last by the default, Monday 08:00; and when."""
    *_, last = last_due("week", timezone, DEFAULT.weekday, DEFAULT.hour, now)
    return last


figures = st.integers(100, 400).map(lambda hundredths: f"{hundredths / 100:.2f}")
maybe = st.none() | figures
names = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)
numbers = st.integers(0, 10**7)
# Any digest at all, also such as no week would make.
digests = st.builds(
    Digest,
    office=st.builds(Office, names, names, names),
    week=st.just("2026-W47"),
    first=st.just(date(2026, 12, 28)),
    last=st.just(date(2027, 1, 3)),
    instrument=st.just(SKM),
    n=numbers,
    ikm=st.none() | st.integers(2500, 10000).map(lambda hundredths: f"{hundredths / 100:.2f}"),
    grade=st.sampled_from("ABCD"),
    elements=st.tuples(
        *(st.builds(Element, st.just(key), numbers, maybe, maybe, maybe, maybe) for key in KEYS)
    ),
    weakest=st.lists(st.sampled_from(KEYS), max_size=3, unique=True).map(tuple),
    course=st.none()
    | st.builds(
        Course,
        st.sampled_from(["early", "steady", "fell", "rose"]),
        st.lists(st.builds(Point, maybe, st.none() | st.tuples(figures, figures))).map(tuple),
        figures,
        st.just("2026-W40"),
        figures,
        figures,
    ),
    sample=st.builds(
        Progress,
        names,
        st.sampled_from(["month", "quarter", "semester", "year"]),
        numbers,
        st.none() | numbers,
        st.booleans(),
        st.none() | numbers,
        st.none() | numbers,
    ),
    extras=st.lists(
        st.builds(
            Extras,
            st.builds(Extra, names, names, st.just("choice"), st.tuples(names, names)),
            numbers,
            st.tuples(st.none() | numbers, st.none() | numbers),
        ),
        max_size=9,
    ).map(tuple),
    ci95=st.none() | st.tuples(figures, figures),
    left_out=numbers,
    flags=st.lists(st.sampled_from(["straight_lined", "over_population"]), max_size=7).map(tuple),
    standing=st.none() | st.builds(Place, names.map(lambda n: n[:7]), numbers, numbers, numbers),
)
