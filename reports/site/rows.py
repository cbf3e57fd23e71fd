"""Anonymous rows of a unit's published periods (`reports.sheets.exporting`), as tables of the site.

They stand in the order of their own texts, which tells nothing of who answered when, and makes the
table the same whenever it is made.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import Connection

from flows.loader import instrument
from reports.sheets.exporting import export, header
from reports.site.shown import parsed, result_of
from storage.answers.votes import KEPT
from storage.index.sheets import Sheet
from storage.units import Unit

Read = Callable[[], AbstractContextManager[Connection]]


@dataclass
class Rows:
    """`ripe`: periods of which nobody can erase an answer any more, with their newest sheets."""

    read: Read
    unit: Unit
    ripe: dict[str, Sheet]
    day: date
    _made: dict[str, bytes | None] = field(default_factory=dict)

    def table(self, period: str) -> bytes | None:
        """A CSV; None where the release rule leaves it out."""
        if period not in self._made:
            self._made[period] = self._table(self.ripe[period]) if period in self.ripe else None
        return self._made[period]

    def _table(self, sheet: Sheet) -> bytes | None:
        shown = result_of(sheet)
        if not shown.ikm:
            return None
        by, days = instrument(shown.instrument), (shown.period.first, shown.period.last)
        with self.read() as connection:
            found = list(export(connection, self.unit, by, days, self.day, bytes))
        mine = [each for each in found if each.period.name == sheet.period]
        if not mine or mine[0].left_out:
            return None
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(header(by))
        table.writerows(sorted(map(tuple, mine[0].rows)))
        return text.getvalue().encode()


def rows_of(read: Read, unit: Unit, sheets: Sequence[Sheet], day: date) -> Rows:
    newest = {sheet.period: sheet for sheet in sheets}
    ripe = {name: each for name, each in newest.items() if day > parsed(name).last + KEPT}
    return Rows(read, unit, ripe, day)
