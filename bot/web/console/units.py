"""Units in the web console: those in one's scope, and what an admin may change of them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.core.turns.turn_context import TurnContext
from bot.office.units.unit_editor import later, survey_line, zone_kept
from bot.web.console.fields import EDITED, LISTED, SEEN, WRITTEN, choice, day, field, lines
from bot.web.console.form_filling import said
from bot.web.console.table import Data, Row, Table, unfit
from flows.engine.form import Line
from flows.formats import digits_of
from flows.office.unit import CLOSED, OPEN
from storage import units
from storage.files.refused import CellUnfit
from storage.files.unit_file import CELLS
from storage.index import closed_periods
from storage.office.unit_changes import write
from storage.periods import ZONES
from storage.units import Unit, retired

UNTIL = "until"


class Units(Table):
    key = "units"
    action = "edit_units"
    edits = True
    by_unit = False
    searchable_fields = ("name",)
    fields = (
        field("name", required=True),
        field("code", read_only=True),
        field("agency", read_only=True),
        choice("timezone", [(key, name) for name, key in ZONES.items()], exclude_from_list=True),
        field("opening_hours"),
        field("population", exclude_from_list=True),
        lines("services", rows=6, hint="services", exclude_from_list=True),
        field("survey", **LISTED),
        choice("open", [(way, said(Line(f"console.open.{way}"))) for way in (OPEN, CLOSED, UNTIL)],
               **EDITED),
        day("closed_until", hint="closed_until", **WRITTEN),
        SEEN,
    )  # fmt: skip

    def page(self, context: TurnContext, text: str, skip: int, most: int) -> Sequence[Row]:
        found = units.page(context.connection, self.scopes(context), text, skip, most)
        return [_row(unit, context.at) for unit in found]

    def number(self, context: TurnContext, text: str) -> int:
        return units.number(context.connection, self.scopes(context), text)

    def hold(self, context: TurnContext, id: str) -> None:
        units.locked(context.connection, id)

    def of(self, context: TurnContext, unit: Unit) -> list[Row]:
        return [_row(unit, context.at)]

    def change(self, context: TurnContext, row: Row, data: Data) -> Line:
        unit = context.unit(row.id)
        assert unit is not None, "it was just seen"
        columns = {name: _cell(name, data) for name in CHANGED}
        columns["folded_name"] = columns["name"].casefold()
        columns["retired"] = retired(unit.services, unit.retired, columns["services"])
        columns["closed_until"] = _closed_until(unit, data, context.at)
        moved = columns["timezone"] != unit.timezone
        if moved and closed_periods.with_keys(context.connection, [unit.id]):
            raise unfit("timezone", zone_kept(unit))
        write(context.connection, unit, columns, context.by, context.at)
        return Line("unit.saved", {"unit": columns["name"]})


# Columns that are read, and shown, as in the table of units.
CHANGED = tuple(each.name for each in Units.fields if each.name in CELLS and not each.read_only)


def _shown(value: Any) -> str | None:
    if isinstance(value, list):
        return "\n".join(service["label"] for service in value)
    return None if value is None else str(value) or None


def _cell(name: str, data: Data) -> Any:
    """As the units file takes it; each service on a line of its own."""
    text = str(data.get(name) or "").strip()
    try:
        return CELLS[name](";".join(text.splitlines()) if name == "services" else text)
    except CellUnfit as fault:
        raise unfit(name, fault.line) from None


def _closed_until(unit: Unit, data: Data, at: int) -> date | None:
    if data.get("open") == CLOSED:
        return date.max
    if data.get("open") != UNTIL:
        return None
    text, today = str(data.get("closed_until") or ""), unit.day_at(at)
    day = later(text, today)
    if day is None:
        params = {"text": text, "today": digits_of(today)}
        raise unfit("closed_until", Line("unit.until.unfit", params))
    return day


def _row(unit: Unit, at: int) -> Row:
    closed = unit.closed_until if unit.is_closed(unit.day_at(at)) else None
    kind = OPEN if closed is None else CLOSED if closed == date.max else UNTIL
    return Row(
        id=unit.code,
        titled=unit.name,
        code=unit.code,
        agency=unit.agency,
        **{name: _shown(getattr(unit, name)) for name in CHANGED},
        survey=said(survey_line(unit, at)),
        open=kind,
        closed_until=closed if kind == UNTIL else None,
    )
