"""What an import would do, before it does it: how many, of which days, what the index would be."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import Connection

from reports.incoming.drafts import Filed, Incoming
from reports.statistics.counting import tally_of_rows
from reports.statistics.index import index_of
from reports.statistics.tally import Row, Tally
from reports.stored.figures import tally_of
from storage.answers.responses import Draft
from storage.periods import Period, period_of


@dataclass(frozen=True, slots=True)
class Moved:
    """A period of the unit and what it is before and after: responses, index (None of none)."""

    period: Period
    before: tuple[int, Fraction | None]
    after: tuple[int, Fraction | None]


@dataclass(frozen=True, slots=True)
class Preview:
    """`new` responses, from `first` to `last`; `own`: the index of them alone."""

    new: int
    first: date
    last: date
    own: Fraction | None


def preview(filed: Filed, read: Incoming) -> Preview | None:
    """None where nothing would be new."""
    drafts = _new(filed, read)
    days = sorted(map(day_answered, drafts))
    if not days:
        return None
    return Preview(len(drafts), days[0], days[-1], _index(filed, _tally(filed, drafts)))


def moved(connection: Connection, filed: Filed, read: Incoming) -> list[Moved]:
    """Each period that rows lie in. What is stored must be folded. The operator's to see: with the
    file it tells what others answered (`reports.disclosure`)."""
    by_period: dict[Period, list[Draft]] = {}
    for draft in _new(filed, read):
        by_period.setdefault(period_of(filed.unit.period, day_answered(draft)), []).append(draft)
    ordered = sorted(by_period, key=lambda period: period.first)
    return [_moved(connection, filed, each, by_period[each]) for each in ordered]


def _new(filed: Filed, read: Incoming) -> list[Draft]:
    return [draft for key, draft in read.drafts if not key or key not in filed.known]


def day_answered(draft: Draft) -> date:
    assert isinstance(draft.at, date), "of imported answers only the day is known"
    return draft.at


def _moved(connection: Connection, filed: Filed, period: Period, drafts: Sequence[Draft]) -> Moved:
    span = period.first, period.last
    before = tally_of(connection, [filed.unit.id], *span, filed.instrument.id)
    after = before + _tally(filed, drafts)
    return Moved(period, (before.n, _index(filed, before)), (after.n, _index(filed, after)))


def _tally(filed: Filed, drafts: Sequence[Draft]) -> Tally:
    rows = [Row(draft.answers) for draft in drafts]
    return tally_of_rows(filed.instrument.keys, rows, filed.instrument.lowest)


def _index(filed: Filed, tally: Tally) -> Fraction | None:
    return index_of(tally, instrument=filed.instrument).ikm
