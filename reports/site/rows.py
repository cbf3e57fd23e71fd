"""Anonymous rows of a unit's published periods (`reports.sheets.exporting`), as tables of the site.

They stand in the order of their own texts, which tells nothing of who answered when, and makes the
table the same whenever it is made.
"""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from flows.loader import instrument
from reports.sheets.exporting import export_of, header, left_out
from reports.site.catalogue import Read
from reports.site.shown import parsed, result_of
from storage.answers.votes import KEPT
from storage.index.sheets import Sheet
from storage.units import Unit


@dataclass
class Rows:
    """`ripe`: periods of which nobody can erase an answer any more, with their newest sheets."""

    read: Read
    unit: Unit
    ripe: dict[str, Sheet]
    day: date
    _has: dict[str, bool] = field(default_factory=dict)

    def has(self, period: str) -> bool:
        """Whether there is a table: said without making it."""
        if period not in self._has:
            self._has[period] = period in self.ripe and self._may(self.ripe[period])
        return self._has[period]

    def _may(self, sheet: Sheet) -> bool:
        if not result_of(sheet).ikm:
            return False
        with self.read() as connection:
            return not left_out(connection, self.unit, sheet, self.day)

    def table(self, period: str) -> bytes | None:
        """A CSV; None where the release rule leaves it out."""
        if period not in self.ripe:
            return None
        sheet = self.ripe[period]
        shown = result_of(sheet)
        if not shown.ikm:
            return None
        with self.read() as connection:
            found = export_of(connection, self.unit, sheet, self.day, bytes)
        if found.left_out:
            return None
        text = io.StringIO()
        table = csv.writer(text, lineterminator="\n")
        table.writerow(header(instrument(shown.instrument)))
        table.writerows(sorted(map(tuple, found.rows)))
        return text.getvalue().encode()


def rows_of(read: Read, unit: Unit, sheets: Sequence[Sheet], day: date) -> Rows:
    newest = {sheet.period: sheet for sheet in sheets}
    ripe = {name: each for name, each in newest.items() if day > parsed(name).last + KEPT}
    return Rows(read, unit, ripe, day)
