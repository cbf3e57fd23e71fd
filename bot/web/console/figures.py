"""Released figures in the web console: digests as they were shown, and published sheets; only read.

Never newer ones, and nothing of any single response: the release rule was kept when they were
released, and here they are shown again.
"""

import json
from collections.abc import Iterator

from bot.core.turns.new_conversation import Said
from bot.core.turns.turn_context import TurnContext
from bot.office.digests import recap
from bot.web.console.fields import field, lines
from bot.web.console.form_filling import said
from bot.web.console.table import Row, Table
from flows.engine.form import Line
from flows.formats import days, number
from flows.loader import instrument, words
from reports.digest.composed import Digest
from reports.disclosure import least
from storage.index import released_figures, sheets
from storage.index.sheets import Sheet
from storage.units import Unit

MOST = 20  # digests of a unit that are listed


class Figures(Table):
    key = "figures"
    action = "read_figures"
    searchable_fields = ("unit",)
    fields = (
        field("unit_name"),
        field("of"),
        field("days"),
        field("n"),
        field("ikm"),
        field("grade"),
        lines("details", exclude_from_list=True),
    )

    def of(self, context: TurnContext, unit: Unit) -> list[Row]:
        published = sheets.of_unit(context.connection, unit.id)
        return [*(_sheet(unit, each) for each in reversed(published)), *_digests(context, unit)]

    def one(self, context: TurnContext, id: str) -> Row | None:
        """What stands behind a digest is what /rincian says of it."""
        row = super().one(context, id)
        code, _, period = id.partition("~")
        if row and not row.details:
            told = recap.details(context, f"{code} {period}")
            row.details = "\n".join(map(said, told.lines if isinstance(told, Said) else (told,)))
        return row


def _digests(context: TurnContext, unit: Unit) -> Iterator[Row]:
    connection = context.connection
    kept = released_figures.shown(connection, unit.id, MOST)
    shown = [Digest.from_json(json.loads(figures)) for figures in kept]
    for each in sorted(shown, key=lambda digest: digest.last, reverse=True):
        yield Row(
            id=f"{unit.code}~{each.week}",
            titled=f"{unit.name}, {days(each.first, each.last, words('id'))}",
            unit_name=unit.name,
            of=said(Line(f"console.of.{each.kind}")),
            days=days(each.first, each.last, words("id")),
            day=each.first,
            n=str(each.n),
            ikm=number(each.ikm, words("id")) if each.ikm else None,
            grade=each.grade,
            details=None,
        )


def _sheet(unit: Unit, sheet: Sheet) -> Row:
    """Some of a sheet's figures may be withheld: they are null in it."""
    content = json.loads(sheet.content)
    kind = said(Line("console.of.sheet", {"number": sheet.number, "period": sheet.period}))
    index, spoken, by = content["index"], words("id"), instrument(content["instrument"])
    means = [
        f"{by.element_name(element)}: {number(mean, spoken)}"
        for element, mean in index["elements"].items()
        if mean is not None
    ]
    return Row(
        id=f"{unit.code}~sheet-{sheet.number}",
        titled=f"{unit.name}, {kind}",
        unit_name=unit.name,
        of=kind,
        days=days(sheet.days.first, sheet.days.last, spoken),
        day=sheet.days.first,
        n=str(content["n"]),
        ikm=number(index["ikm"], spoken) if index["ikm"] else None,
        grade=index["grade"],
        details="\n".join(means) or _why_none(content["n"]),
    )


def _why_none(n: int) -> str:
    why = "few" if n < least() else "differs"
    return said(Line(f"period.hidden.{why}", {"least": least()}))
