"""What a week's digest was made of, by month and part, kept so that sheets are made of the same.

Theory. A sheet is read beside the digests of its period. If it counted a day that was told by the
rows as they are now, an answer erased since would be the difference, and the sheet would have to be
withheld: one `/hapus` would silence a quarter. So a sheet adds what was told, as it was told, to
what no digest told. Its parts are sources and verified visits; months, because a week reaches over
a period's end.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection

from flows.loader import instrument
from reports.digest.composed import Digest
from reports.statistics.counting import tallies_of_rows
from reports.statistics.index import index_of, rounded
from reports.statistics.tally import Row, Tally
from reports.stored.fold import decoded
from storage import units
from storage.answers import tombstones
from storage.index import released_figures, tallies


class Part(NamedTuple):
    """`month`: 2026-11, local."""

    month: str
    source: str
    verified: bool


Told = Mapping[Part, Tally]


class _Kept(msgspec.Struct):
    of: Part
    tally: Tally


_DECODER = msgspec.json.Decoder(list[_Kept])
_ENCODER = msgspec.json.Encoder()


def parts(of: str, rows: Iterable[Any]) -> dict[Part, Tally]:
    """Of responses to an instrument, answers alone: nothing of who gave them."""
    by = instrument(of)
    groups: dict[Part, list[Row]] = defaultdict(list)
    for row in rows:
        part = Part(row.local_date.isoformat()[:7], row.source, row.verified)
        groups[part].append(Row(row.answers))
    return tallies_of_rows(by.keys, groups, by.lowest)


def encoded(told: Told) -> str:
    return _ENCODER.encode([_Kept(*each) for each in sorted(told.items())]).decode()


def told_of(text: str) -> dict[Part, Tally]:
    """Raises msgspec.MsgspecError: not what `encoded` made."""
    return {each.of: each.tally for each in _DECODER.decode(text)} if text else {}


def differences(connection: Connection) -> Iterator[str]:
    """Where what is kept of a shown week is not what was shown, or not what its responses that are
    still there, with those erased since, can add up to. A sentence each."""
    for unit_id, weeks in released_figures.with_parts(connection).items():
        rows: dict[str, list[Any]] = defaultdict(list)
        for row in tallies.told(connection, unit_id):
            rows[row.told].append(row)
        gone = tombstones.number_told(connection, unit_id)
        for week in weeks:
            try:
                is_so = _is_so(week, rows.get(week.period, []), gone.get(week.period, 0))
            except (msgspec.MsgspecError, ValueError, KeyError):
                is_so = False
            if not is_so:
                code = units.by_id(connection, unit_id).code
                yield f"What {week.period} of {code} showed is not what its responses add up to."


def _is_so(week: Any, rows: list[Any], gone: int) -> bool:
    digest = msgspec.json.decode(week.figures, type=Digest)
    kept, there = told_of(week.parts), parts(digest.instrument, rows)
    items = instrument(digest.instrument).keys
    whole, sums = Tally.together(items, kept.values()), decoded(week.sums)
    shown = whole.only(digest.means)
    over = shown if digest.over == "shown" else whole
    index = index_of(over, instrument=instrument(digest.instrument)).ikm
    as_shown = (digest.n, digest.ikm) == (whole.n, None if index is None else rounded(index, 2))
    zero = Tally.zero(items)
    less = [kept.get(part, zero) - there.get(part, zero) for part in kept.keys() | there.keys()]
    return (
        as_shown
        and (sums.n, sums.gram) == (over.n, over.gram)
        and sum(each.n for each in less) == gone
        and all(map(_may_be, less))
        and (gone > 0 or not any(any(each.gram) for each in less))
    )


def _may_be(erased: Tally) -> bool:
    """Whether some responses can add up to it."""
    counts = [sum(of_item.values()) for of_item in erased.counts.values()]
    return all(n >= 0 for of_item in erased.counts.values() for n in of_item.values()) and all(
        0 <= n <= erased.n for n in (erased.n, *counts)
    )
