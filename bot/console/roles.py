"""Roles in the web console: given in the chat, by a link that opens there; here they end."""

from typing import Any

from starlette.requests import Request
from starlette_admin.exceptions import ActionFailed

from bot.console.sitting import Sitting
from bot.console.table import Row, Table, field
from bot.names import name_of
from bot.office.ending import end_role
from flows.files import words
from flows.form import Line
from storage import holders, permissions
from storage.periods import local_date, zone


class Roles(Table):
    key = "roles"
    action = "give_roles"
    searchable_fields = ("scope",)
    row_actions = ("view", "delete")
    fields = (field("who"), field("role"), field("scope", searchable=True), field("since"))

    def can_delete(self, request: Request) -> bool:
        return True

    def rows(self, sitting: Sitting, text: str) -> list[Row]:
        scopes = permissions.scopes(sitting.desk.connection, sitting.address, self.action)
        named = [scope for scope in scopes if sitting.desk.unit(scope) is None]
        codes = [unit.code for unit in self.units(sitting, text)]
        return [
            row for scope in dict.fromkeys([*named, *codes]) for row in self._of(sitting, scope)
        ]

    def _of(self, sitting: Sitting, scope: str) -> list[Row]:
        may = permissions.gives(sitting.desk.connection, sitting.address, scope)
        return [
            Row(
                id=f"{scope}~{held.role}~{sitting.desk.vault.pseudonym(held.address)}",
                who=name_of(sitting.desk.vault.pseudonym(held.address)),
                role=words("id").line(Line(f"role.name.{held.role}")),
                scope=scope,
                since=local_date(held.since, zone("WIB")).isoformat(),
            )
            for held in holders.held_in(sitting.desk.connection, scope)
            if held.role in may
        ]

    def one(self, sitting: Sitting, id: str) -> Row | None:
        scope = id.partition("~")[0]
        return next((row for row in self._of(sitting, scope) if row.id == id), None)

    async def delete(self, request: Request, pks: list[Any]) -> int | None:
        ended = await self.office.do(request, lambda s: sum(self._end(s, str(pk)) for pk in pks))
        if not ended:
            raise ActionFailed(words("id").line(Line("roles.denied")))
        return ended

    def _end(self, sitting: Sitting, id: str) -> bool:
        scope, role, pseudonym = (*id.split("~"), "", "")[:3]
        desk = sitting.desk
        holders.lock(desk.connection, scope)
        if role not in permissions.gives(desk.connection, sitting.address, scope):
            return False
        for held in holders.held_in(desk.connection, scope):
            if held.role == role and desk.vault.pseudonym(held.address) == pseudonym:
                end_role(desk, sitting.address, held, sitting.at)
                return True
        return False
