"""Service standards in the web console: read, and another promise begun; none is ever changed."""

from datetime import date
from typing import Any

from starlette.requests import Request
from starlette_admin.fields import DateField, EnumField

from bot.console.sitting import Sitting
from bot.console.table import Row, Table, field, unfit
from flows.files import words
from flows.form import Line
from flows.office.standard import COMPONENTS, element_line
from storage import final, standards
from storage.standard_file import TEXT
from storage.standards import Promise
from storage.units import Unit

Data = dict[str, Any]


class Standards(Table):
    key = "standards"
    action = "edit_standards"
    searchable_fields = ("unit",)
    fields = (
        field("unit", searchable=True),
        field("service", required=False),
        field("element", EnumField, choices=[(e, words("id").line(element_line(e)))
                                             for e in COMPONENTS]),
        field("text"),
        field("valid_from", DateField),
    )  # fmt: skip

    def can_create(self, request: Request) -> bool:
        return True

    def rows(self, sitting: Sitting, text: str) -> list[Row]:
        return [
            _promise_row(unit, promise)
            for unit in self.units(sitting, text)
            for promise in standards.of_unit(sitting.desk.connection, unit.id)
        ]

    async def create(self, request: Request, data: Data) -> Any:
        return await self.office.do(request, lambda sitting: self._keep(sitting, data))

    def _keep(self, sitting: Sitting, data: Data) -> Row:
        unit = self.unit(sitting, str(data["unit"]))
        if unit is None:
            raise unfit("unit", Line("where.denied"))
        said, text = str(data.get("service") or ""), " ".join(str(data["text"]).split())
        service = unit.service(said) if said else None
        names = ", ".join(each["label"] for each in unit.services)
        if said and service is None:
            params = {"text": said, "unit": unit.code, "names": names}
            raise unfit("service", Line("file.service", params))
        if not text or len(text) > TEXT:
            raise unfit("text", Line("standard.text", {"most": TEXT}))
        if not isinstance(data["valid_from"], date) or data["element"] not in COMPONENTS:
            raise unfit("valid_from", Line("file.date", {"text": str(data["valid_from"])}))
        final.lock(sitting.desk.connection, unit.id)
        day = data["valid_from"]
        new = Promise(service["id"] if service else "", str(data["element"]), text, day)
        standards.write(sitting.desk.connection, unit, [new], sitting.by, sitting.at)
        return _promise_row(unit, new)


def _promise_row(unit: Unit, promise: Promise) -> Row:
    service = unit.service_ever(promise.service) if promise.service else None
    return Row(
        id=f"{unit.code}~{promise.service}~{promise.element}~{promise.valid_from}",
        unit=unit.code,
        service=service["label"] if service else "",
        element=promise.element,
        text=promise.text,
        valid_from=promise.valid_from,
    )
