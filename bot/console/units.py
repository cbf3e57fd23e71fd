"""Units in the web console: those in one's scope, and what an admin may change of them."""

import hashlib
from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from starlette_admin.fields import DateField, EnumField, TextAreaField

from bot.console.sitting import Sitting
from bot.console.table import Row, Table, field, unfit, unseen
from flows.form import Line
from storage import permissions, units
from storage.refused import CellUnfit
from storage.unit_changes import write
from storage.unit_file import CELLS
from storage.units import Unit, retired

Data = dict[str, Any]
ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}


class Units(Table):
    key = "units"
    action = "edit_units"
    searchable_fields = ("name",)
    row_actions = ("view", "edit")
    fields = (
        field("code", read_only=True, searchable=True),
        field("name", searchable=True),
        field("agency", read_only=True),
        field("timezone", EnumField, choices=list(ZONES.items())),
        field("opening_hours", required=False),
        field("population", required=False),
        field("services", TextAreaField),
        field("closed_until", DateField, required=False),
        unseen("seen"),
    )

    def can_edit(self, request: Request) -> bool:
        return True

    async def find_all(
        self,
        request: Request,
        skip: int = 0,
        limit: int = 100,
        q: str | None = None,
        sorts: Any = None,
        filters: Any = None,
    ) -> Sequence[Row]:
        def read(sitting: Sitting) -> list[Row]:
            most = limit if 0 < limit <= 100 else 100
            found = units.page(sitting.desk.connection, self._scopes(sitting), q or "", skip, most)
            return [_unit_row(unit) for unit in found]

        return await self.office.do(request, read)

    async def count(self, request: Request, q: str | None = None, filters: Any = None) -> int:
        return await self.office.do(
            request, lambda s: units.number(s.desk.connection, self._scopes(s), q or "")
        )

    def one(self, sitting: Sitting, id: str) -> Row | None:
        unit = self.unit(sitting, id)
        return _unit_row(unit) if unit else None

    async def edit(self, request: Request, pk: Any, data: Data) -> Any:
        return await self.office.do(request, lambda sitting: self._write(sitting, str(pk), data))

    def _write(self, sitting: Sitting, code: str, data: Data) -> Row:
        unit = units.locked(sitting.desk.connection, code)
        if unit is None or self.unit(sitting, code) is None:
            raise unfit("code", Line("where.denied"))
        if data.get("seen") != _seen(unit):
            raise unfit("name", Line("console.moved"))
        columns = {name: _cell(name, data) for name in ("name", "timezone", "opening_hours")}
        columns["folded_name"] = columns["name"].casefold()
        columns["population"] = _cell("population", data)
        columns["services"] = _cell("services", data)
        columns["retired"] = retired(unit.services, unit.retired, columns["services"])
        columns["closed_until"] = data.get("closed_until") or None
        write(sitting.desk.connection, unit, columns, sitting.by, sitting.at)
        return _unit_row(units.by_id(sitting.desk.connection, unit.id))

    def _scopes(self, sitting: Sitting) -> list[str]:
        return permissions.scopes(sitting.desk.connection, sitting.address, self.action)


def _cell(name: str, data: Data) -> Any:
    """As the units file takes it."""
    try:
        return CELLS[name](str(data.get(name) or "").strip())
    except CellUnfit as fault:
        raise unfit(name, fault.line) from None


def _seen(unit: Unit) -> str:
    """Changes with the unit: of two who change it at once, the second has to look again."""
    return hashlib.sha256(repr(unit).encode()).hexdigest()[:16]


def _unit_row(unit: Unit) -> Row:
    return Row(
        id=unit.code,
        code=unit.code,
        name=unit.name,
        agency=unit.agency,
        timezone=unit.timezone,
        opening_hours=unit.opening_hours,
        population=None if unit.population is None else str(unit.population),
        services="; ".join(service["label"] for service in unit.services),
        closed_until=unit.closed_until,
        seen=_seen(unit),
    )
