"""Service standards in the web console: read, and another promise begun; none is ever changed."""

from datetime import date

from bot.core.turns.turn_context import TurnContext
from bot.web.console.fields import LISTED, Choices, day, element, elements, field, place
from bot.web.console.form_filling import fill, said
from bot.web.console.table import Data, Row, Table
from flows.commands import STANDARD
from flows.engine.form import Line
from flows.loader import skm_items
from flows.office.standard import ALL
from storage import standards
from storage.standards import Promise
from storage.units import Unit


def _promised(day: date) -> Choices:
    return [(key, name) for key, name in elements(day) if skm_items()[key].standard]


class Standards(Table):
    key = "standards"
    action = "edit_standards"
    creates = True
    searchable_fields = ("unit",)
    fields = (
        place("unit"),
        field("unit_name", **LISTED),
        field("service", hint="service"),
        element("element", _promised, required=True),
        field("text", required=True),
        day("since", required=True),
    )
    exclude_fields_from_list = exclude_fields_from_detail = ("unit",)

    def of(self, context: TurnContext, unit: Unit) -> list[Row]:
        """What is promised last stands first."""
        found = standards.of_unit(context.connection, unit.id)
        return [_row(unit, each) for each in sorted(found, key=lambda p: p.valid_from)[::-1]]

    def add(self, context: TurnContext, data: Data) -> Line:
        given = {name: str(data.get(name) or "") for name in ("element", "text", "since")}
        service = str(data.get("service") or ALL)
        return fill(
            context,
            f"{STANDARD} {data['unit']}",
            {**given, "service": service, "confirm": "save"},
            "standard.saved",
        )


def _row(unit: Unit, promise: Promise) -> Row:
    service = unit.service_ever(promise.service) if promise.service else None
    return Row(
        id=f"{unit.code}~{promise.service}~{promise.element}~{promise.valid_from}",
        titled=f"{unit.name}: {promise.text}",
        unit_name=unit.name,
        service=service["label"] if service else said(Line("standard.all")),
        element=promise.element,
        text=promise.text,
        since=promise.valid_from,
    )
