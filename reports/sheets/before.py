"""What was shown of a unit before a sheet is made: its sheets, and its weeks."""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta

from sqlalchemy import Connection

from reports.digest.composed import Digest
from reports.digest.told import told_of
from reports.disclosure import Size
from reports.sheets.release import Before, Former
from reports.sheets.sheet import Content
from reports.sheets.week import Week, week_shown
from storage.index import released_figures
from storage.index.sheets import Sheet
from storage.periods import Period
from storage.units import Unit

_DAY = timedelta(days=1)


def before(
    connection: Connection, unit: Unit, instrument: str, period: Period, kept: Sequence[Sheet]
) -> Before:
    """`kept`: the unit's sheets."""
    starts = _leading_to(period, [sheet.days for sheet in kept])
    if not starts:
        return Before(weeks_shown(connection, unit.id, instrument))
    newest = {sheet.period: json.loads(sheet.content) for sheet in kept}
    formers = [Former(each, _sizes(newest[each.name], instrument)) for each in starts]
    return Before(weeks_shown(connection, unit.id, instrument), formers)


def _sizes(content: Content, instrument: str) -> dict[str, Size]:
    """Of the items whose sums a sheet shows. The first sheets did not say how many of the answers
    were from chats of their own: they are taken for all."""
    if content["instrument"] != instrument:
        return {}
    return {
        item: Size(sums["n"], sums.get("own", sums["n"]))
        for item, sums in content["sums"].items()
        if sums["sum"] is not None
    }


def _leading_to(period: Period, published: Iterable[Period]) -> list[Period]:
    """Published periods without a gap before this one, the latest first."""
    by_last = {each.last: each for each in published}
    found: list[Period] = []
    first = period.first
    while (one := by_last.get(first - _DAY)) is not None:
        found.append(one)
        first = one.first
    return found


def weeks_shown(connection: Connection, unit_id: int, instrument: str) -> list[Week]:
    """A month tells nothing that its weeks did not (`reports.digest.unit_month`)."""
    found = []
    for row in released_figures.told(connection, unit_id):
        digest = Digest.from_json(json.loads(row.figures))
        week = week_shown(digest, told_of(row.parts)) if digest.instrument == instrument else None
        found += [week] if week else []
    return found
