"""The audit log in the web console, in the words of /log, page by page."""

from collections.abc import Sequence

from bot.console.fields import field
from bot.console.filling import said
from bot.console.sitting import Sitting
from bot.console.table import Row, Table
from bot.moments import day, minute
from bot.names import name_of
from bot.office.changes import did
from bot.office.joining import scope_name
from bot.office.log_values import changes
from bot.office.which import zone_of
from flows.files import words
from storage.office import audit, permissions
from storage.office.audit import Entry
from storage.scope import Scope


class Log(Table):
    key = "log"
    action = "read_log"
    by_unit = False
    fields = (field("at"), field("who"), field("did"), field("scope"), field("changes"))

    def page(self, sitting: Sitting, text: str, skip: int, most: int) -> Sequence[Row]:
        found = audit.page(sitting.desk.connection, self._scopes(sitting), skip + most)[skip:]
        return [_row(sitting, entry) for entry in found]

    def number(self, sitting: Sitting, text: str) -> int:
        return audit.number(sitting.desk.connection, self._scopes(sitting))

    def one(self, sitting: Sitting, id: str) -> Row | None:
        if not (id.isascii() and id.isdecimal()):
            return None
        found = audit.page(sitting.desk.connection, self._scopes(sitting), 1, int(id) + 1)
        return next((_row(sitting, entry) for entry in found if str(entry.id) == id), None)

    def _scopes(self, sitting: Sitting) -> list[Scope]:
        return permissions.scopes(sitting.desk.connection, sitting.address, self.action)


def _row(sitting: Sitting, entry: Entry) -> Row:
    zone, spoken = zone_of(sitting.desk, entry.scope), words("id")
    clock = minute(entry.at, zone, spoken).rpartition(" ")[2]
    return Row(
        id=str(entry.id),
        titled=did(entry, spoken),
        at=f"{day(entry.at, zone, spoken)} {clock}",
        who=name_of(entry.by),
        did=did(entry, spoken),
        scope=said(scope_name(sitting.desk, entry.scope)),
        changes="; ".join(changes(entry, spoken)) or None,
    )
