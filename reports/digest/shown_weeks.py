"""What some weeks of units add up to, of those weeks that were shown, as they were shown.

Of each week only the elements whose means were shown count, as in a digest's own windows
(`reports.disclosure`): so a sum of them tells nothing that their digests did not.
"""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from flows.instrument import Instrument
from reports.statistics.tally import Tally
from reports.stored.fold import decoded, squares
from storage.index import released_figures
from storage.index.released_figures import Shown
from storage.periods import Period, period_of

WEEKS = 13  # a quarter


class _Element(msgspec.Struct):
    key: str
    mean: str | None


class Figures(msgspec.Struct):
    """Of a digest (`reports.digest.composed`) what tells what of it was shown."""

    instrument: str
    ikm: str | None
    elements: list[_Element]

    @property
    def means(self) -> dict[str, str]:
        """Element → mean, of those that were shown."""
        return {each.key: each.mean for each in self.elements if each.mean is not None}


_FIGURES = msgspec.json.Decoder(Figures)


def figures_of(week: Shown) -> Figures:
    """A tenth of the time that the whole digest takes."""
    return _FIGURES.decode(week.figures)


def tally_of(week: Shown, means: Collection[str], by: Instrument, whole: bool) -> Tally:
    """What a week by that instrument added up to, of the elements whose means were shown; not
    `whole`: without counts, profile and extra questions, in half the time."""
    if not week.sums:
        return Tally.zero(by.keys)
    if whole:
        return decoded(week.sums).only(means)
    sums = squares(week.sums)
    return Tally(by.keys, sums.n, {}, sums.gram, {}, {}).only(means)


def names(last: Period) -> list[str]:
    """The weeks up to that one, the latest first."""
    return [period_of("week", last.first - timedelta(weeks=back)).name for back in range(WEEKS)]


def of_unit(connection: Connection, unit_id: int, weeks: Iterable[str], by: Instrument) -> Tally:
    """Of a unit's weeks by that instrument: counts of answers, means and variances; no profile or
    extra questions."""
    return _together(released_figures.of_weeks(connection, unit_id, list(weeks)).values(), by)


def counted(connection: Connection, unit_id: int, weeks: Iterable[str], by: Instrument) -> Tally:
    """As `of_unit`, with how often each value was given."""
    shown = released_figures.of_weeks(connection, unit_id, list(weeks)).values()
    return Tally.together(by.keys, (_told(week, by, with_counts=True) for week in shown))


def of_kind(
    connection: Connection, kind: str, weeks: Iterable[str], by: Instrument
) -> dict[int, Tally]:
    """Unit → what it adds up to, of every unit of the kind of which a week was shown."""
    shown: dict[int, list[Shown]] = {}
    for unit_id, each in released_figures.of_kind(connection, kind, list(weeks)):
        shown.setdefault(unit_id, []).append(each)
    return {unit_id: _together(weeks, by) for unit_id, weeks in shown.items()}


def _together(weeks: Iterable[Shown], by: Instrument) -> Tally:
    return Tally.together(by.keys, (_told(week, by) for week in weeks))


def _told(week: Shown, by: Instrument, with_counts: bool = False) -> Tally:
    figures = figures_of(week)
    if figures.instrument != by.id or figures.ikm is None:
        return Tally.zero(by.keys)
    tally = tally_of(week, figures.means, by, with_counts)
    return replace(tally, profile={}, extra={}) if with_counts else tally
